"""Whose socket it is, where what is sent is no cookie of ours."""

from typing import Any

import pytest

from realtime.auth import identify
from trips.refusals import Refused

pytestmark = pytest.mark.django_db

OURS = [(b"host", b"trips.example.org"), (b"origin", b"https://trips.example.org")]


@pytest.mark.parametrize("cookie", ['"\\000abcdefghij"', "é" * 40, "a" * 4_000, "../../etc/passwd"])
def test_a_cookie_that_is_none_of_ours_is_refused(cookie: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["trips.example.org"]
    scope = {"headers": [*OURS, (b"cookie", f"sessionid={cookie}".encode("latin1"))]}
    with pytest.raises(Refused) as refused:
        identify(scope)
    assert refused.value.code == "unauthenticated"
