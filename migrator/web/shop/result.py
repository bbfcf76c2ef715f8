"""What the configurator answers: the product, its price in money, its limits, and the date if all went well today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for

from migrator.catalogue.advice import Neighbour, QuoteReason, Recommendation, overage, recommend
from migrator.catalogue.products import Product, products
from migrator.catalogue.rules import LineKind, PricedLine, Selection, price
from migrator.catalogue.tax_rules import taxed
from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, due
from migrator.clock.explanation import Derivation, explain
from migrator.clock.instants import to_the_minute
from migrator.clock.wording import PromiseLine, end_text, promise_line
from migrator.money import total
from migrator.orders.rules import answer_by
from migrator.policy.loading import catalogue, migration_desk
from migrator.policy.types import DeliveryPromise, Family
from migrator.web.count import CountView, count_view
from migrator.web.shop.answers import NO_INSURANCE, AnswersForm, address_of
from migrator.web.shop.visitor import VisitorsTax
from migrator.web.shop.wording import (
    LineView,
    insurance_detail,
    line_view,
    neighbour_text,
    overage_text,
    pages_text,
    price_views,
    promise_text,
    support_text,
)


@dataclass(frozen=True, slots=True)
class NeighbourView:
    """The next smaller or larger product, with a way to pick it where it fits."""

    name: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Earliest:
    """The date if the order, its access details and their check all came now; `words` stand where none is promised."""

    line: PromiseLine | None
    count: CountView | None
    words: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A product with its price. `facts` are the three that can be measured (RULES C-050).

    :ivar chosen_sku: what was picked instead of our advice; empty when the advice follows the answers
    """

    name: str
    price: str
    ribbon: str
    summary: str
    note: str
    facts: tuple[tuple[str, str], ...]
    not_included: tuple[str, ...]
    lines: tuple[LineView, ...]
    total: str
    tax_words: str
    earliest: Earliest
    insurance: dict[str, dict[str, str]]
    option_hints: dict[str, str]
    smaller: NeighbourView | None
    larger: NeighbourView | None
    chosen_sku: str


@dataclass(frozen=True, slots=True)
class Route:
    """One way to ask for a price."""

    title: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class QuotePage:
    """Why there is no listed price, by when we answer, and how to ask (RULES C-053, C-054)."""

    title: str
    words: str
    answer_by: str
    routes: tuple[Route, ...]


def result_page(
    form: AnswersForm, days: Calendar, *, now: datetime, viewer_zone: str, tax: VisitorsTax, discount_bp: int = 0
) -> ResultPage | QuotePage:
    """This will work out what valid answers lead to.

    :param tax: what is added where the reader's organisation is
    :param discount_bp: what the reader's organisation gets off, in basis points
    """
    advice = recommend(form.needs(), form.sold())
    if advice.quote is not None:
        return _quote_page(form.selection(), advice.quote, days=days, now=now)
    selection = replace(form.selection(), sku=advice.product.sku)
    lines = taxed(price(selection, form.sold(), discount_bp=discount_bp), tax.rate_bp)
    soonest = earliest(advice.product, days, now, viewer_zone)
    return _priced_page(selection, advice, lines=lines, earliest=soonest, tax_words=tax.words)


def earliest(product: Product, days: Calendar, now: datetime, viewer_zone: str) -> Earliest:
    """This will derive the date if everything were ordered, sent and found right at `now`."""
    if product.promise is None:
        at = due(days, now, Target(Unit.BUSINESS_DAYS, migration_desk().access_check_business_days))
        return Earliest(
            None,
            None,
            f"If you order and send your access details now, we aim to have them checked by {_end(at, days)}.",
        )
    derivation = promised(product.promise, days, now=now)
    return Earliest(
        line=promise_line(derivation, viewer_zone=viewer_zone or None),
        count=count_view(derivation),
        words="If you order and send your access details today, "
        f"you could have it by {_end(derivation.due_at, days)} at the earliest.",
    )


def promised(promise: DeliveryPromise, days: Calendar, *, now: datetime) -> Derivation:
    """This will derive when a delivery promise ends that starts in this minute (RULES D-4)."""
    return explain(days, to_the_minute(now), Target(Unit(promise.unit), promise.amount))


