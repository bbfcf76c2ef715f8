"""One settlement, whoever brings the news; money that does not fit is kept and put before finance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from migrator.accounts.models import Organisation
from migrator.database.session import reading, transaction
from migrator.journeys.settle_payment import Settlement, UnknownCheckout, settle_payment
from migrator.money import Money
from migrator.notifications.models import OwedMessage
from migrator.orders.operations import cancel
from migrator.orders.queries import order_for_staff
from migrator.payments.gateway import CheckoutSession, CheckoutStatus
from migrator.payments.models import PaymentException
from tests.factories.people import a_customer, a_finance_person
from tests.factories.till import PAID_ONCE, Till
from tests.sandbox.stand_in import DECLINES


def settle(till: Till, checkout: CheckoutSession) -> Settlement:
    with till.app.app_context(), transaction() as session:
        return settle_payment(session, checkout, now=till.clock.now())


def paid_unseen(till: Till, number: str) -> CheckoutSession:
    return till.gateway.checkout(till.paid_at_provider(number))


def test_a_full_payment_pays_the_order_once_however_often_it_is_told(till: Till) -> None:
    number = till.order()
    checkout = paid_unseen(till, number)
    assert [settle(till, checkout) for _ in range(3)] == [Settlement.PAID] * 3
    assert till.books(number) == PAID_ONCE


def test_the_letter_tells_the_promise_and_reaches_a_colleague_of_one_who_left(till: Till) -> None:
    number = till.order()
    checkout = paid_unseen(till, number)
    with till.app.app_context(), transaction() as session:
        order = order_for_staff(session, number)
        organisation = session.get_one(Organisation, order.organisation_id)
        colleague = a_customer(session, organisation=organisation, email="colleague@customer.example").email
        order.placed_by.active = False
    settle(till, checkout)
    with till.app.app_context(), reading() as session:
        letter = session.scalars(select(OwedMessage).where(OwedMessage.kind == "payment_received")).one()
    assert letter.address == colleague
    assert "The count has not started" in letter.text_body
    assert "The count has not started" in letter.html_body


def test_an_open_checkout_changes_nothing(till: Till) -> None:
    number = till.order()
    assert settle(till, till.gateway.checkout(till.open_checkout(number))) is Settlement.WAITING
    assert till.books(number).attempts == ("open",)


def test_an_expired_checkout_ends_its_attempt(till: Till) -> None:
    number = till.order()
    checkout_id = till.open_checkout(number)
    till.clock.advance(timedelta(minutes=60))
    assert settle(till, till.gateway.expire_checkout(checkout_id)) is Settlement.EXPIRED
    assert till.books(number).attempts == ("expired",)


def test_an_old_word_after_the_payment_takes_nothing_back(till: Till) -> None:
    number = till.order()
    checkout_id = till.open_checkout(number)
    before = till.gateway.checkout(checkout_id)
    till.card(checkout_id)
    settle(till, till.gateway.checkout(checkout_id))
    assert settle(till, before) is Settlement.PAID
    assert till.books(number) == PAID_ONCE


def test_paid_late_is_kept_and_proposed_for_refund(till: Till) -> None:
    number = till.order()
    checkout_id = till.open_checkout(number)
    expired = replace(till.gateway.checkout(checkout_id), status=CheckoutStatus.EXPIRED)
    settle(till, expired)
    till.card(checkout_id)
    assert settle(till, till.gateway.checkout(checkout_id)) is Settlement.DOES_NOT_FIT
    assert_put_before_finance(till, number, "paid_late", 26_643)
    assert till.books(number).state == "awaiting_payment"


def test_paid_twice_is_kept_and_proposed_for_refund(till: Till) -> None:
    number = till.order()
    first = till.open_checkout(number)
    settle(till, replace(till.gateway.checkout(first), status=CheckoutStatus.EXPIRED))
    second = till.open_checkout(number)
    till.card(second)
    assert settle(till, till.gateway.checkout(second)) is Settlement.PAID
    till.card(first)
    assert settle(till, till.gateway.checkout(first)) is Settlement.DOES_NOT_FIT
    assert_put_before_finance(till, number, "paid_twice", 26_643)
    assert till.books(number).payments == ((26_643, "applied"), (26_643, "paid_twice"))
    assert till.books(number).letters.count("payment_received") == 1
    assert "We have your money, and it does not fit the order" in till.come_back(number, first).text


def test_paid_after_cancelling_is_kept_and_proposed_for_refund(till: Till) -> None:
    number = till.order()
    checkout_id = till.open_checkout(number)
    cancel_order(till, number)
    till.card(checkout_id)
    till.sweep()
    assert_put_before_finance(till, number, "paid_after_cancel", 26_643)
    assert till.books(number).state == "cancelled"


def test_another_amount_is_taken_at_the_provider_s_word_and_pays_nothing(till: Till) -> None:
    number = till.order()
    checkout = replace(paid_unseen(till, number), amount_total=Money(26_600))
    assert settle(till, checkout) is Settlement.DOES_NOT_FIT
    assert_put_before_finance(till, number, "amount_mismatch", 26_600)
    assert till.books(number).state == "awaiting_payment"


def test_another_currency_pays_nothing(till: Till) -> None:
    number = till.order()
    checkout = replace(paid_unseen(till, number), amount_total=Money(26_643, "EUR"))
    assert settle(till, checkout) is Settlement.DOES_NOT_FIT
    assert till.books(number).exceptions == ("amount_mismatch",)


def test_money_that_does_not_fit_is_told_to_finance_and_managers_once(till: Till) -> None:
    with till.app.app_context(), transaction() as session:
        finance = a_finance_person(session).email
    number = till.order()
    checkout = replace(paid_unseen(till, number), amount_total=Money(26_600))
    for _ in range(2):
        settle(till, checkout)
    with till.app.app_context(), reading() as session:
        told = session.scalars(select(OwedMessage.address).where(OwedMessage.kind == "payment_exception")).all()
    assert told.count(finance) == 1
    assert len(told) == 2


@pytest.mark.parametrize("difference", [{"order_number": "MIG-AAAA-A"}, {"id": "cs_test_other", "metadata": {}}])
def test_a_checkout_that_is_not_ours_is_refused(till: Till, difference: dict[str, object]) -> None:
    number = till.order()
    checkout = replace(paid_unseen(till, number), **difference)  # type: ignore[arg-type]
    with pytest.raises(UnknownCheckout):
        settle(till, checkout)
    assert till.books(number).payments == ()


def test_a_failure_is_told_once_in_the_provider_s_words(till: Till) -> None:
    number = till.order()
    checkout_id = till.open_checkout(number)
    till.card(checkout_id, DECLINES)
    for _ in range(2):
        settle(till, till.gateway.checkout(checkout_id))
    assert till.books(number).deeds.count("payment.failed") == 1


def cancel_order(till: Till, number: str) -> None:
    with till.app.app_context(), transaction() as session:
        order = order_for_staff(session, number, for_update=True)
        cancel(session, order, actor=till.customer.actor, now=till.clock.now())


def assert_put_before_finance(till: Till, number: str, code: str, minor_units: int) -> None:
    books = till.books(number)
    assert books.exceptions == (code,)
    assert (minor_units, code) in books.payments
    assert "payment.exception" in books.deeds
    assert "payment_exception" in books.letters
    with till.app.app_context(), reading() as session:
        exception = session.scalars(select(PaymentException)).one()
    assert exception.proposed_refund_minor == minor_units
