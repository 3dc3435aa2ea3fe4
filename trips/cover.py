"""A trip's cover: its stops as they lie on the earth, joined in their order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from statistics import fmean

WIDTH, HEIGHT = 320, 128
MARGIN = 24
# A street of a city or a coast road: the picture may be pulled wider than it is, but not beyond recognition.
MOST_STRETCH = 2.0
# How much of a stop's place is its rank.
EVENLY = 0.6
# Closer than this, two stops are one dot.
APART = 11.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Cover:
    """`way` is the SVG path of the route, `dots` the centres of the stops."""

    way: str = ""
    dots: tuple[Point, ...] = ()


def draw(places: Sequence[Point]) -> Cover:
    """The cover of (latitude, longitude) pairs in their order; without any, an empty one."""
    if not places:
        return Cover()
    dots = _apart(_fitted(_flat(places)))
    return Cover(way="M" + " L".join(f"{x:g} {y:g}" for x, y in dots), dots=tuple(dots))


def _flat(places: Sequence[Point]) -> list[Point]:
    """Degrees east and south, both of about one length, around the date line too."""
    narrow = cos(radians(fmean(latitude for latitude, _ in places)))
    first = places[0][1]
    return [((((longitude - first + 180) % 360) - 180) * narrow, -latitude) for latitude, longitude in places]


def _fitted(points: Sequence[Point]) -> list[Point]:
    """The points scaled and moved into the picture."""
    across, down = ([axis for axis, _ in points], [axis for _, axis in points])
    wide, high = _size(max(across) - min(across), max(down) - min(down))
    return list(zip(_along(across, WIDTH, wide), _along(down, HEIGHT, high), strict=True))


def _size(across: float, down: float) -> Point:
    """How large the route is drawn: as large as the picture lets it."""
    wide = (WIDTH - 2 * MARGIN) / across if across else 0.0
    high = (HEIGHT - 2 * MARGIN) / down if down else 0.0
    wide = min(wide, high * MOST_STRETCH) if high else wide
    high = min(high, wide * MOST_STRETCH) if wide else high
    return across * wide, down * high


def _along(values: Sequence[float], room: int, length: float) -> list[float]:
    """One axis, in the middle of `room`. A stop lies between where it is and where it would be if all were evenly
    apart: one day trip out of town does not press the town into a corner."""
    low, extent = min(values), max(values) - min(values)
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
    if not extent:
        return [room / 2] * len(values)
    shares = ((value - low) / extent * (1 - EVENLY) + ranks[value] / (len(ranks) - 1) * EVENLY for value in values)
    return [round((room - length) / 2 + share * length, 1) for share in shares]


def _apart(points: Iterable[Point]) -> list[Point]:
    """The points without those that lie on an earlier one."""
    kept: list[Point] = []
    for x, y in points:
        if all((x - a) ** 2 + (y - b) ** 2 >= APART**2 for a, b in kept):
            kept.append((x, y))
    return kept
