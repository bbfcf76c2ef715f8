"""What the tracker shows, gathered in four queries: the order, its access items, its pauses and its history.

Once something was migrated, a fifth asks for the windows that are still open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemState
from migrator.access.models import AccessItem
from migrator.access.queries import plain_items_of
from migrator.calendars.queries import calendar_of
from migrator.clock.deadline import Unit
from migrator.clock.wording import day_text, end_text, local_time, target_text
from migrator.fulfilment.inclusion_queries import inclusions_for
from migrator.fulfilment.inclusions import Inclusion
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.notices import opening_hours
from migrator.fulfilment.queries import open_pauses, pauses_of, promise_view
from migrator.fulfilment.rules import target_of
from migrator.fulfilment.views import YOUR_DATE_MOVES, PromiseView
from migrator.fulfilment.windows.queries import AfterRun, after_run
from migrator.money import Money
from migrator.orders.lifecycle import WORDS, OrderState
from migrator.orders.models import Order
from migrator.orders.terms import Terms
from migrator.orders.timeline import Day, Filter, timeline
from migrator.orders.timeline_queries import deeds_of
from migrator.web.count import CountView, count_view
from migrator.web.orders.progress import Meter, Step, TurnBar, meters, steps, turn_bar, turn_on_pages
from migrator.web.orders.still_open import OpenLine, open_lines, turn_after_run, without_action
from migrator.web.rule_links import delivery_url


@dataclass(frozen=True, slots=True)
class Manager:
    """Who looks after the order, and when the desk is open (RULES C-055b)."""

    name: str
    initials: str
    hours: str


@dataclass(frozen=True, slots=True)
class TrackerPage:
    """All that the tracker shows.

    :ivar was_text: the date before an open pause that moves it, in words; empty without one
    :ivar proposed_text: a date that waits for the customer's acceptance; empty without one
    :ivar rule_url: of the promise, in the version of the policy that the order was bought under (RULES D-8)
    :ivar older_than: what the next page of the timeline asks for
    """

    number: str
    product: str
    way: str
    state: OrderState
    state_words: str
    turn: TurnBar
    promise: PromiseView
    count: CountView | None
    was_text: str
    proposed_text: str
    proposed_at: datetime | None
    steps: tuple[Step, ...]
    meters: tuple[Meter, ...]
    facts: tuple[tuple[str, str, None], ...]
    terms: Terms
    total: Money
    placed_text: str
    is_paid: bool
    days: tuple[Day, ...]
    chosen: Filter
    rule_url: str
    older_than: int | None
    is_latest: bool
    manager: Manager | None
    version: int
    open: tuple[OpenLine, ...] = ()
    inclusions: tuple[Inclusion, ...] = ()


def tracker_page(
    session: Session,
    order: Order,
    *,
    now: datetime,
    viewer_zone: str = "",
    chosen: Filter = Filter.ALL,
    before_id: int | None = None,
) -> TrackerPage:
    """This will gather the page of an order loaded with its people and calendar, in three queries, four after a run."""
    calendar = calendar_of(session, order.calendar_row)
    items = plain_items_of(session, order.id)
    pauses = pauses_of(session, order.id)
    promise = promise_view(order, calendar, pauses, now=now, viewer_zone=viewer_zone)
    after = after_run(session, order.id) if order.moved_pages is not None else AfterRun()
    deeds = deeds_of(session, order.id, chosen=chosen, before_id=before_id)
    zone = calendar.zone
    turn = (
        turn_after_run(order, after, zone=zone, now=now)
        or turn_on_pages(order, pauses)
        or turn_bar(order, _waited_for(items, pauses))
    )
    return TrackerPage(
        number=order.number,
        product=order.terms.product_name,
        way=_way(order),
        state=order.state,
        state_words=WORDS[order.state],
        turn=turn,
        promise=promise,
        count=count_view(promise.derivation) if promise.derivation else None,
        was_text=_was(order, promise, zone),
        proposed_text=end_text(order.proposed_at, zone) if order.proposed_at else "",
        proposed_at=order.proposed_at,
        steps=steps(order, whose=turn.turn),
        meters=meters(order),
        facts=_facts(order, zone),
        terms=order.terms,
        total=order.total,
        placed_text=day_text(local_time(order.placed_at, zone).date()),
        is_paid=order.paid_at is not None,
        days=timeline(deeds.deeds, zone=zone),
        chosen=chosen,
        rule_url=delivery_url(order),
        older_than=deeds.older_than,
        is_latest=before_id is None,
        manager=_manager(order),
        version=order.version,
        open=open_lines(order, after, calendar, now=now),
        inclusions=inclusions_for(session, order),
    )


def without_actions(page: TrackerPage) -> TrackerPage:
    """This will return the page for staff who look over the customer's shoulder: what it says, without the buttons."""
    turn = replace(page.turn, action_label=None, action_url=None)
    without_links = tuple(replace(meter, link_url=None) for meter in page.meters)
    return replace(page, turn=turn, open=without_action(page.open), meters=without_links)


def _waited_for(items: Sequence[AccessItem], pauses: Sequence[PauseRow]) -> list[AccessItem]:
    if waiting := {pause.item_id for pause in open_pauses(pauses)}:
        return [item for item in items if item.id in waiting]
    return [item for item in items if item.state is ItemState.PROBLEM]


def _was(order: Order, promise: PromiseView, zone: str) -> str:
    is_waiting = order.state is OrderState.PAUSED or promise.sentence == YOUR_DATE_MOVES
    if not is_waiting or promise.is_late or promise.stored_due_at is None:
        return ""
    return end_text(promise.stored_due_at, zone)


def _way(order: Order) -> str:
    return " → ".join(address for address in (order.source_address, order.target_address) if address)


def _facts(order: Order, zone: str) -> tuple[tuple[str, str, None], ...]:
    terms = order.terms
    target = target_of(terms, order.agreed_at)
    promised = f"{target_text(target, zone)} from the moment your access details are found right" if target else ""
    if target and target.unit is Unit.AGREED:
        promised = target_text(target, zone)
    rows = {
        "Price": str(order.total),
        "Pages covered": f"{order.page_limit:,}",
        "Promise": promised,
        "Old site": order.source_address,
        "New site": order.target_address,
        "Your own backup": day_text(order.own_backup_on) if order.own_backup_on else "",
    }
    return tuple((key, value, None) for key, value in rows.items() if value)


def _manager(order: Order) -> Manager | None:
    if order.account_manager is None:
        return None
    manager = order.account_manager
    return Manager(manager.display_name, manager.initials, opening_hours(order))
