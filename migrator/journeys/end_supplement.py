"""An offer ends unpaid: declined by the customer, withdrawn by staff, or expired with its last day (RULES D-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.fulfilment.notices import tell_staff
from migrator.fulfilment.operations import hold
from migrator.fulfilment.rules import reason_given
from migrator.history.actor import SYSTEM, Actor
from migrator.history.operations import record
from migrator.journeys.follow_price import drop_price
from migrator.orders.lifecycle import SupplementKind, SupplementState
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_operations import end
from migrator.orders.supplement_queries import over_supplements
from migrator.orders.supplement_rules import refuse_unless_open
from migrator.payments.queries import is_being_paid

EXPIRED_AT_ONCE = 100
# What else ends with an unpaid offer of a kind: called with the offer after it has ended, the order held.
WHEN_DROPPED: dict[SupplementKind, Callable[[Session, Order, Supplement, datetime], None]] = {
    SupplementKind.CHANGE: drop_price
}


def decline_supplement(session: Session, order: Order, supplement: Supplement, *, actor: Actor, now: datetime) -> None:
    """This will end an offer that the customer does not want; a payment page that is open for it is closed later.

    :raises OfferEnded: when it has ended
    """
    hold(session, order)
    session.refresh(supplement)
    refuse_unless_open(supplement.state, supplement.expires_at, now=now)
    drop(session, order, supplement, SupplementState.DECLINED, now=now, actor=actor)
    words = {"supplement": supplement}
    tell_staff(session, order, "supplement_declined", cause=f"supplement:{supplement.id}", now=now, words=words)


def withdraw_supplement(
    session: Session, order: Order, supplement: Supplement, *, reason: str, actor: Actor, now: datetime
) -> None:
    """This will take an offer back, with the reason that the customer reads.

    :raises ReasonMissing: without a reason
    :raises OfferEnded: when it has ended
    """
    why = reason_given(reason)
    hold(session, order)
    session.refresh(supplement)
    refuse_unless_open(supplement.state, supplement.expires_at, now=now)
    drop(session, order, supplement, SupplementState.WITHDRAWN, now=now, actor=actor, reason=why)


def expire_supplements(session: Session, now: datetime) -> int:
    """This will end offers whose last day is over, at the end of that day, and return how many; nobody is written to.

    One whose payment page is still open waits for it: who began in time may finish. At most 100 at once: call it
    again while it returns any.
    """
    ended = 0
    for supplement in over_supplements(session, now, limit=EXPIRED_AT_ONCE):
        order = supplement.order
        hold(session, order)
        session.refresh(supplement)
        if supplement.state is SupplementState.OFFERED and not is_being_paid(session, supplement.id):
            drop(session, order, supplement, SupplementState.EXPIRED, now=supplement.expires_at)
            ended += 1
    return ended


def drop(
    session: Session,
    order: Order,
    supplement: Supplement,
    state: SupplementState,
    *,
    now: datetime,
    actor: Actor = SYSTEM,
    reason: str = "",
) -> None:
    """This will end an open offer unpaid, with what hangs on it.

    :param order: held
    """
    end(session, supplement, state, at=now)
    facts = {"kind": supplement.kind.value, "title": supplement.title}
    record(
        session,
        f"supplement.{state}",
        subject="supplement",
        key=supplement.id,
        actor=actor,
        now=now,
        order_id=order.id,
        reason=reason,
        facts=facts | ({"rule": "D-4"} if state is SupplementState.EXPIRED else {}),
    )
    if when_dropped := WHEN_DROPPED.get(supplement.kind):
        when_dropped(session, order, supplement, now)
