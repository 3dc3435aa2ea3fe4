"""The icons: what pages and modules ask for is in the sprite."""

import re
from pathlib import Path

TRIPS = Path(__file__).parents[3] / "trips"
SPRITE = TRIPS / "templates" / "trips" / "sprite.html"


def asked_for() -> set[str]:
    templates = "\n".join(path.read_text() for path in TRIPS.rglob("templates/**/*.html"))
    python = (TRIPS / "pages.py").read_text()
    modules = "\n".join(path.read_text() for path in TRIPS.rglob("static/trips/*.js"))
    return {
        *re.findall(r'{% icon "([\w-]+)"', templates),
        *re.findall(r'"icon": "([\w-]+)"', python),
        *re.findall(r'\bicon(?:\(|: )"([\w-]+)"', modules),
    }


def test_every_icon_that_is_asked_for_is_there() -> None:
    there = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))
    assert asked_for() - there == set()
