"""Orders change hands in the list and all at once: once each, with their history, and never behind somebody's back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from migrator.database.session import reading, transaction
from migrator.history.models import HistoryEntry
from migrator.notifications.models import OwedMessage
from migrator.orders.models import Order
from tests.factories import stages
from tests.factories.people import a_customer, an_account_manager, sign_in


@dataclass
class Team:
    """Three open orders of Ada's; Ben and Cy have none."""

    numbers: list[str]
    ada: int
    ben: int
    cy: int
    customer: int


@pytest.fixture
def team(app: Flask, client: FlaskClient) -> Team:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        ada, ben, cy = (an_account_manager(session, name=name) for name in ("Ada", "Ben", "Cy"))
        customer = a_customer(session)
        numbers = [stages.a_paid_order(session, manager=ada, person=customer).number for _ in range(3)]
        sign_in(client, ada)
        return Team(numbers, ada.id, ben.id, cy.id, customer.id)


def managers(app: Flask, numbers: list[str]) -> list[int | None]:
    """This will return who looks after each order."""
    with app.app_context(), reading() as session:
        found = dict(session.execute(select(Order.number, Order.account_manager_id)).all())
    return [found[number] for number in numbers]


def deeds_and_letters(app: Flask) -> tuple[int, int]:
    """This will count what the history holds and what is owed."""
    with app.app_context(), reading() as session:
        tables = (HistoryEntry, OwedMessage)
        deeds, letters = (session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
        return deeds, letters


def test_ticked_orders_are_assigned_once(app: Flask, client: FlaskClient, team: Team) -> None:
    page = client.get("/desk?group=customers").text
    assert f'value="{team.numbers[0]}:{team.ada}"' in page
    before = deeds_and_letters(app)
    form = {"order": [f"{number}:{team.ada}" for number in team.numbers[:2]], "manager": str(team.ben)}
    answer = client.post("/desk/assign?group=customers", data=form)
    assert (answer.status_code, answer.location) == (303, "/desk?group=customers")
    assert managers(app, team.numbers) == [team.ben, team.ben, team.ada]
    after = deeds_and_letters(app)
    assert after == (before[0] + 2, before[1] + 2)
    assert "Ben looks after 2 more orders now." in client.get("/desk").text
    client.post("/desk/assign", data=form)
    assert deeds_and_letters(app) == after
    assert "Ben looked after these orders already." in client.get("/desk").text


@pytest.mark.parametrize(
    ("orders", "manager", "sentence"),
    [
        (["{0}:{ada}", "{1}:{cy}"], "ben", "Nothing was assigned: {1} changed since you opened the list."),
        (["{0}:{ada}", "MIG-2222-2:0"], "ben", "One of these orders does not exist. Nothing was assigned."),
        ([], "ben", "Choose at least one order first."),
        (["{0}:{ada}"], "customer", "Choose a person from the list"),
        (["{0}:{ada}"], "", "Choose a person from the list"),
        (["{0}:²"], "ben", "changed since you opened the list."),
        ([f"MIG-{place}:1" for place in range(60)], "ben", "Choose at most 50 orders at once."),
    ],
)
def test_what_cannot_be_assigned_changes_nothing(
    app: Flask, client: FlaskClient, team: Team, orders: list[str], manager: str, sentence: str
) -> None:
    names = {"ada": team.ada, "cy": team.cy}
    form = {
        "order": [order.format(*team.numbers, **names) for order in orders],
        "manager": str(getattr(team, manager)) if manager else "",
    }
    before = deeds_and_letters(app)
    answer = client.post("/desk/assign?group=customers", data=form)
    assert answer.status_code == 409
    assert sentence.format(*team.numbers) in answer.text
    assert managers(app, team.numbers) == [team.ada] * 3
    assert deeds_and_letters(app) == before


def test_everything_of_a_person_is_spread_over_others(app: Flask, client: FlaskClient, team: Team) -> None:
    assert "Ada: 3 open" in client.get("/desk/team").text
    form = {"from": str(team.ada), "to": [str(team.ben), str(team.cy)]}
    before = deeds_and_letters(app)
    assert client.post("/desk/team/hand-over", data=form).status_code == 303
    assert sorted(managers(app, team.numbers)) == [team.ben, team.ben, team.cy]
    after = deeds_and_letters(app)
    assert after == (before[0] + 3, before[1] + 3)
    assert "3 open orders handed over." in client.get("/desk/team").text
    client.post("/desk/team/hand-over", data=form)
    assert deeds_and_letters(app) == after
    refused = client.post("/desk/team/hand-over", data={"from": str(team.ada), "to": [str(team.ada)]})
    assert refused.status_code == 409
    assert "it cannot be the person who has them now" in refused.text


def test_a_view_is_kept_under_its_name_and_let_go(client: FlaskClient, team: Team) -> None:
    address = "/desk/views?group=customers&whose=mine&family=package"
    assert client.post(address, data={"name": "  My   packages "}).status_code == 303
    page = client.get("/desk").text
    assert 'href="/desk?group=customers&amp;whose=mine&amp;family=package">My packages</a>' in page
    assert client.post(address, data={"name": " "}).status_code == 409
    view = page.split('action="/desk/views/')[1].split("/")[0]
    assert client.post(f"/desk/views/{view}/forget").status_code == 303
    assert "My packages" not in client.get("/desk").text
