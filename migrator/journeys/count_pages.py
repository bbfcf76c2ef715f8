"""A manager writes down how many pages were measured, and the customer who has removed some asks for another count.

(RULES C-069)
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.catalogue.rules import check_pages
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.operations import bring_up_to_date, hold
from migrator.fulfilment.pages.operations import forget_measured, note_count
from migrator.fulfilment.pages.rules import NothingToTrim, PageCount, refuse_counting
from migrator.fulfilment.queries import open_pause_because
from migrator.fulfilment.runs.queries import full_run_of
from migrator.history.operations import record
from migrator.journeys.answer_pause import answer_pause
from migrator.journeys.end_supplement import drop
from migrator.journeys.judge_pages import judge_pages
from migrator.orders.lifecycle import SupplementKind, SupplementState
from migrator.orders.models import Order
from migrator.orders.supplement_queries import open_supplements_of

BOUGHT_FOR_PAGES = (SupplementKind.UPGRADE, SupplementKind.OVERAGE)


def count_pages(session: Session, order: Order, *, pages: int, by: Person, now: datetime) -> PauseRow | None:
    """This will write down the measured pages; over the limit the order waits for the customer's decision.

    :returns: that wait, if it has begun with this count
    :raises PagesOutOfRange: for a number of pages that no site has
    :raises NotToBeCounted: before the check of access, or once the full migration has started
    """
    hold(session, order)
    check_pages(pages)
    refuse_counting(order.state, has_run=full_run_of(session, order.id) is not None)
    old = order.measured_pages
    note_count(session, order, PageCount.MEASURED, pages)
    record(
        session,
        "pages.measured",
        subject="order",
        key=order.number,
        actor=by.actor,
        now=now,
        order_id=order.id,
        facts={"pages": pages, "limit": order.page_limit, "old": old},
    )
    pause = judge_pages(session, order, by=by, now=now)
    bring_up_to_date(session, order)
    return pause


def ask_for_another_count(session: Session, order: Order, *, by: Person, now: datetime) -> None:
    """This will end the wait because the customer has removed pages: it is our turn to count again.

    Offers that were chosen for the pages end with it.

    :raises NothingToTrim: when nobody waits for this decision
    """
    hold(session, order)
    waiting = open_pause_because(session, order.id, PauseReason.DECISION_MISSING)
    if waiting is None:
        raise NothingToTrim("Nothing has to be decided about your pages now.")
    for supplement in open_supplements_of(session, order.id):
        if supplement.kind in BOUGHT_FOR_PAGES:
            drop(session, order, supplement, SupplementState.DECLINED, now=now, actor=by.actor)
    forget_measured(session, order)
    record(
        session,
        "pages.trimmed",
        subject="order",
        key=order.number,
        actor=by.actor,
        now=now,
        order_id=order.id,
    )
    answer_pause(session, order, waiting, actor=by.actor, now=now)
