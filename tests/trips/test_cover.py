"""The picture on a trip's card."""

from hypothesis import given
from hypothesis import strategies as some

from trips import cover

PLACES = some.lists(some.tuples(some.floats(-90, 90), some.floats(-180, 180)), max_size=40)


def test_without_a_stop_there_is_no_route() -> None:
    assert cover.draw([]) == cover.Cover()


def test_one_stop_stands_in_the_middle() -> None:
    assert cover.draw([(48.86, 2.34)]).dots == ((160, 64),)


def test_north_is_up_and_east_is_right() -> None:
    (ax, ay), (bx, by) = cover.draw([(48, 2), (49, 3)]).dots
    assert ax < bx
    assert ay > by


def test_the_date_line_parts_nothing() -> None:
    """Fiji lies on it: two islands half a degree apart, not once around the earth."""
    (ax, _), (bx, _), (cx, _) = cover.draw([(-17, 179.8), (-17.2, -179.8), (-17.5, -178)]).dots
    assert ax < bx < cx


def test_stops_at_one_place_are_one_dot() -> None:
    assert len(cover.draw([(48.86, 2.34), (48.86, 2.34), (48.9, 2.4)]).dots) == 2


@given(PLACES)
def test_whatever_the_stops_the_route_stays_in_the_picture(places: list[tuple[float, float]]) -> None:
    for x, y in cover.draw(places).dots:
        assert cover.MARGIN - 1 <= x <= cover.WIDTH - cover.MARGIN + 1
        assert cover.MARGIN - 1 <= y <= cover.HEIGHT - cover.MARGIN + 1
