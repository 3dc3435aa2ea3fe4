"""What waits for one socket."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from realtime.outbox import Bundle, Outbox
from realtime.protocol import Close


class Wire:
    """A socket as the server shows it to us; `open` is cleared to let nothing through."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.writes = 0
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, event: dict[str, Any]) -> None:
        await self.open.wait()
        self.sent.append(event)

    def write(self, text: str) -> bool:
        """What some servers offer, too. Every third frame goes the longer way."""
        self.writes += 1
        if takes := self.open.is_set() and self.writes % 3 > 0:
            self.sent.append({"type": "websocket.send", "text": text})
        return takes

    @property
    def frames(self) -> list[str]:
        return [event["text"] for event in self.sent if event["type"] == "websocket.send"]

    @property
    def closed_with(self) -> list[int]:
        return [event["code"] for event in self.sent if event["type"] == "websocket.close"]


sizes = st.integers(1, 40)
happens = st.one_of(sizes, st.tuples(sizes, sizes), st.sampled_from(["turns", "opens", "shuts", "pings"]))


@given(steps=st.lists(happens, max_size=40), joins=st.booleans(), writes=st.booleans())
def test_whatever_happens_what_leaves_is_in_order_and_once(
    steps: list[int | tuple[int, int] | str], joins: bool, writes: bool, settings: Settings
) -> None:
    """Messages of so many letters are put, alone or two together, and the reader reads or does not.

    All leave, or the first and a close.
    """
    settings.OUTBOX_MAX_BYTES = 100
    put, wire = list[str](), Wire()

    def written(size: int) -> str:
        put.append(chr(ord("a") + len(put)) * size)
        return put[-1]

    async def play() -> Outbox:
        outbox = Outbox(wire.send, joins=joins, write=wire.write if writes else None)
        for step in steps:
            match step:
                case int():
                    outbox.put(written(step))
                case tuple():
                    outbox.put_all(Bundle([written(size) for size in step]))
                case "turns":
                    await turn()
                case "pings":
                    outbox.pinged()
                case _:
                    (wire.open.set if step == "opens" else wire.open.clear)()
        wire.open.set()
        await outbox.drained()
        return outbox

    outbox = asyncio.run(play())
    left = [text for frame in wire.frames for text in frame.split("\n")]
    assert left == put[: len(left)]
    assert wire.closed_with == ([Close.TOO_SLOW] if outbox.closed else [])
    assert outbox.closed or left == put
    assert joins or all("\n" not in frame for frame in wire.frames)
    assert outbox.closed <= (sum(map(len, put)) > 100)


