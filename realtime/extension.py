"""What our servers offer a socket beyond ASGI, in the `extensions` of its scope."""

TEXT = "globetrotter.text"  # its `write` sends a text frame of any size at once, or returns False
