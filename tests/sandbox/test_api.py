"""The stand-in answers the real stripe library as Stripe does."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
import requests
import stripe

from tests.sandbox.stand_in import API_KEY, DECLINES, WEBHOOK_SECRET, StandIn, a_line


def test_a_session_opens_with_its_lines_and_total(stand_in: StandIn) -> None:
    session = stand_in.open_checkout(expand=["line_items"])
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 26_643)
    assert [line.description for line in session.line_items.data] == ["Standard migration", "Insurance, 14 days"]
    assert session.payment_intent is None


def test_a_wrong_key_is_refused(stand_in: StandIn) -> None:
    stranger = stripe.StripeClient("sk_test_other", base_addresses={"api": stand_in.url})
    with pytest.raises(stripe.AuthenticationError):
        stranger.v1.charges.list()


def test_an_unknown_id_is_a_missing_resource(stand_in: StandIn) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stand_in.client.v1.charges.retrieve("ch_nothing")
    assert (refused.value.code, refused.value.http_status) == ("resource_missing", 404)


def test_an_unknown_address_is_an_error_that_the_library_reads(stand_in: StandIn) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        stand_in.client.raw_request("get", "/v1/unicorns")


@pytest.mark.parametrize(
    ("differences", "param"),
    [
        ({"unicorn": "yes"}, "unicorn"),
        ({"line_items": [a_line("A", 900, colour="red")]}, "line_items[0][colour]"),
        ({"payment_intent_data": {"metadate": {"a": "b"}}}, "payment_intent_data[metadate]"),
    ],
)
def test_an_unknown_parameter_is_refused_by_name(stand_in: StandIn, differences: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stand_in.open_checkout(**differences)
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", param)


def test_an_option_of_the_library_is_no_parameter(stand_in: StandIn) -> None:
    answer = requests.post(
        f"{stand_in.url}/v1/checkout/sessions", {"idempotency_key": "smuggled"}, auth=(API_KEY, ""), timeout=30
    )
    assert answer.json()["error"]["code"] == "parameter_unknown"


@pytest.mark.parametrize(
    ("differences", "code"),
    [
        ({"line_items": [a_line("Tip", 49)]}, "amount_too_small"),
        ({"line_items": [a_line("Moon", 100_000_000)]}, "amount_too_large"),
        ({"line_items": []}, "parameter_missing"),
        ({"line_items": [a_line("A", 900), {"quantity": 1, "price_data": {"unit_amount": 5}}]}, "parameter_missing"),
        ({"customer_email": "nobody"}, "email_invalid"),
        ({"success_url": "/paid"}, "url_invalid"),
        ({"expires_at": "soon"}, "parameter_invalid_integer"),
        ({"expires_at": 1}, None),
        ({"line_items": [a_line("A", -900)]}, None),
        ({"mode": "subscription"}, None),
        ({"mode": "present"}, None),
        ({"locale": "uk"}, None),
        ({"metadata": {"order": "1" * 501}}, "parameter_invalid_string"),
        ({"metadata": "order"}, None),
    ],
)
def test_what_stripe_would_not_take_is_refused(stand_in: StandIn, differences: Any, code: str | None) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stand_in.open_checkout(**differences)
    assert refused.value.code == code


@pytest.mark.parametrize(("minutes", "is_taken"), [(29, False), (30, True), (1440, True), (1441, False)])
def test_a_session_lives_thirty_minutes_to_a_day(stand_in: StandIn, minutes: int, is_taken: bool) -> None:
    expires_at = int(stand_in.clock.now().timestamp()) + minutes * 60
    answer: AbstractContextManager[object] = nullcontext() if is_taken else pytest.raises(stripe.InvalidRequestError)
    with answer:
        assert stand_in.open_checkout(expires_at=expires_at).expires_at == expires_at


def test_the_same_key_and_parameters_open_one_session(stand_in: StandIn) -> None:
    first = stand_in.open_checkout(key="attempt-1")
    again = stand_in.open_checkout(key="attempt-1")
    assert first.id == again.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.last_response.headers


def test_the_same_key_with_a_moved_parameter_is_an_error(stand_in: StandIn) -> None:
    first = stand_in.open_checkout(key="attempt-1")
    with pytest.raises(stripe.IdempotencyError):
        stand_in.open_checkout(key="attempt-1", expires_at=first.expires_at + 1)


def test_a_refused_request_leaves_its_key_free(stand_in: StandIn) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        stand_in.open_checkout(key="attempt-1", customer_email="nobody")
    assert stand_in.open_checkout(key="attempt-1").status == "open"


def test_pages_of_a_list_meet_without_gap_or_overlap(stand_in: StandIn) -> None:
    opened = [stand_in.open_checkout().id for _ in range(5)]
    sessions = stand_in.client.v1.checkout.sessions
    pages = sessions.list({"limit": 2})
    assert pages.has_more
    assert [one.id for one in pages.auto_paging_iter()] == opened[::-1]
    back = sessions.list({"limit": 2, "ending_before": opened[1]})
    assert [one.id for one in back.data] == [opened[3], opened[2]]


def test_lists_filter_by_time_state_and_payment(stand_in: StandIn) -> None:
    old = stand_in.open_checkout()
    stand_in.pay(old.id)
    intent = stand_in.client.v1.checkout.sessions.retrieve(old.id).payment_intent
    stand_in.advance(minutes=5)
    new = stand_in.open_checkout()
    sessions = stand_in.client.v1.checkout.sessions
    assert [one.id for one in sessions.list({"created": {"gte": new.created}}).data] == [new.id]
    assert [one.id for one in sessions.list({"created": {"lt": new.created}}).data] == [old.id]
    assert [one.id for one in sessions.list({"status": "open"}).data] == [new.id]
    assert [one.id for one in sessions.list({"payment_intent": intent}).data] == [old.id]


@pytest.mark.parametrize("wanted", [{"limit": 0}, {"limit": 101}, {"customer": "cus_1"}, {"expand": ["line_items"]}])
def test_a_list_that_cannot_be_made_is_refused(stand_in: StandIn, wanted: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        stand_in.client.v1.checkout.sessions.list(wanted)


def test_a_charge_carries_its_fee_card_and_metadata(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    stand_in.pay(session.id)
    paid = stand_in.client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    charge = paid.payment_intent.latest_charge
    entry = charge.balance_transaction
    assert (entry.amount, entry.fee, entry.net) == (26_643, 803, 25_840)
    assert charge.metadata["order_number"] == "M-1001"
    assert charge.payment_method_details.card.last4 == "4242"
    assert stand_in.client.v1.charges.list({"payment_intent": paid.payment_intent.id}).data[0].id == charge.id


def test_refunds_never_exceed_the_charge(stand_in: StandIn) -> None:
    intent = a_paid_intent(stand_in)
    refunds = stand_in.client.v1.refunds
    refunds.create({"payment_intent": intent, "amount": 20_000})
    with pytest.raises(stripe.InvalidRequestError):
        refunds.create({"payment_intent": intent, "amount": 6_644})
    assert refunds.create({"payment_intent": intent}).amount == 6_643
    with pytest.raises(stripe.InvalidRequestError) as refused:
        refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_already_refunded"


def test_a_refund_that_the_bank_sends_back_can_be_made_again(stand_in: StandIn) -> None:
    intent = a_paid_intent(stand_in)
    refund = stand_in.client.v1.refunds.create({"payment_intent": intent})
    assert stand_in.control(f"refunds/{refund.id}/fail")["status"] == "failed"
    assert stand_in.client.v1.refunds.create({"payment_intent": intent}).amount == 26_643


def test_a_disputed_charge_refuses_refunds_and_a_won_dispute_gives_all_back(stand_in: StandIn) -> None:
    intent = a_paid_intent(stand_in)
    dispute = stand_in.control("disputes", payment_intent=intent)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        stand_in.client.v1.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_disputed"
    stand_in.control(f"disputes/{dispute['id']}/close", outcome="won")
    closed = stand_in.client.v1.disputes.retrieve(dispute["id"])
    assert closed.status == "won"
    assert sum(entry.net for entry in closed.balance_transactions) == 0


def test_a_payout_is_the_sum_of_its_transactions(stand_in: StandIn) -> None:
    for _ in range(3):
        a_paid_intent(stand_in)
    payout = stand_in.control("payouts", currency="usd")
    entries = stand_in.client.v1.balance_transactions.list({"payout": payout["id"]}).data
    assert sum(entry.net for entry in entries if entry.type != "payout") == payout["amount"] == 3 * 25_840
    assert sum(entry.net for entry in entries) == 0


def test_an_empty_balance_pays_nothing_out(stand_in: StandIn) -> None:
    assert requests.post(f"{stand_in.url}/_sandbox/payouts", timeout=30).status_code == 400


@pytest.mark.parametrize(
    "reading",
    [
        lambda v1: v1.payment_intents.list(),
        lambda v1: v1.charges.list(),
        lambda v1: v1.refunds.list(),
        lambda v1: v1.disputes.list(),
        lambda v1: v1.balance_transactions.list(),
        lambda v1: v1.payouts.list(),
        lambda v1: v1.events.list(),
    ],
)
def test_every_kind_of_object_can_be_listed_and_read(stand_in: StandIn, reading: Callable[[Any], Any]) -> None:
    first, second = a_paid_intent(stand_in), a_paid_intent(stand_in)
    stand_in.client.v1.refunds.create({"payment_intent": first, "amount": 100})
    stand_in.control("disputes", payment_intent=second)
    third = a_paid_intent(stand_in)
    assert third
    stand_in.control("payouts")
    page = reading(stand_in.client.v1)
    one = page.data[0]
    assert stand_in.client.raw_request("get", f"{page.url}/{one.id}").data["id"] == one.id


def test_a_decline_leaves_its_reason_on_the_payment(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    stand_in.pay(session.id, DECLINES)
    intent = stand_in.client.v1.payment_intents.list().data[0]
    assert (intent.status, intent.last_payment_error.code) == ("requires_payment_method", "card_declined")


def test_the_key_is_needed_whichever_way_it_is_sent(stand_in: StandIn) -> None:
    address = f"{stand_in.url}/v1/charges"
    assert requests.get(address, timeout=30).status_code == 401
    assert requests.get(address, auth=(API_KEY, ""), timeout=30).status_code == 200
    assert WEBHOOK_SECRET not in requests.get(stand_in.url, timeout=30).text


def a_paid_intent(stand_in: StandIn) -> str:
    session = stand_in.open_checkout()
    assert stand_in.pay(session.id).status_code == 303
    intent: str = stand_in.client.v1.checkout.sessions.retrieve(session.id).payment_intent
    return intent


def test_a_refund_may_be_pending_until_the_bank_answers(stand_in: StandIn) -> None:
    session = stand_in.open_checkout()
    stand_in.pay(session.id, "4000 0000 0000 7726")
    intent = stand_in.client.v1.checkout.sessions.retrieve(session.id).payment_intent
    refunds = stand_in.client.v1.refunds
    first, second = (refunds.create({"payment_intent": str(intent), "amount": 100}).id for _ in range(2))
    assert refunds.retrieve(first).status == "pending"
    stand_in.control(f"refunds/{first}/answer", outcome="succeeded")
    stand_in.control(f"refunds/{second}/answer", outcome="canceled")
    assert (refunds.retrieve(first).status, refunds.retrieve(second).status) == ("succeeded", "canceled")
    assert stand_in.client.v1.charges.list({"payment_intent": str(intent)}).data[0].amount_refunded == 100


def test_a_charge_whose_dispute_was_won_can_be_refunded_again(stand_in: StandIn) -> None:
    intent = a_paid_intent(stand_in)
    dispute = stand_in.control("disputes", payment_intent=intent)
    assert stand_in.control(f"disputes/{dispute['id']}/review")["status"] == "under_review"
    stand_in.control(f"disputes/{dispute['id']}/close", outcome="won")
    assert stand_in.client.v1.refunds.create({"payment_intent": intent}).status == "succeeded"
