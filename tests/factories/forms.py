"""Filling in a page's form as a browser without scripts does: its own fields, then what the person typed."""

from __future__ import annotations

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class _Forms(HTMLParser):
    """All forms of a page: for each action the fields with the values that they hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[tuple[str, str]]] = {}
        self._action = ""
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._action = values.get("action", "")
            self.fields.setdefault(self._action, [])
        elif tag == "textarea":
            self._area = values["name"]
            self._keep(self._area, "")
        elif tag == "input" and values.get("name"):
            is_choice = values.get("type") in {"radio", "checkbox"}
            if not is_choice or "checked" in values:
                self._keep(values["name"], values.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area:
            kept = self.fields[self._action]
            name, before = kept[-1]
            kept[-1] = (name, before + data.removeprefix("\r\n").removeprefix("\n") if not before else before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "form":
            self._action = ""

    def _keep(self, name: str, value: str) -> None:
        if self._action in self.fields:
            self.fields[self._action].append((name, value))


def fields_of(page: str, action: str) -> dict[str, str]:
    """This will return what the form with that action would send as it stands."""
    return dict(_Forms(page).fields[action])


def actions_of(page: str) -> list[str]:
    """This will return where the page's forms lead."""
    return list(_Forms(page).fields)


def fill_in(client: FlaskClient, url: str, *, action: str, **typed: str) -> TestResponse:
    """This will open the page, type into the form with that action, and send it; an empty text clears a tick."""
    page = client.get(url)
    assert page.status_code == 200, page.text
    fields = {**fields_of(page.text, action), **typed}
    return client.post(action, data={name: value for name, value in fields.items() if value != ""})
