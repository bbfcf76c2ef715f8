"""The pay page: what is charged, one button, and what became of the last try."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from migrator.accounts.models import Person
from migrator.database.session import transaction
from migrator.money import Money
from migrator.orders.models import Order
from migrator.orders.operations import cancel
from migrator.orders.queries import lines_of, order_for_staff
from migrator.payments.gateway import CheckoutRequest, CheckoutSession, GatewayUnreachable, PaymentGateway
from migrator.policy.types import Family
from tests.conftest import BACKENDS
from tests.factories.people import a_customer, an_account_manager
from tests.factories.till import PAID_ONCE, Till
from tests.sandbox.stand_in import ASKS, DECLINES


def test_the_page_says_what_is_charged_line_by_line(till: Till) -> None:
    page = till.client().get(f"/orders/{till.order()}/pay")
    assert page.status_code == 200
    for words in ("Package Basic", "$249.00", "$249.00 × 7 % = $17.43", "Pay $266.43"):
        assert words in page.text


def test_the_button_leads_to_the_provider_s_page_for_exactly_that(till: Till) -> None:
    number = till.order()
    answer = till.press_pay(number)
    assert answer.status_code == 303
    assert answer.location.startswith(f"{till.sandbox.url}/c/pay/cs_test_")
    opened = till.gateway.checkout(answer.location.rpartition("/")[2])
    assert (opened.order_number, opened.amount_total) == (number, Money(26_643))
    assert opened.expires_at == till.clock.now() + timedelta(minutes=60)


def test_a_second_press_leads_to_the_same_page(till: Till) -> None:
    number = till.order()
    assert till.press_pay(number).location == till.press_pay(number).location
    assert "The button takes you back to it" in till.client().get(f"/orders/{number}/pay").text


@pytest.mark.parametrize("backend", BACKENDS, indirect=True)
def test_two_tabs_at_once_lead_to_one_page_and_one_charge(till: Till) -> None:
    number = till.order()
    tabs = [till.client() for _ in range(4)]
    with ThreadPoolExecutor(len(tabs)) as people:
        answers = list(people.map(lambda tab: till.press_pay(number, tab), tabs))
    assert {answer.status_code for answer in answers} == {303}
    (location,) = {answer.location for answer in answers}
    checkout_id = location.rpartition("/")[2]
    with ThreadPoolExecutor(2) as people:
        list(people.map(till.card, [checkout_id, checkout_id]))
    till.sweep()
    assert till.charges(number) == 1
    assert till.books(number) == PAID_ONCE


def test_a_declined_card_is_told_on_the_way_back_and_can_be_followed_by_another(till: Till) -> None:
    number = till.order()
    checkout_id = till.open_checkout(number)
    till.card(checkout_id, DECLINES)
    page = till.client().get(f"/orders/{number}/pay?left=1")
    assert "The last try did not go through" in page.text
    assert "Your card was declined. Nothing was charged." in page.text
    assert till.open_checkout(number) == checkout_id
    till.card(checkout_id)
    assert "Paid: $266.43" in till.come_back(number, checkout_id).text
    books = till.books(number)
    assert (books.payments, books.attempts) == (PAID_ONCE.payments, PAID_ONCE.attempts)
    assert "payment.failed" in books.deeds


def test_a_bank_that_does_not_know_the_customer_is_told_too(till: Till) -> None:
    number = till.order()
    checkout_id = till.open_checkout(number)
    till.card(checkout_id, ASKS)
    till.sandbox.answer_bank(checkout_id, "fail")
    assert "could not confirm that it is you" in till.client().get(f"/orders/{number}/pay?left=1").text


def test_leaving_the_provider_s_page_charges_nothing_and_says_so(till: Till) -> None:
    number = till.order()
    till.open_checkout(number)
    page = till.client().get(f"/orders/{number}/pay?left=1")
    assert "Nothing was charged." in page.text
    assert till.charges(number) == 0


def test_leaving_after_paying_in_another_tab_shows_that_it_is_paid(till: Till) -> None:
    number = till.order()
    checkout_id = till.paid_at_provider(number)
    back = till.client().get(f"/orders/{number}/pay?left=1")
    assert back.location == f"/orders/{number}/paid?session={checkout_id}"
    assert till.books(number) == PAID_ONCE


def test_a_page_whose_time_is_over_makes_way_for_a_new_one(till: Till) -> None:
    number = till.order()
    first = till.open_checkout(number)
    till.clock.advance(timedelta(minutes=61))
    second = till.open_checkout(number)
    assert second != first
    assert till.books(number).attempts == ("expired", "open")


def test_pressing_again_after_paying_unseen_pays_nothing_more(till: Till) -> None:
    number = till.order()
    checkout_id = till.paid_at_provider(number)
    assert till.press_pay(number).location == f"/orders/{number}/paid?session={checkout_id}"
    assert till.press_pay(number).location == f"/orders/{number}/pay"
    assert till.client().get(f"/orders/{number}/pay").location == f"/orders/{number}/receipt"
    assert till.charges(number) == 1


def test_a_cancelled_order_cannot_be_paid(till: Till) -> None:
    number = till.order()
    with till.app.app_context(), transaction() as session:
        cancel(
            session, order_for_staff(session, number, for_update=True), actor=till.customer.actor, now=till.clock.now()
        )
    page = till.client().get(f"/orders/{number}/pay")
    assert (page.status_code, "this order was cancelled" in page.text) == (409, True)
    assert till.press_pay(number).status_code == 303
    assert till.books(number).attempts == ()


def test_an_amount_below_the_provider_s_minimum_is_refused_before_checkout(till: Till) -> None:
    number = till.order()
    _reprice(till, number, 49)
    page = till.client().get(f"/orders/{number}/pay")
    assert (page.status_code, "Cards are charged from $0.50 on" in page.text, "disabled" in page.text) == (
        200,
        True,
        True,
    )
    answer = till.press_pay(number)
    assert (answer.status_code, "this order is $0.49" in answer.text) == (409, True)
    assert till.books(number).attempts == ()


def test_an_order_that_costs_nothing_breaks_nothing(till: Till) -> None:
    number = till.order()
    _reprice(till, number, 0)
    assert till.client().get(f"/orders/{number}/pay").status_code == 200
    assert till.press_pay(number).status_code == 409


@pytest.mark.parametrize("page", ["pay", "paid?session=cs_test_1", "receipt"])
def test_somebody_else_s_order_does_not_exist(till: Till, page: str) -> None:
    number = till.order()
    with till.app.app_context(), transaction() as session:
        others: list[Person] = [a_customer(session), an_account_manager(session)]
    for person in others:
        assert till.client(person).get(f"/orders/{number}/{page}").status_code == 404
        assert till.press_pay(number, till.client(person)).status_code == 404
    assert till.books(number).attempts == ()


def test_a_provider_that_does_not_answer_is_said_and_the_same_page_opens_later(till: Till) -> None:
    number, gateway = till.order(), till.gateway
    till.use(Forgetful(gateway))
    answer = till.press_pay(number)
    assert (answer.status_code, "cannot be reached" in answer.text) == (503, True)
    assert till.books(number).attempts == ("prepared",)
    till.use(gateway)
    checkout_id = till.open_checkout(number)
    made = [
        one.id for one in till.sandbox.client.v1.checkout.sessions.list().data if one.metadata["order_number"] == number
    ]
    assert made == [checkout_id]


def test_an_order_of_a_million_dollars_is_refused_by_the_provider_in_words(till: Till) -> None:
    number = till.order(family=Family.SELF_SERVICE, sku="SELF-5000", pages=4_000, insurance_plan=None)
    with till.app.app_context(), transaction() as session:
        order = session.scalars(select(Order).where(Order.number == number)).one()
        for line in lines_of(session, order):
            line.amount_minor = order.total_minor = 100_000_000
    answer = till.press_pay(number)
    assert (answer.status_code, "refused this payment" in answer.text) == (409, True)
    assert till.books(number).attempts == ("failed",)
    page = till.client().get(f"/orders/{number}/pay")
    assert "The payment page could not be opened." in page.text


class Forgetful:
    """A way to the provider on which the answer to an opened checkout is lost."""

    def __init__(self, gateway: PaymentGateway) -> None:
        self._gateway = gateway

    def create_checkout(self, request: CheckoutRequest) -> CheckoutSession:
        self._gateway.create_checkout(request)
        raise GatewayUnreachable("The payment provider cannot be reached. Try again in a minute.")


def _reprice(till: Till, number: str, minor_units: int) -> None:
    with till.app.app_context(), transaction() as session:
        session.scalars(select(Order).where(Order.number == number)).one().total_minor = minor_units
