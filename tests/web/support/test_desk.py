"""The desk's side: the list by what is due next, the workbench of a ticket, and what a customer never sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.history.models import HistoryEntry, Visibility
from migrator.notifications.models import OwedMessage
from migrator.support.categories import Category
from migrator.support.models import Ticket
from migrator.support.queries import ticket_for_staff
from tests.conftest import NOW
from tests.factories.people import a_customer, an_account_manager, sign_in
from tests.factories.stages import an_unpaid_order
from tests.factories.tickets import a_hosting_ticket, a_ticket, an_unknown_ticket

SENTINEL = "Zzsentinelzz: this customer is difficult"


class Bench:
    """A desk with one account manager, who looks at tickets and sends their forms."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client = app, client
        with app.app_context(), transaction() as session:
            self.manager = an_account_manager(session, name="Olena Koval")
        sign_in(client, self.manager)

    def has(self, make: Any, **differences: Any) -> str:
        with self.app.app_context(), transaction() as session:
            ticket: Ticket = make(session, **differences)
            return ticket.number

    @contextmanager
    def ticket(self, number: str) -> Iterator[tuple[Session, Ticket]]:
        with self.app.app_context(), reading() as session:
            yield session, ticket_for_staff(session, number)

    def see(self, number: str) -> str:
        answer = self.client.get(f"/desk/tickets/{number}")
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def send(self, number: str, deed: str, **typed: Any) -> TestResponse:
        with self.ticket(number) as (_, ticket):
            version = str(ticket.version)
        return self.client.post(f"/desk/tickets/{number}/{deed}", data={"version": version, **typed})


@pytest.fixture
def bench(app: Flask, client: FlaskClient) -> Bench:
    return Bench(app, client)


def numbers_in(page: str, *numbers: str) -> list[str]:
    return sorted((number for number in numbers if number in page), key=page.index)


def test_the_list_is_sorted_by_what_is_due_next_with_the_forum_last(bench: Bench, clock: FileClock) -> None:
    """RULES C-014, C-041."""
    old = bench.has(a_ticket, at=NOW - timedelta(days=5))
    forum = bench.has(a_ticket, at=NOW - timedelta(days=12), category=Category.FORUM)
    fast = bench.has(a_hosting_ticket)
    usual = bench.has(a_ticket)
    idea = bench.has(a_ticket, category=Category.IDEA)
    unknown = bench.has(an_unknown_ticket)
    clock.set(NOW + timedelta(minutes=13))
    page = bench.client.get("/desk/tickets").text
    assert numbers_in(page, old, forum, fast, usual, unknown) == [old, forum, fast, usual, unknown]
    assert "left-soon" in page
    assert "Late by" in page
    assert idea not in page
    assert idea in bench.client.get("/desk/tickets?group=undated").text
    assert unknown in bench.client.get("/desk/tickets?group=unidentified").text
    only = bench.client.get("/desk/tickets?desk=hosting&team=technical").text
    assert numbers_in(only, old, fast, usual) == [fast]


def test_a_number_opens_the_ticket_and_words_find_it(bench: Bench) -> None:
    number = bench.has(a_ticket, subject="Zürich is missing on the front page")
    assert bench.client.get(f"/desk/tickets?q={number.lower()}").location == f"/desk/tickets/{number}"
    assert number in bench.client.get("/desk/tickets?q=zurich+front").text
    assert number in bench.client.get("/desk/tickets?q=lindq").text
    assert "Nothing found" in bench.client.get("/desk/tickets?q=nothingofthekind").text


@pytest.mark.parametrize("query", ["after=rubbish", "group=none&whose=-1", "whose=99999999999999999999", "rank=9"])
def test_an_address_that_was_made_up_shows_the_list(bench: Bench, query: str) -> None:
    assert bench.client.get(f"/desk/tickets?{query}").status_code == 200


def test_an_answer_meets_the_promise_and_a_note_does_not(bench: Bench) -> None:
    """RULES C-023."""
    number = bench.has(a_ticket)
    assert "72 working hours" in bench.see(number)
    assert bench.send(number, "note", note="Ask the engineers.").status_code == 303
    with bench.ticket(number) as (_, ticket):
        assert ticket.first_response_at is None
    assert "Ask the engineers." in bench.see(number)
    assert bench.send(number, "reply", message="").status_code == 422
    assert bench.send(number, "reply", message="It is mended.").status_code == 303
    page = bench.see(number)
    assert "It is mended." in page
    assert "Answer by" not in page
    with bench.ticket(number) as (session, ticket):
        letter = session.scalars(select(OwedMessage).where(OwedMessage.kind == "ticket_answered")).one()
        assert letter.address == ticket.opened_by.email


def test_questions_are_counted_and_the_button_ends_after_three(bench: Bench) -> None:
    """RULES C-030, C-031."""
    number = bench.has(a_ticket)
    assert "Nothing is missing." in bench.see(number)
    assert bench.send(number, "clarify", item="description", question="Which page?").status_code in {409, 422}
    assert bench.send(number, "unclear").status_code == 303
    for count in (1, 2, 3):
        assert f"Clarification {count} of 3" in bench.see(number)
        assert bench.send(number, "clarify", item="description", question="Which page?").status_code == 303
    page = bench.see(number)
    assert "We have asked three times." in page
    assert "Closes Fri 27 Nov 2026, 11:00 unless we hear from you." in page
    assert bench.send(number, "clarify", item="description", question="Again?").status_code == 409


