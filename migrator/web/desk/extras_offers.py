"""Offering more for an order, and taking an offer back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import SelectChoice  # type: ignore[attr-defined]

from migrator.clock.wording import end_text
from migrator.database.session import reading
from migrator.errors import DomainError
from migrator.journeys.end_supplement import withdraw_supplement
from migrator.journeys.fit_supplement import possible_upgrades
from migrator.journeys.offer_supplement import offer_hours, offer_overage, offer_upgrade
from migrator.orders.lifecycle import SupplementState
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_queries import supplement_of, supplements_of
from migrator.orders.supplement_rules import NothingToAdd, overage, read_hours
from migrator.orders.upgrade_rules import LARGEST
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.extras_forms import HoursOfferForm, OverageOfferForm, UpgradeOfferForm, WithdrawForm
from migrator.web.desk.forms import refuse_stale
from migrator.web.desk.workbench import DESK
from migrator.web.extras.offers import status_words
from migrator.web.request import actor, now, person


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer as staff see it; `can_withdraw` while it is open."""

    id: int
    title: str
    amount: str
    status: str
    tone: str
    until: str
    can_withdraw: bool


@pages.get("/desk/orders/<number>/offers")
@open_to(*DESK)
def offers(number: str) -> str:
    """This will list what was offered and chosen, and the forms to offer more."""
    return _shown(number)


@pages.post("/desk/orders/<number>/offers/upgrade")
@open_to(*DESK)
def make_upgrade_offer(number: str) -> Answer:
    """This will offer a larger product."""
    form = UpgradeOfferForm()

    def make(session: Session) -> str:
        order = _seen(session, number, form)
        found = next((one for one in possible_upgrades(session, order, now=now()) if one.key == form.choice.data), None)
        if found is None:
            raise NothingToAdd("Choose one of the products shown.")
        sku, covered = found.terms.sku, found.terms.page_limit
        return _offered(offer_upgrade(session, order, sku=sku, page_limit=covered, by=person(), now=now()))

    return answered(form, make, number=number, shown=lambda refusal: _shown(number, form, refusal=refusal))


@pages.post("/desk/orders/<number>/offers/pages")
@open_to(*DESK)
def make_overage_offer(number: str) -> Answer:
    """This will offer the measured pages beyond the limit."""
    form = OverageOfferForm()

    def make(session: Session) -> str:
        return _offered(offer_overage(session, _seen(session, number, form), by=person(), now=now()))

    return answered(form, make, number=number, shown=lambda refusal: _shown(number, form, refusal=refusal))


@pages.post("/desk/orders/<number>/offers/hours")
@open_to(*DESK)
def make_hours_offer(number: str) -> Answer:
    """This will offer support hours."""
    form = HoursOfferForm()

    def make(session: Session) -> str:
        order = _seen(session, number, form)
        minutes, words = read_hours(form.hours.data or ""), form.words.data or ""
        return _offered(offer_hours(session, order, minutes=minutes, words=words, by=person(), now=now()))

    return answered(form, make, number=number, shown=lambda refusal: _shown(number, form, refusal=refusal))


@pages.get("/desk/orders/<number>/offers/<int:supplement_id>/withdraw")
@open_to(*DESK)
def withdraw_offer(number: str, supplement_id: int) -> str:
    """This will ask why an offer is taken back."""
    return _withdrawal(number, supplement_id, WithdrawForm(formdata=None))


@pages.post("/desk/orders/<number>/offers/<int:supplement_id>/withdraw")
@open_to(*DESK)
def take_back(number: str, supplement_id: int) -> Answer:
    """This will take an offer back."""
    form = WithdrawForm()

    def withdraw(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        supplement = supplement_of(session, order.id, supplement_id)
        refuse_stale(form, supplement.version)
        withdraw_supplement(session, order, supplement, reason=form.reason.data or "", actor=actor(), now=now())
        return f"Withdrawn: {supplement.title}."

    return answered(
        form, withdraw, number=number, shown=lambda refusal: _withdrawal(number, supplement_id, form, refusal=refusal)
    )


def _seen(session: Session, number: str, form: FlaskForm) -> Order:
    order = order_for_staff(session, number, for_update=True)
    refuse_stale(form, order.version)
    return order


def _offered(supplement: Supplement) -> str:
    return f"Offered to the customer: {supplement.title}, for {supplement.amount}."


def _shown(number: str, form: FlaskForm | None = None, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        rows = tuple(_row(one, order) for one in supplements_of(session, order.id))
        choices, no_upgrade = _upgrades(session, order)
    kinds = (UpgradeOfferForm, OverageOfferForm, HoursOfferForm)
    forms = {kind: form if isinstance(form, kind) else kind(formdata=None) for kind in kinds}
    for one in forms.values():
        one.version.data = one.version.data or str(order.version)
    forms[UpgradeOfferForm].choice.choices = choices
    return render_template(
        "desk/offers.html",
        number=number,
        rows=rows,
        form=form or forms[HoursOfferForm],
        upgrade_form=forms[UpgradeOfferForm],
        overage_form=forms[OverageOfferForm],
        hours_form=forms[HoursOfferForm],
        no_upgrade=no_upgrade,
        overage=_overage(order),
        refusal=refusal,
    )


def _upgrades(session: Session, order: Order) -> tuple[list[SelectChoice], str]:
    try:
        found = possible_upgrades(session, order, now=now())
    except NothingToAdd as nothing:
        return [], str(nothing)
    choices = [SelectChoice(one.key, f"{one.title}, +{one.proposal.amount}") for one in found]
    return choices, "" if choices else LARGEST


def _overage(order: Order) -> str:
    try:
        limit, measured = order.page_limit, order.measured_pages or 0
        proposal = overage(order.terms, limit=limit, measured=measured, currency=order.currency)
    except NothingToAdd:
        return ""
    return f"{proposal.title}, for {proposal.amount}"


def _row(supplement: Supplement, order: Order) -> OfferRow:
    status, tone = status_words(supplement)
    return OfferRow(
        supplement.id,
        supplement.title,
        str(supplement.amount),
        status,
        tone,
        end_text(supplement.expires_at, order.calendar_row.zone),
        supplement.state is SupplementState.OFFERED and now() < supplement.expires_at,
    )


def _withdrawal(number: str, supplement_id: int, form: WithdrawForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        supplement = supplement_of(session, order.id, supplement_id)
    if not form.is_submitted():
        form.version.data = str(supplement.version)
    return render_template("desk/withdraw_offer.html", number=number, supplement=supplement, form=form, refusal=refusal)
