"""What is still open after the full migration, as the pages show it, and whose turn it is then (X-04)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from migrator.clock.calendar import Calendar
from migrator.clock.wording import ended_on, local_time, short_day_text
from migrator.fulfilment.runs.models import RunState
from migrator.fulfilment.windows.models import WindowKind
from migrator.fulfilment.windows.queries import AfterRun, open_windows, standing_of
from migrator.fulfilment.windows.rules import access_may_last_to
from migrator.fulfilment.windows.views import WindowView, ended_sentence, open_views
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import Order
from migrator.policy.types import Family
from migrator.web.count import CountView, count_view
from migrator.web.orders.progress import TurnBar
from migrator.web.rule_links import window_url


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A window with the one thing to do in it; the action is none where there is nothing to press.

    :ivar more_url: where the rest can be done, such as destroying our copy now; none where the action is all
    """

    key: str
    title: str
    sentence: str
    because: str
    rule_url: str
    count: CountView | None
    action_label: str | None = None
    action_url: str | None = None
    more_label: str | None = None
    more_url: str | None = None


def open_lines(order: Order, after: AfterRun, calendar: Calendar, *, now: datetime) -> tuple[OpenLine, ...]:
    """This will return the panel's lines, what ends first before the rest."""
    windows = open_windows(after)
    views = open_views(windows, standing_of(order, after), calendar, now=now)
    may_last_to = access_may_last_to((one.kind, one.ends_at) for one in windows)
    was_extended = any(one.kind is WindowKind.ACCESS and one.extended_to_at for one in windows)
    return tuple(
        _line(view, order, can_extend=not was_extended and may_last_to is not None and may_last_to > view.ends_at)
        for view in views
    )


def without_action(lines: Iterable[OpenLine]) -> tuple[OpenLine, ...]:
    """This will return the lines without their buttons, for staff who look over the customer's shoulder."""
    return tuple(replace(line, action_url=None, more_url=None) for line in lines)


def turn_after_run(order: Order, after: AfterRun, *, zone: str, now: datetime) -> TurnBar | None:
    """This will say whose turn it is where a result is there or a restart is on its way; none elsewhere."""
    if after.active is RunState.REQUESTED and order.state is OrderState.AWAITING_ACCESS:
        sentence = "Your restart waits for your access details, because our copy is destroyed."
        return TurnBar("you", sentence, "Send access details", f"/orders/{order.number}/access")
    if order.state is OrderState.COMPLETED and order.turn is Turn.US:
        return TurnBar("us", "We look at the change that you asked for. Nothing is needed from you.")
    return _turn_in_review(order, after, zone, now=now) if order.state is OrderState.IN_REVIEW else None


def _turn_in_review(order: Order, after: AfterRun, zone: str, *, now: datetime) -> TurnBar:
    review = after.open(WindowKind.REVIEW)
    until = short_day_text(ended_on(local_time(review.ends_at, zone))) if review and now < review.ends_at else ""
    look = ("Look at the result", f"/orders/{order.number}/result")
    if after.has_problem:
        return TurnBar("us", "We work on the problem that you reported. Nothing is needed from you.", *look)
    if order.turn is Turn.US:
        is_to_check = order.family is Family.PACKAGE and order.validated_at is None
        what = "Our engineers check the result." if is_to_check else "We work on the change that you asked for."
        you_too = f"You can look too, until {until}." if until else "Nothing is needed from you."
        return TurnBar("us", f"{what} {you_too}", *look)
    if until:
        sentence = f"Look at your new site and tell us whether everything is right, until {until}."
        return TurnBar("you", sentence, *look)
    # Nobody is asked to do what comes too late, although the worker has not ended the review yet.
    over = review and ended_sentence(review.kind, review.ends_at, family=order.family, zone=zone)
    return TurnBar("nobody", over or "Below is what is still open.", *look)


def _line(view: WindowView, order: Order, *, can_extend: bool) -> OpenLine:
    label, url = _action(view.kind, order, can_extend=can_extend)
    return OpenLine(
        key=view.kind.value,
        title=view.title,
        sentence=view.sentence,
        because=view.because,
        rule_url=window_url(view.kind, order),
        count=count_view(view.derivation) if view.derivation else None,
        action_label=label,
        action_url=url,
        more_label="Tick the passwords that you have changed, or have our copy destroyed now",
        more_url=f"/orders/{order.number}/access" if view.kind is WindowKind.ACCESS and can_extend else None,
    )


def _action(kind: WindowKind, order: Order, *, can_extend: bool) -> tuple[str | None, str | None]:
    address = f"/orders/{order.number}"
    match kind:
        case WindowKind.REVIEW if order.state is OrderState.IN_REVIEW:
            return "Look at the result", f"{address}/result"
        case WindowKind.CHANGES:
            return "Ask for a change", f"{address}/result#changes"
        case WindowKind.INSURANCE:
            return "Restart the migration", f"{address}/restart"
        case WindowKind.ACCESS if can_extend:
            return "Keep it longer", f"{address}/access/longer"
        case WindowKind.ACCESS:
            return "Your access details", f"{address}/access"
    return None, None
