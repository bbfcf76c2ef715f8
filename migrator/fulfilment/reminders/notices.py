"""From rows to what a daily letter says about them; the rows come loaded, nothing is asked here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from migrator.clock.wording import instant_text
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.reminders import words
from migrator.fulfilment.reminders.rules import Moments
from migrator.fulfilment.reminders.words import Notice, Reader
from migrator.fulfilment.windows.models import Window, WindowKind, WindowOutcome
from migrator.orders.lifecycle import WORDS, OrderState
from migrator.orders.models import Order

MINUTES_OF_AN_HOUR = 60


def window_notice(window: Window, reader: Reader, *, insured_until_at: datetime | None) -> Notice | None:
    """This will say what is due about a window: that it ends soon, or how it ended by itself.

    :param insured_until_at: when the order's insurance ends, where it runs
    """
    if window.outcome is None:
        return _ending(window, reader, insured_until_at=insured_until_at)
    return _ended(window, window.outcome, reader)


def pause_notice(pause: PauseRow, reader: Reader) -> Notice:
    """This will ask again for what a pause waits for."""
    order = pause.order
    page = f"/orders/{order.number}"
    return words.still_paused(
        pause.started_at,
        reader,
        label=pause.label,
        date_moves=order.due_at is not None and order.delivered_at is None,
        path=f"{page}/access/{pause.item_id}" if pause.item_id else page,
    )


def order_notice(order: Order, reader: Reader, moments: Moments) -> Notice:
    """This will ask again for what an order as a whole waits for."""
    page, since_at = f"/orders/{order.number}", order.state_since_at
    if order.state is OrderState.AWAITING_PAYMENT:
        total = str(order.total)
        return words.unpaid(order.placed_at, moments.ends_at, reader, total=total, path=f"{page}/pay")
    if order.state is OrderState.PREVIEW_READY:
        return words.preview_waits(since_at, reader, path=page)
    is_restart = order.delivered_at is not None
    return words.still_without_access(since_at, reader, is_restart=is_restart, path=f"{page}/access")


def unanswered(order: Order, pauses: Iterable[PauseRow]) -> tuple[str, ...]:
    """This will say what was handed to the account manager because nobody answers (RULES C-065).

    :param order: with its calendar; the pauses come with their items
    """
    zone = order.calendar_row.zone
    waiting = [
        (pause.label, pause.started_at)
        for pause in pauses
        if pause.ended_at is None and pause.handed_over_at is not None
    ]
    if order.handed_over_at is not None:
        waiting.append((WORDS[order.state], order.state_since_at))
    return tuple(f"{label}, since {instant_text(since_at, zone)}" for label, since_at in waiting)


def _ending(window: Window, reader: Reader, *, insured_until_at: datetime | None) -> Notice:
    order, at = window.order, window.ends_at
    page = f"/orders/{order.number}"
    match window.kind:
        case WindowKind.REVIEW:
            return words.review_ends(at, reader, path=f"{page}/result")
        case WindowKind.CHANGES:
            return words.changes_end(at, reader, unused=_unused(order), path=f"{page}/result")
        case WindowKind.INSURANCE:
            left = order.restarts_limit - order.restarts_used
            return words.insurance_ends(at, reader, restarts=left, path=f"{page}/restart")
    return words.access_ends(at, reader, insured_until_at=insured_until_at, path=f"{page}/access")


def _ended(window: Window, outcome: WindowOutcome, reader: Reader) -> Notice | None:
    order, at = window.order, window.closed_at or window.ends_at
    path, is_completed = f"/orders/{order.number}", order.state is OrderState.COMPLETED
    told: Mapping[tuple[WindowKind, WindowOutcome], Notice] = {
        (WindowKind.REVIEW, WindowOutcome.ACCEPTED_BY_SILENCE): words.accepted(
            at, reader, is_completed=is_completed, path=path
        ),
        (WindowKind.CHANGES, WindowOutcome.LAPSED): words.changes_over(
            at, reader, is_work_left=_has_hours_left(order), is_completed=is_completed, path=path
        ),
        (WindowKind.INSURANCE, WindowOutcome.LAPSED): words.insurance_over(
            at, reader, restarts=order.restarts_limit - order.restarts_used, path=path
        ),
        (WindowKind.ACCESS, WindowOutcome.DESTROYED): words.access_destroyed(at, reader, path=path),
    }
    return told.get((window.kind, outcome))


def _unused(order: Order) -> str:
    minutes = order.support_minutes_limit - order.support_minutes_used
    return f"{minutes / MINUTES_OF_AN_HOUR:.1f} h of support"


def _has_hours_left(order: Order) -> bool:
    # They lapse with the window, or with the last change that was asked for in it.
    return order.support_minutes_limit > order.support_minutes_used
