"""What holds the house together, where no linter looks."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APPS = [ROOT / name for name in ("globetrotter", "realtime", "trips")]


def modules(folders: Iterable[Path], *suffixes: str) -> list[Path]:
    """Our own source files below these folders; generated migrations are not ours."""
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes)
    return sorted(path for path in files if "migrations" not in path.parts)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules(APPS, ".py", ".js"), ids=named)
def test_a_module_fits_on_a_few_screens(path: Path) -> None:
    if path.parent.name == "demo" or path.name == "settings.py":
        return  # lists: of places, of knobs
    lines = len(path.read_text().splitlines())
    assert lines <= 300, "split it by noun"


@pytest.mark.parametrize("path", modules(APPS, ".py"), ids=named)
def test_a_module_says_what_it_is(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) < 20 or text.startswith('"""'), "begin with a docstring"


@pytest.mark.parametrize("path", modules(APPS, ".py", ".js"), ids=named)
def test_a_module_is_named_by_a_noun_of_the_trade(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "misc", "manager"}


def test_only_the_settings_read_the_environment() -> None:
    readers = [named(path) for path in modules(APPS, ".py") if re.search(r"os\.(environ|getenv)\b", path.read_text())]
    # asgi.py says which settings module there is; it reads no setting.
    assert set(readers) <= {"globetrotter/asgi.py"}


def test_every_setting_is_documented_where_it_is_read_and_in_the_readme() -> None:
    paragraphs = (ROOT / "globetrotter" / "settings.py").read_text().split("\n\n")
    read = {name: text for text in paragraphs for name in re.findall(r'env\.\w+\(\s*"(\w+)"', text)}
    readme = (ROOT / "README.md").read_text()
    assert read
    assert [name for name, text in read.items() if not re.search(r"^\s*# [A-Z_, ]+:", text, re.MULTILINE)] == []
    assert [name for name in read if f"`{name}`" not in readme] == []


def test_the_domain_s_browser_modules_do_not_know_the_socket() -> None:
    """Views read the store; who opens the connection is realtime's business."""
    socket = re.compile(r"""from\s+["']#realtime/socket\.js|\bnew WebSocket\b""")
    assert [named(path) for path in modules([ROOT / "trips"], ".js") if socket.search(path.read_text())] == []


def test_realtime_s_browser_modules_do_not_know_the_trips() -> None:
    assert [named(path) for path in modules([ROOT / "realtime"], ".js") if "#trips/" in path.read_text()] == []


def test_nothing_is_loaded_from_another_host() -> None:
    tags = r"""<(script|link|img|iframe)\b[^>]*\s(src|href)=["'](https?:)?//"""
    imports = r"""@import\s+["'](https?:)?//|url\(["']?(https?:)?//|\b(from|import\()\s*["'](https?:)?//"""
    loads = re.compile(f"{tags}|{imports}")
    files = [path for path in modules(APPS, ".html", ".css", ".js") if loads.search(path.read_text())]
    assert [named(path) for path in files] == []
