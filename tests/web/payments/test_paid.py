"""The way back from the provider: it proves nothing, and shows nobody else's payment."""

from __future__ import annotations

import pytest

from migrator.payments.gateway import CheckoutSession, GatewayUnreachable
from tests.factories.till import PAID_ONCE, Till


def test_coming_back_settles_and_says_what_comes_next(till: Till) -> None:
    number = till.order()
    page = till.come_back(number, till.paid_at_provider(number))
    for words in ("Paid: $266.43 for Package Basic", "Next: send access details", "within 1 working day"):
        assert words in page.text
    assert till.books(number) == PAID_ONCE


def test_coming_back_again_and_again_changes_nothing(till: Till) -> None:
    number = till.order()
    checkout_id = till.paid_at_provider(number)
    for _ in range(3):
        assert "Paid: $266.43" in till.come_back(number, checkout_id).text
    assert till.books(number) == PAID_ONCE


def test_a_redirect_without_a_payment_is_being_confirmed(till: Till) -> None:
    number = till.order()
    page = till.come_back(number, till.open_checkout(number))
    assert "We are confirming your payment" in page.text
    assert '<meta http-equiv="refresh" content="5">' in page.text
    assert 'hx-trigger="every 3s"' in page.text
    assert till.books(number).state == "awaiting_payment"


def test_while_the_provider_is_silent_we_are_confirming_and_then_it_is_paid(till: Till) -> None:
    number, gateway = till.order(), till.gateway
    checkout_id = till.paid_at_provider(number)
    till.use(Silent())
    assert "We are confirming your payment" in till.come_back(number, checkout_id).text
    till.use(gateway)
    assert "Paid: $266.43" in till.come_back(number, checkout_id).text


def test_a_closed_checkout_leads_back_to_the_pay_page(till: Till) -> None:
    number = till.order()
    checkout_id = till.open_checkout(number)
    till.gateway.expire_checkout(checkout_id)
    back = till.client().get(f"/orders/{number}/paid?session={checkout_id}", follow_redirects=True)
    assert back.request.path == f"/orders/{number}/pay"
    assert "Nothing was charged." in back.text


def test_the_checkout_of_another_order_pays_nothing_here(till: Till) -> None:
    mine, other = till.order(), till.order()
    checkout_id = till.paid_at_provider(other)
    assert till.come_back(mine, checkout_id).status_code == 404
    assert till.books(mine).state == "awaiting_payment"
    assert till.books(other).state == "awaiting_payment"
    assert "Paid: $266.43" in till.come_back(other, checkout_id).text
    assert till.come_back(mine, checkout_id).status_code == 404


@pytest.mark.parametrize("made_up", ["", "cs_test_unknown", "../charges", "cs_" + "a" * 500, "cs_test_1%00"])
def test_a_made_up_checkout_does_not_exist(till: Till, made_up: str) -> None:
    assert till.come_back(till.order(), made_up).status_code == 404


class Silent:
    """A way to the provider on which nothing answers."""

    def checkout(self, session_id: str) -> CheckoutSession:
        raise GatewayUnreachable("The payment provider cannot be reached. Try again in a minute.")
