"""How products, prices and limits are worded in the shop, on quotes and in the list of orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from migrator.catalogue.advice import Neighbour
from migrator.catalogue.products import Product
from migrator.catalogue.rules import FREE_BP, LineKind, PricedLine, insurance_base, premium
from migrator.clock.wording import counted_text, day_text, ended_on, local_time
from migrator.money import Money, total
from migrator.money import rate_text as rate_text
from migrator.nonprofit.models import NonprofitApplication
from migrator.policy.types import Catalogue, DeliveryPromise, InsurancePlan


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a price; what is free reads `Included`."""

    name: str
    amount: str
    calculation: str
    is_tax: bool = False


def line_view(line: PricedLine) -> LineView:
    """This will word a line; an insurance shows how it was computed (RULES C-055f, C-075)."""
    calculation = f"{rate_text(line.rate_bp)} of {line.base}" if line.base and line.rate_bp else ""
    amount = line.listed or line.amount
    words = str(amount) if amount.minor_units else "Included"
    return LineView(line.name, words, calculation, is_tax=line.kind is LineKind.TAX)


def price_views(
    lines: Iterable[PricedLine], *, view: Callable[[PricedLine], LineView] = line_view
) -> tuple[LineView, ...]:
    """This will word a price: each line as listed, then the discount, then insurance and tax, computed after it.

    (RULES C-075, C-086)
    """
    views: list[LineView] = []
    reduced: list[PricedLine] = []
    for line in lines:
        if line.plan or line.kind is LineKind.TAX:
            views += _discount_views(reduced)
            reduced = []
        views.append(view(line))
        reduced += [line] if line.listed else []
    return (*views, *_discount_views(reduced))


def _discount_views(reduced: Sequence[PricedLine]) -> list[LineView]:
    taken_off = [line.amount - line.listed for line in reduced if line.listed]
    if not taken_off:
        return []
    rate_bp = reduced[0].discount_bp or 0
    name = "Free with a new hosting instance" if rate_bp == FREE_BP else f"Non-profit discount {rate_text(rate_bp)}"
    return [LineView(name, str(total(taken_off)), "")]


def pending_words(application: NonprofitApplication, zone: str) -> str:
    """This will say what buying means while an application waits for its answer (RULES C-085, C-086)."""
    applied = day_text(local_time(application.applied_at, zone).date())
    answered = day_text(ended_on(local_time(application.answer_by_at, zone)))
    return (
        f"You applied for the non-profit discount on {applied}; the answer can take until {answered}. "
        "A purchase made now cannot be refunded later as non-profit."
    )


def insurance_detail(plan: InsurancePlan, lines: tuple[PricedLine, ...]) -> dict[str, str]:
    """This will return an insurance's price and its calculation in money: `7 % of $249.00 = $17.43` (RULES C-075)."""
    base = insurance_base(lines)
    amount = premium(base, plan)
    return {"price": str(amount), "text": f"{rate_text(plan.rate_bp)} of {base} = {amount}"}


def pages_text(product: Product) -> str:
    """This will return how many pages a product covers."""
    return "As agreed in the quote" if product.page_limit is None else f"Up to {product.page_limit:,}"


def support_text(minutes: int) -> str:
    """This will return the support hours of a product; they are sold in whole hours."""
    return counted_text(minutes // 60, "hour") if minutes else "None"


def promise_text(promise: DeliveryPromise | None) -> str:
    """This will return how soon after the check of access: `7 working days`."""
    if promise is None:
        return "Runs by itself, no date"
    match promise.unit:
        case "business_days":
            return counted_text(promise.amount, "working day")
        case "business_hours":
            return counted_text(promise.amount, "working hour")
    return f"An agreed date, at least {counted_text(promise.amount, 'working day')} ahead"


def price_text(product: Product) -> str:
    """This will return a product's price, or that it is quoted."""
    return "We quote" if product.price is None else str(product.price)


def neighbour_text(neighbour: Neighbour) -> str:
    """This will say what the next product on the list gives and costs more or less."""
    product = neighbour.product
    hours = f", {support_text(product.support_minutes)} of support" if product.support_minutes else ""
    limit = "" if product.page_limit is None else f"{pages_text(product).lower()} pages{hours}"
    if not neighbour.fits and product.page_limit is not None:
        limit += " – too small for your site"
    return ", ".join(part for part in (limit, difference_text(neighbour.difference)) if part)


def difference_text(difference: Money | None) -> str:
    """This will return a difference in price: `$350.00 more`."""
    if difference is None:
        return "we quote"
    if difference.minor_units < 0:
        return f"{-difference} less"
    return f"{difference} more" if difference.minor_units else "the same price"


def overage_text(catalogue: Catalogue) -> str:
    """This will return what pages beyond the limit cost (RULES C-069)."""
    extra = catalogue.extra
    price = Money(extra.overage_price, catalogue.currency)
    return f"{price} for each started {extra.overage_pages} pages"
