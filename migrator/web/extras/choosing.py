"""Choosing a larger product, hours or insurance; the choice becomes an offer that is then looked at and paid."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice  # type: ignore[attr-defined]

from migrator.catalogue.rules import insurance_base, premium
from migrator.clock.deadline import Unit
from migrator.clock.wording import counted_text, target_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.fulfilment.rules import target_of
from migrator.fulfilment.runs.queries import full_run_of
from migrator.history.actor import Role
from migrator.journeys.fit_supplement import possible_upgrades
from migrator.journeys.offer_supplement import offer_hours, offer_insurance, offer_upgrade, sold_lines
from migrator.money import Money
from migrator.orders.lifecycle import SupplementKind
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_rules import (
    TENTH_MINUTES,
    NothingToAdd,
    hours_price,
    read_hours,
    refuse_unless_possible,
    tenths_text,
)
from migrator.orders.terms import Terms
from migrator.orders.upgrade_rules import LARGEST, Upgrade
from migrator.policy.loading import catalogue
from migrator.web.audience import open_to
from migrator.web.extras import pages
from migrator.web.fields import line_field
from migrator.web.refusals import status_of
from migrator.web.request import now, organisation_id, person
from migrator.web.shop.wording import rate_text

Answer = Response | str | tuple[str, int]
Details = dict[str, dict[str, str]]


class UpgradeForm(FlaskForm):  # type: ignore[misc]
    """The larger product."""

    choice = RadioField("Which one?", validate_choice=False)


class InsuranceForm(FlaskForm):  # type: ignore[misc]
    """The insurance plan."""

    choice = RadioField("Which insurance?", validate_choice=False)


class HoursForm(FlaskForm):  # type: ignore[misc]
    """How many hours."""

    hours = line_field("How many hours?", empty="Enter the hours, such as 2 or 1.5")


@pages.get("/orders/<number>/extras/upgrade")
@open_to(Role.CUSTOMER)
def upgrade(number: str) -> str:
    """This will show the larger products with the difference in price."""
    return _upgrades_shown(number, UpgradeForm(formdata=None))


@pages.post("/orders/<number>/extras/upgrade")
@open_to(Role.CUSTOMER)
def choose_upgrade(number: str) -> Answer:
    """This will keep the choice, and lead to its price."""
    form = UpgradeForm()

    def choose(session: Session, order: Order) -> Supplement:
        key = form.choice.data
        found = next((one for one in possible_upgrades(session, order, now=now()) if one.key == key), None)
        if found is None:
            raise NothingToAdd("Choose one of the products shown.")
        sku, pages_covered = found.terms.sku, found.terms.page_limit
        return offer_upgrade(session, order, sku=sku, page_limit=pages_covered, by=person(), now=now())

    return chosen(number, choose, lambda refusal: _upgrades_shown(number, form, refusal=refusal))


@pages.get("/orders/<number>/extras/insurance")
@open_to(Role.CUSTOMER)
def insurance(number: str) -> str:
    """This will show the insurance plans with their prices (RULES C-076)."""
    return _plans_shown(number, InsuranceForm(formdata=None))


@pages.post("/orders/<number>/extras/insurance")
@open_to(Role.CUSTOMER)
def choose_insurance(number: str) -> Answer:
    """This will keep the choice, and lead to its price."""
    form = InsuranceForm()

    def choose(session: Session, order: Order) -> Supplement:
        text = form.choice.data or ""
        if not (text.isascii() and text.isdigit() and len(text) == 1):
            raise NothingToAdd("Choose one of the plans shown.")
        return offer_insurance(session, order, plan=int(text), by=person(), now=now())

    return chosen(number, choose, lambda refusal: _plans_shown(number, form, refusal=refusal))


@pages.get("/orders/<number>/extras/hours")
@open_to(Role.CUSTOMER)
def more_hours(number: str) -> str:
    """This will ask how many hours are wanted."""
    return _hours_shown(number, HoursForm(formdata=None))


@pages.post("/orders/<number>/extras/hours")
@open_to(Role.CUSTOMER)
def choose_hours(number: str) -> Answer:
    """This will keep the choice, and lead to its price (RULES C-068)."""
    form = HoursForm()
    if not form.validate_on_submit():
        return _hours_shown(number, form), 422

    def choose(session: Session, order: Order) -> Supplement:
        minutes = read_hours(form.hours.data or "")
        return offer_hours(session, order, minutes=minutes, by=person(), now=now())

    return chosen(number, choose, lambda refusal: _hours_shown(number, form, refusal=refusal))


def chosen(number: str, choose: Callable[[Session, Order], Supplement], shown: Callable[[DomainError], str]) -> Answer:
    """This will keep what a customer chose and lead to its price, or show the page again with the refusal."""
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id(), for_update=True)
            supplement_id = choose(session, order).id
    except NotFound:
        raise
    except DomainError as refusal:
        return shown(refusal), status_of(refusal)
    return redirect(url_for("extras.offer", number=number, supplement_id=supplement_id), 303)


def upgrade_details(upgrades: tuple[Upgrade, ...]) -> Details:
    """This will return price and terms of each larger product, by the key that a form sends."""
    return {one.key: {"price": f"+{one.proposal.amount}", "text": terms_text(one.terms)} for one in upgrades}


def terms_text(terms: Terms) -> str:
    """This will return what a product gives in a line: pages, hours and working days."""
    parts = [f"up to {terms.page_limit:,} pages"]
    if terms.support_minutes:
        parts.append(f"{tenths_text(terms.support_minutes)} support hours")
    target = target_of(terms, None)
    if target and target.unit is not Unit.AGREED:
        parts.append(f"within {target_text(target, '')} from the same check of your access details")
    text = ", ".join(parts)
    return text[0].upper() + text[1:]


def _upgrades_shown(number: str, form: FlaskForm, *, refusal: DomainError | None = None) -> str:
    impossible = ""
    found: tuple[Upgrade, ...] = ()
    with reading() as session:
        order = order_of(session, number, organisation_id())
        try:
            found = possible_upgrades(session, order, now=now())
        except NothingToAdd as nothing:
            impossible = str(nothing)
    form.choice.choices = [SelectChoice(one.key, f"{one.title}, +{one.proposal.amount}") for one in found]
    return _choices_shown(
        "upgrade",
        number,
        form,
        details=upgrade_details(found),
        impossible=impossible or ("" if found else LARGEST),
        refusal=refusal,
    )


def _plans_shown(number: str, form: FlaskForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_of(session, number, organisation_id())
        listed = catalogue(order.terms.catalogue_version, order.currency)
        base = insurance_base(sold_lines(session, order))
        impossible = _why_no_insurance(session, order)
    form.choice.choices = [
        SelectChoice(str(plan.plan), f"{counted_text(plan.restarts, 'restart')} in {plan.business_days} working days")
        for plan in listed.insurance
    ]
    details = {
        str(plan.plan): {
            "price": str(premium(base, plan)),
            "text": f"{rate_text(plan.rate_bp)} of {base} = {premium(base, plan)}",
        }
        for plan in listed.insurance
    }
    return _choices_shown("insurance", number, form, details=details, impossible=impossible, refusal=refusal)


def _why_no_insurance(session: Session, order: Order) -> str:
    if order.terms.insurance:
        return "This order has insurance already. There is one cover for each migration."
    try:
        has_run = full_run_of(session, order.id) is not None
        refuse_unless_possible(SupplementKind.INSURANCE, order.state, has_run=has_run)
    except NothingToAdd as nothing:
        return str(nothing)
    return ""


def _choices_shown(
    what: str, number: str, form: FlaskForm, *, details: Details, impossible: str, refusal: DomainError | None
) -> str:
    return render_template(
        f"extras/{what}.html",
        number=number,
        form=form,
        details=details,
        impossible=impossible,
        refusal=None if str(refusal) == impossible else refusal,
    )


def _hours_shown(number: str, form: FlaskForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_of(session, number, organisation_id())
    tenth = hours_price(order.terms, TENTH_MINUTES, order.currency)
    hour = Money(order.terms.support_hour_minor, order.currency)
    left = tenths_text(order.support_minutes_limit - order.support_minutes_used)
    return render_template(
        "extras/more_hours.html", number=number, form=form, tenth=tenth, hour=hour, left=left, refusal=refusal
    )
