"""Whatever everybody does to requests: nothing illegal is kept, dates follow from facts, and notes stay ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.calendars.queries import calendar
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.models import HistoryEntry
from migrator.journeys.answer_ticket import answer_ticket, ask_for_item, find_cause, finish_ticket
from migrator.journeys.join_tickets import join_tickets, part_tickets
from migrator.journeys.look_after_tickets import close_silent_ticket, warn_of_ticket
from migrator.journeys.write_on_ticket import name_migration, need_no_answer, write_on_ticket
from migrator.notifications.models import OwedMessage
from migrator.orders.queries import orders_of
from migrator.support import operations
from migrator.support.categories import Category, Channel, Desk
from migrator.support.lifecycle import ENDED, TRANSITIONS, TicketState
from migrator.support.models import MessageKind, Ticket
from migrator.support.opening import Sender
from migrator.support.operations import closing_calendar, missing_of, policy_of
from migrator.support.queries import messages_of, ticket_for_staff
from migrator.support.request_rules import Verdict
from migrator.support.rules import closes_at, dates_of
from migrator.web.support.page import ticket_page
from tests.factories.fulfilment import kyiv
from tests.factories.lives import live_through
from tests.factories.people import a_customer, an_account_manager
from tests.factories.stages import an_unpaid_order
from tests.factories.tickets import a_hosting_ticket, a_ticket, an_unknown_ticket

LIVES = 3
STEPS = 4
AMONG_US = "Between ourselves: the customer is difficult."
WATCHED = (
    "state", "asked_at", "first_response_at", "category", "organisation_id", "order_id", "assignee_id", "is_unclear",
    "clarifications", "clarifying", "closes_at", "closed_at", "close_cause", "merged_into_id", "verdict",
    "recommendation", "guarantee_suspended_at",
)  # fmt: skip
WHICH, CHOICE = st.integers(0, 3), st.integers(0, 9)
# Mostly hours, and now and then long enough for what ends by itself.
HOURS = st.sampled_from([0, 1, 3, 9, 30, 80, 400])
done: Counter[str] = Counter()


class NothingThere(DomainError):
    """There is nothing to act on."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Who acts on which of the requests, when, and a number that chooses among what there is."""

    session: Session
    ticket: Ticket
    other: Ticket
    customer: Person
    manager: Person
    now: datetime
    index: int


def write(m: Moment) -> None:
    known = m.ticket.organisation_id is not None
    sender = Sender(m.customer) if known else Sender(name="Somebody", address="nobody@unknown.example")
    write_on_ticket(m.session, m.ticket, body="Still so.", sender=sender, channel=Channel.EMAIL, now=m.now)


def reply(m: Moment) -> None:
    answer_ticket(m.session, m.ticket, body="We look at it.", author=m.manager, now=m.now)


def clarify(m: Moment) -> None:
    if not (missing := missing_of(m.ticket)):
        raise NothingThere("Nothing is missing.")
    item = missing[m.index % len(missing)]
    ask_for_item(m.session, m.ticket, item=item, body="Which?", author=m.manager, now=m.now)


def clarify_to_the_end(m: Moment) -> None:
    operations.mark_unclear(m.session, m.ticket, actor=m.manager.actor, now=m.now)
    while m.ticket.clarifications < policy_of(m.ticket).clarifications:
        clarify(m)


def keep_note(m: Moment) -> None:
    operations.keep_note(m.session, m.ticket, body=AMONG_US, author=m.manager, now=m.now)


def mark_clear(m: Moment) -> None:
    operations.mark_clear(m.session, m.ticket, actor=m.manager.actor, now=m.now)


def name_order(m: Moment) -> None:
    if m.ticket.organisation_id is None:
        raise NothingThere("Nobody knows whose orders these would be.")
    order = orders_of(m.session, m.ticket.organisation_id, limit=1)[0]
    name_migration(m.session, m.ticket, order, sender=Sender(m.customer), now=m.now)


