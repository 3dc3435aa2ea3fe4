"""Whatever happens, in whatever order: everybody is told each change once, and in the end sees the trip as it is."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from channels.layers import channel_layers, get_channel_layer
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from pytest_django import Settings

from tests.realtime import wishes
from tests.realtime.by_hand import HandThread, HandWriter
from tests.realtime.client_tab import ClientTab
from tests.realtime.mirror import Mirror, mirror
from tests.realtime.shaky_world import BY_HAND, MANNERS, STAFF, World
from tests.realtime.wishes import Wish
from trips.models import User

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "reader"])

TABS = ["alice", "alice", "bob", "bob", "vera", "mallory", STAFF]
BEGIN = {0: 0, 1: 1, 2: 1, 3: 0, 4: 0}  # who is connected to which process at first
STEPS = 30

tabs = st.integers(0, len(TABS) - 1)
editing = st.sampled_from([0, 0, 1, 1, 2, 2, 3, 4, 6])
processes = st.integers(0, 1)
few = st.integers(0, 5)
# How the trip is changed without a socket: by which process, and whether its hub hears of it. As by a command on a
# terminal, or by a process that dies before it could tell.
stores = st.tuples(processes, st.sampled_from([True, True, False]))
Event = tuple[tuple[int, bool], Wish]
BOB_GOES, BOB_COMES = wishes.away_and_back("member")
TITLE: Wish = {"type": "trip_update", "data": {"title": "Meanwhile"}}
meanwhile = st.lists(st.tuples(stores, st.sampled_from([TITLE, TITLE, BOB_GOES, BOB_COMES])), max_size=3)


class ShakyWorld(RuleBasedStateMachine):
    people: dict[str, User]
    shown: Mirror

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.people, TABS)
        self.sent: list[tuple[str, dict[str, Any]]] = []
        for tab, process in BEGIN.items():
            self.moves(tab, process, 0)

    def teardown(self) -> None:
        try:
            self.all_is_calm(in_the_air=True)
        finally:
            self.world.end()

    def tab(self, number: int) -> ClientTab:
        return self.world.tabs[number]

    # People

    @rule(tab=tabs, process=st.none() | processes, arrives=few)
    def moves(self, tab: int, process: int | None, arrives: int) -> None:
        """Its line breaks, and it connects to a process, or not for now."""
        self.tab(tab).cut(arrives)
        if process is not None:
            self.tab(tab).connect(self.world.processes[process].hub)
        self.world.go_on()

    @rule(tab=tabs, arrives=few)
    def reads(self, tab: int, arrives: int) -> None:
        self.tab(tab).read(arrives)
        self.world.go_on()

    @rule(tab=tabs, process=processes, before=meanwhile, after=meanwhile)
    def moves_slowly(self, tab: int, process: int, before: list[Event], after: list[Event]) -> None:
        """While it enters, the trip changes: before it was read for it, and before it is told what was read."""
        entered = self.world.processes[process]
        entered.by_hand = True
        self.moves(tab, process, arrives=0)
        for changes in (before, after):
            for how, wish in changes:
                self.something_is_stored(how, "alice", wish)
            entered.reads()
        entered.hears()
        entered.by_hand = False
        self.world.go_on()

    @rule(tab=tabs, back=st.none() | st.integers(-1, 3))
    def joins_again(self, tab: int, back: int | None) -> None:
        """With what it knows, with less, with more than there is, or with nothing."""
        state = self.tab(tab).state
        since = None if back is None or state is None else state.seq + 1_000 if back < 0 else max(0, state.seq - back)
        self.tab(tab).join(since)
        self.world.go_on()

    @rule(tab=tabs)
    def leaves(self, tab: int) -> None:
        self.tab(tab).say({"type": "leave_trip"})
        self.world.go_on()

    @rule(tab=editing, wish=wishes.ANY, back=st.none() | st.integers(0, 3), everywhere=st.booleans())
    def wants(self, tab: int, wish: Wish, back: int | None, everywhere: bool) -> None:
        """Perhaps only if nobody else changed it meanwhile."""
        state = self.tab(tab).state
        based = {} if back is None or state is None else {"base_seq": max(0, state.seq - back)}
        self.says(tab, {**wish, **based}, everywhere)

    @rule(tab=editing, parts=st.lists(wishes.PLAN, min_size=2, max_size=3), everywhere=st.booleans())
    def wants_together(self, tab: int, parts: list[Wish], everywhere: bool) -> None:
        self.says(tab, {"type": "batch", "mutations": parts}, everywhere)

    @rule(back=few)
    def says_again(self, back: int) -> None:
        """Something that somebody said before, in all of their tabs, to whatever processes these are connected to."""
        if back < len(self.sent):
            who, message = self.sent[-1 - back]
            for tab in self.world.tabs:
                if tab.user.username == who:
                    tab.say(message)
        self.world.go_on()

    def says(self, tab: int, message: dict[str, Any], everywhere: bool) -> None:
        """In one tab, or in all of that person's at the same time."""
        self.sent.append((TABS[tab], {**message, "mutation_id": f"m{len(self.sent)}"}))
        if everywhere:
            self.says_again(0)
        else:
            self.tab(tab).say(self.sent[-1][1])
            self.world.go_on()

    # The trip, by other ways than sockets

    @rule(how=stores, who=st.sampled_from(["alice", "bob"]), wish=wishes.PLAN)
    def something_is_stored(self, how: tuple[int, bool], who: str, wish: Wish) -> None:
        process, tells = how
        self.world.processes[process].commits(lambda: self.world.do(who, wish), tells=tells)
        self.world.go_on()

    @rule(how=stores, wish=wishes.MEMBER)
    def alice_says_who_takes_part(self, how: tuple[int, bool], wish: Wish) -> None:
        self.something_is_stored(how, "alice", wish)

    @rule(away=stores, back=stores, kind=st.sampled_from(["trip", "member"]), meanwhile=st.booleans())
    def it_is_away_for_a_while(
        self, away: tuple[int, bool], back: tuple[int, bool], kind: str, meanwhile: bool
    ) -> None:
        """The trip, or Bob."""
        removed, restored = wishes.away_and_back(kind)
        self.something_is_stored(away, "alice", removed)
        if meanwhile:
            self.a_process_looks(back[0], 0)
        self.something_is_stored(back, "alice", restored)

    @rule(process=processes, who=st.sampled_from(["alice", "bob", "vera"]))
    def a_secret_is_told(self, process: int, who: str) -> None:
        self.world.tell_secret(self.world.processes[process], who)
        self.world.go_on()

    @rule(kept=few)
    def the_journal_is_pruned(self, kept: int) -> None:
        self.world.prune(kept)

    # Processes

    @rule(process=processes, steps=st.lists(st.sampled_from(["stores", "reads", "hears"]), max_size=5))
    def a_process_goes_by_hand(self, process: int, steps: list[str]) -> None:
        """It does just this, until it goes by itself again."""
        self.world.processes[process].by_hand = True
        for step in steps:
            getattr(self.world.processes[process], step)()
            self.world.go_on()

    @rule(process=processes)
    def a_process_goes_by_itself(self, process: int) -> None:
        self.world.processes[process].by_hand = False
        self.world.go_on()

    @rule(process=processes, seconds=st.sampled_from([0.0, 0.1, 2.0]))
    def a_process_looks(self, process: int, seconds: float) -> None:
        self.world.loop.turn(seconds)
        self.world.processes[process].looks()
        self.world.go_on()

    @rule(process=processes, stores=st.booleans())
    def a_process_dies(self, process: int, stores: bool) -> None:
        """Perhaps when it has stored, and before it could tell."""
        if stores:
            self.world.processes[process].stores(tells=False)
        self.world.kill(process)
        self.world.go_on()

    # The layer

    @initialize(manner=st.sampled_from([*MANNERS]))
    def the_layer_begins_to_bring_things(self, manner: str) -> None:
        self.world.manner = manner

    @rule(manner=st.sampled_from([*MANNERS, BY_HAND]))
    def the_layer_brings_things(self, manner: str) -> None:
        self.world.manner = manner
        self.world.go_on()

    @rule(away=st.booleans())
    def the_layer_is_away(self, away: bool) -> None:
        self.world.air.away = away
        self.world.go_on()

    @rule(data=st.data())
    def what_is_in_the_air_arrives(self, data: st.DataObject) -> None:
        """In any order, some of it twice, some of it never."""
        if sent := len(self.world.air.sent):
            self.world.air.deliver(*data.draw(st.lists(st.integers(0, sent - 1), max_size=2 * sent)))
        self.world.go_on()

    # And then

    @rule(in_the_air=st.booleans())
    def all_is_calm(self, in_the_air: bool) -> None:
        """What is in the air arrives, or is lost. Then all is told that has to be told."""
        if not in_the_air:
            self.world.air.deliver()
        self.world.calm()
        self.world.check()
        for tab in self.world.tabs:
            if tab.inside and tab.state:
                present = self.world.present(tab)
                assert self.shown.open(tab.user.username, tab.heard) == (tab.state.seq, tab.state.objects, present)


