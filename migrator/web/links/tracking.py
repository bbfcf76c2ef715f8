"""Where an order stands, for somebody with its number and a code from their mailbox (UX, screen 4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from flask import redirect, render_template, session, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Email, Length

from migrator.database.session import reading, transaction
from migrator.journeys.send_code import reader_of, send_code
from migrator.orders.code_rules import code_for, is_over, is_right
from migrator.orders.models import Order
from migrator.orders.numbers import read_number
from migrator.web.audience import open_to
from migrator.web.fields import line_field, trimmed
from migrator.web.links import pages
from migrator.web.links.standing import shown, standing_page
from migrator.web.request import now
from migrator.wiring import wiring

ASKED = "tracking_asked"
SEEN = "tracking_seen"
SEEN_FOR = timedelta(minutes=30)
NO_ADDRESS = "Enter an e-mail address, such as name@example.com"
WRONG = "This is not the code, or its 10 minutes are over. Look at the last message we sent, or ask for a new code"


class AskForm(FlaskForm):  # type: ignore[misc]
    """The order and the address that the code is sent to."""

    number = line_field("Order number", empty="Enter the number of the order, such as MIG-7F3K-2")
    email = StringField(
        "Your e-mail address",
        filters=[trimmed],
        validators=[DataRequired("Enter your e-mail address"), Email(NO_ADDRESS), Length(max=254, message=NO_ADDRESS)],
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The code."""

    code = line_field("Code from the message", empty="Enter the 6 digits from the message")


@pages.get("/track")
@open_to()
def track() -> str:
    """This will ask for an order's number and an address."""
    return render_template("links/track.html", form=AskForm(formdata=None))


@pages.post("/track")
@open_to()
def send() -> Response | tuple[str, int]:
    """This will send a code, and say the same whether or not the address belongs to the order."""
    form = AskForm()
    if not form.validate_on_submit():
        return render_template("links/track.html", form=form), 422
    number, address = read_number(form.number.data or ""), (form.email.data or "").lower()
    asked = {"number": number, "address": address, "request": token_urlsafe(12), "at": now().isoformat()}
    with transaction() as opened:
        send_code(opened, number, address, code=_code(asked), request=asked["request"], now=now())
    session[ASKED] = asked
    return redirect(url_for("links.code"), 303)


@pages.get("/track/code")
@open_to()
def code() -> Response | str:
    """This will ask for the code."""
    if ASKED not in session:
        return redirect(url_for("links.track"), 303)
    return _code_page(CodeForm(formdata=None))


@pages.post("/track/code")
@open_to()
def enter_code() -> Response | tuple[str, int]:
    """This will open the page for half an hour when the code is right."""
    asked = session.get(ASKED)
    if asked is None:
        return redirect(url_for("links.track"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form), 422
    with reading() as opened:
        found = reader_of(opened, asked["number"], asked["address"])
        order_id = found[0].id if found else None
    over = is_over(datetime.fromisoformat(asked["at"]), now=now())
    if not is_right(form.code.data or "", _code(asked)) or over or order_id is None:
        form.code.errors = [WRONG]
        return _code_page(form), 422
    del session[ASKED]
    session[SEEN] = {"order_id": order_id, "until": (now() + SEEN_FOR).isoformat()}
    return redirect(url_for("links.tracked"), 303)


@pages.get("/track/order")
@open_to()
def tracked() -> Response:
    """This will show where the order stands, as a shared link does."""
    seen = session.get(SEEN)
    if seen is None or now() >= datetime.fromisoformat(seen["until"]):
        return redirect(url_for("links.track"), 303)
    with reading() as opened:
        wanted = select(Order).where(Order.id == seen["order_id"]).options(joinedload(Order.calendar_row))
        page = standing_page(opened, opened.scalars(wanted).one(), now=now())
    return shown(page)


def _code(asked: dict[str, Any]) -> str:
    request = f"{asked['request']} {asked['at']}"
    key = wiring().settings.keys.secret_key
    return code_for(request, number=asked["number"], address=asked["address"], key=key)


def _code_page(form: CodeForm) -> str:
    return render_template("links/code.html", form=form, address=session[ASKED]["address"])
