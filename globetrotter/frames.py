"""What a server sends over a WebSocket (RFC 6455)."""

import struct
from functools import lru_cache

FINAL_TEXT = 0x81  # section 5.2


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
