"""The record of a ticket: every deed in words, for our people alone."""

from __future__ import annotations

import ast
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from migrator.database.session import transaction
from migrator.journeys.answer_ticket import ask_for_item
from migrator.support.operations import assign, keep_note, mark_unclear
from migrator.support.request_rules import Missing
from migrator.web.tickets.history import PLAIN, WITH_FACTS
from tests.conftest import NOW
from tests.factories.people import an_account_manager, sign_in
from tests.factories.tickets import a_ticket

HOUSE = Path(__file__).resolve().parents[3] / "migrator"


def test_the_record_says_who_did_what_and_never_a_note_s_words(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        ticket, oksana = a_ticket(session), an_account_manager(session, name="Oksana Levchenko")
        customer, number = ticket.opened_by, ticket.number
        assign(session, ticket, oksana, actor=oksana.actor, now=NOW)
        keep_note(session, ticket, body="A difficult one.", author=oksana, now=NOW)
        mark_unclear(session, ticket, actor=oksana.actor, now=NOW)
        ask_for_item(session, ticket, item=Missing.DESCRIPTION, body="Which page?", author=oksana, now=NOW)
    sign_in(client, oksana)
    page = client.get(f"/desk/tickets/{number}/history").text
    told = (
        "Asked, 1 of 3: Clear description",
        "The description was marked as unclear",
        "A note among us was kept",
        "Given to Oksana Levchenko",
        "Opened by web form",
    )
    assert sorted(told, key=page.index) == list(told)
    assert "A difficult one." not in page
    theirs = app.test_client()
    sign_in(theirs, customer)
    assert theirs.get(f"/desk/tickets/{number}/history").status_code == 404


def test_every_deed_on_a_ticket_has_its_words() -> None:
    said = {
        node.value
        for path in (*HOUSE.glob("support/**/*.py"), HOUSE / "web/tickets/scope.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("ticket.")
    }
    assert said == {*PLAIN, *WITH_FACTS, "ticket.assigned"}