def test_closing_says_why_it_cannot_be(bench: Bench) -> None:
    """RULES C-021, M-026, M-027, M-028."""
    number = bench.has(a_hosting_ticket)
    assert "The customer waits for an answer. Write it first." in bench.see(number)
    bench.send(number, "reply", message="We look at it.")
    assert "the verdict is missing" in bench.see(number)
    assert bench.send(number, "close").status_code == 409
    refused = bench.send(number, "verdict", verdict="not_hosting", words="")
    assert "Write the recommendation: the customer reads it." in refused.text
    assert bench.send(number, "verdict", verdict="not_hosting", words="Update the module.").status_code == 303
    assert bench.send(number, "close").status_code == 303
    assert "Closed" in bench.see(number)


def test_a_ticket_is_taken_handed_over_and_set_right(bench: Bench) -> None:
    number = bench.has(a_ticket)
    assert bench.send(number, "take").status_code == 303
    assert number in bench.client.get("/desk/tickets?whose=mine").text
    assert bench.send(number, "assignee", assignee="").status_code == 303
    assert number in bench.client.get("/desk/tickets?whose=unassigned").text
    assert bench.send(number, "assignee", assignee="424242").status_code == 404
    assert bench.send(number, "category", category="technical").status_code == 409
    assert bench.send(number, "category", category="refund").status_code == 303
    assert bench.send(number, "suspend", reason="We cannot read the error.").status_code == 303
    assert "We cannot read the error." in bench.see(number)
    assert bench.send(number, "restore").status_code == 303


def test_what_was_changed_meanwhile_is_not_decided_on(bench: Bench) -> None:
    number = bench.has(a_ticket)
    data = {"version": "0", "category": "refund"}
    answer = bench.client.post(f"/desk/tickets/{number}/category", data=data)
    assert answer.status_code == 409
    assert "This was changed since you opened the page." in answer.text


def test_an_unknown_sender_gets_a_customer_and_a_migration(bench: Bench) -> None:
    """RULES C-026, C-028."""
    number = bench.has(an_unknown_ticket)
    with bench.app.app_context(), transaction() as session:
        order = an_unpaid_order(session)
        email, migration = order.placed_by.email, order.number
    assert bench.send(number, "order", order=migration).status_code == 409
    assert bench.send(number, "identify", email="stranger@nowhere.example").status_code == 404
    assert bench.send(number, "identify", email=email).status_code == 303
    assert bench.send(number, "order", order="MIG-NONE-2").status_code == 404
    assert bench.send(number, "order", order=migration).status_code == 303
    assert migration in bench.see(number)


def test_a_chat_becomes_a_ticket_with_its_clock(bench: Bench) -> None:
    """RULES C-002, C-006."""
    with bench.app.app_context(), transaction() as session:
        email = a_customer(session).email
    said = {"desk": "migration", "channel": "chat", "category": "request", "subject": "Dates", "body": "When is it?"}
    assert bench.client.post("/desk/tickets/new", data={**said, "email": "nonsense"}).status_code == 422
    wrong = bench.client.post("/desk/tickets/new", data={**said, "email": email, "category": "panel"})
    assert wrong.status_code == 409
    filed = bench.client.post("/desk/tickets/new", data={**said, "email": email})
    page = bench.client.get(filed.location).text
    assert "by chat" in page
    assert "Answer by Fri 27 Nov 2026, 11:00" in page
    stranger = bench.client.post("/desk/tickets/new", data={**said, "email": "new@stranger.example", "name": "New"})
    assert "Needs identification" in bench.client.get(stranger.location).text


def test_the_desk_is_closed_to_customers(app: Flask, bench: Bench) -> None:
    number = bench.has(a_ticket)
    client = app.test_client()
    with bench.ticket(number) as (_, ticket):
        sign_in(client, ticket.opened_by)
    for path in ("/desk/tickets", f"/desk/tickets/{number}", "/desk/tickets/new"):
        assert client.get(path).status_code == 404
    assert client.post(f"/desk/tickets/{number}/note", data={"note": "x"}).status_code == 404


def test_a_note_reaches_no_customer(app: Flask, bench: Bench) -> None:
    """A sentinel is looked for on every page, in every letter, history entry and answer of the API."""
    number = bench.has(a_ticket)
    bench.send(number, "note", note=SENTINEL)
    bench.send(number, "reply", message="We look at it.")
    bench.send(number, "unclear")
    bench.send(number, "clarify", item="description", question="Which page?")
    bench.send(number, "note", note=SENTINEL)
    bench.send(number, "close")
    assert SENTINEL in bench.see(number)
    client = app.test_client()
    with bench.ticket(number) as (session, ticket):
        sign_in(client, ticket.opened_by)
        for letter in session.scalars(select(OwedMessage)):
            assert "Zzsentinelzz" not in letter.subject + letter.text_body + letter.html_body
        for entry in session.scalars(select(HistoryEntry).where(HistoryEntry.visibility == Visibility.CUSTOMER)):
            assert "Zzsentinelzz" not in f"{entry.reason}{entry.facts}"
    seen = crawled(client, number)
    assert f"/support/{number}" in seen
    assert [path for path, text in seen.items() if "Zzsentinelzz" in text] == []


def crawled(client: FlaskClient, number: str) -> dict[str, str]:
    """This will return every page that a customer reaches by an address of its own, and those of a ticket."""
    found = {}
    rules = [rule for rule in client.application.url_map.iter_rules() if "GET" in (rule.methods or ())]
    for rule in rules:
        if rule.arguments <= {"number"} and rule.endpoint != "static":
            path = str(rule.rule).replace("<number>", number).replace("<string:number>", number)
            answer = client.get(path)
            if answer.status_code == 200:
                found[path] = answer.get_data(as_text=True) if "text" in answer.content_type else str(answer.data)
    return found
