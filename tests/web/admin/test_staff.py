"""The staff page: for administrators alone."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.accounts.models import Person
from migrator.database.session import transaction
from tests.factories.accounts import PASSWORD, a_person_with_password, fresh, letters, link_in, submit
from tests.factories.people import a_finance_person, an_account_manager, an_administrator, sign_in


@pytest.fixture
def boss(app: Flask, client: FlaskClient) -> Person:
    with app.app_context(), transaction() as session:
        person = an_administrator(session)
    sign_in(client, person)
    return person


def test_somebody_new_sets_a_password_by_the_link_in_the_welcome(app: Flask, client: FlaskClient, boss: Person) -> None:
    answer = submit(client, "/admin/staff", name="Mia Sand", email="mia@migrator.example", role="finance")
    assert answer.status_code == 303
    assert "Mia Sand" in client.get("/admin/staff").text
    (letter,) = letters(app, "mia@migrator.example")
    theirs = app.test_client()
    submit(theirs, link_in(letter), password=PASSWORD)
    assert submit(theirs, "/sign-in", email="mia@migrator.example", password=PASSWORD).location == "/home"
    assert theirs.get("/home").location == "/finance"


def test_an_address_in_use_and_a_wrong_role_are_refused(app: Flask, client: FlaskClient, boss: Person) -> None:
    used = submit(client, "/admin/staff", name="Mia", email=boss.email, role="finance")
    assert used.status_code == 409
    assert "is in use already" in used.text
    assert submit(client, "/admin/staff", name="Mia", email="m@migrator.example", role="customer").status_code == 422


def test_roles_change_and_people_go_and_come_back(app: Flask, client: FlaskClient, boss: Person) -> None:
    with app.app_context(), transaction() as session:
        manager = an_account_manager(session)
    theirs = app.test_client()
    sign_in(theirs, manager)
    submit(client, f"/admin/staff/{manager.id}/role", form_on="/admin/staff", role="finance")
    assert fresh(app, manager).role == "finance"
    submit(client, f"/admin/staff/{manager.id}/deactivate", form_on="/admin/staff")
    assert theirs.get("/account").status_code == 302
    submit(client, f"/admin/staff/{manager.id}/reactivate", form_on="/admin/staff")
    assert fresh(app, manager).active
    assert theirs.get("/account").status_code == 302


def test_your_own_account_is_not_yours_to_change(app: Flask, client: FlaskClient, boss: Person) -> None:
    for path, fields in (("role", {"role": "finance"}), ("deactivate", {})):
        answer = submit(client, f"/admin/staff/{boss.id}/{path}", form_on="/admin/staff", **fields)
        assert answer.status_code == 409
        assert "Ask another administrator" in answer.text


def test_customers_are_not_staff(app: Flask, client: FlaskClient, boss: Person) -> None:
    customer = a_person_with_password(app)
    answer = submit(client, f"/admin/staff/{customer.id}/role", form_on="/admin/staff", role="administrator")
    assert "There is no such person." in answer.text
    assert customer.email not in client.get("/admin/staff").text
    assert fresh(app, customer).role == "customer"


def test_the_page_does_not_exist_for_others(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        others = [an_account_manager(session), a_finance_person(session)]
    for person in [*others, a_person_with_password(app)]:
        client = app.test_client()
        sign_in(client, person)
        assert client.get("/admin/staff").status_code == 404
    assert app.test_client().get("/admin/staff").location == "/sign-in?next=/admin/staff"
