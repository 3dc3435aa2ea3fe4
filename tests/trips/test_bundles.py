"""What pages load in one piece."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError

from tests.server import ROOT
from trips.bundles import BUNDLED, BundlingStorage, bundle

STATIC = ROOT / "trips" / "static"
IMPORTS = re.compile(r"^@?import\b", re.MULTILINE)


def test_whatever_a_page_loads_that_imports_others_is_bundled() -> None:
    templates = "\n".join(path.read_text() for path in (ROOT / "trips" / "templates").rglob("*.html"))
    loaded = re.findall(r"""{% static '(trips/[^']+\.(?:js|css))' %}""", templates)
    assert sorted({name for name in loaded if IMPORTS.search((STATIC / name).read_text())}) == sorted(BUNDLED)


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundle_imports_nothing(name: str) -> None:
    assert not re.search(rb"""@import|\bimport *["'{(*]|\bfrom *["']#""", bundle(STATIC / name))


def test_fonts_stay_files_of_their_own() -> None:
    assert b"url(../../npm/figtree/" in bundle(STATIC / "trips/css/site.css")


@pytest.fixture
def source(tmp_path: Path) -> FileSystemStorage:
    """A page's program of two modules."""
    folder = tmp_path / "source" / "trips"
    folder.mkdir(parents=True)
    (folder / "page.js").write_text('import { paris } from "./trip.js";\nconsole.log(paris);\n')
    (folder / "trip.js").write_text('export const paris = "Paris";\n')
    return FileSystemStorage(location=folder.parent)


def collect(source: FileSystemStorage, folder: Path, **options: Any) -> BundlingStorage:
    """As `collectstatic --link` does it."""
    (folder / "trips").mkdir(parents=True)
    names = ["trips/page.js", "trips/trip.js"]
    for name in names:
        (folder / name).symlink_to(source.path(name))
    storage = BundlingStorage(location=folder)
    done = storage.post_process({name: (source, name) for name in names}, **{"dry_run": False, **options})
    assert [processed for _, _, processed in done if isinstance(processed, Exception)] == []
    return storage


def test_the_bundle_takes_the_place_of_its_entry(source: FileSystemStorage, tmp_path: Path) -> None:
    storage = collect(source, tmp_path / "collected")
    for name in ("trips/page.js", storage.stored_name("trips/page.js")):
        assert (tmp_path / "collected" / name).read_text() == 'var o="Paris";console.log(o);\n'


def test_the_working_copy_stays_as_it_is(source: FileSystemStorage, tmp_path: Path) -> None:
    collect(source, tmp_path / "collected")
    assert "import" in Path(source.path("trips/page.js")).read_text()


def test_a_dry_run_writes_nothing(source: FileSystemStorage, tmp_path: Path) -> None:
    collect(source, tmp_path / "collected", dry_run=True)
    assert (tmp_path / "collected/trips/page.js").is_symlink()


def test_without_the_bundler_it_says_what_to_do(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="npm ci"):
        bundle(STATIC / "trips/page.js")


def test_a_module_that_is_missing_is_named(source: FileSystemStorage, capfd: pytest.CaptureFixture[str]) -> None:
    page = Path(source.path("trips/page.js"))
    page.with_name("trip.js").unlink()
    with pytest.raises(CommandError, match=r"page\.js could not be bundled"):
        bundle(page)
    assert "trip.js" in capfd.readouterr().err
