"""What was offered and chosen for an order: the list, one offer with its price, accepting and declining it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.catalogue.rules import LineKind, PricedLine
from migrator.clock.wording import end_text, instant_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.fulfilment.runs.queries import full_run_of
from migrator.history.actor import Role
from migrator.journeys.end_supplement import decline_supplement
from migrator.money import Money
from migrator.orders.lifecycle import SupplementKind, SupplementState
from migrator.orders.models import Order
from migrator.orders.queries import order_of
from migrator.orders.supplement_models import Supplement
from migrator.orders.supplement_queries import supplement_of, supplements_of
from migrator.orders.supplement_rules import NothingToAdd, refuse_unless_possible
from migrator.payments.queries import latest_attempt
from migrator.web.audience import open_to
from migrator.web.extras import pages
from migrator.web.payments.bill import priced_view
from migrator.web.payments.checkout import look_at_provider, send_to_checkout
from migrator.web.payments.standing import failure_text, open_until_text, unpayable_text
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, organisation_id
from migrator.web.shop.wording import LineView, price_views

STATE_WORDS = {
    SupplementState.OFFERED: ("Waiting for you", "attention"),
    SupplementState.PAID: ("Paid", "done"),
    SupplementState.DECLINED: ("Not wanted", "neutral"),
    SupplementState.WITHDRAWN: ("Withdrawn", "neutral"),
    SupplementState.EXPIRED: ("Expired", "neutral"),
}
WAYS = (
    (SupplementKind.UPGRADE, "extras.upgrade", "A larger product", "More pages, and what comes with it."),
    (SupplementKind.HOURS, "extras.more_hours", "More support hours", "In steps of 0.1 h."),
    (SupplementKind.INSURANCE, "extras.insurance", "Insurance", "Restarts after the full migration."),
)


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One offer in the list."""

    title: str
    url: str
    hint: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class Way:
    """Something that can be bought; `refusal` says why not, empty where it can."""

    title: str
    hint: str
    url: str
    refusal: str


@dataclass(frozen=True, slots=True)
class OfferPage:
    """One offer with all that is looked at before it is paid.

    :ivar is_open: whether it can still be accepted
    """

    number: str
    id: int
    title: str
    words: tuple[str, ...]
    lines: tuple[LineView, ...]
    total: str
    until: str
    status: str
    is_open: bool
    is_paid: bool
    failure: str
    open_until: str
    unpayable: str


@pages.get("/orders/<number>/extras")
@open_to(Role.CUSTOMER)
def listing(number: str) -> str:
    """This will list what was offered and chosen, and what can be bought."""
    with reading() as session:
        order = order_of(session, number, organisation_id())
        offers = tuple(_line(one, order) for one in supplements_of(session, order.id))
        has_run = full_run_of(session, order.id) is not None
    ways = tuple(_way(order, *way, has_run=has_run) for way in WAYS)
    return render_template("extras/list.html", number=number, offers=offers, ways=ways)


@pages.get("/orders/<number>/extras/<int:supplement_id>")
@open_to(Role.CUSTOMER)
def offer(number: str, supplement_id: int) -> Response | str:
    """This will show one offer; a customer who comes back from the provider is told how it stands there."""
    has_left = "left" in request.args
    if has_left and (back := look_at_provider(number)):
        return back
    return _shown(number, supplement_id, has_left=has_left)


@pages.post("/orders/<number>/extras/<int:supplement_id>/pay")
@open_to(Role.CUSTOMER)
def pay(number: str, supplement_id: int) -> Response | tuple[str, int]:
    """This will accept the price and send the customer to the provider's page."""
    try:
        return send_to_checkout(number, supplement_id)
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(number, supplement_id, refusal=refusal), status_of(refusal)


