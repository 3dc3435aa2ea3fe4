"""The names under which the browser imports modules, and the URLs they stand for."""

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.templatetags.static import static

PACKAGES = {
    "preact": "npm/preact/preact.mjs",
    "preact/hooks": "npm/preact-hooks/hooks.mjs",
    "@preact/signals": "npm/signals/signals.module.js",
    "@preact/signals-core": "npm/signals-core/signals-core.module.js",
    "htm": "npm/htm/htm.module.js",
    "idb-keyval": "npm/idb-keyval/index.js",
    "fractional-indexing": "npm/fractional-indexing/index.js",
}
# Our own files are imported by "#" and their path, as node and tsc know them (`imports` in package.json).
FOLDERS = ("realtime/", "trips/")


def imports() -> dict[str, str]:
    """Name → URL, hashed where static files are: a module that changed does not change those that import it."""
    return _found() if settings.DEBUG else _kept()


def _found() -> dict[str, str]:
    own = {f"#{path}": path for path in _own_files()}
    return {name: static(path) for name, path in {**PACKAGES, **own}.items()}


_kept = cache(_found)


def _own_files() -> Iterator[str]:
    for finder in get_finders():
        for path, _ in finder.list(ignore_patterns=["*.css", "*.woff*"]):
            name = path.replace("\\", "/")
            if name.endswith(".js") and name.startswith(FOLDERS):
                yield name
