"""Finance gives money back on its pages: proposed, limited by line, approved by a second person."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from migrator.database.session import reading, transaction
from migrator.money import Money
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment, PaymentException
from migrator.payments.operations import raise_exception
from migrator.wiring import EXTENSION
from tests.factories.counter import Counter
from tests.factories.people import a_customer, an_account_manager, an_administrator


def finance(counter: Counter) -> FlaskClient:
    return counter.till.client(counter.first)


def form_path(counter: Counter, number: str) -> str:
    return f"/finance/orders/{number}/payments/{counter.payment(number).id}/refund"


def typed(counter: Counter, number: str, page: str, **by_kind: str) -> dict[str, str]:
    hidden = {name: _value(page, name) for name in ("token", "expected")}
    lines = {f"line_{line_id}": by_kind.get(kind, "") for kind, line_id in counter.lines(number).items()}
    return {**hidden, **lines, "reason": by_kind.get("reason", "Agreed on the phone")}


def _value(page: str, name: str) -> str:
    tag = next(found for found in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in found)
    return re.search(r'value="([^"]*)"', tag).group(1)  # type: ignore[union-attr]


def give_back(counter: Counter, number: str, **by_kind: str) -> TestResponse:
    client, path = finance(counter), form_path(counter, number)
    return client.post(path, data=typed(counter, number, client.get(path).text, **by_kind))


def test_the_form_proposes_all_before_the_start_and_says_why(counter: Counter) -> None:
    number = counter.paid()
    page = finance(counter).get(form_path(counter, number)).text
    assert "We propose $266.43. The full migration has not started." in page
    assert 'value="249.00"' in page
    assert "At most $17.43" in page


def test_half_an_order_goes_back_once_however_often_the_button_is_pressed(counter: Counter) -> None:
    number = counter.paid()
    client, path = finance(counter), form_path(counter, number)
    data = typed(counter, number, client.get(path).text, migration="124.50", insurance="8.71")
    for _ in range(2):
        assert client.post(path, data=data).location.endswith(f"/finance/orders/{number}")
    counter.send()
    assert counter.returned(number) == 13_321
    sheet = client.get(f"/finance/orders/{number}").text
    assert "−$133.21" in sheet
    assert 'value="0">$0.00' in sheet


@pytest.mark.parametrize(
    ("amounts", "status", "words"),
    [
        ({"migration": "249.01"}, 409, "Of “Package Basic” $249.00 can still go back, not $249.01."),
        ({"migration": "-5"}, 422, "Enter an amount of money"),
        ({"migration": "1e9"}, 422, "Enter an amount of money"),
        ({"migration": "٣"}, 422, "Enter an amount of money"),
        ({"migration": "9" * 40}, 422, "Enter an amount of money"),
        ({}, 409, "Enter what goes back, for one line at least."),
        ({"migration": "5", "reason": "  "}, 422, "Give the reason"),
    ],
)
def test_what_cannot_go_back_is_said_and_kept_on_the_form(
    counter: Counter, amounts: dict[str, str], status: int, words: str
) -> None:
    number = counter.paid()
    answer = give_back(counter, number, **amounts)
    assert answer.status_code == status
    assert words in answer.text
    if "migration" in amounts:
        assert f'value="{amounts["migration"]}"' in answer.text
    assert counter.reversed(number).refunds == ()


def test_a_form_that_saw_another_amount_is_refused_with_what_is_left_now(counter: Counter) -> None:
    number = counter.paid()
    client, path = finance(counter), form_path(counter, number)
    data = typed(counter, number, client.get(path).text, migration="124.50")
    counter.ask(number, token="colleague", migration=12_450)
    answer = client.post(path, data=data)
    assert answer.status_code == 409
    assert "Somebody changed the refunds of this payment meanwhile" in answer.text
    assert "At most $124.50" in answer.text


def test_above_the_limit_it_waits_first_in_the_list_until_the_second_person_approves(counter: Counter) -> None:
    number = counter.paid()
    extensions = counter.till.app.extensions
    low = replace(extensions[EXTENSION].settings, refund_limits=(Money(10_000),))
    extensions[EXTENSION] = replace(extensions[EXTENSION], settings=low)
    assert give_back(counter, number, migration="100.01").status_code == 303
    counter.send()
    own, second = finance(counter), counter.till.client(counter.second)
    listed = own.get("/finance/refunds").text
    assert listed.index("Waiting for a second person") < listed.index("All refunds")
    path = re.search(r"/finance/refunds/\d+", listed).group()  # type: ignore[union-attr]
    assert "Approve and send" not in own.get(path).text
    assert own.post(f"{path}/approve").status_code == 409
    assert "Approve and send" in second.get(path).text
    assert second.post(f"{path}/approve").status_code == 303
    assert second.post(f"{path}/approve").status_code == 409
    counter.send()
    assert counter.returned(number) == 10_001


def test_a_refund_that_waits_can_be_taken_back_for_a_reason(counter: Counter) -> None:
    number = counter.paid()
    refund_id = counter.ask(number, limit=Money(1), migration=5_000)
    client = finance(counter)
    assert client.post(f"/finance/refunds/{refund_id}/decline", data={"reason": ""}).status_code == 422
    assert client.post(f"/finance/refunds/{refund_id}/decline", data={"reason": "Wrong order"}).status_code == 303
    page = client.get(f"/finance/refunds/{refund_id}").text
    assert "Wrong order" in page
    assert "Take it back" not in page


def test_the_lines_of_a_dashboard_refund_are_named_on_its_page(counter: Counter) -> None:
    number = counter.paid()
    counter.in_dashboard(number, 5_000)
    counter.sweep()
    client, line = finance(counter), counter.lines(number)["migration"]
    path = re.search(r"/finance/refunds/\d+", client.get("/finance/refunds").text).group()  # type: ignore[union-attr]
    assert "Name the lines" in client.get(path).text
    wrong = client.post(f"{path}/lines", data={f"line_{line}": "49.99"})
    assert "The lines add up to $49.99; the refund is $50.00." in wrong.text
    assert client.post(f"{path}/lines", data={f"line_{line}": "50"}).status_code == 303
    assert "Lines not named" not in client.get("/finance/refunds").text


def test_a_dispute_stands_in_its_list_and_on_the_sheet_and_nothing_goes_back(counter: Counter) -> None:
    number = counter.paid()
    counter.dispute(number)
    counter.sweep()
    client = finance(counter)
    assert "Open – answer it" in client.get("/finance/disputes").text
    sheet = client.get(f"/finance/orders/{number}").text
    assert "Disputed at the bank: fraudulent" in sheet
    assert "Nothing is left to give back" in sheet
    assert "holds this payment in a dispute" in give_back(counter, number, migration="1").text


def test_a_manager_cancels_an_unstarted_order_and_the_customer_reads_it(counter: Counter) -> None:
    number = counter.paid()
    with counter.till.app.app_context(), transaction() as session:
        manager = an_account_manager(session)
    client = counter.till.client(manager)
    path = f"/finance/orders/{number}/cancel"
    page = client.get(path).text
    assert "$266.43 goes back to the customer’s card" in page
    assert client.post(path, data={"token": "t", "reason": "The shop closes"}).status_code == 303
    assert "has ended already" in client.post(path, data={"token": "t", "reason": "The shop closes"}).text
    counter.send()
    customer = counter.till.client()
    assert "The shop closes" in customer.get(f"/orders/{number}").text
    receipt = customer.get(f"/orders/{number}/receipt").text
    assert "$266.43 went back to Visa ending in 4242" in receipt
    assert "Banks show it within 5 to 10 days" in receipt
    made = customer.get(f"/orders/{number}/documents/receipt.pdf").data
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
    for words in ("$266.43 of it went back", "Credit note CRN-2026-0001", "The shop closes", "Visa ending in 4242"):
        assert words in said


def misfit(counter: Counter) -> int:
    number = counter.paid()
    with counter.till.app.app_context(), transaction() as session:
        payment = session.get_one(Payment, counter.payment(number).id)
        payment.disposition = Disposition.PAID_LATE
        return raise_exception(session, payment, now=counter.till.clock.now()).id


def test_above_the_limit_a_second_person_agrees_on_the_page_that_money_stays(counter: Counter) -> None:
    own, second, path = finance(counter), counter.till.client(counter.second), f"/finance/payments/{misfit(counter)}"
    extensions = counter.till.app.extensions
    low = replace(extensions[EXTENSION].settings, decision_limit_minor=26_642)
    extensions[EXTENSION] = replace(extensions[EXTENSION], settings=low)
    assert "more than $266.42: a second person has to agree" in own.get(path).text
    assert own.post(f"{path}/waive", data={"reason": "It pays the next order"}).status_code == 303
    assert "You decided this." in own.get(path).text
    assert own.post(f"{path}/second", data={"answer": "agree"}).status_code == 409
    for place in (path, "/desk/payments"):
        assert "Nadia Bilyk wants it to stay" in second.get(place).text
    assert second.post(f"{path}/second", data={"answer": "agree"}).status_code == 303
    assert "Why it stays" in second.get(path).text
    assert second.post(f"{path}/second", data={"answer": "away"}).status_code == 409


def test_money_that_does_not_fit_is_decided_on_its_page(counter: Counter) -> None:
    exception_id = misfit(counter)
    client, path = finance(counter), f"/finance/payments/{exception_id}"
    assert path in client.get("/desk/payments").text
    assert "Give $266.43 back" in client.get(path).text
    assert client.post(f"{path}/waive", data={"reason": ""}).status_code == 422
    assert client.post(f"{path}/waive", data={"reason": "It pays the next order"}).status_code == 303
    assert client.post(f"{path}/refund").status_code == 409
    with counter.till.app.app_context(), reading() as session:
        assert session.get_one(PaymentException, exception_id).reason == "It pays the next order"


def test_only_finance_and_administrators_see_these_pages_and_unknown_ones_are_not_found(counter: Counter) -> None:
    number = counter.paid()
    refund_id = counter.ask(number, limit=Money(1), migration=100)
    with counter.till.app.app_context(), transaction() as session:
        people = [an_account_manager(session), a_customer(session)]
        administrator = an_administrator(session)
    paths = [
        "/finance/refunds", "/finance/disputes", f"/finance/orders/{number}", form_path(counter, number),
        f"/finance/refunds/{refund_id}",
    ]  # fmt: skip
    for path in paths:
        assert [counter.till.client(person).get(path).status_code for person in people] == [404, 404]
        assert counter.till.client(administrator).get(path).status_code == 200
    for path in ("/finance/refunds/999", "/finance/orders/MIG-AAAA-A", "/finance/payments/999"):
        assert finance(counter).get(path).status_code == 404
    assert finance(counter).get(f"/finance/orders/{number}/payments/999/refund").status_code == 404
    assert finance(counter).post("/finance/refunds/999/approve").status_code == 404