@pytest.fixture
def by_hand(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hubs that do nothing of themselves, and limit nobody."""
    for name in ("MESSAGES_PER_SECOND", "MUTATIONS_PER_SECOND", "JOINS_PER_SECOND"):
        setattr(settings, name, 1e9)
    settings.CONNECTIONS_PER_PERSON = 1_000
    settings.REDIS_URL = ""  # who is here is not what this is about
    monkeypatch.setattr("realtime.hub.DatabaseThread", HandThread)
    monkeypatch.setattr("realtime.hub.Writer", HandWriter)
    monkeypatch.setattr("realtime.hub.take_leave_on_sigterm", lambda hub: None)
    monkeypatch.setattr("realtime.hub.look_around", lambda hub: asyncio.sleep(0))
    layer: Any = get_channel_layer()
    yield
    channel_layers.set("default", layer)


@pytest.mark.usefixtures("by_hand")
def test_in_the_end_everybody_sees_the_trip_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    ShakyWorld.people = {name: User.objects.create_user(name, name=name.title()) for name in wishes.PEOPLE}
    ShakyWorld.people[STAFF] = User.objects.create_superuser(STAFF, name="Sue")
    with mirror() as ShakyWorld.shown:
        run_state_machine_as_test(
            ShakyWorld, settings=examples(max_examples=examples().max_examples * 4 // 5, stateful_step_count=STEPS)
        )
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []
