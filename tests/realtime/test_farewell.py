"""A server that is told to go sends everybody away, and forgets nothing it accepted."""

import asyncio

import pytest

from tests.realtime.conftest import Open
from tests.realtime.database import ask
from tests.realtime.tab import Tab
from tests.server import Server
from trips.models import Change


@pytest.fixture
def server(transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """One of our own, to be stopped."""
    return Server(
        tmp_path_factory.mktemp("farewell") / "log.txt", MUTATIONS_BURST="1000", MESSAGES_BURST="1000"
    ).start()


async def test_what_was_acknowledged_is_stored_and_everybody_is_sent_away(
    server: Server, open_tab: Open, alice: Tab, bob: Tab
) -> None:
    for n in range(100):
        await alice.send("itinerary_update", {"day": 1, "activity": f"Stop {n}"}, mutation_id=f"m{n}")
    await alice.expect("ack", mutation_id="m0")
    await asyncio.to_thread(server.stop)
    assert [await tab.expect_close() for tab in (alice, bob)] == [4503, 4503]
    acknowledged = {message["mutation_id"] for message in alice.kept if message["type"] == "ack"} | {"m0"}
    journal = Change.objects.exclude(mutation_id=None).values_list("mutation_id", flat=True)
    stored = await ask(lambda: set(journal))
    assert acknowledged <= stored
    assert "Traceback" not in server.log
