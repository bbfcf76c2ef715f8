"""Tax by the customer's country: nothing by default; where it is charged, a line of its own that stays."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from migrator.accounts.models import Organisation
from migrator.catalogue.rules import LineKind
from migrator.database.session import reading, transaction
from migrator.finance.invoices.operations import NoTaxRate, know_seller
from migrator.journeys.offer_supplement import offer_hours
from migrator.orders.models import Order, OrderLine
from migrator.orders.queries import order_for_staff
from tests.conftest import NOW
from tests.factories.forms import actions_of, fields_of
from tests.factories.money import a_payment
from tests.factories.people import a_customer, sign_in

ANSWERS = "source=wordpress&target=shopify&pages=800&who=package&insurance=1"
CHECK = f"/orders/new/check?{ANSWERS}"
TYPED = {
    "source_address": "https://old.example",
    "target_address": "https://new.example",
    "has_backup": "y",
    "own_backup_on": "2026-11-23",
}


@pytest.fixture(autouse=True)
def _customer(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        sign_in(client, a_customer(session))


def charge_in(app: Flask, countries: str) -> None:
    with app.app_context(), transaction() as session:
        know_seller(session, name="Movers Ltd", address="", tax_id="", tax_countries=countries, now=NOW)


def lines_of(app: Flask) -> list[tuple[str, int]]:
    with app.app_context(), reading() as session:
        return [(line.kind, line.amount_minor) for line in session.scalars(select(OrderLine).order_by(OrderLine.id))]


def send(client: FlaskClient, **typed: str) -> tuple[int, str]:
    page = client.get(CHECK).text
    action = next(action for action in actions_of(page) if action.startswith("/orders?"))
    fields = {**fields_of(page, action), **TYPED, **typed}
    answer = client.post(action, data=fields)
    return answer.status_code, answer.text


def test_by_default_no_tax_is_added_and_the_country_may_stay_open(app: Flask, client: FlaskClient) -> None:
    assert "None added" in client.get(CHECK).text
    assert send(client)[0] == 303
    assert LineKind.TAX not in dict(lines_of(app))


def test_the_country_is_kept_for_the_next_order(app: Flask, client: FlaskClient) -> None:
    assert send(client, country="UA")[0] == 303
    with app.app_context(), reading() as session:
        assert session.scalars(select(Organisation.country)).all() == ["UA"]
    assert '<option selected value="UA">Ukraine</option>' in client.get(CHECK).text


def test_where_tax_is_charged_the_country_must_be_named_and_the_new_total_seen(app: Flask, client: FlaskClient) -> None:
    charge_in(app, "DE,FR")
    assert "By your country" in client.get(CHECK).text
    assert "By your country" in client.get(f"/start?{ANSWERS}").text
    status, page = send(client)
    assert (status, "Choose your country" in page) == (409, True)
    status, page = send(client, country="DE")
    assert status == 409
    assert "In Germany tax of 19 % is added. The price is $317.05 now; it was $266.43" in page
    assert lines_of(app) == []
    assert "19 % of $266.43" in page
    assert send(client, country="DE", shown_total="$317.05")[0] == 303
    assert lines_of(app) == [(LineKind.MIGRATION, 24_900), (LineKind.INSURANCE, 1_743), (LineKind.TAX, 5_062)]
    assert "$50.62" in client.get(f"/start?{ANSWERS}").text


def test_elsewhere_no_tax_is_added(app: Flask, client: FlaskClient) -> None:
    charge_in(app, "DE")
    assert send(client, country="US")[0] == 303
    assert len(lines_of(app)) == 2


def test_what_was_sold_keeps_its_rate_and_what_is_bought_later_has_it_too(app: Flask, client: FlaskClient) -> None:
    charge_in(app, "DE")
    send(client, country="DE", shown_total="$317.05")
    charge_in(app, "FR")
    with app.app_context(), transaction() as session:
        order = session.scalars(select(Order)).one()
        a_payment(session, order)
        order = order_for_staff(session, order.number)
        supplement = offer_hours(session, order, minutes=60, by=order.placed_by, now=NOW)
        number = order.number
        assert [(line["kind"], line["amount_minor"]) for line in supplement.lines] == [("hours", 4_500), ("tax", 855)]
        assert supplement.amount_minor == 5_355
    offer = client.get(f"/orders/{number}/extras/{supplement.id}").text
    assert "Tax, 19 %" in offer
    assert "$53.55" in offer
    invoice = client.get("/invoices/INV-2026-0001").text
    for words in ("Without tax", "$266.43", "Tax, 19 %", "$50.62", "$317.05", "Germany"):
        assert words in invoice


@pytest.mark.parametrize("country", ["XX", "Германия", "DE'--", "d" * 5_000])
def test_what_is_no_country_is_refused_at_its_field(app: Flask, client: FlaskClient, country: str) -> None:
    status, page = send(client, country=country)
    assert (status, "Choose a country from the list" in page) == (422, True)
    assert lines_of(app) == []


def test_a_country_without_a_rate_stops_the_start(app: Flask) -> None:
    with pytest.raises(NoTaxRate, match="XX"):
        charge_in(app, "DE,XX")
