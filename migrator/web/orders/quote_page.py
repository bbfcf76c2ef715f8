"""What the pages of a quote show, for its customer and for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.catalogue.products import product_named
from migrator.catalogue.rules import price_by_quote, selection_from
from migrator.clock.calendar import Calendar
from migrator.clock.wording import end_text
from migrator.money import SYMBOLS, Money
from migrator.orders.lifecycle import QUOTE_WORDS, QuoteState
from migrator.orders.quote_models import Quote
from migrator.orders.rules import stands_until
from migrator.policy.loading import catalogue, migration_desk, platforms
from migrator.web.shop.answers import NO_INSURANCE
from migrator.web.shop.wording import insurance_detail

TONES = {QuoteState.REQUESTED: "info", QuoteState.OFFERED: "attention", QuoteState.ACCEPTED: "done"}


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One quote in a list; `promise` is the date that matters next."""

    number: str
    what: str
    customer: str
    state: str
    tone: str
    promise: str


@dataclass(frozen=True, slots=True)
class OfferView:
    """Our offer in words, with the price of each insurance computed from it."""

    price: str
    ceiling: str
    agreed: str
    stands_until: str
    expires: str
    words: str
    insurance: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class QuotePage:
    """One quote. `can_accept` ends with the offer's last day, `can_decline` with its own end."""

    number: str
    state: str
    tone: str
    asked: tuple[tuple[str, str, None], ...]
    words: str
    offer: OfferView | None
    answer_by: str
    customer: str
    order_number: str
    can_accept: bool
    can_decline: bool
    can_answer: bool
    version: int
    currency_sign: str


def quote_row(quote: Quote, *, zone: str, now: datetime, customer: str = "") -> QuoteRow:
    """This will word one quote for a list."""
    state = state_of(quote, now)
    return QuoteRow(
        number=quote.number,
        what=f"{_product(quote)}, {quote.pages:,} pages",
        customer=customer,
        state=QUOTE_WORDS[state],
        tone=TONES.get(state, "neutral"),
        promise=_promise(quote, state, zone),
    )


def quote_page(quote: Quote, *, days: Calendar, now: datetime) -> QuotePage:
    """This will word one quote with its offer."""
    state = state_of(quote, now)
    return QuotePage(
        number=quote.number,
        state=QUOTE_WORDS[state],
        tone=TONES.get(state, "neutral"),
        asked=_asked(quote),
        words=quote.words,
        offer=_offer(quote, days),
        answer_by=end_text(quote.answer_by_at, days.zone),
        customer=f"{quote.requested_by.display_name}, {quote.organisation.name}",
        order_number=quote.order.number if quote.order else "",
        can_accept=state is QuoteState.OFFERED,
        can_decline=state in {QuoteState.OFFERED, QuoteState.REQUESTED},
        can_answer=state is QuoteState.REQUESTED,
        version=quote.version,
        currency_sign=SYMBOLS[quote.currency],
    )


def state_of(quote: Quote, now: datetime) -> QuoteState:
    """This will return the state; an offer is over with its last day, also before it was marked (RULES D-4)."""
    over = quote.state is QuoteState.OFFERED and quote.expires_at is not None and now >= quote.expires_at
    return QuoteState.EXPIRED if over else quote.state


def _product(quote: Quote) -> str:
    selection = selection_from(quote.selection)
    return product_named(selection.sku, pages=selection.pages, catalogue=catalogue()).quoted_name


def _asked(quote: Quote) -> tuple[tuple[str, str, None], ...]:
    selection = selection_from(quote.selection)
    named = {platform.key: platform.name for platform in platforms().platforms}
    options = [option.name for option in catalogue().options if option.sku in selection.options]
    return (
        ("From", named[selection.source_platform], None),
        ("To", named[selection.target_platform], None),
        ("Pages", f"{quote.pages:,}", None),
        ("Product", _product(quote), None),
        ("Options", ", ".join(options) or "None", None),
    )


def _offer(quote: Quote, days: Calendar) -> OfferView | None:
    if quote.price is None or quote.agreed_at is None or quote.expires_at is None or quote.answered_at is None:
        return None
    zone, least = days.zone, migration_desk().agreed_minimum_business_days
    stands = stands_until(days, quote.agreed_at, business_days=least, now=quote.answered_at)
    return OfferView(
        price=str(quote.price),
        ceiling=f"{quote.page_ceiling:,}",
        agreed=end_text(quote.agreed_at, zone),
        stands_until=end_text(stands or quote.answered_at, zone),
        expires=end_text(quote.expires_at, zone),
        words=quote.offer_words,
        insurance=_insurance(quote, quote.price),
    )


def _insurance(quote: Quote, offered: Money) -> dict[str, dict[str, str]]:
    sold = catalogue(currency=quote.currency)
    lines = price_by_quote(selection_from({**quote.selection, "insurance_plan": None}), sold, offered=offered)
    details = {str(plan.plan): insurance_detail(plan, lines) for plan in sold.insurance}
    return {NO_INSURANCE: {"text": "A restart is a new purchase"}, **details}


def _promise(quote: Quote, state: QuoteState, zone: str) -> str:
    if state is QuoteState.REQUESTED:
        return f"Answered by {end_text(quote.answer_by_at, zone)}"
    if state is QuoteState.OFFERED and quote.expires_at:
        return f"Stands until {end_text(quote.expires_at, zone)}"
    return "–"
