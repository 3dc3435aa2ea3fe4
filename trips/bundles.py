"""What pages load in one piece: into each of these files `manage.py collectstatic` puts all that it imports."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.management import CommandError
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLED = ("trips/page.js", "trips/unsent.js", "trips/css/site.css", "trips/css/trip-page.css")
OPTIONS = ("--bundle", "--minify", "--format=esm", "--charset=utf8", "--external:*.woff2", "--log-level=warning")


class BundlingStorage(CompressedManifestStaticFilesStorage):
    """On a slow line each file costs half a second. A bundle takes the name of its entry, so that templates ask for the
    same file with and without it."""

    def post_process(self, paths: dict[str, tuple[Storage, str]], *, dry_run: bool, **options: Any) -> Iterator[Any]:
        if not dry_run:
            paths = paths | {name: self._bundle(name, *paths[name]) for name in BUNDLED if name in paths}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _bundle(self, name: str, source: Storage, path: str) -> tuple[Storage, str]:
        content = bundle(Path(source.path(path)))
        self.delete(name)  # with `collectstatic --link` it is the source itself
        self.save(name, ContentFile(content))
        return self, name


def bundle(entry: Path) -> bytes:
    """The module or stylesheet with all that it imports; `#trips/…` is resolved as node does it, by package.json."""
    # The program itself, not npm's door to it: that would need Node.
    esbuild = next(settings.BASE_DIR.glob("node_modules/@esbuild/*/bin/esbuild"), None)
    if esbuild is None:
        raise CommandError("The bundler of the pages' scripts is not installed. Run: npm ci")
    command = [str(esbuild), str(entry), *OPTIONS]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603  (a path of ours)
    if done.returncode:
        raise CommandError(f"{entry} could not be bundled; the reason is above.")
    return done.stdout
