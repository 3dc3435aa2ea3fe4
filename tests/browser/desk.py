"""What a test may ask of the trip page's program from outside: its store."""

from typing import Any

from playwright.sync_api import Page


def propose(page: Page, **wish: Any) -> None:
    """Change something as if by the page's own controls."""
    page.evaluate("async (wish) => { (await import('#trips/page.js')).desk.store.propose(wish); }", wish)


def set_stop(page: Page, stop: str, **data: Any) -> None:
    propose(page, kind="itinerary", id=stop, data=data)


def set_trip(page: Page, **data: Any) -> None:
    page.evaluate(
        """async (data) => {
          const { desk: { store } } = await import('#trips/page.js');
          store.propose({ kind: "trip", id: store.tripId, data });
        }""",
        data,
    )


def caret(page: Page) -> list[Any]:
    """The text of the focused field and its selection."""
    found: list[Any] = page.evaluate(
        "(({value, selectionStart, selectionEnd}) => [value, selectionStart, selectionEnd])(document.activeElement)"
    )
    return found
