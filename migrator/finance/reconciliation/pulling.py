"""Keeping what the provider's interface says: movements and payouts, each once. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from migrator.finance.reconciliation.expectations import TRANSACTIONS
from migrator.finance.reconciliation.lifecycle import TransactionSource
from migrator.finance.reconciliation.models import ProviderCursor, ProviderPayout, ProviderTransaction
from migrator.payments.movements import BalanceTransaction, Payout

ASKED = "asked"
# The movements of others may still change.
SETTLED = frozenset({"paid", "in_transit"})


def ask_for_pull(session: Session, *, now: datetime) -> None:
    """This will have the worker fetch what is new."""
    note_pull(session, ASKED, through=now, now=now)


def is_pull_asked(session: Session) -> bool:
    """This will tell whether somebody has asked for what is new since it was fetched last."""
    asked, pulled = session.get(ProviderCursor, ASKED), session.get(ProviderCursor, TRANSACTIONS)
    return asked is not None and (pulled is None or asked.through_at > pulled.through_at)


def pulled_through(session: Session, kind: str) -> datetime | None:
    """This will return up to which moment a kind of object was pulled whole, or none before the first pull."""
    cursor = session.get(ProviderCursor, kind)
    return cursor.through_at if cursor else None


def note_pull(session: Session, kind: str, *, through: datetime, now: datetime) -> None:
    """This will write down that all pages up to `through` have come."""
    session.merge(ProviderCursor(kind=kind, through_at=through, pulled_at=now))
    session.flush()


def keep_movements(
    session: Session, movements: Sequence[BalanceTransaction], *, livemode: bool, payout_id: int | None = None
) -> int:
    """This will keep the movements that are new, and return how many; of known ones only the payout is learned.

    :param payout_id: our row of the payout that they belong to, where that was asked
    """
    ids = [movement.id for movement in movements]
    known = set(
        session.scalars(select(ProviderTransaction.provider_id).where(ProviderTransaction.provider_id.in_(ids)))
    )
    # The oldest first, so that the rows' numbers follow time.
    new = [_values(each, payout_id, livemode) for each in reversed(movements) if each.id not in known]
    if new:
        session.execute(insert(cast(Table, ProviderTransaction.__table__)), new)
    if payout_id is not None and known:
        learns = ProviderTransaction.provider_id.in_(known), ProviderTransaction.payout_id.is_(None)
        session.execute(update(ProviderTransaction).where(*learns).values(payout_id=payout_id))
    return len(new)


def keep_payout(session: Session, payout: Payout) -> ProviderPayout:
    """This will keep a payout as the provider knows it now; what a person noted of the bank stays."""
    row = session.scalar(select(ProviderPayout).where(ProviderPayout.provider_id == payout.id))
    if row is None:
        row = ProviderPayout(
            provider_id=payout.id,
            amount_minor=payout.amount.minor_units,
            currency=payout.amount.currency,
            status=payout.status,
            arrival_on=payout.arrival_on,
            created_at=payout.created_at,
            livemode=payout.livemode,
        )
        session.add(row)
    row.amount_minor, row.status, row.arrival_on = payout.amount.minor_units, payout.status, payout.arrival_on
    session.flush()
    return row


def wants_parts(payout: ProviderPayout) -> bool:
    """This will say whether the movements of a payout are still to be asked for."""
    return not payout.is_itemized and payout.status in SETTLED


def _values(movement: BalanceTransaction, payout_id: int | None, livemode: bool) -> dict[str, Any]:
    source = movement.raw.get("source")
    behind = source if isinstance(source, dict) else {}
    return {
        "provider_id": movement.id,
        "reporting_category": movement.reporting_category,
        "kind": movement.kind,
        "gross_minor": movement.gross.minor_units,
        "fee_minor": movement.fee.minor_units,
        "net_minor": movement.net.minor_units,
        "currency": movement.gross.currency,
        "created_at": movement.created_at,
        "available_on": movement.available_on,
        "source_id": movement.source_id or "",
        "charge_id": movement.charge_id or "",
        "payment_intent_id": movement.payment_intent_id or "",
        "order_number": movement.order_number or "",
        "order_key": str((behind.get("metadata") or {}).get("order_id", "")),
        "customer_email": movement.customer_email or "",
        "livemode": behind.get("livemode", livemode),
        "raw": {name: value for name, value in movement.raw.items() if name != "source"},
        "source": TransactionSource.API,
        "payout_id": payout_id,
    }
