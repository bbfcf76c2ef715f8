"""The customer has every copy of their access details destroyed at once (RULES C-082)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.operations import destroy_all
from migrator.access.rules import needs_access_no_more
from migrator.calendars.queries import calendar_of
from migrator.errors import DomainError
from migrator.fulfilment.notices import tell_staff
from migrator.fulfilment.operations import bring_up_to_date, hold
from migrator.fulfilment.windows.models import WindowKind, WindowOutcome
from migrator.fulfilment.windows.operations import close_window
from migrator.fulfilment.windows.queries import open_window_of
from migrator.history.actor import Actor
from migrator.orders.models import Order

BY_CUSTOMER = "destroyed by the customer"


class NothingLeft(DomainError):
    """There is no copy that could be destroyed."""


def destroy_access(session: Session, order: Order, *, actor: Actor, now: datetime) -> int:
    """This will destroy every copy, end the days that they would have stayed, and return how many there were.

    While the work goes on the account manager is told, who has to ask for them again.

    :raises NothingLeft: when none is left
    """
    hold(session, order)
    gone = destroy_all(session, order, reason=BY_CUSTOMER, actor=actor, now=now)
    if not gone:
        raise NothingLeft("No copy of your access details is left with us.")
    window = open_window_of(session, order.id, WindowKind.ACCESS)
    if window and now < window.ends_at:
        calendar = calendar_of(session, order.calendar_row)
        close_window(session, window, order, outcome=WindowOutcome.DESTROYED, at=now, calendar=calendar)
    bring_up_to_date(session, order)
    if not needs_access_no_more(order.state):
        tell_staff(session, order, "access_destroyed", cause=f"secret:{gone[-1].id}", now=now)
    return len(gone)
