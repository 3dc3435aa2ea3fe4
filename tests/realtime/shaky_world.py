"""Several processes, several people on one trip, and everything that can go wrong between them, moved by hand."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import Any, cast

from channels.layers import channel_layers
from django.db import transaction
from django.utils import timezone

from realtime.broadcast import announced
from realtime.commands import step_of
from realtime.hub import Hub
from realtime.look import look_at_journal, look_at_layer
from tests.realtime.by_hand import Air, Ear, HandLoop, HandThread, HandWriter
from tests.realtime.client_tab import ClientTab
from tests.realtime.stored import fresh, told
from tests.realtime.wishes import BEGINNING, Wish
from trips import journal
from trips.changes import apply, committed, create_trip
from trips.models import Change, Trip, User
from trips.mutations import Mutation
from trips.refusals import Refused

PATIENCE = 1.1  # seconds: longer than anybody waits for the layer, or for a hole to fill by itself
# How what is sent between processes arrives; “by hand”: when, and what of it, a test says.
MANNERS: dict[str, Callable[[int], Iterable[int]]] = {
    "well": range,
    "twice": lambda sent: [*range(sent), *range(sent)],
    "backwards": lambda sent: reversed(range(sent)),
    "never": lambda sent: (),
}
BY_HAND = "by hand"
LOOKS = 4  # after so many, all is told that can be
STAFF = "sue"  # who sees every trip
numbers = count(1)


class Process:
    """A hub, its threads, and its ear at the layer. `by_hand`: it stores and reads only when it is told to."""

    def __init__(self, loop: HandLoop, air: Air) -> None:
        self._loop = loop
        self.ear = Ear(air)
        self.by_hand = False
        self.hub = loop.run_until_complete(self._start())
        self.threads = [each for each in vars(self.hub).values() if isinstance(each, HandThread)]
        loop.turn()

    async def _start(self) -> Hub:
        channel_layers.set("default", cast(Any, self.ear))
        return Hub()

    @property
    def writer(self) -> HandWriter:
        return cast(HandWriter, self.hub.writer)

    def commits(self, work: Callable[[], object], *, tells: bool = True) -> None:
        """Something is stored by this process."""
        Hub.running = self.hub if tells else None
        work()
        Hub.running = None
        self._loop.turn()

    def stores(self, *, tells: bool = True) -> None:
        """What waits for its writer."""
        self.commits(self.writer.work, tells=tells)

    def reads(self) -> None:
        for thread in self.threads:
            thread.work()

    def hears(self) -> None:
        for thread in self.threads:
            thread.tell()
        self._loop.turn()

    @property
    def busy(self) -> bool:
        return not self.writer.idle or any(thread.jobs for thread in self.threads)

    def works(self) -> None:
        """Until nothing waits."""
        while self.busy:
            self.stores()
            self.reads()
            self.hears()

    def looks(self) -> None:
        for look in (look_at_layer, look_at_journal):
            self.hub.spawn(look(self.hub))
        self._loop.turn()

    def dies(self) -> None:
        self.ear.dead = True
        self.ear.air.forget(self.ear.channel)


class World:
    def __init__(self, people: dict[str, User], tabs: Sequence[str]) -> None:
        self.people = people
        self.loop = HandLoop()
        self.air = Air()
        self.manner = "well"
        self.trip_id = create_trip(people["alice"], {"title": "Paris"}, *BEGINNING, trip_id=f"shaky{next(numbers)}")
        self.truth = fresh(self.trip_id)
        self.first = self.truth.seq
        self.members = [frozenset({"alice", "bob", "vera"})]
        self.times: list[datetime] = []
        self.kept: dict[tuple[str, str], int] = {}  # the last seq of each mutation that the journal remembers
        self.stored: dict[tuple[str, str], set[int]] = defaultdict(set)  # each seq that was one's last so far
        self.dead: list[Process] = []
        self._unread: list[Change] = []
        committed.connect(self._stored)
        self.processes = [Process(self.loop, self.air) for _ in range(2)]
        self.tabs = [ClientTab(people[name], self.trip_id, self.may_hear) for name in tabs]

    def end(self) -> None:
        committed.disconnect(self._stored)
        while tasks := asyncio.all_tasks(self.loop):  # one that ends may begin another
            for task in tasks:
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.close()
        Trip.objects.filter(public_id=self.trip_id).delete()

    # What happens

    def do(self, who: str, wish: Wish) -> None:
        """A mutation that came by no socket."""
        with suppress(Refused):
            apply([Mutation(self.trip_id, self.people[who], (step_of(wish),))])

    def tell_secret(self, process: Process, who: str) -> None:
        """A change for one person, of a kind that no client knows yet."""
        with transaction.atomic():
            trip = Trip.objects.select_for_update().get(public_id=self.trip_id)
            trip.seq += 1
            trip.save(update_fields=["seq"])
            told = {"kind": "secret", "op": "set", "object_id": who, "after": {}, "audience": f"user:{who}"}
            change = Change.objects.create(trip=trip, seq=trip.seq, time=timezone.now(), **told)
        self._unread.append(change)
        process.hub.announce_soon([announced(change)])

    def prune(self, kept: int) -> None:
        """Forget all but the last changes."""
        behind = len(self.times) - kept
        if behind > 0:
            journal.prune(self.times[behind] if kept else timezone.now())
            self.kept = {key: seq for key, seq in self.kept.items() if seq > self.first + behind}

    def kill(self, number: int) -> None:
        """`kill -9`, and another one is started."""
        old = self.processes[number]
        old.dies()
        self.dead.append(old)
        for tab in self.tabs:
            if tab.line and tab.line.hub is old.hub:
                tab.cut()
        self.processes[number] = Process(self.loop, self.air)

    # What follows by itself

    def go_on(self) -> None:
        """Everything goes on that does not go by hand."""
        self.loop.turn()
        self._learn()
        while True:
            working = [process for process in self.processes if process.busy and not process.by_hand]
            if not working and (self.manner == BY_HAND or not self.air.sent):
                return
            for process in working:
                process.works()
            if self.manner != BY_HAND:
                self.air.deliver(*MANNERS[self.manner](len(self.air.sent)))
            self.loop.turn()
            self._learn()

    def calm(self) -> None:
        """Nothing breaks any more: all are told what they have to be told."""
        self.air.away, self.manner = False, "well"
        for process in self.processes:
            process.by_hand = False
        for _ in range(LOOKS):
            self.go_on()
            for process in self.processes:
                process.looks()
            self.go_on()
            self.loop.turn(PATIENCE)
            for tab in self.tabs:
                tab.read()
        self.go_on()
        for tab in self.tabs:
            tab.read()

    # What must be so

    def may_hear(self, who: str, seq: int) -> bool:
        return who == STAFF or who in self.members[seq - self.first]

    def check(self) -> None:
        """Once all is calm: everybody who is in sees the trip as it is."""
        now = fresh(self.trip_id)
        assert self.truth == now, "the journal tells of all there is"
        for tab in self.tabs:
            if line := tab.line:
                room = line.hub.rooms.get(self.trip_id)
                seated = room is not None and line.session in room.seats
                assert tab.inside == seated, f"{tab.user} is {'' if seated else 'not '}in, and believes otherwise"
                assert line.asked == line.answered
            assert all(ack["seq"] in self.stored[tab.user.username, ack["mutation_id"]] for ack in tab.acks)
            if tab.inside:
                assert tab.state == now
                assert self.may_hear(tab.user.username, now.seq)
                assert ("trip", self.trip_id) in now.objects, "nobody is in a trip that is gone"

    def present(self, tab: ClientTab) -> list[str]:
        """Who is in the room of the process that a tab is connected to."""
        assert tab.line
        return sorted(person.user_id for person in tab.line.hub.rooms[self.trip_id].people)

    def _stored(self, changes: list[Change], **_: Any) -> None:
        self._unread += changes

    def _learn(self) -> None:
        """Look at what was stored: in order, without a hole, and each mutation once."""
        for change in self._unread:
            assert self.truth.take(told(change))
            members = self.members[-1]
            if change.kind == "member":
                members = members - {change.object_id} if change.op == "remove" else members | {change.object_id}
            self.members.append(members)
            self.times.append(change.time)
            if change.actor and change.mutation_id:
                key = (change.actor.username, change.mutation_id)
                assert change.part > 0 or key not in self.kept, "it is stored twice"
                self.stored[key] -= {change.seq - 1} if change.part else set()
                self.stored[key].add(change.seq)
                self.kept[key] = change.seq
        self._unread.clear()
