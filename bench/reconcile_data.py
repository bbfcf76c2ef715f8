"""Many paid, insured orders with their books and the provider's movements, copied from one inside the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

from tests.factories.month.keeping import keep_sales, keep_statement, post_sales
from tests.factories.month.making import make_sales

OF_A_PAYOUT = 1_000
STEP = 10
# Rows that are written later go on after the copies.
NUMBERED = ("journal_entries", "postings")
SERIES = "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"


def a_template(session: Session, now: datetime) -> datetime:
    """This will keep one insured sale whose window has just opened, and return the moment from which to look at it."""
    sale = make_sales(session, count=1, key="tpl", begins_on=now.date(), now=now + timedelta(days=90))[0]
    assert sale.window is not None, "the first sale of a month is insured"
    sale.window.closed_at = sale.window.outcome = None
    later = sale.window.opened_at + timedelta(hours=2)
    keep_sales(session, [sale])
    post_sales(session, [sale], now=later)
    keep_statement(session, [], [])
    return later


def copy_orders(connection: Connection, *, first: int, last: int) -> None:
    """This will copy the template into the orders numbered from `first` to `last`, each with all that belongs to it."""
    at = {"first": first, "last": last}
    _copy(connection, "orders", "id = 1", at, id="1 + n.i", number="'MIG-' || n.i")
    lines = connection.scalar(text("SELECT COUNT(*) FROM order_lines WHERE order_id = 1")) or 0
    assert lines <= STEP, "the copies' numbers must not meet"
    _copy(connection, "order_lines", "order_id = 1", at, id=f"c.id + {STEP} * n.i", order_id="1 + n.i")
    keyed = {"idempotency_key": "'key-' || n.i", "session_id": "'cs_' || n.i"}
    _copy(connection, "payment_attempts", "id = 1", at, id="1 + n.i", order_id="1 + n.i", **keyed)
    paid = {"attempt_id": "1 + n.i", "payment_intent_id": "'pi_' || n.i", "charge_id": "'ch_' || n.i"}
    _copy(connection, "payments", "id = 1", at, id="1 + n.i", order_id="1 + n.i", **paid)
    _copy(connection, "previews", "id = 1", at, id="1 + n.i", order_id="1 + n.i")
    _copy(connection, "runs", "id = 1", at, id="1 + n.i", order_id="1 + n.i", preview_id="1 + n.i")
    _copy(connection, "windows", "id = 1", at, id="1 + n.i", order_id="1 + n.i", run_id="1 + n.i")
    insured = f"order_line_id + {STEP} * n.i"
    _copy(connection, "covers", "id = 1", at, id="1 + n.i", order_id="1 + n.i", order_line_id=insured)
    _copy(
        connection, "journal_entries", "cause = 'payment:1'", at, id=f"{STEP} + n.i", order_id="1 + n.i",
        cause="'payment:' || (1 + n.i)",
    )  # fmt: skip
    posted = {"entry_id": f"{STEP} + n.i", "order_line_id": insured}
    entry = "entry_id = (SELECT id FROM journal_entries WHERE cause = 'payment:1')"
    _copy(connection, "postings", entry, at, id=f"100 + {STEP} * n.i + c.id", **posted)
    _movements(connection, at)
    if connection.dialect.name == "postgresql":
        for table in NUMBERED:
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")
            )


def _movements(connection: Connection, at: dict[str, int]) -> None:
    amount, currency = connection.execute(text("SELECT amount_minor, currency FROM payments WHERE id = 1")).one()
    fee = (amount * 290 + 5_000) // 10_000 + 30
    money = {"amount": amount, "fee": fee, "currency": currency}
    connection.execute(
        text(f"""
            INSERT INTO provider_payouts (id, provider_id, amount_minor, currency, status, arrival_on, created_at,
                livemode, at_bank_on, at_bank_minor, is_itemized, version)
            {SERIES}
            SELECT n.i / {OF_A_PAYOUT} + 1, 'po_' || (n.i / {OF_A_PAYOUT} + 1), COUNT(*) * (:amount - :fee), :currency,
                'paid', MIN(p.captured_on), MIN(p.captured_at), FALSE, MIN(p.captured_on),
                COUNT(*) * (:amount - :fee), TRUE, 1
            FROM n CROSS JOIN (
                SELECT captured_at, {_day(connection)} AS captured_on FROM payments WHERE id = 1
            ) AS p GROUP BY n.i / {OF_A_PAYOUT}
            ON CONFLICT (id) DO UPDATE SET
                amount_minor = provider_payouts.amount_minor + excluded.amount_minor,
                at_bank_minor = provider_payouts.at_bank_minor + excluded.at_bank_minor
        """),
        {**at, **money},
    )
    connection.execute(
        text(f"""
            INSERT INTO provider_transactions (id, provider_id, reporting_category, kind, gross_minor, fee_minor,
                net_minor, currency, created_at, source_id, charge_id, payment_intent_id, order_number, order_key,
                customer_email, livemode, raw, source, payout_id)
            {SERIES}
            SELECT n.i, 'txn_' || n.i, 'charge', 'charge', :amount, :fee, :amount - :fee, :currency, p.captured_at,
                'ch_' || n.i, 'ch_' || n.i, 'pi_' || n.i, 'MIG-' || n.i, '', '', FALSE, {_document(connection)}, 'api',
                n.i / {OF_A_PAYOUT} + 1
            FROM n CROSS JOIN (SELECT captured_at FROM payments WHERE id = 1) AS p
        """),
        {**at, **money},
    )


def _copy(connection: Connection, table: str, which: str, at: dict[str, int], **changed: str) -> None:
    columns = [column["name"] for column in inspect(connection).get_columns(table)]
    values = ", ".join(changed.get(name, f'c."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    connection.execute(
        text(f"INSERT INTO {table} ({names}) {SERIES} SELECT {values} FROM n CROSS JOIN {table} AS c WHERE c.{which}"),
        at,
    )


def _day(connection: Connection) -> str:
    return "date(captured_at)" if connection.dialect.name == "sqlite" else "CAST(captured_at AS date)"


def _document(connection: Connection) -> str:
    return "'{}'" if connection.dialect.name == "sqlite" else "CAST('{}' AS jsonb)"
