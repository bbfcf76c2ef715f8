"""What everybody can try to do to an order, legal or not: one table for the machine that draws from it at random."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption as ORMOption

from migrator.access.lifecycle import ItemKind
from migrator.access.queries import items_of
from migrator.accounts.models import Person
from migrator.clock.wording import local_time
from migrator.errors import DomainError
from migrator.fulfilment.changes.models import ChangeRequest
from migrator.fulfilment.checks.models import CheckList, Outcome
from migrator.fulfilment.checks.operations import record_checks
from migrator.fulfilment.checks.rules import ITEMS, Finding
from migrator.fulfilment.hours.models import TimeEntry, TimeKind
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.pages.rules import PageCount
from migrator.fulfilment.previews.queries import latest_preview
from migrator.fulfilment.queries import pauses_of
from migrator.fulfilment.runs.queries import runs_of
from migrator.journeys.answer_pause import record_answer
from migrator.journeys.answer_preview import return_preview
from migrator.journeys.apply_supplement import pay_supplement
from migrator.journeys.change_result import decline_change, finish_change, request_change, take_up, withdraw_change
from migrator.journeys.correct_facts import correct_pause, correct_verification
from migrator.journeys.correct_pages import correct_pages
from migrator.journeys.correct_result import correct_completion, correct_validation
from migrator.journeys.count_pages import ask_for_another_count, count_pages
from migrator.journeys.end_supplement import decline_supplement, expire_supplements
from migrator.journeys.end_what_is_over import due_window_ids, end_window
from migrator.journeys.extend_window import extend_access, prolong_insurance
from migrator.journeys.fail_run import fail_run, start_again
from migrator.journeys.finish_run import finish_run
from migrator.journeys.fit_supplement import possible_upgrades, refuse_unless_fitting
from migrator.journeys.log_time import Work, correct_time, post_time
from migrator.journeys.offer_supplement import offer_hours, offer_insurance, offer_overage, offer_upgrade
from migrator.journeys.pause_delivery import pause_delivery, pause_for_information
from migrator.journeys.publish_preview import publish_preview
from migrator.journeys.request_restart import request_restart, withdraw_restart
from migrator.journeys.review_result import accept_result, report_problem
from migrator.journeys.start_full_run import start_full_run
from migrator.journeys.submit_access import submit_access
from migrator.journeys.validate_results import validate_results
from migrator.journeys.verify_access import verify_item
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_operations import accept
from migrator.orders.supplement_queries import open_supplements_of
from tests.factories.fulfilment import give
from tests.factories.previews import DRAFT

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Moment:
    """Who acts on which order, when, and two numbers that choose among what there is."""

    session: Session
    order: Order
    customer: Person
    manager: Person
    now: datetime
    index: int
    number: int

    def one_of(self, rows: Sequence[Row]) -> Row:
        """This will choose a row.

        :raises NothingThere: where there is none
        """
        if not rows:
            raise NothingThere("There is nothing of the kind.")
        return rows[self.index % len(rows)]


class NothingThere(DomainError):
    """There is nothing to act on."""


def verify_next(m: Moment) -> None:
    verify_item(m.session, m.order, m.one_of(items_of(m.session, m.order.id)), actor=m.manager.actor, now=m.now)


def verify_all(m: Moment) -> None:
    for item in items_of(m.session, m.order.id):
        if item.submitted_at and not item.verified_at:
            verify_item(m.session, m.order, item, actor=m.manager.actor, now=m.now)


def find_fault(m: Moment) -> None:
    items = [item for item in items_of(m.session, m.order.id) if item.kind is not ItemKind.INFORMATION]
    reason = PauseReason.ACCESS_WRONG
    pause_delivery(m.session, m.order, m.one_of(items), reason=reason, message="No.", author=m.manager, now=m.now)


def ask_something(m: Moment) -> None:
    pause_for_information(m.session, m.order, label="Menu", message="Which?", author=m.manager, now=m.now)


def send_one(m: Moment) -> None:
    give(m.session, m.order, m.one_of(items_of(m.session, m.order.id)), m.customer, now=m.now)


def send_all(m: Moment) -> None:
    for item in items_of(m.session, m.order.id):
        if item.required and not item.submitted_at:
            give(m.session, m.order, item, m.customer, now=m.now)
    submit_access(m.session, m.order, actor=m.customer.actor, now=m.now)


def answer_otherwise(m: Moment) -> None:
    record_answer(m.session, m.order, _pause(m), reason="By telephone", actor=m.manager.actor, now=m.now)


def move_pause(m: Moment) -> None:
    pause, shift = _pause(m), timedelta(hours=m.number % 50 - 25)
    ended = pause.ended_at + shift if pause.ended_at else None
    times = {"started_at": pause.started_at + shift, "ended_at": ended}
    correct_pause(m.session, m.order, pause, **times, reason="Late", actor=m.manager.actor, now=m.now)


def move_verification(m: Moment) -> None:
    at = (m.order.verified_at or m.now) + timedelta(hours=m.number % 40 - 20)
    correct_verification(m.session, m.order, verified_at=at, reason="Late", actor=m.manager.actor, now=m.now)


def check_list(m: Moment) -> None:
    which = m.one_of(list(CheckList))
    failed = {ITEMS[which][0].key: Finding(Outcome.FAILED, "Not yet")} if m.number % 5 == 0 else {}
    findings = {item.key: Finding(Outcome.PASSED) for item in ITEMS[which]} | failed
    record_checks(m.session, m.order, which, findings=findings, person=m.manager, now=m.now)


def measure(m: Moment) -> None:
    count_pages(m.session, m.order, pages=700 + m.number * 9, by=m.manager, now=m.now)


def publish(m: Moment) -> None:
    publish_preview(m.session, m.order, DRAFT, author=m.manager, now=m.now)


def prepare(m: Moment) -> None:
    """A good day: everything is checked and counted, and the preview is there."""
    findings = {item.key: Finding(Outcome.PASSED) for item in ITEMS[CheckList.VALIDATION]}
    record_checks(m.session, m.order, CheckList.VALIDATION, findings=findings, person=m.manager, now=m.now)
    count_pages(m.session, m.order, pages=812, by=m.manager, now=m.now)
    publish(m)


def look_over(m: Moment) -> None:
    """Another good day: the result is checked and right."""
    findings = {item.key: Finding(Outcome.PASSED) for item in ITEMS[CheckList.RESULTS]}
    record_checks(m.session, m.order, CheckList.RESULTS, findings=findings, person=m.manager, now=m.now)
    validate(m)


def return_it(m: Moment) -> None:
    number = _preview_number(m)
    return_preview(m.session, m.order, number=number, words="The menu is gone.", person=m.customer, now=m.now)


def start(m: Moment) -> None:
    number = _preview_number(m)
    start_full_run(m.session, m.order, number=number, backup_on=_today(m), person=m.customer, now=m.now)


def finish(m: Moment) -> None:
    at = m.now - timedelta(minutes=m.number)
    finish_run(m.session, m.order, moved_pages=m.number * 10, finished_at=at, actor=m.manager.actor, now=m.now)


def fail(m: Moment) -> None:
    fault = m.number % 2 == 0
    fail_run(m.session, m.order, failure="Disk full", is_our_fault=fault, actor=m.manager.actor, now=m.now)


def repeat(m: Moment) -> None:
    start_again(m.session, m.order, actor=m.manager.actor, now=m.now)


def validate(m: Moment) -> None:
    validate_results(m.session, m.order, actor=m.manager.actor, now=m.now)


def accept_it(m: Moment) -> None:
    accept_result(m.session, m.order, person=m.customer, now=m.now)


def report(m: Moment) -> None:
    report_problem(m.session, m.order, body=f"Picture {m.number} is gone.", person=m.customer, now=m.now)


def wish(m: Moment) -> None:
    request_change(m.session, m.order, body=f"Make it {m.number}.", person=m.customer, now=m.now)


def work_on_wish(m: Moment) -> None:
    take_up(m.session, m.order, _request(m), actor=m.manager.actor, now=m.now)


def fulfil_wish(m: Moment) -> None:
    finish_change(m.session, m.order, _request(m), answer="Done.", actor=m.manager.actor, now=m.now)


def refuse_wish(m: Moment) -> None:
    decline_change(m.session, m.order, _request(m), answer="Not possible.", actor=m.manager.actor, now=m.now)


def drop_wish(m: Moment) -> None:
    withdraw_change(m.session, m.order, _request(m), actor=m.customer.actor, now=m.now)


def restart(m: Moment) -> None:
    request_restart(m.session, m.order, backup_on=_today(m), is_confirmed=True, person=m.customer, now=m.now)


def drop_restart(m: Moment) -> None:
    withdraw_restart(m.session, m.order, actor=m.customer.actor, now=m.now)


def keep_access(m: Moment) -> None:
    extend_access(m.session, m.order, actor=m.customer.actor, now=m.now)


def prolong(m: Moment) -> None:
    last = _today(m) + timedelta(days=m.number)
    prolong_insurance(m.session, m.order, last_day=last, reason="We were late", actor=m.manager.actor, now=m.now)


def log_hours(m: Moment) -> None:
    kind = m.one_of(list(TimeKind))
    work = Work(kind, (m.number % 30 + 1) * 6, _today(m), "Worked")
    post_time(m.session, m.order, work, person=m.manager, now=m.now)


def correct_hours(m: Moment) -> None:
    entry = m.one_of(_rows(m, TimeEntry))
    work = Work(entry.kind, (m.number % 60 + 1) * 6, entry.worked_on, "Corrected")
    correct_time(m.session, m.order, entry, work, reason="Mistyped", actor=m.manager.actor, now=m.now)


def correct_count(m: Moment) -> None:
    which, pages = m.one_of(list(PageCount)), 500 + m.number * 11
    correct_pages(m.session, m.order, which=which, pages=pages, reason="Miscounted", by=m.manager, now=m.now)


def move_completion(m: Moment) -> None:
    run = m.one_of(runs_of(m.session, m.order.id))
    at = (run.finished_at or m.now) + timedelta(hours=m.number - 40)
    correct_completion(m.session, m.order, run, finished_at=at, reason="Late", actor=m.manager.actor, now=m.now)


def move_validation(m: Moment) -> None:
    at = (m.order.validated_at or m.now) + timedelta(hours=m.number - 40)
    correct_validation(m.session, m.order, validated_at=at, reason="Late", actor=m.manager.actor, now=m.now)


def trim(m: Moment) -> None:
    ask_for_another_count(m.session, m.order, by=m.customer, now=m.now)


def buy_upgrade(m: Moment) -> None:
    upgrade = m.one_of(possible_upgrades(m.session, m.order, now=m.now))
    terms = upgrade.terms
    offer_upgrade(m.session, m.order, sku=terms.sku, page_limit=terms.page_limit, by=m.customer, now=m.now)


def buy_pages(m: Moment) -> None:
    offer_overage(m.session, m.order, by=m.customer, now=m.now)


def buy_hours(m: Moment) -> None:
    offer_hours(m.session, m.order, minutes=(m.number + 1) * 6, by=m.manager, now=m.now)


def buy_insurance(m: Moment) -> None:
    offer_insurance(m.session, m.order, plan=m.index % 3 + 1, by=m.customer, now=m.now)


def pay(m: Moment) -> None:
    supplement = _offer(m)
    refuse_unless_fitting(m.session, m.order, supplement, now=m.now)
    accept(m.session, supplement, by=m.customer, now=m.now)
    pay_supplement(m.session, m.order, supplement, payment_id=m.number, now=m.now)


def decline(m: Moment) -> None:
    decline_supplement(m.session, m.order, _offer(m), actor=m.customer.actor, now=m.now)


def the_worker_looks(m: Moment) -> None:
    expire_supplements(m.session, m.now)
    for window_id in due_window_ids(m.session, m.now, 50):
        end_window(m.session, window_id, m.now)


DEEDS: tuple[Callable[[Moment], None], ...] = (
    verify_next, verify_all, find_fault, ask_something, send_one, send_all, answer_otherwise, move_pause,
    move_verification, check_list, measure, publish, prepare, look_over, return_it, start, finish, fail, repeat,
    validate, accept_it, report, wish, work_on_wish, fulfil_wish, refuse_wish, drop_wish, restart, drop_restart,
    keep_access, prolong,
    log_hours, correct_hours, correct_count, move_completion, move_validation, trim, buy_upgrade, buy_pages, buy_hours,
    buy_insurance, pay, decline, the_worker_looks,
)  # fmt: skip


def _pause(m: Moment) -> PauseRow:
    return m.one_of(pauses_of(m.session, m.order.id))


def _request(m: Moment) -> ChangeRequest:
    return m.one_of(_rows(m, ChangeRequest, joinedload(ChangeRequest.supplement)))


def _offer(m: Moment) -> Supplement:
    return m.one_of(list(open_supplements_of(m.session, m.order.id)))


def _preview_number(m: Moment) -> int:
    preview = latest_preview(m.session, m.order.id)
    return preview.number if preview else 0


def _today(m: Moment) -> date:
    return local_time(m.now, m.order.calendar_row.zone).date()


def _rows(m: Moment, kind: type[Row], *loaded: ORMOption) -> list[Row]:
    wanted = select(kind).where(kind.order_id == m.order.id).options(*loaded)  # type: ignore[attr-defined]
    return list(m.session.scalars(wanted.order_by(kind.id)))  # type: ignore[attr-defined]
