"""A paid supplement takes effect: its lines on the order, what it grants, the dates, and the customer told.

(RULES C-067 to C-069, C-076, X-10, X-11)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.fulfilment.notices import date_words, iso, tell_customer, tell_staff
from migrator.fulfilment.operations import bring_up_to_date
from migrator.history.actor import SYSTEM
from migrator.history.operations import record
from migrator.journeys.fit_supplement import upgrade_of
from migrator.journeys.follow_price import work_on_paid_change
from migrator.journeys.judge_pages import end_decided
from migrator.orders.lifecycle import SupplementKind, SupplementState
from migrator.orders.models import Order
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_operations import change_terms, charge, end, raise_pages, raise_support
from migrator.orders.supplement_rules import cover_of, restarts_text, tenths_text
from migrator.orders.terms import Terms
from migrator.policy.loading import catalogue

# Does what was paid for, and returns the sentence that tells the customer.
Applied = Callable[[Session, Order, Supplement, datetime], str]


def pay_supplement(session: Session, order: Order, supplement: Supplement, *, payment_id: int, now: datetime) -> None:
    """This will make a supplement take effect whose money has come, once.

    :param order: held; the supplement is one of its open offers
    """
    old_due = order.due_at
    end(session, supplement, SupplementState.PAID, at=now)
    charge(session, order, supplement)
    _record_payment(session, order, supplement, payment_id=payment_id, now=now)
    said = WHEN_PAID[supplement.kind](session, order, supplement, now)
    calendar = bring_up_to_date(session, order)
    words = {
        "supplement": supplement,
        "said": said,
        "is_moved": order.due_at != old_due,
        "old_date": date_words(old_due, calendar),
        "new_date": date_words(order.due_at, calendar),
    }
    cause = f"supplement:{supplement.id}"
    tell_customer(session, order, "supplement_paid", cause=cause, now=now, words=words)
    tell_staff(session, order, "supplement_paid_staff", cause=cause, now=now, words=words)


def apply_upgrade(session: Session, order: Order, supplement: Supplement, now: datetime) -> str:
    """This will put the order under the larger product's terms: same verification, all pauses kept (RULES X-10)."""
    before, old_due = order.terms, order.due_at
    change_terms(session, order, upgrade_of(order, supplement).terms)
    bring_up_to_date(session, order)
    facts = {
        "title": supplement.title,
        "old_terms": before.document(),
        "new_terms": order.terms.document(),
        "old_due": iso(old_due),
        "new_due": iso(order.due_at),
    }
    record(
        session,
        "order.upgraded",
        subject="order",
        key=order.number,
        actor=SYSTEM,
        now=now,
        order_id=order.id,
        facts=facts,
    )
    end_decided(session, order, now=now)
    return _upgraded_text(order, before)


def apply_overage(session: Session, order: Order, supplement: Supplement, now: datetime) -> str:
    """This will cover the further pages, and end the wait for a decision on them (RULES C-069)."""
    raise_pages(session, order, supplement.details["pages"])
    end_decided(session, order, now=now)
    return f"Your order now covers {order.page_limit:,} pages."


def apply_hours(session: Session, order: Order, supplement: Supplement, _now: datetime) -> str:
    """This will add the support time (RULES C-068)."""
    raise_support(session, order, supplement.details["minutes"])
    left = order.support_minutes_limit - order.support_minutes_used
    return f"You have {tenths_text(left)} support hours left."


def apply_change(session: Session, order: Order, supplement: Supplement, now: datetime) -> str:
    """This will add the support time that comes with a change, and begin the work on it (RULES C-067)."""
    raise_support(session, order, supplement.details["minutes"])
    work_on_paid_change(session, order, supplement, now)
    return "We work on it now."


def apply_insurance(session: Session, order: Order, supplement: Supplement, _now: datetime) -> str:
    """This will cover the migration that has not started yet (RULES C-076)."""
    from_catalogue = catalogue(order.terms.catalogue_version, order.currency)
    cover = cover_of(supplement.details["plan"], from_catalogue)
    change_terms(session, order, order.terms.covered_by(cover))
    return f"Your migration is insured: {restarts_text(cover)}, counted from its end."


WHEN_PAID: dict[SupplementKind, Applied] = {
    SupplementKind.UPGRADE: apply_upgrade,
    SupplementKind.OVERAGE: apply_overage,
    SupplementKind.HOURS: apply_hours,
    SupplementKind.CHANGE: apply_change,
    SupplementKind.INSURANCE: apply_insurance,
}


def _record_payment(session: Session, order: Order, supplement: Supplement, *, payment_id: int, now: datetime) -> None:
    record(
        session,
        "supplement.paid",
        subject="supplement",
        key=supplement.id,
        actor=SYSTEM,
        now=now,
        order_id=order.id,
        facts={
            "kind": supplement.kind.value,
            "title": supplement.title,
            "amount_minor": supplement.amount_minor,
            "currency": supplement.currency,
            "payment_id": payment_id,
        },
    )


def _upgraded_text(order: Order, before: Terms) -> str:
    terms = order.terms
    parts = [f"Your order is {terms.product_name} now, for up to {order.page_limit:,} pages"]
    if terms.support_minutes != before.support_minutes:
        parts.append(f"with {tenths_text(order.support_minutes_limit)} support hours")
    return f"{' '.join(parts)}. What was used before stays used."
