"""The first page, and the price list of everything side by side."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for

from migrator.calendars.queries import calendar
from migrator.catalogue.products import Product, products
from migrator.clock.wording import PromiseLine, promise_line
from migrator.database.session import reading
from migrator.money import Money
from migrator.policy.loading import catalogue, migration_desk
from migrator.policy.types import Catalogue, DeliveryPromise, Family
from migrator.web.audience import open_to
from migrator.web.count import CountView, count_view
from migrator.web.public.contact import viewer_zone
from migrator.web.request import now
from migrator.web.shop import pages
from migrator.web.shop.answers import WAYS, insurance_words
from migrator.web.shop.result import promised
from migrator.web.shop.visitor import currencies, currency_of
from migrator.web.shop.wording import overage_text, pages_text, price_text, promise_text, rate_text, support_text

FEWEST_PAGES = 1


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the first page shows: a promise that is worked out as it is read, and the ways to choose from."""

    product: str
    line: PromiseLine
    count: CountView
    ways: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class PricesPage:
    """Everything that is sold, in rows of cells (RULES C-050: only what can be measured)."""

    packages: tuple[tuple[str, ...], ...]
    inclusions: tuple[str, ...]
    tiers: tuple[tuple[str, ...], ...]
    assisted: tuple[tuple[str, ...], ...]
    options: tuple[tuple[str, ...], ...]
    insurance: tuple[tuple[str, ...], ...]
    support_hour: str
    overage: str


@pages.get("/")
@open_to()
def home() -> str:
    """This will say what we do, with a promise as a customer would see it."""
    sold = catalogue(currency=currency_of(None))
    example = _listed(Family.PACKAGE, sold)[0]
    with reading() as session:
        days = calendar(session, migration_desk().calendar)
    derivation = promised(example.promise or DeliveryPromise("business_days", 0), days, now=now())
    page = HomePage(
        product=example.name,
        line=promise_line(derivation, viewer_zone=viewer_zone() or None),
        count=count_view(derivation),
        ways=tuple(_way(family, sold) for family in Family),
    )
    return render_template("shop/home.html", page=page)


@pages.get("/prices")
@open_to()
def prices() -> str:
    """This will show all products side by side."""
    sold = catalogue(currency=currency_of(request.args.get("currency")))
    page = PricesPage(
        packages=tuple(
            (p.name, pages_text(p), support_text(p.support_minutes), promise_text(p.promise), price_text(p))
            for p in _listed(Family.PACKAGE, sold)
        ),
        inclusions=sold.inclusions,
        tiers=tuple((pages_text(p), price_text(p)) for p in _listed(Family.SELF_SERVICE, sold)),
        assisted=tuple(
            (p.name, p.summary, promise_text(p.promise), str(p.fee)) for p in _listed(Family.ASSISTED, sold)
        ),
        options=tuple((o.name, str(Money(o.price, sold.currency)), "Included") for o in sold.options),
        insurance=tuple((insurance_words(plan), rate_text(plan.rate_bp)) for plan in sold.insurance),
        support_hour=str(Money(sold.extra.support_hour, sold.currency)),
        overage=overage_text(sold),
    )
    others = [(code, url_for("shop.prices", currency=code)) for code in currencies() if code != sold.currency]
    return render_template("shop/prices.html", page=page, others=others)


def _listed(family: Family, sold: Catalogue) -> tuple[Product, ...]:
    return products(family, pages=FEWEST_PAGES, catalogue=sold)


def _speed(product: Product) -> str:
    if product.promise is None:
        return "Starts as soon as your access details are checked"
    return f"Ready within {promise_text(product.promise)} of our check of access"


def _way(family: Family, sold: Catalogue) -> dict[str, object]:
    cheapest = _listed(family, sold)[0]
    words, hint = WAYS[family]
    return {
        "title": words,
        "price": f"from {cheapest.listed_price}",
        "lines": [hint, _speed(cheapest)],
        "not_included": cheapest.not_included,
        "action_label": "See what it costs",
        "action_url": f"/start?who={family.value}",
    }
