"""A manager corrects one of the three page counts; the old number stays in the history (RULES D-10, C-069)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.operations import bring_up_to_date, hold
from migrator.fulfilment.pages.operations import count_of, note_count
from migrator.fulfilment.pages.rules import COUNTED_IN, PageCount, refuse_correction
from migrator.fulfilment.rules import reason_given
from migrator.fulfilment.runs.queries import full_run_of
from migrator.history.operations import record
from migrator.journeys.judge_pages import judge_pages
from migrator.orders.models import Order


def correct_pages(
    session: Session, order: Order, *, which: PageCount, pages: int, reason: str, by: Person, now: datetime
) -> None:
    """This will set one of the counts; a measured one is judged anew while the full migration has not started.

    :raises ReasonMissing: without a reason
    :raises NotThisCount: when it was never recorded, or is what is recorded
    :raises PagesOutOfRange: for a number of pages that no site has
    """
    why = reason_given(reason)
    hold(session, order)
    old = count_of(order, which)
    refuse_correction(which, old, pages)
    note_count(session, order, which, pages)
    record(
        session,
        "pages.corrected",
        subject="order",
        key=order.number,
        actor=by.actor,
        now=now,
        order_id=order.id,
        reason=why,
        facts={"which": which.value, "old": old, "new": pages},
    )
    if which is PageCount.MEASURED and order.state in COUNTED_IN and full_run_of(session, order.id) is None:
        judge_pages(session, order, by=by, now=now)
    bring_up_to_date(session, order)
