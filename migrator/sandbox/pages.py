"""The pages for people: the hosted checkout, the bank's question, and the overview at `/`."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from migrator.money import Money
from migrator.sandbox.cards import CardForm, CardFormRefused, card_from
from migrator.sandbox.payments import CheckoutClosed, confirm_identity, pay, refuse_identity
from migrator.sandbox.state import Body, Page
from migrator.sandbox.wiring import sandbox

Answer = AnyResponse | str | tuple[str, int]
RECENT = 20

pages = Blueprint("pages", __name__)


@pages.before_request
def _expire_overdue() -> None:
    sandbox().courier.expire()


@pages.after_request
def _lock_down(response: Response) -> Response:
    # A browser checks the address that follows a form post too, so the product's own must be allowed.
    target = f" {g.returns_to}" if "returns_to" in g else ""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none';"
        f" form-action 'self'{target}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.app_template_filter("money")
def money(amount: int, currency: str) -> str:
    """This will write an amount of the currency's smallest units as people read it."""
    return str(Money(amount, currency.upper()))


@pages.app_template_filter("moment")
def moment(seconds: int) -> str:
    """This will write Unix seconds as a day and time in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%a %-d %b %Y, %H:%M} UTC"


@pages.get("/c/pay/<session_id>")
def checkout(session_id: str) -> Answer:
    """This will show the form for the card, or why there is none."""
    session = _session(session_id)
    if session["status"] != "open":
        return _closed(session)
    return _form(session)


@pages.post("/c/pay/<session_id>")
def pay_by_card(session_id: str) -> Answer:
    """This will try the card that was typed."""
    session = _session(session_id)
    typed = CardForm(*(request.form.get(name, "") for name in ("number", "expiry", "security_code", "name")))
    try:
        card = card_from(typed, on=sandbox().clock.now().date())
        with sandbox().state.writing() as records:
            intent = pay(records, session_id, card, name=typed.name.strip(), at=sandbox().present())
    except CardFormRefused as refused:
        return _form(session, typed, problems=refused.problems), 422
    except CheckoutClosed:
        return _too_late(session_id)
    return _after(session, intent, typed)


@pages.get("/c/pay/<session_id>/authenticate")
def bank_question(session_id: str) -> Answer:
    """This will show the page on which the pretended bank asks who is paying."""
    session = _session(session_id)
    if session["status"] != "open":
        return _closed(session)
    return render_template("authenticate.html", session=session)


@pages.post("/c/pay/<session_id>/authenticate")
def answer_bank(session_id: str) -> Answer:
    """This will pay or decline as the person chose."""
    session = _session(session_id)
    decide = confirm_identity if request.form.get("answer") == "complete" else refuse_identity
    try:
        with sandbox().state.writing() as records:
            intent = decide(records, session_id, at=sandbox().present())
    except CheckoutClosed:
        return _too_late(session_id)
    return _after(session, intent, CardForm("", "", "", ""))


@pages.get("/")
def overview() -> str:
    """This will show what the provider sees: the latest sessions, payments, and events with their deliveries."""
    with sandbox().state.reading() as records:
        recent = {
            name: records.page(kind, [], Page(limit=RECENT))[0]
            for name, kind in (("sessions", "checkout.session"), ("charges", "charge"), ("payouts", "payout"))
        }
        deliveries = records.connection.execute(
            "SELECT event_id, json_extract(body, '$.type'), json_extract(body, '$.created'), state, attempts,"
            " last_answer FROM deliveries JOIN objects ON id = event_id ORDER BY deliveries.sequence DESC LIMIT ?",
            (3 * RECENT,),
        ).fetchall()
        mode = records.delivery_mode()
    return render_template("overview.html", deliveries=deliveries, mode=mode, **recent)


def _session(session_id: str) -> Body:
    with sandbox().state.reading() as records:
        session = records.load("checkout.session", session_id)
    address = urlsplit(session["success_url"])
    g.returns_to = f"{address.scheme}://{address.netloc}"
    return session


def _form(session: Body, typed: CardForm | None = None, problems: dict[str, str] | None = None) -> str:
    # The number and the code are never sent back to the page.
    kept = CardForm("", typed.expiry, "", typed.name) if typed else CardForm("", "", "", "")
    return render_template("checkout.html", session=session, typed=kept, problems=problems or {})


def _closed(session: Body) -> Answer:
    if session["status"] == "complete":
        return render_template("paid.html", session=session, return_url=_success_url(session)), 200
    return render_template("expired.html", session=session), 410


def _too_late(session_id: str) -> AnyResponse:
    # The second press of a double click lands where the first one does.
    session = _session(session_id)
    if session["status"] == "complete":
        return redirect(_success_url(session), 303)
    return redirect(url_for("pages.checkout", session_id=session_id), 303)


def _after(session: Body, intent: Body, typed: CardForm) -> Answer:
    sandbox().courier.wake()
    if intent["status"] == "succeeded":
        return redirect(_success_url(session), 303)
    if intent["status"] == "requires_action":
        return redirect(url_for("pages.bank_question", session_id=session["id"]), 303)
    return _form(session, typed, problems={"number": intent["last_payment_error"]["message"]}), 402


def _success_url(session: Body) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
