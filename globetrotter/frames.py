"""Messages of a WebSocket as they mostly are: one frame each (RFC 6455)."""

import struct
import sys
from functools import lru_cache

FINAL_TEXT = 0x81  # section 5.2
MASKED = 0x80


@lru_cache(maxsize=1)  # what a room is told goes to one after the other
def text_frame(text: str) -> bytes:
    """A message of a server, unfragmented and uncompressed."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", FINAL_TEXT, size)
    elif size < 2**16:
        head = struct.pack("!BBH", FINAL_TEXT, 126, size)
    else:
        head = struct.pack("!BBQ", FINAL_TEXT, 127, size)
    return head + payload


def whole_text(data: bytes) -> bytes | None:
    """The message of a client in UTF-8, if `data` is just that: a text frame, unfragmented and uncompressed.

    None leaves it to the server's own parser, which reads anything, and refuses what must be: 64 KiB or more, too.
    """
    if len(data) < 6 or data[0] != FINAL_TEXT or data[1] < MASKED:
        return None
    size, start = data[1] - MASKED, 6
    if size == 126:
        size, start = int.from_bytes(data[2:4]), 8
    if data[1] == MASKED + 127 or len(data) != start + size or (start == 8 and size < 126):
        return None
    payload = unmasked(data[start:], data[start - 4 : start])
    return payload if payload.isascii() or is_utf8(payload) else None


def unmasked(payload: bytes, key: bytes) -> bytes:
    """Section 5.3."""
    size = len(payload)
    keys = (key * (size // 4 + 1))[:size]
    both = int.from_bytes(payload, sys.byteorder) ^ int.from_bytes(keys, sys.byteorder)
    return both.to_bytes(size, sys.byteorder)


def is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True
