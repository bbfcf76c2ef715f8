"""What is written about payments. Flushes, never commits, and never calls the provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.money import Money
from migrator.orders.models import Order, OrderLine
from migrator.orders.supplement_models import Supplement
from migrator.payments import gateway
from migrator.payments.gateway import CheckoutLine, CheckoutRequest, CheckoutSession, CheckoutStatus
from migrator.payments.lifecycle import AttemptState, Disposition, EventState, Resolution
from migrator.payments.models import Payment, PaymentAttempt, PaymentException, ProviderEvent
from migrator.payments.queries import event_named
from migrator.payments.rules import EXCEPTION_WORDS


@dataclass(frozen=True, slots=True)
class Charge:
    """What an attempt asks money for: an order, or a supplement to it.

    :ivar lines: as they are frozen for the provider; what is free is left out
    :ivar left_path: where somebody who leaves the provider's page comes back to, after the order's address
    """

    amount: Money
    lines: tuple[dict[str, str | int], ...]
    left_path: str
    supplement: Supplement | None = None


def order_charge(order: Order, lines: Sequence[OrderLine]) -> Charge:
    """This will return what an order that waits for its payment costs."""
    frozen = (_frozen(str(line.id), line.sku, line.plan, line.name, line.amount_minor) for line in lines)
    return Charge(order.total, tuple(line for line in frozen if line["minor_units"]), "pay?left=1")


def supplement_charge(supplement: Supplement) -> Charge:
    """This will return what a supplement costs; its lines get their numbers when it is paid."""
    lines = tuple(
        _frozen(f"supplement-{supplement.id}-{place}", line["sku"], line["plan"], line["name"], line["amount_minor"])
        for place, line in enumerate(supplement.lines, start=1)
    )
    return Charge(supplement.amount, lines, f"extras/{supplement.id}?left=1", supplement)


def prepare_attempt(
    session: Session,
    order: Order,
    *,
    charge: Charge,
    person: Person,
    base_url: str,
    open_for: timedelta,
    now: datetime,
) -> PaymentAttempt:
    """This will write an attempt with everything that the provider will be told, so that a repetition is the same.

    The database refuses a second one while another is unsettled (PAYMENTS, rule 1).
    """
    attempt = PaymentAttempt(
        order=order,
        person_id=person.id,
        supplement=charge.supplement,
        amount_minor=charge.amount.minor_units,
        currency=charge.amount.currency,
        idempotency_key=f"preparing-{order.number}",
        parameters={},
        created_at=now,
        expires_at=(now + open_for).replace(microsecond=0),
    )
    session.add(attempt)
    session.flush()
    attempt.idempotency_key = f"{order.number}-attempt-{attempt.id}"
    attempt.parameters = {
        "order_number": order.number,
        "customer_email": person.email,
        "lines": list(charge.lines),
        "success_url": f"{base_url}/orders/{order.number}/paid?session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{base_url}/orders/{order.number}/{charge.left_path}",
    }
    session.flush()
    return attempt


def request_of(attempt: PaymentAttempt) -> CheckoutRequest:
    """This will return the call that opens the attempt's checkout; the same to the letter each time."""
    frozen = attempt.parameters
    return CheckoutRequest(
        idempotency_key=attempt.idempotency_key,
        order_number=frozen["order_number"],
        order_id=str(attempt.order_id),
        attempt_id=str(attempt.id),
        customer_email=frozen["customer_email"],
        lines=tuple(
            CheckoutLine(line["id"], line["plan"], line["name"], Money(line["minor_units"], attempt.currency))
            for line in frozen["lines"]
        ),
        success_url=frozen["success_url"],
        cancel_url=frozen["cancel_url"],
        expires_at=attempt.expires_at,
    )


def note_checkout(session: Session, attempt: PaymentAttempt, checkout: CheckoutSession) -> None:
    """This will write down the provider's answer to an attempt; one that is known already is left alone."""
    if attempt.session_id is None:
        attempt.session_id = checkout.id
        attempt.url = checkout.url or ""
    if attempt.state is AttemptState.PREPARED and checkout.status is not CheckoutStatus.EXPIRED:
        attempt.state = AttemptState.OPEN
    session.flush()


def end_attempt(session: Session, attempt: PaymentAttempt, state: AttemptState, *, now: datetime) -> None:
    """This will close an attempt for good."""
    attempt.state = state
    attempt.ended_at = now
    session.flush()


def note_failure(session: Session, attempt: PaymentAttempt, words: str) -> None:
    """This will keep why the last try to pay did not succeed, in the provider's words."""
    attempt.last_error = words
    session.flush()


