"""A second currency goes the whole way: yen have no decimals from the shop window to the invoice."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy import select

from migrator.database.session import reading, transaction
from migrator.finance.invoices.models import Invoice
from migrator.journeys.offer_supplement import offer_hours
from migrator.money import Money
from migrator.orders.models import Order
from migrator.orders.queries import lines_of, order_for_staff
from migrator.orders.supplement_models import Supplement
from migrator.payments.models import Payment
from migrator.wiring import EXTENSION
from tests.conftest import NOW
from tests.factories.forms import actions_of, fields_of
from tests.factories.till import Till

ANSWERS = "source=wordpress&target=shopify&pages=400&who=self_service&insurance=1&currency=JPY"
PRICE, PREMIUM, TOTAL = 10_350, 725, 11_075


def sell_in(till: Till, *currencies: str) -> None:
    wiring = till.app.extensions[EXTENSION]
    till.app.extensions[EXTENSION] = replace(wiring, settings=replace(wiring.settings, currencies=currencies))


def order_by_page(till: Till) -> str:
    client = till.client()
    page = client.get(f"/orders/new/check?{ANSWERS}").text
    action = next(action for action in actions_of(page) if action.startswith("/orders?"))
    typed = {
        "source_address": "https://old.example",
        "target_address": "https://new.example",
        "has_backup": "y",
        "own_backup_on": "2026-11-23",
    }
    till.app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(action, data={**fields_of(page, action), **typed})
    assert answer.status_code == 303, answer.text
    return answer.location.split("/")[2]


def test_yen_go_from_the_shop_window_to_the_invoice_without_decimals(till: Till) -> None:
    sell_in(till, "USD", "JPY")
    window = till.client().get(f"/start?{ANSWERS}").text
    for words in ("¥10,350", "7 % of ¥10,350 = ¥725", "¥11,075", "Which currency do you pay in?"):
        assert words in window
    number = order_by_page(till)
    checkout_id = till.paid_at_provider(number)
    till.come_back(number, checkout_id)
    assert till.gateway.checkout(checkout_id).amount_total == Money(TOTAL, "JPY")
    with till.app.app_context(), reading() as session:
        order = order_for_staff(session, number)
        assert [line.amount for line in lines_of(session, order)] == [Money(PRICE, "JPY"), Money(PREMIUM, "JPY")]
        assert session.scalars(select(Payment)).one().amount == Money(TOTAL, "JPY")
        assert {invoice.total for invoice in session.scalars(select(Invoice))} == {Money(TOTAL, "JPY")}
    for path in (f"/orders/{number}", f"/orders/{number}/receipt", "/invoices", "/invoices/INV-2026-0001"):
        page = till.client().get(path).text
        assert "¥11,075" in page, path
        assert not re.search(r"¥[\d,]+\.\d|\$\d", page), path


def test_what_is_bought_later_is_paid_in_the_order_s_currency(till: Till) -> None:
    sell_in(till, "USD", "JPY")
    number = order_by_page(till)
    till.come_back(number, till.paid_at_provider(number))
    sell_in(till, "USD")
    with till.app.app_context(), transaction() as session:
        order = order_for_staff(session, number)
        supplement_id = offer_hours(session, order, minutes=6, by=order.placed_by, now=NOW).id
    assert "¥675" in till.client().get(f"/orders/{number}/extras/{supplement_id}").text
    paid = till.client().post(f"/orders/{number}/extras/{supplement_id}/pay")
    checkout_id = paid.location.rpartition("/")[2]
    till.card(checkout_id)
    till.come_back(number, checkout_id)
    with till.app.app_context(), reading() as session:
        assert session.scalars(select(Supplement.state)).all() == ["paid"]
        assert session.scalars(select(Order.total_minor)).one() == TOTAL + 675


def test_a_currency_that_is_not_sold_in_gives_way_to_the_usual_one(till: Till) -> None:
    page = till.client().get(f"/start?{ANSWERS}")
    assert page.status_code == 200
    assert "$69.00" in page.text
    assert "Which currency" not in page.text


def test_one_of_several_currencies_must_be_one_that_is_sold_in(till: Till) -> None:
    sell_in(till, "USD", "EUR")
    page = till.client().get(f"/start?{ANSWERS}")
    assert page.status_code == 422
    assert "Choose a currency from those shown" in page.text


def test_the_price_list_shows_each_currency(till: Till) -> None:
    sell_in(till, "USD", "JPY")
    assert "¥37,350" in till.client().get("/prices?currency=JPY").text
    assert 'href="/prices?currency=JPY"' in till.client().get("/prices").text
    assert "$249.00" in till.client().get("/prices?currency=XYZ").text
