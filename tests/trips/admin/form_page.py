"""A page of the admin as a browser holds it: rendered, filled in, and sent."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class FormPage(HTMLParser):
    """The fields of the form with this id, by name, as a browser would send them."""

    def __init__(self, client: Client, url: str, form_id: str = "trip_form") -> None:
        super().__init__()
        self.client, self.url, self._form_id = client, url, form_id
        self.fields: dict[str, str] = {}
        self._inside = False
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == self._form_id
        name = given.get("name", "")
        if not self._inside or "disabled" in given:
            return
        match tag:
            case "input" if name and given.get("type") not in ("submit", "checkbox"):
                self.fields[name] = given.get("value", "")
            case "select" if "multiple" not in given:
                self._select = name
                self.fields[name] = ""
            case "option" if self._select and "selected" in given:
                self.fields[self._select] = given["value"]
            case "textarea":
                self._textarea = name
                self.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            # HTML ignores the line break that Django puts after the opening tag.
            self.fields[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self.fields[self._textarea] = self.fields[self._textarea].removeprefix("\n").replace("\n", "\r\n")
            self._textarea = ""

    def row(self, prefix: str, name: str, value: str) -> str:
        """The prefix of the row in which this field has this value: `members-0`."""
        rows = (
            key.removesuffix(f"-{name}")
            for key, held in self.fields.items()
            if key.endswith(f"-{name}") and held == value
        )
        return next(row for row in rows if row.startswith(prefix))

    def add(self, prefix: str, **values: str) -> str:
        """One more row of this kind, from the page's template of an empty one."""
        total = f"{prefix}-TOTAL_FORMS"
        number = self.fields[total]
        self.fields[total] = str(int(number) + 1)
        for name, value in list(self.fields.items()):
            if f"{prefix}-__prefix__" in name:
                self.fields[name.replace("__prefix__", number)] = value
        row = f"{prefix}-{number}"
        self.fields |= {f"{row}-{name}": value for name, value in values.items()}
        return row

    def send(self, **changed: str) -> Any:
        data = {**self.fields, **changed, "_continue": "1"}
        return self.client.post(self.url, data)


def opened(client: Client, url: str, form_id: str = "trip_form") -> FormPage:
    page = FormPage(client, url, form_id)
    response = client.get(url)
    assert response.status_code == 200
    page.feed(response.content.decode())
    return page


def reopened(page: FormPage, answer: Any) -> FormPage:
    """The page that came back, with its fields as they are now."""
    again = FormPage(page.client, page.url)
    again.feed(answer.content.decode())
    return again