def take(
    session: Session, attempt: PaymentAttempt, checkout: CheckoutSession, *, disposition: Disposition, now: datetime
) -> Payment:
    """This will write down money that came: the provider's amount, currency and references (PAYMENTS, rule 2)."""
    payment = Payment(
        attempt_id=attempt.id,
        order_id=attempt.order_id,
        payment_intent_id=checkout.payment_intent_id or checkout.id,
        charge_id=checkout.charge_id or "",
        amount_minor=checkout.amount_total.minor_units,
        currency=checkout.amount_total.currency,
        disposition=disposition,
        captured_at=now,
        settled_at=now,
    )
    session.add(payment)
    attempt.last_error = ""
    end_attempt(session, attempt, AttemptState.PAID, now=now)
    return payment


def raise_exception(session: Session, payment: Payment, *, now: datetime) -> PaymentException:
    """This will put money that does not fit before finance, proposing to refund all of it (PAYMENTS, rule 5)."""
    exception = PaymentException(
        payment_id=payment.id,
        order_id=payment.order_id,
        code=payment.disposition,
        proposed_refund_minor=payment.amount_minor,
        currency=payment.currency,
        words=EXCEPTION_WORDS[payment.disposition],
        created_at=now,
    )
    session.add(exception)
    session.flush()
    return exception


def resolve(
    session: Session,
    exception: PaymentException,
    resolution: Resolution,
    *,
    by_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    """This will end money that did not fit: it went back, or it stays for a reason."""
    if resolution is Resolution.REFUNDED:
        exception.waiver_asked_by_id = None
    exception.resolution = resolution
    exception.resolved_at = now
    exception.resolved_by_id = by_id
    exception.reason = reason
    session.flush()


def reopen(session: Session, exception: PaymentException) -> None:
    """This will put money that did not fit before finance again, because it did not reach the customer."""
    exception.resolution = exception.resolved_at = exception.resolved_by_id = None
    session.flush()


def ask_to_waive(session: Session, exception: PaymentException, *, by_id: int, reason: str) -> None:
    """This will write down who wants money to stay, and why; it counts when somebody else has agreed."""
    exception.waiver_asked_by_id, exception.reason = by_id, reason
    session.flush()


def forget_waiver(session: Session, exception: PaymentException) -> None:
    """This will put away that somebody wants money to stay."""
    exception.waiver_asked_by_id, exception.reason = None, ""
    session.flush()


def agree_to_waive(session: Session, exception: PaymentException, *, by_id: int, now: datetime) -> None:
    """This will let money stay, as one person has asked and another agrees."""
    exception.waiver_agreed_by_id = by_id
    asked_by_id = exception.waiver_asked_by_id
    resolve(session, exception, Resolution.WAIVED, by_id=asked_by_id, now=now, reason=exception.reason)


def store_event(
    session: Session,
    event: gateway.ProviderEvent,
    *,
    checkout_id: str,
    intent_id: str = "",
    state: EventState,
    words: str,
    now: datetime,
) -> None:
    """This will keep an event of the provider as it came; one that came before is kept once (PAYMENTS, rule 3)."""
    row = ProviderEvent(
        event_id=event.id,
        kind=event.type,
        checkout_id=checkout_id,
        intent_id=intent_id,
        livemode=event.livemode,
        payload=event.payload,
        state=state,
        received_at=now,
        last_error=words,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        if event_named(session, event.id) is None:
            raise


def end_event(session: Session, event: ProviderEvent, state: EventState, *, now: datetime, words: str = "") -> None:
    """This will write down what became of an event; the words say why it was not settled."""
    event.state = state
    event.settled_at = now
    event.last_error = words
    session.flush()


def note_try(session: Session, event: ProviderEvent, words: str) -> None:
    """This will count a try at an event that has to be repeated."""
    event.tries += 1
    event.last_error = words
    session.flush()


def _frozen(line_id: str, sku: str, plan: int | None, name: str, minor_units: int) -> dict[str, str | int]:
    named = sku if plan is None else f"insurance-{plan}"
    return {"id": line_id, "plan": named, "name": name, "minor_units": minor_units}


def forget_payer(session: Session, person: Person) -> None:
    """This will forget the address that checkouts of the past were made for (RULES X-14); the money's facts stay.

    :param person: pseudonymised already
    """
    theirs = select(PaymentAttempt).where(PaymentAttempt.person_id == person.id, PaymentAttempt.ended_at.is_not(None))
    for attempt in session.scalars(theirs):
        attempt.parameters = {**attempt.parameters, "customer_email": person.email}
    session.flush()