@pages.post("/orders/<number>/extras/<int:supplement_id>/decline")
@open_to(Role.CUSTOMER)
def decline(number: str, supplement_id: int) -> Response | tuple[str, int]:
    """This will decline the offer."""
    try:
        with transaction() as session:
            order = order_of(session, number, organisation_id(), for_update=True)
            supplement = supplement_of(session, order.id, supplement_id)
            decline_supplement(session, order, supplement, actor=actor(), now=now())
            title = supplement.title
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(number, supplement_id, refusal=refusal), status_of(refusal)
    flash(f"Declined: {title}. Nothing is charged.")
    return redirect(url_for("extras.listing", number=number), 303)


def status_words(supplement: Supplement) -> tuple[str, str]:
    """This will say how an offer stands, judged by the clock, with the tone of its tag."""
    state = supplement.state
    if state is SupplementState.OFFERED and now() >= supplement.expires_at:
        state = SupplementState.EXPIRED
    if state is SupplementState.OFFERED and supplement.accepted_at:
        return "Accepted, to be paid", "attention"
    return STATE_WORDS[state]


def supplement_lines(supplement: Supplement) -> tuple[LineView, ...]:
    """This will return a supplement's lines in words, with the discount and the insurance's calculation."""
    return price_views((_priced(line, supplement.currency) for line in supplement.lines), view=priced_view)


def _shown(number: str, supplement_id: int, *, has_left: bool = False, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_of(session, number, organisation_id())
        page = _page(session, order, supplement_of(session, order.id, supplement_id))
    form = FlaskForm(formdata=None)
    return render_template("extras/offer.html", page=page, form=form, has_left=has_left, refusal=refusal)


def _page(session: Session, order: Order, supplement: Supplement) -> OfferPage:
    attempt = latest_attempt(session, order.id, supplement.id)
    zone = order.calendar_row.zone
    open_until = open_until_text(attempt, zone, now=now())
    offered = supplement.state is SupplementState.OFFERED
    return OfferPage(
        number=order.number,
        id=supplement.id,
        title=supplement.title,
        words=tuple(paragraph for paragraph in supplement.words.split("\n") if paragraph),
        lines=supplement_lines(supplement),
        total=str(supplement.amount),
        until=end_text(supplement.expires_at, zone),
        status=_ended_words(supplement, zone),
        is_open=offered and (now() < supplement.expires_at or bool(open_until)),
        is_paid=supplement.state is SupplementState.PAID,
        failure=failure_text(attempt) if offered else "",
        open_until=open_until if offered else "",
        unpayable=unpayable_text(supplement.amount),
    )


def _ended_words(supplement: Supplement, zone: str) -> str:
    words, _tone = status_words(supplement)
    return f"{words}: {instant_text(supplement.ended_at, zone)}." if supplement.ended_at else f"{words}."


def _line(supplement: Supplement, order: Order) -> OfferLine:
    status, tone = status_words(supplement)
    url = url_for("extras.offer", number=order.number, supplement_id=supplement.id)
    hint = str(supplement.amount)
    if tone == "attention":
        hint += f", stands until {end_text(supplement.expires_at, order.calendar_row.zone)}"
    return OfferLine(supplement.title, url, hint, status, tone)


def _way(order: Order, kind: SupplementKind, endpoint: str, title: str, hint: str, *, has_run: bool) -> Way:
    refusal = ""
    try:
        refuse_unless_possible(kind, order.state, has_run=has_run)
    except NothingToAdd as impossible:
        refusal = str(impossible)
    if kind is SupplementKind.INSURANCE and order.terms.insurance:
        refusal = "This order has insurance already."
    return Way(title, hint, url_for(endpoint, number=order.number), refusal)


def _priced(line: dict[str, object], currency: str) -> PricedLine:
    def money(name: str) -> Money | None:
        units = line.get(name)
        return Money(units, currency) if isinstance(units, int) else None

    return PricedLine(
        LineKind(str(line["kind"])),
        str(line["sku"]),
        str(line["name"]),
        money("amount_minor") or Money(0, currency),
        base=money("base_minor"),
        rate_bp=line["rate_bp"],  # type: ignore[arg-type]
        plan=line["plan"],  # type: ignore[arg-type]
        listed=money("list_minor"),
        discount_bp=line["discount_bp"],  # type: ignore[arg-type]
    )
