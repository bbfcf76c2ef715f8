"""The customer's pages: how many there are, and the decision when they are too many (RULES C-069)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.fulfilment.models import PauseReason
from migrator.fulfilment.pages.rules import over_text, pages_sentence
from migrator.fulfilment.queries import open_pause_because
from migrator.history.actor import Role
from migrator.journeys.count_pages import ask_for_another_count
from migrator.journeys.fit_supplement import possible_upgrades
from migrator.journeys.offer_supplement import offer_overage, offer_upgrade
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_rules import NothingToAdd, Proposal, overage
from migrator.orders.upgrade_rules import Upgrade
from migrator.web.audience import open_to
from migrator.web.extras import pages
from migrator.web.extras.choosing import Answer, chosen, terms_text
from migrator.web.refusals import status_of
from migrator.web.request import now, organisation_id, person

OVERAGE = "overage"


@dataclass(frozen=True, slots=True)
class LargerWay:
    """The cheapest larger product that covers the site."""

    key: str
    title: str
    price: str
    text: str


@dataclass(frozen=True, slots=True)
class PagesPage:
    """The counts, and where a decision is waited for, the ways on."""

    number: str
    facts: tuple[tuple[str, str, None], ...]
    sentence: str
    is_over: bool
    larger: LargerWay | None
    no_larger: str
    overage: Proposal | None


@pages.get("/orders/<number>/pages")
@open_to(Role.CUSTOMER)
def page_counts(number: str) -> str:
    """This will show the three counts, and the three ways on where there are too many pages."""
    return _shown(number)


@pages.post("/orders/<number>/pages")
@open_to(Role.CUSTOMER)
def decide(number: str) -> Answer:
    """This will keep the chosen way and lead to its price."""
    way = request.form.get("way", "")

    def choose(session: Session, order: Order) -> Supplement:
        if way == OVERAGE:
            return offer_overage(session, order, by=person(), now=now())
        found = next((one for one in possible_upgrades(session, order, now=now()) if one.key == way), None)
        if found is None:
            raise NothingToAdd("Choose one of the ways shown.")
        sku, covered = found.terms.sku, found.terms.page_limit
        return offer_upgrade(session, order, sku=sku, page_limit=covered, by=person(), now=now())

    return chosen(number, choose, lambda refusal: _shown(number, refusal=refusal))


@pages.post("/orders/<number>/pages/removed")
@open_to(Role.CUSTOMER)
def removed(number: str) -> Answer:
    """This will ask us to count again."""
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id(), for_update=True)
            ask_for_another_count(session, order, by=person(), now=now())
    except DomainError as refusal:
        return _shown(number, refusal=refusal), status_of(refusal)
    flash("Thank you. It is our turn now: we count your pages again.")
    return redirect(url_for("orders.tracker", number=number), 303)


def _shown(number: str, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        page = _page(session, order_of(session, number, organisation_id()))
    form = FlaskForm(formdata=None)
    return render_template("extras/pages.html", page=page, form=form, refusal=refusal)


def _page(session: Session, order: Order) -> PagesPage:
    measured, limit = order.measured_pages, order.page_limit
    is_over = open_pause_because(session, order.id, PauseReason.DECISION_MISSING) is not None
    larger, no_larger = _larger(session, order) if is_over else (None, "")
    counts = {"You declared": order.declared_pages, "We measured": measured, "Moved": order.moved_pages}
    sentence = pages_sentence(declared=order.declared_pages, measured=measured, moved=order.moved_pages, limit=limit)
    return PagesPage(
        number=order.number,
        facts=(
            ("Covered by your order", f"{limit:,}", None),
            *((label, f"{count:,}" if count is not None else "Not yet", None) for label, count in counts.items()),
        ),
        sentence=over_text(measured or 0, limit) if is_over else sentence,
        is_over=is_over,
        larger=larger,
        no_larger=no_larger,
        overage=overage(order.terms, limit=limit, measured=measured or 0, currency=order.currency)
        if is_over and (measured or 0) > limit
        else None,
    )


def _larger(session: Session, order: Order) -> tuple[LargerWay | None, str]:
    try:
        upgrades = possible_upgrades(session, order, now=now())
    except NothingToAdd as nothing:
        return None, str(nothing)
    found = next((one for one in upgrades if _covers(one, order)), None)
    if found is None:
        return None, "No larger product at a listed price covers your pages. Write to us, and we quote."
    price = str(found.proposal.amount)
    return LargerWay(found.key, found.title, price, terms_text(found.terms)), ""


def _covers(upgrade: Upgrade, order: Order) -> bool:
    bought = order.page_limit - order.terms.page_limit
    return upgrade.terms.page_limit + bought >= (order.measured_pages or 0)
