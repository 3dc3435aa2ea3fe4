"""What a server sends arrives, whatever its size, and whether it is read or not."""

import asyncio
import socket
import struct
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import pytest_asyncio
from django.contrib.staticfiles import finders
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.protocol import Protocol
from twisted.internet.testing import MemoryReactor
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from globetrotter.frames import text_frame, whole_text
from globetrotter.serve import Line
from realtime.protocol import Close
from tests.realtime.conftest import Open
from tests.realtime.database import ask
from tests.realtime.tab import Tab
from tests.server import Server
from trips.models import ItineraryItem, Trip

STOPS = 4_000
MEGABYTE = 2**20
LARGE = "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"


@pytest_asyncio.fixture
async def trip(trip: str) -> str:
    """One whose snapshot does not go into any buffer."""
    await ask(lambda: fill(trip))
    return trip


@pytest_asyncio.fixture
async def idle(open_tab: Open, trip: str, alice: Tab) -> Tab:
    """Bob, who was answered three times with the whole trip, and has read nothing of it."""
    tab = await open_tab("bob")
    tab.trip = trip
    tab.socket.transport.pause_reading()
    for n in range(3):
        await tab.send("join_trip")
        await tab.send("typing", field=f"n{n}")
    for n in range(3):
        await alice.expect("typing", field=f"n{n}")
    return tab


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 2**16 - 1, 2**16, MEGABYTE])
def test_a_text_frame_says_its_length(size: int) -> None:
    """RFC 6455, 5.2: in 7 bits, or 126 and 16 bits, or 127 and 64 bits."""
    stream = BytesIO(text_frame("é" * (size // 2) + "e" * (size % 2)))
    first, length = stream.read(2)
    if length >= 126:
        (length,) = struct.unpack("!H" if length == 126 else "!Q", stream.read(2 if length == 126 else 8))
    assert first == 0b1000_0001
    assert length == size
    assert len(stream.read()) == size


TEXTS = st.text(max_size=300) | st.sampled_from([125, 126, 127, 2**16 - 1, 2**16]).map("x".__mul__)


@given(TEXTS, st.binary(min_size=4, max_size=4), st.binary(max_size=2))
def test_a_message_is_read_only_where_it_is_one_whole_frame(text: str, key: bytes, more: bytes) -> None:
    with patch("websockets.frames.secrets.token_bytes", lambda _: key):
        frame = masked(Opcode.TEXT, text.encode())
        others = [
            masked(Opcode.TEXT, text.encode(), fin=False),
            masked(Opcode.BINARY, text.encode()),
            masked(Opcode.TEXT, text.encode() + b"\xff"),
            Frame(Opcode.TEXT, text.encode()).serialize(mask=False),
        ]
    assert whole_text(frame) == (text.encode() if len(text.encode()) < 2**16 else None)
    assert whole_text(frame[:-1]) is None
    assert [whole_text(other) for other in others] == [None] * len(others)
    if more:
        assert whole_text(frame + more) is None


def test_a_length_is_written_as_shortly_as_it_can_be() -> None:
    """RFC 6455, 5.2."""
    assert whole_text(b"\x81\xfe\x00\x05\0\0\0\0hello") is None
    assert whole_text(b"\x81\xff\0\0\0\0\0\0\0\x77\0\0\0\0" + b"x" * 119) is None


def test_the_beginning_of_a_long_message_is_none() -> None:
    with patch("websockets.frames.secrets.token_bytes", lambda _: bytes(4)):
        long = masked(Opcode.TEXT, b"x" * 2**16)
    assert [size for size in range(1_000) if whole_text(long[:size]) is not None] == []


def test_what_a_full_line_takes_nothing_of_waits() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        for size in (2**16, 1):
            with suppress(BlockingIOError):
                while True:
                    ours.send(b"x" * size)
        line = line_of(ours)
        line.write(b"late")
        theirs.setblocking(False)
        with suppress(BlockingIOError):
            while theirs.recv(2**16):
                pass
        line.doWrite()
        assert theirs.recv(2**16) == b"late"


def line_of(ours: socket.socket) -> Any:
    """A connection as daphne makes it, in no running loop: twisted's types leave much unsaid."""
    make: Any = Line
    reactor: Any = MemoryReactor
    return make(ours, Protocol(), ("127.0.0.1", 0), None, 0, reactor())


def masked(opcode: Opcode, payload: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=True)


async def test_however_messages_are_cut_they_are_read(alice: Tab, bob: Tab) -> None:
    line, ping = alice.socket.transport, '{"type": "ping", "timestamp": "%s"}'
    one = masked(Opcode.TEXT, (ping % "é1").encode())
    line.write(one + masked(Opcode.TEXT, (ping % 2).encode()))
    begun = masked(Opcode.TEXT, (ping % 3).encode()[:9], fin=False)
    rest = masked(Opcode.CONT, (ping % 3).encode()[9:])
    line.write(begun + masked(Opcode.PING, b"between") + rest)
    for echo in ("é1", "2", "3"):
        await alice.expect("pong", echo=echo)
    for at in (1, 2, 7, len(one) - 1):
        line.write(one[:at])
        await bob.settle()
        line.write(one[at:])
        await alice.expect("pong", echo="é1")


async def test_what_looks_like_a_message_in_the_middle_of_one_is_none(alice: Tab, bob: Tab) -> None:
    text = '{"type": "ping", "timestamp": "\U00010040!"} '.encode()
    with patch("websockets.frames.secrets.token_bytes", lambda _: bytes(4)):
        frame = masked(Opcode.TEXT, text)
    assert whole_text(frame[-6:]) == b""
    alice.socket.transport.write(frame[:-6])
    await bob.settle()
    alice.socket.transport.write(frame[-6:])
    await alice.expect("pong", echo="\U00010040!")


async def test_what_looks_like_a_message_behind_the_first_byte_of_one_is_none(alice: Tab, bob: Tab) -> None:
    with patch("websockets.frames.secrets.token_bytes", lambda _: b"\x80\0\0\0"):
        frame = masked(Opcode.TEXT, b"1")
    assert whole_text(frame[1:]) == b""
    alice.socket.transport.write(frame[:1])
    await bob.settle()
    alice.socket.transport.write(frame[1:])
    assert (await alice.expect("error"))["message"] == "A message is a JSON object."


async def test_what_looks_like_a_message_in_the_middle_of_a_ping_is_none(alice: Tab, bob: Tab) -> None:
    with patch("websockets.frames.secrets.token_bytes", lambda _: bytes(4)):
        frame = masked(Opcode.PING, b"here: " + b"\x81\x80" + bytes(4))
    assert whole_text(frame[-6:]) == b""
    alice.socket.transport.write(frame[:-6])
    await bob.settle()
    alice.socket.transport.write(frame[-6:])
    await bob.settle()  # or what follows would be read with it
    assert {message["type"] for message in await alice.settle()} <= {"connection", "joined", "user_joined"}


async def test_a_message_in_the_middle_of_another_closes_the_socket(alice: Tab, bob: Tab) -> None:
    """RFC 6455, 5.4."""
    alice.socket.transport.write(masked(Opcode.TEXT, b'{"type":', fin=False))
    await bob.settle()
    alice.socket.transport.write(masked(Opcode.TEXT, b'{"type": "ping"}'))
    assert await alice.expect_close() in (1002, 1006)  # daphne drops the line


@pytest.mark.parametrize("fin", [True, False])
async def test_text_that_is_none_closes_the_socket(alice: Tab, fin: bool) -> None:
    alice.socket.transport.write(masked(Opcode.TEXT, b'{"type": "ping\xff"}', fin=fin))
    if not fin:
        alice.socket.transport.write(masked(Opcode.CONT, b""))
    assert await alice.expect_close() in (1006, 1007)  # daphne drops the line


async def test_a_reader_that_stops_for_a_while_gets_everything_in_order(alice: Tab, idle: Tab) -> None:
    await idle.send("ping", timestamp="last")
    await alice.settle()
    idle.socket.transport.resume_reading()
    await idle.expect("pong", echo="last")
    snapshots = [message["snapshot"] for message in idle.kept if message["type"] == "joined"]
    assert [len(snapshot["itinerary"]) for snapshot in snapshots] == [STOPS + 1] * 3
    assert len(str(snapshots)) > 6 * MEGABYTE
    await alice.send("trip_update", {"title": "Still connected"})
    await idle.expect("trip_updated")


async def test_who_is_sent_away_behind_a_large_message_is_told_both(tmp_path: Path) -> None:
    server = Server(tmp_path / "log.txt", application="tests.realtime.goodbye:application").start()
    try:
        async with connect(server.ws, max_size=None) as client:
            assert len(await asyncio.wait_for(client.recv(), 20)) == 2_000_000
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(client.recv(), 20)
            assert client.close_code == Close.TOO_MANY
    finally:
        server.kill()


def test_a_page_that_is_read_slowly_comes_whole(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        line.sendall(f"GET {LARGE} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        answer = HTTPResponse(line)
        answer.begin()
        body = b"".join(iter(lambda: answer.read(1000), b""))
    assert len(body) > 100_000
    assert body == content_of(LARGE)


def test_one_connection_serves_several_pages(server: Server) -> None:
    connection = HTTPConnection("127.0.0.1", server.port)
    for path in (LARGE, "/healthz", LARGE):
        connection.request("GET", path)
        body = connection.getresponse().read()
        assert path != LARGE or body == content_of(LARGE)
    connection.close()


async def test_who_goes_with_much_unread_harms_nobody(alice: Tab, idle: Tab, quiet_log: None) -> None:
    idle.cut()
    await alice.send("trip_update", {"title": "Still here"})
    await alice.expect("trip_updated")


def content_of(path: str) -> bytes:
    found = finders.find(path.removeprefix("/static/"))
    assert isinstance(found, str)
    return Path(found).read_bytes()


def fill(trip_id: str) -> None:
    trip = Trip.objects.get(public_id=trip_id)
    notes = "Bring water, and something to read. " * 10
    ItineraryItem.objects.bulk_create(
        ItineraryItem(trip=trip, public_id=f"s{n}", day=1, position=f"a{n:05}", title=f"Stop {n}", notes=notes)
        for n in range(STOPS)
    )
