"""The completion statement: what was done, when, by which windows it ended, and whether the date was kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrator.clock.instants import to_the_minute
from migrator.clock.wording import end_text
from migrator.documents.setting import Sheet
from migrator.documents.wording import given, moment
from migrator.fulfilment.changes.models import ChangeKind, ChangeRequest, ChangeState
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.fulfilment.views import PromiseView
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.fulfilment.windows.rules import RULES
from migrator.orders.models import Order
from migrator.policy.types import Family

RUNS = {RunKind.FULL: "Full migration", RunKind.RESTART: "Restart"}
RESULTS = {
    RunState.REQUESTED: "Asked for",
    RunState.RUNNING: "Running",
    RunState.DONE: "Finished",
    RunState.WITHDRAWN: "Withdrawn",
}
WINDOWS = {
    WindowKind.REVIEW: "Your review",
    WindowKind.CHANGES: "Included changes",
    WindowKind.INSURANCE: "Insurance",
    WindowKind.ACCESS: "Our copy of your access details",
}
OUTCOMES = {
    WindowOutcome.ACCEPTED: "You accepted the result",
    WindowOutcome.ACCEPTED_BY_SILENCE: "Accepted: nothing was reported in time",
    WindowOutcome.PROBLEM_REPORTED: "You reported a problem",
    WindowOutcome.BEGUN_ANEW: "A restart began it anew",
    WindowOutcome.LAPSED: "Its days were over",
    WindowOutcome.USED_UP: "All of it was used",
    WindowOutcome.DESTROYED: "Destroyed",
}
BY_ITSELF = frozenset({WindowOutcome.ACCEPTED_BY_SILENCE, WindowOutcome.LAPSED})
CHANGES = {
    ChangeState.RAISED: "Open",
    ChangeState.QUOTED: "Priced, waiting for your payment",
    ChangeState.IN_WORK: "Being done",
    ChangeState.DONE: "Done",
    ChangeState.DECLINED: "Not done",
    ChangeState.WITHDRAWN: "Withdrawn by you",
}
SILENT = "No change was asked for in the {days} days after our engineers had checked the result"
ANSWERED = "Each change that was asked for in the {days} days after our engineers had checked the result is answered"
PERFORMED = "{how}: the package counts as successfully performed (rule C-066)."
ACCEPTED = "The result of the full migration counts as accepted (rule C-080)."


@dataclass(frozen=True, slots=True)
class Work:
    """What was done for an order, the earliest first; pauses come with their items."""

    promise: PromiseView
    pauses: Sequence[PauseRow]
    runs: Sequence[Run]
    windows: Sequence[Window]
    changes: Sequence[ChangeRequest]


def completion(order: Order, work: Work) -> Sheet:
    """This will state what was done for an order that is completed.

    :param order: with its people and calendar, and a `completed_at`
    """
    assert order.completed_at, "a statement is made of a completed order"
    zone = order.calendar_row.zone
    return Sheet(
        title="Completion statement",
        number=order.number,
        made_at=order.completed_at,
        zone=zone,
        facts={
            "lead": _lead(order, work.changes),
            "rows": _rows(order, zone),
            "date": list(_date(work.promise)),
            "pauses": [
                (moment(pause.started_at, zone), moment(pause.ended_at, zone), pause.label) for pause in work.pauses
            ],
            "runs": [_run(run, zone) for run in work.runs],
            "windows": [_window(window, zone) for window in work.windows],
            "changes": [_change(change, zone) for change in work.changes],
        },
    )


def _lead(order: Order, changes: Sequence[ChangeRequest]) -> str:
    terms = order.terms
    said = f"{terms.product_name} for {order.organisation.name} is completed."
    if terms.family is not Family.PACKAGE:
        return f"{said} {ACCEPTED}"
    in_time = any(change.kind is ChangeKind.CHANGE and change.is_included for change in changes)
    how = (ANSWERED if in_time else SILENT).format(days=terms.change_calendar_days)
    return f"{said} {PERFORMED.format(how=how)}"


def _rows(order: Order, zone: str) -> list[tuple[str, ...]]:
    manager = order.account_manager
    return given(
        (
            ("Order", f"{order.number}, {order.terms.product_name}"),
            ("Completed", _completed(order, zone)),
            ("Old site", order.source_address),
            ("New site", order.target_address),
            ("Account manager", manager.display_name if manager else ""),
            ("Access found right", moment(order.verified_at, zone) if order.verified_at else ""),
            ("Result checked by us", moment(order.validated_at, zone) if order.validated_at else ""),
            ("Pages", _pages(order)),
            ("Support", _hours(order)),
            ("Restarts", f"{order.restarts_used} of {order.restarts_limit} used" if order.restarts_limit else ""),
        )
    )


def _completed(order: Order, zone: str) -> str:
    assert order.completed_at, "a statement is made of a completed order"
    return end_text(to_the_minute(order.completed_at), zone)


def _pages(order: Order) -> str:
    counts = (("declared", order.declared_pages), ("measured", order.measured_pages), ("moved", order.moved_pages))
    said = ", ".join(f"{pages:,} {how}" for how, pages in counts if pages is not None)
    return f"{said}, of {order.page_limit:,} covered"


def _hours(order: Order) -> str:
    used, limit = order.support_minutes_used, order.support_minutes_limit
    return f"{_tenths(used)} of {_tenths(limit)} hours used" if limit else ""


def _tenths(minutes: int) -> str:
    return f"{minutes // 60}.{minutes % 60 // 6}"


def _date(promise: PromiseView) -> Iterable[str]:
    if promise.line:
        yield f"{promise.line.headline} {promise.line.zone_label}: {promise.line.reason}"
    yield promise.sentence


def _run(run: Run, zone: str) -> tuple[str, ...]:
    result = RESULTS.get(run.state) or f"Failed{', our fault' if run.is_our_fault else ''}: {run.failure}"
    return RUNS[run.kind], moment(run.started_at, zone), moment(run.finished_at, zone), result


def _window(window: Window, zone: str) -> tuple[str, ...]:
    ended = OUTCOMES[window.outcome] if window.outcome else "Open"
    rule = f" (rule {RULES[window.kind]})" if window.outcome in BY_ITSELF else ""
    until = end_text(window.closed_at or window.ends_at, zone)
    return WINDOWS[window.kind], moment(window.opened_at, zone), until, f"{ended}{rule}"


def _change(change: ChangeRequest, zone: str) -> tuple[str, ...]:
    answer = f": {change.answer}" if change.answer else ""
    return moment(change.raised_at, zone), change.body, f"{CHANGES[change.state]}{answer}"