def _priced_page(
    selection: Selection,
    advice: Recommendation,
    *,
    lines: tuple[PricedLine, ...],
    earliest: Earliest,
    tax_words: str,
) -> ResultPage:
    product = advice.product
    plans = {str(plan.plan): insurance_detail(plan, lines) for plan in catalogue().insurance}
    return ResultPage(
        name=product.name,
        price=str(product.price),
        ribbon="Our advice: the least that fits" if advice.is_advised else "Your choice",
        summary=product.summary,
        note=product.note,
        facts=facts_of(product),
        not_included=product.not_included,
        lines=price_views(lines),
        total=str(total([line.amount for line in lines])),
        tax_words=tax_words,
        earliest=earliest,
        insurance={NO_INSURANCE: {"text": "A restart is a new purchase"}, **plans},
        option_hints=_option_hints(selection),
        smaller=_neighbour(advice.smaller, selection),
        larger=_neighbour(advice.larger, selection),
        chosen_sku="" if advice.is_advised else product.sku,
    )


def facts_of(product: Product) -> tuple[tuple[str, str], ...]:
    """This will return the only three rows by which products are compared (RULES C-050)."""
    return (
        ("Pages", pages_text(product)),
        ("Support hours", support_text(product.support_minutes)),
        ("Ready within", promise_text(product.promise)),
    )


def _option_hints(selection: Selection) -> dict[str, str]:
    everything = replace(selection, options=tuple(option.sku for option in catalogue().options), insurance_plan=None)
    sold = catalogue(currency=selection.currency)
    lines = (line for line in price(everything, sold) if line.kind is LineKind.OPTION)
    return {line.sku: line_view(line).amount for line in lines}


def _neighbour(neighbour: Neighbour | None, selection: Selection) -> NeighbourView | None:
    if neighbour is None:
        return None
    product = neighbour.product
    picked = {**address_of(selection), "product": product.sku, "who": product.family.value}
    url = url_for("shop.start", **picked, _anchor="result") if neighbour.fits else ""
    return NeighbourView(product.name, neighbour_text(neighbour), url)


def _quote_page(selection: Selection, reason: QuoteReason, *, days: Calendar, now: datetime) -> QuotePage:
    answer = _end(answer_by(days, desk=migration_desk(), now=now), days)
    if reason is QuoteReason.GAP:
        return QuotePage("Between Premium and Ultimate – we quote", _gap_words(), answer, _gap_routes(selection))
    ask = Route("Ask for a price", "You get a written price with a page ceiling and an agreed date.", _ask(selection))
    if reason is QuoteReason.ULTIMATE:
        return QuotePage("Package Ultimate – we quote", "A site of this size gets its own price.", answer, (ask,))
    most = catalogue().self_service.tiers[-1].pages
    return QuotePage("A very large site – we quote", f"Our listed prices end at {most:,} pages.", answer, (ask,))


def _gap_words() -> str:
    packages = catalogue().packages
    covered = max(package.pages or 0 for package in packages)
    over = max(package.pages_over or 0 for package in packages)
    return f"{covered + 1:,}–{over:,} pages: our packages do not cover this size."


def _gap_routes(selection: Selection) -> tuple[Route, ...]:
    sold = catalogue(currency=selection.currency)
    largest, ultimate = products(Family.PACKAGE, pages=selection.pages, catalogue=sold)[-2:]
    beyond = overage(selection.pages - (largest.page_limit or 0), sold)
    return (
        Route(
            "Ultimate by agreement",
            f"{support_text(ultimate.support_minutes)} of support, a page ceiling in writing and an agreed date.",
            _ask(selection, sku=ultimate.sku),
        ),
        Route(
            "Premium with more pages",
            f"{largest.name} and {overage_text(sold)}: {largest.listed_price} + {beyond} "
            f"for your {selection.pages:,} pages. We confirm it in writing, with an agreed date.",
            _ask(selection, sku=largest.sku),
        ),
    )


def _ask(selection: Selection, *, sku: str = "") -> str:
    answers = {**address_of(selection), "product": sku or selection.sku}
    return url_for("orders.new_quote", **answers)


def _end(at: datetime, days: Calendar) -> str:
    return end_text(at, days.zone)
