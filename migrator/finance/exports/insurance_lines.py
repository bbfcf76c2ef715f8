"""The insurance lines with everything that proves them (PAYMENTS, exports; RULES C-075, C-079)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from migrator.finance.desk_days import desk_day, month_of
from migrator.finance.exports.columns import Cell, major
from migrator.finance.exports.filters import LineFilter
from migrator.finance.exports.insurance_queries import (
    charge_lines,
    codes_by_order,
    dispute_by_payment,
    paid_insurance,
    refunded_by_line,
)
from migrator.money import Money, allocate
from migrator.payments.disputes.models import Dispute


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to the lines of a chunk."""

    fees: Mapping[int, int]
    refunded: Mapping[int, int]
    disputes: Mapping[int, Dispute]
    codes: Mapping[int, list[tuple[str, int | None]]]


def insurance_lines(session: Session, wanted: LineFilter) -> Iterator[tuple[Cell, ...]]:
    """This will return the insurance lines that were paid as cells, in the order of their ids; in constant memory."""
    for chunk in paid_insurance(session, wanted):
        beside = _beside(session, chunk)
        for row in chunk:
            yield _cells(row, beside)


def _beside(session: Session, chunk: Sequence[Row[Any]]) -> Beside:
    payment_ids = {row.payment_id for row in chunk}
    return Beside(
        fees=_fees(session, chunk),
        refunded=refunded_by_line(session, [row.line_id for row in chunk]),
        disputes=dispute_by_payment(session, payment_ids),
        codes=codes_by_order(session, {row.order_id for row in chunk}),
    )


def _fees(session: Session, chunk: Sequence[Row[Any]]) -> dict[int, int]:
    """The provider's fee of each charge, divided among all of its lines by largest remainder."""
    known = {row.payment_id: Money(row.fee_minor, row.fee_currency) for row in chunk if row.fee_minor is not None}
    fees: dict[int, int] = {}
    for payment_id, lines in charge_lines(session, known).items():
        parts = allocate(known[payment_id], [minor for _line_id, minor in lines])
        fees |= {line_id: part.minor_units for (line_id, _minor), part in zip(lines, parts, strict=True)}
    return fees


def _cells(row: Row[Any], beside: Beside) -> tuple[Cell, ...]:
    currency = row.currency
    expected = Money(row.base_minor, currency).share(row.rate_bp).minor_units
    fee = beside.fees.get(row.line_id)
    dispute = beside.disputes.get(row.payment_id)
    unearned = None if row.cover_id is None else row.premium_minor - row.earned_minor - row.refunded_minor
    return (
        row.number,
        row.line_id,
        row.customer,
        row.plan,
        row.rate_bp,
        major(row.base_minor, currency),
        major(expected, currency),
        major(row.amount_minor, currency),
        major(row.amount_minor - expected, currency),
        currency,
        row.payment_intent_id,
        row.charge_id,
        row.transaction_id or "",
        _iso(row.settled_at),
        major(row.amount_minor, currency),
        major(fee, row.fee_currency or currency),
        major(None if fee is None else row.amount_minor - fee, currency) if _same(row) else None,
        row.payout_id or "",
        row.arrival_on.isoformat() if row.arrival_on else "",
        major(beside.refunded.get(row.line_id, 0), currency),
        "yes" if dispute else "no",
        dispute.status.value if dispute else "",
        _iso(row.starts_at),
        _iso(row.ends_at),
        row.restarts_used,
        row.restarts_allowed if row.cover_id else row.restarts_limit,
        major(row.earned_minor, currency),
        major(unearned, currency),
        month_of(desk_day(row.settled_at)),
        row.rule.value if row.rule else "",
        _codes(row, beside),
    )


def _same(row: Row[Any]) -> bool:
    # A provider that settles in another currency takes its fee in that one: then there is no net in the line's own.
    return row.fee_currency is None or bool(row.fee_currency == row.currency)


def _codes(row: Row[Any], beside: Beside) -> str:
    own = {code for code, cover_id in beside.codes.get(row.order_id, ()) if cover_id in {None, row.cover_id}}
    return ";".join(sorted(own))


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
