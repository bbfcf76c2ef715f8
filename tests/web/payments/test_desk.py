"""Finance's list of payments."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.database.session import transaction
from migrator.orders.queries import order_for_staff
from migrator.payments.lifecycle import AttemptState, Disposition
from migrator.payments.models import Payment, PaymentAttempt
from migrator.payments.operations import raise_exception
from tests.factories.people import a_finance_person, an_account_manager, an_administrator
from tests.factories.till import Till
from tests.web.payments.test_webhook import EVENT


@pytest.fixture
def finance(till: Till) -> Person:
    with till.app.app_context(), transaction() as session:
        return a_finance_person(session)


def test_money_that_does_not_fit_stands_first_with_the_proposed_refund(till: Till, finance: Person) -> None:
    number = till.order()
    till.come_back(number, till.paid_at_provider(number))
    with till.app.app_context(), transaction() as session:
        raise_exception(session, a_payment(session, number, at=till.clock.now()), now=till.clock.now())
    page = till.client(finance).get("/desk/payments").text
    assert "Paid although it was paid already." in page
    assert page.index("Money that does not fit") < page.index("All payments")
    assert page.count(f">{number}<") == 3


def test_messages_that_were_set_aside_are_shown(till: Till, finance: Person) -> None:
    till.tell({**EVENT, "livemode": True})
    page = till.client(finance).get("/desk/payments").text
    assert "evt_test_1" in page
    assert "real money and test money are never mixed" in page


def test_more_than_a_page_is_said_and_never_left_out_silently(till: Till, finance: Person) -> None:
    number, client = till.order(), till.client(finance)
    for place in range(50):
        set_aside(till, number, place)
    page = client.get("/desk/payments").text
    assert "More than 50 wait" not in page
    assert "There are more than 50" not in page
    set_aside(till, number, 50)
    page = client.get("/desk/payments").text
    assert "More than 50 wait: these are the oldest 50." in page
    assert "There are more than 50: these are the latest 50." in page
    assert ("evt_test_a0<" in page, "evt_test_a50<" in page) == (False, True)


def set_aside(till: Till, number: str, place: int) -> None:
    """This will plant money that does not fit and a message of the other mode."""
    with till.app.app_context(), transaction() as session:
        raise_exception(session, a_payment(session, number, at=till.clock.now()), now=till.clock.now())
    till.tell({**EVENT, "id": f"evt_test_a{place}", "livemode": True})


def test_the_list_goes_on_page_by_page_without_gap_or_repetition(till: Till, finance: Person) -> None:
    number = till.order()
    with till.app.app_context(), transaction() as session:
        references = {a_payment(session, number, at=till.clock.now()).payment_intent_id for _ in range(120)}
    client, address, seen = till.client(finance), "/desk/payments", []
    while address:
        page = client.get(address).text
        seen += [reference for reference in references if reference in page]
        address = next_address(page)
    assert sorted(seen) == sorted(references)


def test_only_finance_and_administrators_enter(till: Till) -> None:
    with till.app.app_context(), transaction() as session:
        administrator, manager = an_administrator(session), an_account_manager(session)
    assert till.client(administrator).get("/desk/payments").status_code == 200
    assert till.client(manager).get("/desk/payments").status_code == 404
    assert till.client().get("/desk/payments").status_code == 404


def next_address(page: str) -> str:
    before, found, _ = page.partition('" rel="next"')
    return before.rpartition('href="')[2].replace("&amp;", "&") if found else ""


def a_payment(session: Session, number: str, *, at: datetime) -> Payment:
    order = order_for_staff(session, number)
    place = session.query(PaymentAttempt).count()
    attempt = PaymentAttempt(
        order=order, person_id=order.placed_by_id, state=AttemptState.PAID, amount_minor=100, currency="USD",
        parameters={"order_number": number}, idempotency_key=f"key-{place}", session_id=f"cs_planted_{place}",
        created_at=at, expires_at=at,
    )  # fmt: skip
    payment = Payment(
        attempt=attempt, order_id=order.id, payment_intent_id=f"pi_planted_{place:03}", amount_minor=100,
        currency="USD", disposition=Disposition.PAID_TWICE, captured_at=at, settled_at=at,
    )  # fmt: skip
    session.add_all([attempt, payment])
    session.flush()
    return payment
