"""What the workbench allows once a run was started: its end, the check of the result, answers, and corrections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import url_for
from sqlalchemy.orm import Session

from migrator.clock.wording import instant_text, moment_text
from migrator.fulfilment.changes.models import ChangeRequest
from migrator.fulfilment.changes.queries import requests_of
from migrator.fulfilment.changes.rules import KIND_WORDS, OPEN_STATES
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.fulfilment.runs.queries import runs_of
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.web.results.page import RequestLine, request_line

Link = tuple[str, str]


def results_of(session: Session, order: Order) -> tuple[list[Link], tuple[RequestLine, ...]]:
    """This will return what this state allows with runs and results, each as words and address, and what the customer
    asked for; two queries, one before a run was started.
    """
    runs = runs_of(session, order.id)
    if not runs:
        return [], ()
    requests = requests_of(session, order.id)
    zone = order.calendar_row.zone
    links = [*_runs(order, runs), *_requests(order, requests, zone), *_corrections(order, runs, zone)]
    return links, tuple(request_line(one, zone) for one in requests)


def _runs(order: Order, runs: Sequence[Run]) -> Iterable[Link]:
    if order.state is OrderState.MIGRATING:
        if any(run.state is RunState.RUNNING for run in runs):
            yield "Record the end of the migration", url_for("desk.run_end", number=order.number)
            yield "Record that the migration failed", url_for("desk.run_failure", number=order.number)
        else:
            yield "Start the failed migration again", url_for("desk.run_again", number=order.number)
    if order.state is OrderState.IN_REVIEW and order.validated_at is None:
        yield "Mark the result as checked", url_for("desk.validation", number=order.number)


def _requests(order: Order, requests: Sequence[ChangeRequest], zone: str) -> Iterable[Link]:
    for one in requests:
        if one.state in OPEN_STATES:
            asked = moment_text(one.raised_at, zone)
            url = url_for("desk.request", number=order.number, request_id=one.id)
            yield f"Answer: {KIND_WORDS[one.kind].lower()} of {asked}", url


def _corrections(order: Order, runs: Sequence[Run], zone: str) -> Iterable[Link]:
    is_done = False
    for run in runs:
        if run.state is RunState.DONE and run.finished_at:
            is_done = True
            what = "restart" if run.kind is RunKind.RESTART else "full migration"
            url = url_for("desk.run_time", number=order.number, run_id=run.id)
            yield f"Correct the end of the {what}, {instant_text(run.finished_at, zone)}", url
    if order.validated_at:
        yield "Correct the time of our check", url_for("desk.validation_time", number=order.number)
    if is_done and order.restarts_used < order.restarts_limit:
        yield "Prolong the insurance", url_for("desk.insurance", number=order.number)
