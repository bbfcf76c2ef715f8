"""Payouts: the list, and one with its parts, their sum, what is not as expected in it, and its day at the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, InputRequired

from migrator.clock.wording import day_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.finance.reconciliation.deciding import note_arrival
from migrator.finance.reconciliation.lifecycle import Code, MatchRule
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction
from migrator.finance.reconciliation.pulling import ask_for_pull
from migrator.finance.reconciliation.queries import (
    PAGE,
    Part,
    discrepancies_of_payout,
    movements_of,
    parts_of,
    payout_of,
    payouts,
)
from migrator.finance.reconciliation.run_models import Discrepancy
from migrator.history.actor import Role
from migrator.money import Money, parse_money, total
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.fields import trimmed
from migrator.web.finance import pages
from migrator.web.finance.showing import ExceptionRow, moment, rows_of, today
from migrator.web.public.forms import NO_DATE, PlainDateField
from migrator.web.request import actor, now

# Which figure of an exception's evidence says by how much a payout is less, and whether it counts down.
LESS_BY = {
    Code.PAYOUT_SUM_DIFFERS: ("difference_minor", -1),
    Code.PAYOUT_NOT_AT_BANK: ("missing_minor", 1),
    Code.UNEXPECTED_FEE: ("difference_minor", 1),
}
CATEGORIES = {
    "charge": "Charges",
    "refund": "Refunds",
    "refund_failure": "Refunds that came back",
    "dispute": "Disputes",
    "dispute_reversal": "Disputes won",
    "fee": "Fees of Stripe",
    "network_cost": "Fees of card networks",
}
RULES = {
    MatchRule.METADATA: "Order, payment intent and charge",
    MatchRule.PAYMENT_INTENT: "Payment intent",
    MatchRule.CHARGE: "Charge",
    MatchRule.REFUND: "Refund",
    MatchRule.DISPUTE: "Dispute",
    MatchRule.PAYOUT: "Payout",
    MatchRule.REFERENCE: "Order number",
    MatchRule.CONFIRMED: "Confirmed by a person",
}
STATUSES = {
    "paid": ("Paid out", "info"),
    "in_transit": ("On its way", "info"),
    "pending": ("Not yet sent", "neutral"),
    "failed": ("Failed", "problem"),
    "canceled": ("Cancelled", "neutral"),
}


class ArrivalForm(FlaskForm):  # type: ignore[misc]
    """When a payout was seen at the bank, and how much of it."""

    on: DateField = PlainDateField("Day at the bank", validators=[InputRequired(NO_DATE)])
    amount = StringField(
        "Amount at the bank", filters=[trimmed], validators=[DataRequired("Enter the amount of your bank statement")]
    )


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One payout as the list shows it."""

    id: int
    reference: str
    amount: Money
    at_text: str
    arrival: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """The movements of one category."""

    name: str
    count: int
    gross: Money
    fee: Money
    net: Money


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One movement, with the order that it belongs to and why.

    :ivar is_ours: whether we have that order
    """

    id: int
    reference: str
    what: str
    order: str
    is_ours: bool
    why: str
    gross: Money
    fee: Money
    net: Money
    at_text: str


@dataclass(frozen=True, slots=True)
class PayoutPage:
    """One payout.

    :ivar sum: what its movements come to
    :ivar verdict: whether it is that sum and has arrived whole, in one sentence; `tone` how good that is
    :ivar short: by how much it is less than what its movements should have come to; none where it is not
    :ivar reasons: the exceptions that say why, the most severe first
    """

    row: PayoutRow
    parts: list[PartRow]
    sum: Money
    verdict: str
    tone: str
    short: Money | None
    reasons: list[ExceptionRow]
    movements: list[MovementRow]
    next_url: str
    first_url: str
    at_bank: str
    symbol: str


@pages.get("/finance/payouts")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def payout_list() -> str:
    """This will list payouts, the newest first."""
    cursor = read_cursor(request.args.get("before"))
    before = (cursor[0], cursor[1]) if cursor and cursor[0] else None
    with reading() as session:
        found = payouts(session, before=before)
    shown = found[:PAGE]
    older = cursor_of(shown[-1].created_at, shown[-1].id) if len(found) > PAGE else ""
    return render_template(
        "finance/payouts.html",
        rows=[_row(each) for each in shown],
        next_url=url_for("finance.payout_list", before=older) if older else "",
        first_url=url_for("finance.payout_list") if cursor else "",
    )


@pages.get("/finance/payouts/<int:payout_id>")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def payout(payout_id: int) -> str:
    """This will show a payout: its parts and their sum, why it is short, and its movements."""
    return _shown(payout_id)


@pages.post("/finance/payouts/<int:payout_id>/arrived")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def arrived(payout_id: int) -> Response | tuple[str, int]:
    """This will write down that a payout was seen at the bank."""
    form = ArrivalForm()
    if not form.validate_on_submit():
        return _shown(payout_id, form), 422
    try:
        with transaction() as session:
            found = payout_of(session, payout_id, for_update=True)
            amount = parse_money(cast(str, form.amount.data), found.currency)
            on = cast(date, form.on.data)
            note_arrival(session, found, on=on, amount=amount, today=today(now()), actor=actor(), now=now())
            ask_for_pull(session, now=now())
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(payout_id, form, refusal=str(refusal)), 409
    flash("Written down. The next look compares it with the payout.")
    return redirect(url_for("finance.payout", payout_id=payout_id), 303)


def _shown(payout_id: int, form: ArrivalForm | None = None, *, refusal: str = "") -> str:
    cursor = read_cursor(request.args.get("after"))
    with reading() as session:
        page = _page(session, payout_of(session, payout_id), after_id=cursor[1] if cursor else 0)
    return render_template("finance/payout.html", page=page, form=form or ArrivalForm(formdata=None), refusal=refusal)


def _page(session: Session, found: ProviderPayout, *, after_id: int) -> PayoutPage:
    parts = parts_of(session, found)
    came_to = total([part.net for part in parts], found.currency)
    reasons = discrepancies_of_payout(session, found)
    movements = movements_of(session, found.id, after_id=after_id)
    verdict, tone = _verdict(found, came_to)
    after = cursor_of(None, movements[PAGE - 1][0].id) if len(movements) > PAGE else ""
    return PayoutPage(
        row=_row(found),
        parts=[_part(part) for part in parts],
        sum=came_to,
        verdict=verdict,
        tone=tone,
        short=_short_by(found, reasons),
        reasons=rows_of(reasons),
        movements=[_movement(*each) for each in movements[:PAGE]],
        next_url=url_for("finance.payout", payout_id=found.id, after=after) if after else "",
        first_url=url_for("finance.payout", payout_id=found.id) if after_id else "",
        at_bank=_at_bank(found),
        symbol=str(Money(0, found.currency))[0],
    )


def _short_by(found: ProviderPayout, reasons: Sequence[Discrepancy]) -> Money | None:
    """This will add up by how much the payout is less than expected: what its exceptions say is missing from it."""
    missing = 0
    for reason in reasons:
        name, sign = LESS_BY.get(reason.code, ("", 0))
        missing += sign * int(reason.evidence.get(name) or 0)
    return Money(missing, found.currency) if missing > 0 else None


def _verdict(found: ProviderPayout, came_to: Money) -> tuple[str, str]:
    if not found.is_itemized:
        return "Stripe has not told us its movements yet.", "neutral"
    if came_to != found.amount:
        return f"It should be the sum of its movements, {came_to}, and is {found.amount}.", "problem"
    if found.at_bank_minor is not None and found.at_bank_minor != found.amount_minor:
        at_bank = Money(found.at_bank_minor, found.currency)
        return f"It is the sum of its movements, but {at_bank} arrived at the bank.", "problem"
    return "It is the sum of its movements.", "done"


def _at_bank(found: ProviderPayout) -> str:
    if found.at_bank_on is None or found.at_bank_minor is None:
        return ""
    return f"{Money(found.at_bank_minor, found.currency)}, {day_text(found.at_bank_on)}"


def _row(found: ProviderPayout) -> PayoutRow:
    status, tone = STATUSES.get(found.status, (found.status, "neutral"))
    if found.at_bank_on is not None:
        whole = found.at_bank_minor == found.amount_minor
        status, tone = ("At the bank", "done") if whole else ("Another amount at the bank", "problem")
    return PayoutRow(
        id=found.id,
        reference=found.provider_id,
        amount=found.amount,
        at_text=moment(found.created_at),
        arrival=day_text(found.arrival_on) if found.arrival_on else "",
        status=status,
        tone=tone,
    )


def _part(part: Part) -> PartRow:
    name = CATEGORIES.get(part.category, part.category.replace("_", " ").capitalize())
    return PartRow(name, part.count, part.gross, part.fee, part.net)


def _movement(movement: ProviderTransaction, rule: MatchRule | None, number: str | None) -> MovementRow:
    name = CATEGORIES.get(movement.reporting_category, movement.reporting_category.replace("_", " ").capitalize())
    return MovementRow(
        id=movement.id,
        reference=movement.provider_id,
        what=name,
        order=number or movement.order_number,
        is_ours=number is not None,
        why=RULES[rule] if rule else "",
        gross=movement.gross,
        fee=movement.fee,
        net=movement.net,
        at_text=moment(movement.created_at),
    )
