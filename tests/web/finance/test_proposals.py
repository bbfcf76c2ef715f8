"""Finance confirms what may belong together, on the page of reconciliation."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from migrator.database.session import reading, transaction
from migrator.finance.reconciliation.run_models import Match
from tests.factories.people import a_finance_person, sign_in
from tests.finance.reconciliation.test_proposals import a_bank_charge, a_paid_order, proposed


@pytest.mark.parametrize(("answer", "rules"), [("confirm", ["confirmed"]), ("reject", [])])
def test_a_proposal_is_decided_once(app: Flask, client: FlaskClient, answer: str, rules: list[str]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        order = a_paid_order(session)
        a_bank_charge(session, order, 1)
        proposed(session)
        number = order.number
        sign_in(client, a_finance_person(session))
    page = client.get("/finance/reconciliation").text
    assert number in page
    (path,) = set(re.findall(r"/finance/reconciliation/proposals/\d+", page))
    assert client.post(path, data={"answer": answer}).status_code == 303
    assert path not in client.get("/finance/reconciliation").text
    assert client.post(path, data={"answer": answer}).status_code == 409
    with app.app_context(), reading() as session:
        assert [match.rule.value for match in session.scalars(select(Match))] == rules
