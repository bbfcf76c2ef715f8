"""The levers that Stripe has not: lose, hold, double or reverse events; disputes; payouts. JSON, or a form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from migrator.sandbox.events import choose_kinds, owe
from migrator.sandbox.mischief import KINDS
from migrator.sandbox.payouts import pay_out
from migrator.sandbox.refusals import ApiRefusal
from migrator.sandbox.reversals import answer_refund, close_dispute, dispute, review_dispute
from migrator.sandbox.state import Body, DeliveryMode, presented
from migrator.sandbox.wiring import sandbox, wants_page

controls = Blueprint("controls", __name__, url_prefix="/_sandbox")


@controls.before_request
def _refuse_other_sites() -> None:
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        abort(403)
    sandbox().courier.expire()


@controls.get("/health")
def health() -> Response:
    """This will say that the stand-in answers, and which instant its clock shows (ISO, UTC)."""
    return jsonify(status="ok", now=sandbox().clock.now().isoformat())


@controls.get("/events")
def events() -> Response:
    """This will return all events, oldest first, each with the state of its deliveries."""
    with sandbox().state.reading() as records:
        told = records.every("event")[::-1]
        rows = records.connection.execute(
            "SELECT event_id, state, attempts, last_answer FROM deliveries ORDER BY sequence"
        ).fetchall()
    deliveries: dict[str, list[Body]] = {event["id"]: [] for event in told}
    for event_id, state, attempts, last_answer in rows:
        deliveries[event_id].append({"state": state, "attempts": attempts, "last_answer": last_answer})
    return jsonify(data=[presented(event) | {"deliveries": deliveries[event["id"]]} for event in told])


@controls.post("/deliveries")
def choose_delivery_mode() -> AnyResponse:
    """This will treat the events from now on as `mode` says: normal, hold, drop, duplicate or reverse.

    With `kinds`, with commas between, those alone are owed, as an endpoint at Stripe names them; `*` means all.
    """
    try:
        mode = DeliveryMode(_given("mode"))
    except ValueError as error:
        raise ApiRefusal("Choose normal, hold, drop, duplicate or reverse.", param="mode") from error
    with sandbox().state.writing() as records:
        records.turn("delivery_mode", mode)
        if kinds := _given("kinds"):
            choose_kinds(records, kinds)
    return _answer({"mode": mode})


@controls.post("/deliver")
def deliver() -> AnyResponse:
    """This will release what is held, try all that waits, and answer when each was tried once.

    With `event`, that event alone is owed again first, as with the button "resend" at Stripe.
    """
    with sandbox().state.writing() as records:
        if event_id := _given("event"):
            owe(records, records.load("event", event_id)["id"])
        else:
            records.connection.execute("UPDATE deliveries SET state = 'waiting' WHERE state = 'held'")
            records.connection.execute("UPDATE deliveries SET due_at = 0 WHERE state = 'waiting'")
    return _answer({"tried": sandbox().courier.deliver()})


@controls.post("/disputes")
def open_dispute() -> AnyResponse:
    """This will dispute the charge named by `charge` or `payment_intent`."""
    with sandbox().state.writing() as records:
        body = dispute(records, _all_given(), at=sandbox().present())
    return _answer(body)


@controls.post("/disputes/<dispute_id>/close")
def decide_dispute(dispute_id: str) -> AnyResponse:
    """This will close a dispute with the `outcome` won or lost."""
    with sandbox().state.writing() as records:
        body = close_dispute(records, dispute_id, outcome=_given("outcome"), at=sandbox().present())
    return _answer(body)


@controls.post("/disputes/<dispute_id>/review")
def take_under_review(dispute_id: str) -> AnyResponse:
    """This will let the bank look at the evidence of a dispute."""
    with sandbox().state.writing() as records:
        body = review_dispute(records, dispute_id, at=sandbox().present())
    return _answer(body)


@controls.post("/refunds/<refund_id>/fail")
def let_refund_fail(refund_id: str) -> AnyResponse:
    """This will let the bank send a refund back."""
    with sandbox().state.writing() as records:
        body = answer_refund(records, refund_id, outcome="failed", at=sandbox().present())
    return _answer(body)


@controls.post("/refunds/<refund_id>/answer")
def let_bank_answer(refund_id: str) -> AnyResponse:
    """This will let the bank answer a refund with the `outcome` succeeded, failed or canceled."""
    with sandbox().state.writing() as records:
        body = answer_refund(records, refund_id, outcome=_given("outcome"), at=sandbox().present())
    return _answer(body)


@controls.post("/payouts")
def make_payout() -> AnyResponse:
    """This will pay out the balance in `currency` (usd unless given), less what `short_by` says is kept back."""
    with sandbox().state.writing() as records:
        currency, short_by = (_given("currency") or "usd").lower(), int(_given("short_by") or 0)
        body = pay_out(records, currency, at=sandbox().present(), short_by=short_by)
    return _answer(body)


@controls.post("/mischief/<kind>")
def do_mischief(kind: str) -> AnyResponse:
    """This will let go wrong what `mischief.py` names."""
    if kind not in KINDS:
        raise ApiRefusal(f"These test payments know {', '.join(KINDS)}.", status=404)
    with sandbox().state.writing() as records:
        body = KINDS[kind](records, _all_given(), sandbox().present())
    return _answer(body)


def _all_given() -> dict[str, Any]:
    given = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    return given if isinstance(given, dict) else {}


def _given(name: str) -> str:
    return str(_all_given().get(name, ""))


def _answer(body: Body) -> AnyResponse:
    sandbox().courier.wake()
    if wants_page():
        return redirect("/", 303)
    return jsonify(presented(body))
