"""The tracker says whose turn it is, what is promised and why, in every state; and nobody else sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import func, select

from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.fulfilment.queries import pauses_of
from migrator.notifications.models import OwedMessage
from migrator.orders.models import CustomerMessage, Order
from migrator.orders.queries import order_for_staff
from tests.conftest import NOW
from tests.factories import stages
from tests.factories.people import a_customer, an_account_manager, sign_in
from tests.factories.tickets import a_ticket

FRIDAY = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


def an_order(app: Flask, client: FlaskClient, make: Callable[..., Order], **differences: Any) -> str:
    """This will make an order and sign its customer in."""
    with app.app_context(), transaction() as session:
        order = make(session, **differences)
        sign_in(client, order.placed_by)
        return order.number


def page(client: FlaskClient, number: str) -> str:
    answer = client.get(f"/orders/{number}")
    assert answer.status_code == 200
    return answer.text


def test_before_payment_the_one_thing_to_do_is_to_pay(app: Flask, client: FlaskClient) -> None:
    text = page(client, an_order(app, client, stages.an_unpaid_order))
    assert "Pay $278.88" in text
    assert "The count has not started." in text


def test_before_access_the_page_says_when_it_could_be_ready(app: Flask, client: FlaskClient) -> None:
    text = page(client, an_order(app, client, stages.a_paid_order))
    assert "Send access details" in text
    assert "If everything is in today and checked by Wed 25 Nov: ready by Fri 4 Dec." in text


def test_while_we_check_it_is_our_turn_and_the_aim_is_named(app: Flask, client: FlaskClient) -> None:
    text = page(client, an_order(app, client, stages.an_order_being_checked))
    assert "We’re working" in text
    assert "We aim: checked by Wed 25 Nov 2026, 11:00" in text


def test_under_way_the_promise_stands_with_its_count(app: Flask, client: FlaskClient) -> None:
    text = page(client, an_order(app, client, stages.an_order_under_way))
    assert "Ready by Thu 3 Dec 2026, 11:00" in text
    assert "7 working days from Tue 24 Nov, 11:00." in text
    assert text.count('class="day day-') == 10


def test_requests_about_the_order_stand_on_it_for_both_sides_and_a_new_one_is_about_it(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction() as session:
        order, manager = stages.an_order_under_way(session), an_account_manager(session)
        other = stages.an_order_under_way(session, person=order.placed_by)
        ticket = a_ticket(session, order=order).number
        sign_in(client, order.placed_by)
        number = order.number
    text = page(client, number)
    assert f'href="/support/{ticket}"' in text
    assert "Answer by Fri 27 Nov 2026, 11:00" in text
    assert ticket not in page(client, other.number)
    assert f"/support/new?order={number}" in text
    chosen = client.get(f"/support/new?order={number}&category=request&subject=Menus", follow_redirects=True).text
    assert f'<option selected value="{number}">' in chosen
    desk = app.test_client()
    sign_in(desk, manager)
    assert f'href="/desk/tickets/{ticket}"' in desk.get(f"/desk/orders/{number}").text


def test_a_pause_shows_the_date_if_answered_now_and_the_date_before(
    app: Flask, client: FlaskClient, clock: FileClock
) -> None:
    number = an_order(app, client, stages.a_paused_order, paused_at=FRIDAY)
    clock.set(TUESDAY)
    text = page(client, number)
    assert "It’s your turn" in text
    assert "If you answer now: ready by Mon 7 Dec 2026, 08:00" in text
    assert "The date was <strong>Thu 3 Dec 2026, 11:00</strong> before this pause." in text
    assert stages.MESSAGE in text


def test_after_the_answer_the_timeline_shows_old_and_new_date(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        order = stages.a_paused_order(session, paused_at=FRIDAY)
        stages.answer(session, order, pauses_of(session, order.id)[0].item, at=TUESDAY)
        sign_in(client, order.placed_by)
        number = order.number
    text = page(client, number)
    assert "Resumed after 45 working hours." in text
    assert "New date Mon 7 Dec 2026, 08:00 (was Thu 3 Dec 2026, 11:00)." in text
    assert "plus 45 working hours while we waited for the FTP or SFTP login of the old site" in text


def test_a_missed_date_is_said_plainly(app: Flask, client: FlaskClient, clock: FileClock) -> None:
    number = an_order(app, client, stages.an_order_under_way)
    clock.set(NOW + timedelta(days=10))
    assert "We have missed this date by 24 working hours." in page(client, number)


def test_somebody_elses_order_is_not_found(app: Flask, client: FlaskClient) -> None:
    number = an_order(app, client, stages.a_paused_order)
    with app.app_context(), transaction() as session:
        sign_in(client, a_customer(session))
    for address in (f"/orders/{number}", f"/orders/{number}/dates.ics", f"/api/v1/orders/{number}"):
        assert client.get(address).status_code == 404
    assert client.post(f"/orders/{number}/messages", data={"body": "Hello"}).status_code in {400, 404}


@pytest.mark.parametrize(
    "number", ["MIG-2222-3", "%00", "MIG-%00", "MIG-%FF%FE", "x" * 3000, "%E2%80%AE", "' OR 1=1 --"]
)
def test_a_number_that_nobody_has_is_not_found(app: Flask, client: FlaskClient, number: str) -> None:
    an_order(app, client, stages.a_paid_order)
    for address in (f"/orders/{number}", f"/orders/{number}/dates.ics", f"/api/v1/orders/{number}"):
        assert client.get(address).status_code == 404


def test_staff_have_their_own_page(app: Flask, client: FlaskClient) -> None:
    number = an_order(app, client, stages.a_paid_order)
    with app.app_context(), transaction() as session:
        sign_in(client, an_account_manager(session))
    assert client.get(f"/orders/{number}").status_code == 404


def test_what_people_write_is_never_markup(app: Flask, client: FlaskClient) -> None:
    number = an_order(app, client, stages.a_paid_order)
    said = "<script>alert(1)</script> & {{ 7 * 7 }}"
    send(app, client, number, said)
    text = page(client, number)
    assert str(escape(said)) in text
    assert said not in text


def test_a_message_is_kept_and_owed_to_the_account_manager(app: Flask, client: FlaskClient) -> None:
    number = an_order(app, client, stages.a_paid_order)
    answer = send(app, client, number, "  When do you begin?\r\nThank you  ")
    assert answer.status_code == 303
    with app.app_context(), reading() as session:
        assert session.scalars(select(CustomerMessage.body)).one() == "When do you begin?\nThank you"
        owed = session.scalars(select(OwedMessage).where(OwedMessage.kind == "message_to_staff")).one()
        order = order_for_staff(session, number)
        assert owed.address == order.account_manager.email
        assert "When do you begin?" in owed.text_body


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("   ", "Write the message first"),
        ("x" * 5001, "Use 5,000 characters or less"),
        ("kept\x07 words", "This holds characters that cannot be seen."),
    ],
)
def test_a_bad_message_keeps_what_was_typed_and_saves_nothing(
    app: Flask, client: FlaskClient, typed: str, sentence: str
) -> None:
    number = an_order(app, client, stages.a_paid_order)
    answer = send(app, client, number, typed)
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert typed.strip() in answer.text
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(CustomerMessage)) == 0


def test_made_up_addresses_do_no_harm(app: Flask, client: FlaskClient) -> None:
    number = an_order(app, client, stages.a_paid_order)
    for query in ("show=nonsense", "before=nonsense", "before=W251bGwsIDFd", "before=%00", "show="):
        assert client.get(f"/orders/{number}?{query}").status_code == 200


def test_the_calendar_feed_holds_the_date_and_its_explanation(app: Flask, client: FlaskClient) -> None:
    number = an_order(app, client, stages.an_order_under_way)
    first, again = (client.get(f"/orders/{number}/dates.ics") for _ in range(2))
    (event,) = icalendar.Calendar.from_ical(first.data).walk("VEVENT")
    assert first.data == again.data
    assert event["UID"] == f"{number}-delivery@orders.migrator"
    assert event["DTEND"].dt == datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
    assert "Sat 28 Nov 2026: weekend, nothing counted." in event["DESCRIPTION"]


def test_a_moved_date_replaces_the_event_by_its_sequence(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        order = stages.a_paused_order(session, paused_at=FRIDAY)
        sign_in(client, order.placed_by)
        number, before = order.number, order.version
        stages.answer(session, order, pauses_of(session, order.id)[0].item, at=TUESDAY)
    (event,) = icalendar.Calendar.from_ical(client.get(f"/orders/{number}/dates.ics").data).walk("VEVENT")
    assert event["DTEND"].dt == datetime(2026, 12, 7, 6, 0, tzinfo=UTC)
    assert event["SEQUENCE"] > before


def test_without_a_date_the_feed_is_empty(app: Flask, client: FlaskClient) -> None:
    number = an_order(app, client, stages.a_paid_order)
    feed = icalendar.Calendar.from_ical(client.get(f"/orders/{number}/dates.ics").data)
    assert feed.walk("VEVENT") == []


def send(app: Flask, client: FlaskClient, number: str, body: str) -> Any:
    app.config["WTF_CSRF_ENABLED"] = False
    return client.post(f"/orders/{number}/messages", data={"body": body})
