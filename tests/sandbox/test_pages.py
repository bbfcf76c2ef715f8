"""What a person meets on the hosted page."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sandbox.stand_in import ASKS, DECLINES, PAYS, StandIn


def test_a_good_card_pays_and_returns_to_the_product(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    answer = stand_in.pay(session.id)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://127.0.0.1:9/paid?session={session.id}"
    paid = stand_in.client.v1.checkout.sessions.retrieve(session.id)
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)


def test_the_page_shows_the_lines_the_total_and_that_nothing_is_real(stand_in: StandIn) -> None:
    page = stand_in.page(f"/c/pay/{stand_in.open_checkout().id}").text
    for words in ("no real money", "Standard migration", "$249.00", "$17.43", "$266.43", "olena@example.com", "M-1001"):
        assert words in page
    assert 'href="http://127.0.0.1:9/cancelled"' in page


def test_a_declined_card_can_be_followed_by_a_good_one(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    declined = stand_in.pay(session.id, DECLINES)
    assert declined.status_code == 402
    assert "Your card was declined." in declined.text
    assert stand_in.pay(session.id).status_code == 303
    charges = stand_in.client.v1.charges.list().data
    assert [charge.status for charge in charges] == ["succeeded", "failed"]
    assert len({charge.payment_intent for charge in charges}) == 1


def test_three_d_secure_pays_when_it_is_completed(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    asked = stand_in.pay(session.id, ASKS)
    assert asked.headers["Location"] == f"/c/pay/{session.id}/authenticate"
    assert "Complete authentication" in stand_in.page(asked.headers["Location"]).text
    assert stand_in.client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert stand_in.answer_bank(session.id, "complete").headers["Location"].startswith("http://127.0.0.1:9/paid")


def test_three_d_secure_that_fails_can_be_tried_again(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    stand_in.pay(session.id, ASKS)
    failed = stand_in.answer_bank(session.id, "fail")
    assert failed.status_code == 402
    assert "Your bank could not confirm" in failed.text
    assert stand_in.pay(session.id, PAYS).status_code == 303


def test_the_bank_cannot_be_answered_before_it_asked(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    stand_in.pay(session.id, DECLINES)
    assert stand_in.answer_bank(session.id, "complete").headers["Location"] == f"/c/pay/{session.id}"
    assert stand_in.client.v1.checkout.sessions.retrieve(session.id).status == "open"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("number", "4242 4242 4242 4241", "number is invalid"),
        ("number", "", "number is invalid"),
        ("number", "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "number is invalid"),
        ("expiry", "13 / 34", "Enter the expiry"),
        ("expiry", "10 / 26", "has expired"),
        ("security_code", "12", "Enter the 3 or 4 digits"),
        ("name", " ", "Enter the name"),
    ],
)
def test_a_wrong_field_is_named_at_the_top_and_at_the_field(
    stand_in: StandIn, field: str, typed: str, sentence: str
) -> None:
    answer = stand_in.pay(stand_in.open_checkout().id, **{"number": PAYS, field: typed})
    assert answer.status_code == 422
    assert len(re.findall(sentence, answer.text)) == 2
    assert f'href="#{field}"' in answer.text


def test_this_month_is_still_a_good_month(stand_in: StandIn) -> None:
    assert stand_in.pay(stand_in.open_checkout().id, expiry="11/26").status_code == 303


def test_what_was_typed_stays_except_the_card(stand_in: StandIn) -> None:
    page = stand_in.pay(stand_in.open_checkout().id, "4242 4242 4242 4241", security_code="987").text
    assert 'value="Olena Koval"' in page
    assert 'value="09 / 34"' in page
    assert "4242 4241" not in page
    assert "987" not in page


def test_a_double_click_charges_once_and_lands_once_paid(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(lambda _: stand_in.pay(session.id), range(8)))
    assert {answer.headers.get("Location") for answer in answers} == {f"http://127.0.0.1:9/paid?session={session.id}"}
    assert len(stand_in.client.v1.charges.list().data) == 1


def test_a_second_tab_says_that_it_is_paid(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    stand_in.pay(session.id)
    page = stand_in.page(f"/c/pay/{session.id}").text
    assert "Already paid" in page
    assert f"/paid?session={session.id}" in page


def test_an_expired_page_takes_no_card(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    stand_in.advance(minutes=60)
    page = stand_in.page(f"/c/pay/{session.id}")
    assert page.status_code == 410
    assert "Nothing was charged" in page.text
    assert stand_in.pay(session.id).headers["Location"] == f"/c/pay/{session.id}"
    assert stand_in.client.v1.charges.list().data == []


def test_an_unknown_session_is_a_page_for_people(stand_in: StandIn) -> None:
    page = stand_in.page("/c/pay/cs_test_nothing")
    assert page.status_code == 404
    assert "<h1>That did not work</h1>" in page.text


def test_card_numbers_are_never_stored(stand_in: StandIn) -> None:
    for number in (PAYS, DECLINES, ASKS):
        stand_in.pay(stand_in.open_checkout().id, number, security_code="9876")
    stored = b"".join(path.read_bytes() for path in stand_in.folder.glob("sandbox.sqlite*"))
    for number in (PAYS, DECLINES, ASKS):
        assert number.encode() not in stored
        assert number.replace(" ", "").encode() not in stored
    assert b"9876" not in stored


def test_only_the_product_may_follow_the_form(stand_in: StandIn) -> None:
    policy = stand_in.page(f"/c/pay/{stand_in.open_checkout().id}").headers["Content-Security-Policy"]
    assert "form-action 'self' http://127.0.0.1:9" in policy
    assert "unsafe" not in policy


def test_the_overview_shows_checkouts_charges_and_deliveries(stand_in: StandIn) -> None:
    stand_in.control("deliveries", mode="hold")
    stand_in.pay(stand_in.open_checkout().id)
    page = stand_in.page("/").text
    for words in ("M-1001", "complete, paid", "visa 4242", "checkout.session.completed", "held"):
        assert words in page


def test_the_health_page_tells_the_time_of_the_business(stand_in: StandIn) -> None:
    assert json.loads(stand_in.page("/_sandbox/health").text) == {"now": "2026-11-24T11:00:00+00:00", "status": "ok"}
