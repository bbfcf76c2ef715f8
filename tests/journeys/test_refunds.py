"""Money goes back: asked for, approved, sent, and followed to its end (RULES X-12, X-13, C-086; PAYMENTS rule 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.finance.invoices.models import Invoice
from migrator.journeys.allocate_refund import allocate_refund
from migrator.journeys.cancel_order import NotCancellable, cancel_order
from migrator.journeys.decide_refund import decline_refund
from migrator.journeys.request_refund import refund_facts
from migrator.journeys.resolve_exception import (
    NobodyAsked,
    agree_waiver,
    put_waiver_away,
    refund_exception,
    waive_exception,
)
from migrator.journeys.settle_payment import settle_payment
from migrator.money import Money
from migrator.nonprofit.models import ApplicationState, NonprofitApplication
from migrator.notifications.models import OwedMessage
from migrator.orders.queries import order_for_staff
from migrator.payments.gateway import CheckoutStatus
from migrator.payments.models import PaymentException
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.rules import (
    NotAllocated,
    NothingToRefund,
    NotTheSecondPerson,
    NotWaiting,
    RefundTooLarge,
)
from tests.factories.counter import LIMIT, REFUNDED_LATER, Counter
from tests.factories.till import Till

# What is asked here is the same on both databases; what is not is asked in `test_refund_races.py`.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def counter(till: Till) -> Counter:
    return Counter(till)


def letter(counter: Counter, kind: str) -> OwedMessage:
    with counter.till.app.app_context(), reading() as session:
        return session.scalars(select(OwedMessage).where(OwedMessage.kind == kind).order_by(OwedMessage.id)).all()[-1]


def test_half_an_order_goes_back_by_line_and_the_customer_reads_when(counter: Counter) -> None:
    number = counter.paid()
    refund_id = counter.ask(number, migration=12_000, insurance=800)
    assert counter.refund(refund_id).state is RefundState.REQUESTED
    assert counter.returned(number) == 0
    counter.send()
    refund = counter.refund(refund_id)
    assert (refund.state, refund.card) == (RefundState.DONE, "Visa ending in 4242")
    assert sum(line.amount_minor for line in refund.lines) == refund.amount_minor == 12_800
    assert counter.returned(number) == 12_800
    told = letter(counter, "refund_made")
    assert told.address == counter.till.customer.email
    for body in (told.text_body, told.html_body):
        assert "$128.00" in body
        assert "Visa ending in 4242" in body
        assert "within 5 to 10 days" in body


def test_a_second_press_of_the_button_is_the_first(counter: Counter) -> None:
    number = counter.paid()
    assert counter.ask(number, migration=12_000) == counter.ask(number, migration=12_000)
    counter.send()
    counter.send()
    assert counter.returned(number) == 12_000


def test_more_than_is_left_is_refused_and_changes_nothing(counter: Counter) -> None:
    number = counter.paid()
    counter.ask(number, migration=20_000)
    with pytest.raises(RefundTooLarge, match=r"\$49\.00 can still go back"):
        counter.ask(number, token="again", migration=4_901)
    with pytest.raises(NothingToRefund):
        counter.ask(number, token="nothing", migration=0)
    assert counter.reversed(number).refunds == (("requested", 20_000, True),)


def test_above_the_limit_a_second_person_approves_and_never_the_first(counter: Counter) -> None:
    number = counter.paid()
    refund_id = counter.ask(number, limit=Money(10_000), migration=10_001)
    counter.send()
    assert counter.reversed(number).refunds == (("awaiting_approval", 10_001, True),)
    assert letter(counter, "refund_awaiting").address == counter.second.email
    with pytest.raises(NotTheSecondPerson):
        counter.approve(refund_id, counter.first)
    counter.approve(refund_id)
    with pytest.raises(NotWaiting):
        counter.approve(refund_id)
    counter.send()
    assert counter.refund(refund_id).state is RefundState.DONE


def test_what_is_not_approved_is_never_sent_and_can_be_asked_for_again(counter: Counter) -> None:
    number = counter.paid()
    refund_id = counter.ask(number, limit=Money(1), migration=24_900)
    with counter.till.app.app_context(), transaction() as session:
        decline_refund(session, refund_id, reason="Half is enough", person=counter.second, now=counter.till.clock.now())
    counter.send()
    assert counter.returned(number) == 0
    assert letter(counter, "refund_declined").address == counter.first.email
    counter.ask(number, token="half", migration=12_450)
    counter.send()
    assert counter.returned(number) == 12_450


def test_a_pending_refund_ends_when_the_bank_says_so(counter: Counter) -> None:
    number = counter.paid(REFUNDED_LATER)
    refund_id = counter.ask(number, migration=5_000)
    counter.send()
    pending = counter.refund(refund_id)
    assert pending.state is RefundState.PENDING
    counter.answer(str(pending.provider_id), "succeeded")
    counter.sweep()
    assert counter.refund(refund_id).state is RefundState.DONE
    assert [one for one in counter.reversed(number).letters if one.startswith("refund_made")] == [
        f"refund_made {counter.till.customer.email}"
    ]


def test_a_refund_that_the_bank_returns_is_told_and_can_be_made_again(counter: Counter) -> None:
    number = counter.paid()
    refund_id = counter.ask(number, migration=5_000)
    counter.send()
    counter.answer(str(counter.refund(refund_id).provider_id), "failed")
    counter.till.tell(counter.till.events(number)[-1])
    counter.hear()
    failed = counter.refund(refund_id)
    assert (failed.state, failed.failure) == (RefundState.FAILED, "lost_or_stolen_card")
    assert "Your money is safe with us" in letter(counter, "refund_failed").text_body
    assert letter(counter, "refund_failed_staff").address == counter.second.email
    counter.ask(number, token="again", migration=24_900)
    counter.send()
    assert counter.returned(number) == 24_900
    with counter.till.app.app_context(), reading() as session:
        issued = session.scalars(select(Invoice).where(Invoice.refund_id.is_not(None)).order_by(Invoice.id)).all()
        assert [(paper.number, paper.against, paper.total_minor) for paper in issued] == [
            ("CRN-2026-0001", "INV-2026-0001", 5_000),
            ("CAN-2026-0001", "CRN-2026-0001", 5_000),
            ("CRN-2026-0002", "INV-2026-0001", 24_900),
        ]


def test_what_the_provider_refuses_fails_and_only_finance_is_told(counter: Counter) -> None:
    number = counter.paid()
    counter.in_dashboard(number, 20_000)
    refund_id = counter.ask(number, migration=10_000)
    counter.send()
    assert counter.refund(refund_id).state is RefundState.FAILED
    kinds = {one.split()[0] for one in counter.reversed(number).letters}
    assert "refund_failed_staff" in kinds
    assert "refund_failed" not in kinds


@pytest.mark.parametrize("way", ["message", "sweep"])
def test_a_refund_of_the_dashboard_arrives_and_finance_names_its_lines(counter: Counter, way: str) -> None:
    number = counter.paid()
    provider_id = counter.in_dashboard(number, 5_000)
    if way == "message":
        told = next(
            one.to_dict()
            for one in counter.till.sandbox.client.v1.events.list({"type": "refund.created"}).data
            if one.data.object.id == provider_id
        )
        assert counter.till.tell(told).text == "stored\n"
        counter.hear()
    else:
        counter.sweep()
    assert counter.reversed(number).refunds == (("done", 5_000, False),)
    assert letter(counter, "refund_unallocated").address == counter.second.email
    lines = counter.lines(number)
    with counter.till.app.app_context(), transaction() as session:
        refund_id = session.scalars(select(OwedMessage.cause).where(OwedMessage.kind == "refund_unallocated")).all()[-1]
    named = int(refund_id.partition(":")[2])
    with pytest.raises(NotAllocated):
        allocate(counter, named, {lines["migration"]: Money(4_999)})
    allocate(counter, named, {lines["migration"]: Money(3_257), lines["insurance"]: Money(1_743)})
    with pytest.raises(NotWaiting):
        allocate(counter, named, {lines["migration"]: Money(5_000)})
    with pytest.raises(RefundTooLarge):
        counter.ask(number, insurance=1)


def allocate(counter: Counter, refund_id: int, amounts: dict[int, Money]) -> None:
    with counter.till.app.app_context(), transaction() as session:
        allocate_refund(session, refund_id, amounts, person=counter.first, now=counter.till.clock.now())


def test_what_was_only_asked_for_makes_room_for_the_dashboard(counter: Counter) -> None:
    number = counter.paid()
    counter.ask(number, limit=Money(1), migration=20_000)
    counter.in_dashboard(number, 10_000)
    counter.sweep()
    assert counter.reversed(number).refunds == (("cancelled", 20_000, True), ("done", 10_000, False))


def test_all_given_back_before_the_start_ends_the_order(counter: Counter) -> None:
    number = counter.paid()
    counter.ask(number, migration=24_900, insurance=1_743)
    assert counter.reversed(number).state == "awaiting_access"
    counter.send()
    after = counter.reversed(number)
    assert after.state == "cancelled"
    assert f"order_cancelled {counter.till.customer.email}" in after.letters


def test_an_unstarted_order_is_cancelled_with_its_refund(counter: Counter) -> None:
    number = counter.paid()
    cancel(counter, number)
    assert "$266.43" in letter(counter, "order_cancelled").text_body
    counter.send()
    after = counter.reversed(number)
    assert (after.state, after.refunds) == ("cancelled", (("done", 26_643, True),))
    assert after.deeds.count("order.cancelled") == 1
    with pytest.raises(NotCancellable):
        cancel(counter, number)


def test_a_cancelled_order_above_the_limit_says_that_its_money_waits(counter: Counter) -> None:
    number = counter.paid()
    cancel(counter, number, limit=Money(1))
    assert "A second person here checks it first" in letter(counter, "order_cancelled").text_body
    assert counter.reversed(number).refunds == (("awaiting_approval", 26_643, True),)


def cancel(counter: Counter, number: str, limit: Money = LIMIT) -> None:
    with counter.till.app.app_context(), transaction() as session:
        order, now = order_for_staff(session, number), counter.till.clock.now()
        cancel_order(session, order, reason="The shop closes", token="t", person=counter.first, limit=limit, now=now)


def test_a_later_non_profit_gets_no_refund_of_what_was_bought_before(counter: Counter) -> None:
    number = counter.paid()
    with counter.till.app.app_context(), transaction() as session:
        order = order_for_staff(session, number)
        assert refund_facts(session, order).joined_later is False
        later = counter.till.clock.now() + timedelta(days=1)
        session.add(
            NonprofitApplication(
                organisation_id=order.organisation_id, applied_by_id=order.placed_by_id, country="Ukraine",
                registration_number="1", purpose="Books", state=ApplicationState.APPROVED, applied_at=later,
                answer_by_at=later, decided_at=later, valid_until_at=later + timedelta(days=365),
            )
        )  # fmt: skip
        session.flush()
        assert refund_facts(session, order).joined_later is True
    with pytest.raises(NotCancellable, match="bought before approval"):
        cancel(counter, number)


def paid_late(counter: Counter) -> tuple[str, int]:
    till = counter.till
    number = till.order()
    checkout_id = till.open_checkout(number)
    expired = replace(till.gateway.checkout(checkout_id), status=CheckoutStatus.EXPIRED)
    till.card(checkout_id)
    for said in (expired, till.gateway.checkout(checkout_id)):
        with till.app.app_context(), transaction() as session:
            settle_payment(session, said, now=till.clock.now())
    with till.app.app_context(), reading() as session:
        return number, session.scalars(select(PaymentException.id).order_by(PaymentException.id)).all()[-1]


def standing(counter: Counter, exception_id: int) -> str | None:
    with counter.till.app.app_context(), reading() as session:
        found = session.get_one(PaymentException, exception_id)
        return found.resolution.value if found.resolution else None


def test_money_that_does_not_fit_goes_back_and_waits_again_if_the_bank_returns_it(counter: Counter) -> None:
    number, exception_id = paid_late(counter)
    with counter.till.app.app_context(), transaction() as session:
        now = counter.till.clock.now()
        refund_id = refund_exception(session, exception_id, person=counter.first, limit=LIMIT, now=now).id
    assert standing(counter, exception_id) is None
    counter.send()
    assert standing(counter, exception_id) == "refunded"
    assert counter.returned(number) == 26_643
    counter.answer(str(counter.refund(refund_id).provider_id), "failed")
    counter.sweep()
    assert counter.refund(refund_id).state is RefundState.FAILED
    assert standing(counter, exception_id) is None


def test_above_the_limit_money_stays_when_a_second_person_agrees(counter: Counter) -> None:
    _, exception_id = paid_late(counter)
    now, words = counter.till.clock.now(), {"reason": "It pays the next order", "limit_minor": 26_642}

    def decide(deed: Callable[..., object], person: Person, **more: object) -> None:
        with counter.till.app.app_context(), transaction() as session:
            deed(session, exception_id, person=person, now=now, **more)

    with pytest.raises(NobodyAsked):
        decide(agree_waiver, counter.second)
    decide(waive_exception, counter.first, **words)
    with pytest.raises(NotWaiting):
        decide(waive_exception, counter.second, **words)
    with pytest.raises(NotTheSecondPerson):
        decide(agree_waiver, counter.first)
    decide(put_waiver_away, counter.second)
    decide(waive_exception, counter.first, **words)
    assert standing(counter, exception_id) is None
    decide(agree_waiver, counter.second)
    assert standing(counter, exception_id) == "waived"
    with pytest.raises(NotWaiting):
        decide(refund_exception, counter.first, limit=LIMIT)


def test_what_goes_back_does_not_stay_whoever_wanted_it(counter: Counter) -> None:
    number, exception_id = paid_late(counter)
    now = counter.till.clock.now()
    with counter.till.app.app_context(), transaction() as session:
        waive_exception(session, exception_id, reason="Perhaps", person=counter.first, limit_minor=1, now=now)
    counter.in_dashboard(number, 26_643)
    counter.sweep()
    assert standing(counter, exception_id) == "refunded"


def test_money_that_does_not_fit_stays_only_for_a_reason(counter: Counter) -> None:
    _, exception_id = paid_late(counter)
    for reason, outcome in ((" ", None), ("Agreed: it pays the next order", "waived")):
        try:
            with counter.till.app.app_context(), transaction() as session:
                now = counter.till.clock.now()
                waive_exception(session, exception_id, reason=reason, person=counter.first, limit_minor=50_000, now=now)
        except DomainError:
            assert outcome is None
        assert standing(counter, exception_id) == outcome
