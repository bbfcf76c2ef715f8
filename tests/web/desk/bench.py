"""A desk to work at: one order, its account manager signed in, and the forms as the page gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from migrator.database.session import reading, transaction
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from tests.factories.people import sign_in


class Desk:
    """The workbench of one order."""

    def __init__(self, app: Flask, client: FlaskClient, make: Callable[..., Order], **differences: Any) -> None:
        self.app, self.client = app, client
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context(), transaction() as session:
            order = make(session, **differences)
            sign_in(client, order.account_manager)
            self.number = order.number
        self.address = f"/desk/orders/{self.number}"

    @contextmanager
    def order(self) -> Iterator[tuple[Session, Order]]:
        """This will open the order to look at it."""
        with self.app.app_context(), reading() as session:
            yield session, order_for_staff(session, self.number)

    def see(self, path: str = "") -> str:
        """This will open a page of the order."""
        answer = self.client.get(self.address + path)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def send(self, path: str, *, form_at: str | None = None, **typed: str) -> TestResponse:
        """This will send the form that a page shows, with what was typed into it.

        :param form_at: the page with the form, where it is not the address that the form is sent to
        """
        text = self.see(path if form_at is None else form_at)
        return self.client.post(self.address + path, data={**hidden_fields(text, self.address + path), **typed})


def hidden_fields(text: str, action: str) -> dict[str, str]:
    """This will return the fields of the form with that action, as a browser would send them untouched."""
    reader = _FormReader(action)
    reader.feed(text)
    return reader.values


class _FormReader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.values, self.inside = action, {}, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action") == self.action
        elif tag == "input" and self.inside and given.get("name"):
            self.values.setdefault(given["name"], given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
