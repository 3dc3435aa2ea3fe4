"""What nobody told of is found all the same."""

from tests.realtime.database import ask
from tests.realtime.tab import Tab
from trips.changes import apply_one
from trips.models import User
from trips.mutations import Mutation, Step


async def test_what_no_message_announced_is_found_in_the_journal(
    alice: Tab, bob: Tab, people: dict[str, User], trip: str
) -> None:
    """This process has no hub, like a command on a terminal: it stores, and rings for nobody."""
    unheard = Mutation(trip, people["bob"], (Step("trip", {"title": "Unheard"}),))
    await ask(lambda: apply_one(unheard))
    for tab in (alice, bob):
        assert (await tab.expect("trip_updated"))["data"] == {"title": "Unheard"}