def identify(m: Moment) -> None:
    operations.identify(m.session, m.ticket, m.customer, actor=m.manager.actor, now=m.now)


def assign(m: Moment) -> None:
    assignee = m.manager if m.index % 2 else None
    operations.assign(m.session, m.ticket, assignee, actor=m.manager.actor, now=m.now)


def recategorise(m: Moment) -> None:
    category = (Category.BILLING, Category.REQUEST, Category.TECHNICAL)[m.index % 3]
    operations.recategorise(m.session, m.ticket, category, actor=m.manager.actor, now=m.now)


def suspend(m: Moment) -> None:
    operations.suspend_guarantee(m.session, m.ticket, reason="We cannot read it.", actor=m.manager.actor, now=m.now)


def restore(m: Moment) -> None:
    operations.restore_guarantee(m.session, m.ticket, actor=m.manager.actor, now=m.now)


def judge(m: Moment) -> None:
    if m.ticket.desk is not Desk.HOSTING:
        raise NothingThere("Only the hosting desk judges.")
    verdict = tuple(Verdict)[m.index % len(Verdict)]
    find_cause(m.session, m.ticket, verdict, words="Update the module." * (m.index % 2), author=m.manager, now=m.now)


def close(m: Moment) -> None:
    finish_ticket(m.session, m.ticket, author=m.manager, now=m.now)


def withdraw(m: Moment) -> None:
    need_no_answer(m.session, m.ticket, sender=Sender(m.customer), now=m.now)


def join(m: Moment) -> None:
    join_tickets(m.session, m.ticket.number, m.other.number, author=m.manager, now=m.now)


def part(m: Moment) -> None:
    part_tickets(m.session, m.ticket.number, m.other.number, author=m.manager, now=m.now)


def the_worker_looks(m: Moment) -> None:
    close_silent_ticket(m.session, m.ticket.id, now=m.now)
    warn_of_ticket(m.session, m.ticket.id, now=m.now)


DEEDS: dict[str, Callable[[Moment], None]] = {
    deed.__name__: deed
    for deed in (
        write, reply, clarify, clarify_to_the_end, keep_note, mark_clear, name_order, identify, assign, recategorise,
        suspend, restore, judge, close, withdraw, join, part, the_worker_looks,
    )
}  # fmt: skip


DOINGS = st.tuples(st.sampled_from(sorted(DEEDS)), WHICH, WHICH, CHOICE, HOURS)


