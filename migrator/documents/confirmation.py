"""The order confirmation: what was ordered, at which price and on which terms. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from migrator.clock.wording import counted_text, day_text, target_text
from migrator.documents.setting import Sheet
from migrator.documents.wording import given, moment, priced, sum_of
from migrator.fulfilment.rules import target_of
from migrator.orders.models import Order, OrderLine
from migrator.orders.supplement_models import Supplement
from migrator.orders.terms import Terms
from migrator.policy.loading import platforms
from migrator.policy.types import Family


def confirmation(order: Order, lines: Sequence[OrderLine], supplements: Sequence[Supplement]) -> Sheet:
    """This will tell what was ordered, and what was bought for it since.

    :param order: with its people and calendar
    :param lines: all of the order's
    :param supplements: those that are paid, the earliest first
    """
    zone = order.calendar_row.zone
    first = [line for line in lines if line.supplement_id is None]
    return Sheet(
        title="Order confirmation",
        number=order.number,
        made_at=max([order.placed_at, *(each.ended_at for each in supplements if each.ended_at)]),
        zone=zone,
        facts={
            "lead": f"Migrator has taken the order of {order.organisation.name}.",
            "rows": _rows(order, zone),
            "lines": priced(first),
            "total": sum_of(first, order.currency),
            "supplements": [_bought(each, lines, zone) for each in supplements],
            "promises": list(_promises(order, zone)),
            "inclusions": [f"{name}." for name in order.terms.inclusions],
            "not_included": [f"{name}." for name in order.terms.not_included],
        },
    )


def _rows(order: Order, zone: str) -> list[tuple[str, ...]]:
    known = platforms()
    minutes = order.support_minutes_limit
    way = f"{known.named(order.source_platform).name} to {known.named(order.target_platform).name}"
    return given(
        (
            ("Order", f"{order.number}, {order.terms.product_name}"),
            ("For", order.organisation.name),
            ("Ordered by", order.placed_by.display_name),
            ("Ordered on", moment(order.placed_at, zone)),
            ("From and to", way),
            ("Old site", order.source_address),
            ("New site", order.target_address),
            ("Pages declared", f"{order.declared_pages:,}"),
            ("Pages covered", f"{order.page_limit:,}"),
            ("Support", f"{minutes // 60}.{minutes % 60 // 6} hours" if minutes else ""),
            ("Your own backup", day_text(order.own_backup_on) if order.own_backup_on else ""),
        )
    )


def _bought(supplement: Supplement, lines: Iterable[OrderLine], zone: str) -> dict[str, Any]:
    own = [line for line in lines if line.supplement_id == supplement.id]
    return {
        "title": supplement.title,
        "lead": f"Bought on {moment(supplement.ended_at, zone)}.",
        "lines": priced(own),
        "total": sum_of(own, supplement.currency),
    }


def _promises(order: Order, zone: str) -> Iterable[str]:
    terms = order.terms
    target = target_of(terms, order.agreed_at)
    done = "The preview is ready" if terms.family is Family.ASSISTED else "The migration is finished"
    if target and target.agreed_at:
        yield f"{done} by the date agreed with you: {moment(target.agreed_at, zone)}."
    elif target:
        yield f"{done} within {target_text(target, zone)} after your access details were found right."
    days = counted_text(terms.access_check_business_days, "working day")
    yield f"We aim to check your access details within {days} after you have sent all of them."
    yield f"You have {counted_text(terms.review_calendar_days, 'day')} to check the result of the full migration."
    yield from _windows(terms)
    yield "Your order keeps its price, limits and days."


def _windows(terms: Terms) -> Iterable[str]:
    if terms.family is Family.PACKAGE:
        days = counted_text(terms.change_calendar_days, "day")
        yield f"Changes are included for {days} after our engineers have checked the result, within your hours."
    if terms.insurance:
        restarts = counted_text(terms.insurance.restarts, "restart")
        days = counted_text(terms.insurance.business_days, "working day")
        yield f"The insurance covers {restarts} within {days} from the end of the first full migration."
    days = counted_text(terms.purge_calendar_days, "day")
    yield f"We destroy our copy of your access details {days} after the full migration."
