"""Each fault, in short: `make faults` does them at length, and measures."""

import pytest

from tests.faults.conftest import SiteOf
from tests.faults.faults import FAULTS
from tests.faults.scene import Fault, play
from tests.faults.site import Scaled


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=fault.id, marks=pytest.mark.scaled if fault.site is Scaled else pytest.mark.embedded)
        for fault in FAULTS
    ],
)
async def test_nothing_is_lost_doubled_or_out_of_order(fault: Fault, site_of: SiteOf) -> None:
    result = await play(fault, site_of(fault.site), short=True)
    verdict = result.verdict
    assert (verdict.lost, verdict.doubled, verdict.disordered, result.did_not_happen) == ([], [], [], [])
    assert verdict.acknowledged
