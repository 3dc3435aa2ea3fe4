"""A trip's cover: its stops as they lie on the earth, joined in their order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from statistics import fmean

WIDTH, HEIGHT = 320, 128
MARGIN = 24
# A street of a city or a coast road: the picture may be pulled wider than it is, but not beyond recognition.
MOST_STRETCH = 2.0
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
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    across, down = right - left, bottom - top
    wide = (WIDTH - 2 * MARGIN) / across if across else 0.0
    high = (HEIGHT - 2 * MARGIN) / down if down else 0.0
    wide = min(wide, high * MOST_STRETCH) if high else wide
    high = min(high, wide * MOST_STRETCH) if wide else high
    x, y = (left + right) / 2, (top + bottom) / 2
    return [(round(WIDTH / 2 + (px - x) * wide, 1), round(HEIGHT / 2 + (py - y) * high, 1)) for px, py in points]


def _apart(points: Iterable[Point]) -> list[Point]:
    """The points without those that lie on an earlier one."""
    kept: list[Point] = []
    for x, y in points:
        if all((x - a) ** 2 + (y - b) ** 2 >= APART**2 for a, b in kept):
            kept.append((x, y))
    return kept