async def turn() -> None:
    """All that can leave, leaves."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_waits_together_leaves_as_one_frame() -> None:
    wire = Wire()
    outbox = Outbox(wire.send, joins=True)
    for text in ("1", "2", "3"):
        outbox.put(text)
    await outbox.drained()
    outbox.put("4")
    await outbox.drained()
    assert wire.frames == ["1\n2\n3", "4"]


async def test_a_client_that_offered_nothing_gets_a_message_a_frame() -> None:
    wire = Wire()
    outbox = Outbox(wire.send, joins=False)
    for text in ("1", "2", "3"):
        outbox.put(text)
    await outbox.drained()
    assert wire.frames == ["1", "2", "3"]


async def test_a_server_that_takes_text_at_once_is_given_it_so() -> None:
    wire = Wire()
    outbox = Outbox(wire.send, joins=True, write=wire.write)
    outbox.put("1")
    outbox.leave()
    assert wire.frames == ["1"]
    outbox.put("2")
    outbox.close(Close.TOO_MANY)
    await outbox.drained()
    assert wire.frames == ["1", "2"]
    assert wire.writes == 2
    assert wire.closed_with == [Close.TOO_MANY]


async def test_what_comes_while_a_frame_is_on_its_way_follows_it() -> None:
    wire = Wire()
    wire.open.clear()
    outbox = Outbox(wire.send, joins=True)
    outbox.put("1")
    await asyncio.sleep(0)
    outbox.put("2")
    outbox.put("3")
    wire.open.set()
    await outbox.drained()
    assert wire.frames == ["1", "2\n3"]


@pytest.mark.parametrize("ticks", range(9))
async def test_what_comes_just_when_a_line_is_free_again_leaves_too(ticks: int) -> None:
    wire = Wire()
    wire.open.clear()
    outbox = Outbox(wire.send, joins=True)
    outbox.put("1")
    await turn()
    wire.open.set()
    for _ in range(ticks):
        await asyncio.sleep(0)
    outbox.put("2")
    outbox.close(Close.NOT_SIGNED_IN)
    await outbox.drained()
    assert "\n".join(wire.frames) == "1\n2"
    assert wire.closed_with == [4401]


async def test_the_last_words_come_before_the_close() -> None:
    wire = Wire()
    outbox = Outbox(wire.send, joins=True)
    outbox.put("why")
    outbox.close(Close.NOT_SIGNED_IN)
    outbox.put("too late")
    outbox.close(Close.NO_SUCH_TRIP)
    await outbox.drained()
    assert wire.frames == ["why"]
    assert wire.closed_with == [4401]


async def test_a_close_code_is_a_plain_number() -> None:
    """daphne refuses to send a subclass of int, and says so to nobody."""
    wire = Wire()
    outbox = Outbox(wire.send, joins=True)
    outbox.close(Close.TOO_MANY)
    await outbox.drained()
    assert [type(code) for code in wire.closed_with] == [int]


async def test_a_slow_reader_is_closed_and_holds_up_nobody(settings: Settings) -> None:
    settings.OUTBOX_MAX_BYTES = 100
    slow, quick = Wire(), Wire()
    slow.open.clear()
    outboxes = [Outbox(wire.send, joins=False) for wire in (slow, quick)]
    for _ in range(20):
        for outbox in outboxes:
            outbox.put("x" * 10)
        await outboxes[1].drained()
    assert len(quick.frames) == 20
    slow.open.set()
    await outboxes[0].drained()
    assert slow.closed_with == [4408]
    assert quick.closed_with == []


async def test_a_pinging_reader_is_closed_for_what_it_was_sent_since_its_ping(settings: Settings) -> None:
    """daphne takes whatever it is given, so nothing ever waits here."""
    settings.OUTBOX_MAX_BYTES = 100
    wire = Wire()
    outbox = Outbox(wire.send, joins=True)
    for _ in range(5):
        for _ in range(10):
            outbox.put("x" * 10)
            await outbox.drained()
        outbox.pinged()
    assert wire.closed_with == []
    for _ in range(11):
        outbox.put("x" * 10)
        await outbox.drained()
    assert wire.closed_with == [4408]


async def test_what_a_reader_asked_for_is_not_held_against_it(settings: Settings) -> None:
    settings.OUTBOX_MAX_BYTES = 100
    wire = Wire()
    outbox = Outbox(wire.send, joins=True)
    outbox.put("a snapshot" * 100, counts=False)
    await outbox.drained()
    assert wire.closed_with == []


@pytest.mark.parametrize("joins", [True, False])
async def test_a_socket_that_is_gone_is_no_trouble(joins: bool, caplog: pytest.LogCaptureFixture) -> None:
    async def gone(_: dict[str, Any]) -> None:
        raise RuntimeError("gone")

    def refuses(_: str) -> bool:
        raise RuntimeError("gone")

    wire = Wire()
    for outbox in (Outbox(gone, joins=joins), Outbox(gone, joins=joins, write=refuses)):
        other = Outbox(wire.send, joins=joins)
        for each in (outbox, other):
            each.put("1")
        await turn()
        assert outbox.closed
        for each in (outbox, other):
            each.put("2")
            await each.drained()
    assert wire.frames == ["1", "2"] * 2
    assert [record.message.split(":")[0] for record in caplog.records] == ["A socket took no text"]


async def test_who_cannot_be_told_something_is_told_nothing_more_but_a_goodbye() -> None:
    """daphne by itself sends no text of more than it would receive."""
    wire = Wire()

    async def send(event: dict[str, Any]) -> None:
        if len(event.get("text", "")) > 10:
            raise ValueError("too large")
        await wire.send(event)

    outbox = Outbox(send, joins=True)
    outbox.put("a snapshot of more")
    await outbox.drained()
    assert outbox.closed
    assert wire.frames == []
    assert wire.closed_with == [Close.CANNOT_SERVE]


async def test_what_waits_is_counted_in_bytes(settings: Settings) -> None:
    settings.OUTBOX_MAX_BYTES = 10
    for text, fits in (("a" * 10, True), ("é" * 5, True), ("é" * 6, False), ("🏖" * 3, False)):
        wire = Wire()
        outbox = Outbox(wire.send, joins=True)
        outbox.put(text)
        await outbox.drained()
        assert wire.closed_with == ([] if fits else [Close.TOO_SLOW])


@pytest.mark.parametrize("joins", [True, False])
async def test_one_large_thing_that_was_asked_for_is_sent_but_not_one_after_the_other_to_who_never_pings(
    joins: bool, settings: Settings
) -> None:
    settings.OUTBOX_MAX_BYTES = 100
    wire = Wire()
    outbox = Outbox(wire.send, joins=joins)
    for _ in range(3):
        outbox.put("x" * 1_000, counts=False)
        await outbox.drained()
        outbox.pinged()
    outbox.put("x" * 1_000, counts=False)
    await outbox.drained()
    assert not wire.closed_with
    outbox.put("x" * 1_000, counts=False)
    await outbox.drained()
    assert wire.closed_with == [Close.TOO_SLOW]
    assert len(wire.frames) == 4