class RandomLife(RuleBasedStateMachine):
    """Two requests of a customer, one to the hosting desk, one of nobody known; the worker; and time that goes on."""

    now: datetime = kyiv("2026-12-11 15:00")

    @initialize()
    def four_ask(self) -> None:
        with transaction() as session:
            customer, manager = a_customer(session), an_account_manager(session)
            an_unpaid_order(session, person=customer)
            made = (
                a_ticket(session, person=customer, at=self.now),
                a_ticket(session, person=customer, at=self.now, category=Category.TROUBLESHOOTING),
                a_hosting_ticket(session, person=customer, at=self.now),
                an_unknown_ticket(session, at=self.now),
            )
            self.numbers = [ticket.number for ticket in made]
            self.customer_id, self.manager_id = customer.id, manager.id
        self.last_seen = {number: self.snapshot(number) for number in self.numbers}

    @rule(life=st.lists(DOINGS, min_size=15, max_size=25))
    def somebody_does_something(self, life: list[tuple[str, int, int, int, int]]) -> None:
        for deed, which, other, index, hours in life:
            self.attempt(deed, (self.numbers[which], self.numbers[other]), index)
            self.now += timedelta(hours=hours, minutes=7, seconds=17)
        self.what_is_among_us_stays_there()

    def attempt(self, deed: str, numbers: tuple[str, str], index: int) -> None:
        """What the rules refuse leaves nothing behind; what they allow is legal, computed and written down."""
        is_refused = False
        try:
            with transaction() as session:
                tickets = [ticket_for_staff(session, number, for_update=True) for number in numbers]
                people = [session.get_one(Person, person_id) for person_id in (self.customer_id, self.manager_id)]
                DEEDS[deed](Moment(session, *tickets, *people, self.now, index))
        except DomainError:
            is_refused = True
        done[deed] += not is_refused
        for number in set(numbers):
            (was, written), (became, now_written) = self.last_seen[number], self.snapshot(number)
            assert became == was or (now_written > written and not is_refused), f"{deed} left no trace in the history"
            assert deed == "part" or is_legal(was[0], became[0]), f"{deed}: {was[0]} became {became[0]}"
            self.last_seen[number] = became, now_written

    def snapshot(self, number: str) -> tuple[tuple[Any, ...], int]:
        """This will look at a request, which must hold together, and return what it says and how much was written."""
        with reading() as session:
            ticket = ticket_for_staff(session, number)
            self.dates_follow_from_facts(session, ticket)
            self.clocks_never_run_backwards(ticket)
            written = select(func.count()).where(HistoryEntry.subject == "ticket", HistoryEntry.subject_key == number)
            return tuple(getattr(ticket, name) for name in WATCHED), session.scalar(written) or 0

    def what_is_among_us_stays_there(self) -> None:
        with reading() as session, current_app.test_request_context():
            for number in self.numbers:
                ticket = ticket_for_staff(session, number)
                assert AMONG_US not in repr(ticket_page(session, ticket, now=self.now, zone="Europe/Kyiv"))
            told = select(func.count()).where(OwedMessage.text_body.contains("Between ourselves"))
            assert session.scalar(told) == 0

    def dates_follow_from_facts(self, session: Session, ticket: Ticket) -> None:
        counting = calendar(session, ticket.calendar_key) if ticket.calendar_key else None
        dates = dates_of(counting, ticket.promised, ticket.asked)
        stored = (ticket.respond_by_at, ticket.promise_at, ticket.amber_at)
        assert stored == (dates.respond_by_at, dates.promise_at, dates.amber_at)
        questions = [each for each in messages_of(session, ticket.id) if each.kind is MessageKind.CLARIFICATION]
        if ticket.closes_at is not None:
            days = policy_of(ticket).clarification_closes_business_days
            desk = calendar(session, closing_calendar(ticket))
            assert ticket.closes_at == closes_at(desk, clarified_at=questions[-1].sent_at, business_days=days)
        assert ticket.clarifications <= policy_of(ticket).clarifications

    def clocks_never_run_backwards(self, ticket: Ticket) -> None:
        assert (ticket.asked_at is None) or ticket.state not in ENDED
        assert ticket.opened_at <= self.now
        assert ticket.first_response_at is None or ticket.first_response_at >= ticket.opened_at
        if ticket.asked_at is not None:
            assert ticket.opened_at <= ticket.asked_at <= self.now
        if ticket.promise_at is not None:
            assert ticket.asked_at <= ticket.amber_at <= ticket.promise_at
        if ticket.closed_at is not None:
            assert ticket.opened_at <= ticket.closed_at < ticket.reopen_until_at
            assert ticket.closed_at <= self.now


def is_legal(was: TicketState, became: TicketState) -> bool:
    """This will tell whether some event leads from a state to another."""
    once = {state for (start, _), state in TRANSITIONS.items() if start is was}
    return became is was or became in once


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_no_life_of_a_request_breaks_a_promise_or_leaves_no_trace(app: Flask) -> None:
    """RULES C-023, C-030, C-031, D-7, M-021, X-05."""
    done.clear()
    with app.app_context():
        live_through(RandomLife, lives=LIVES, steps=STEPS)
    # A machine that never gets anywhere would hold any law.
    assert {"write", "reply", "clarify_to_the_end", "close", "withdraw", "join", "keep_note", "judge"} <= set(done)
