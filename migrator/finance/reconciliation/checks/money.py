"""Payments against the provider's movements and our own books."""

from __future__ import annotations

from migrator.finance.reconciliation.checks.check import Check
from migrator.finance.reconciliation.lifecycle import Code, Subject

MOVED = "provider_transactions t LEFT JOIN matches m ON m.transaction_id = t.id"
CAUSE = """CASE m.kind WHEN 'charge' THEN 'payment:' || m.payment_id WHEN 'refund' THEN 'refund:' || m.refund_id
    WHEN 'dispute' THEN 'dispute:' || m.dispute_id END"""
# With what was posted for it, where something has to be.
MATCHED = f"""matches m
    JOIN provider_transactions t ON t.id = m.transaction_id
    JOIN payments p ON p.id = m.payment_id
    JOIN orders o ON o.id = p.order_id
    LEFT JOIN journal_entries e ON e.cause = {CAUSE}"""
# Orders are wide rows: their numbers are fetched for what was found alone.
NUMBER = "(SELECT o.number FROM orders o WHERE o.id = p.order_id)"
OF_PAYMENT = {"order_id": "p.order_id", "payment_id": "p.id"}
OF_CHARGE = {**OF_PAYMENT, "transaction_id": "t.id"}

MONEY = (
    Check(
        code=Code.MISSING_AT_PROVIDER,
        key="p.id",
        subject=NUMBER,
        amount="p.amount_minor",
        currency="p.currency",
        happened="p.captured_at",
        source="payments p",
        where="""p.captured_at > :since AND p.captured_at < :until AND NOT EXISTS (
            SELECT 1 FROM matches m WHERE m.payment_id = p.id AND m.kind = 'charge')""",
        scope=(Subject.ORDER, "p.order_id"),
        links=OF_PAYMENT,
        evidence={
            "payment_intent": "p.payment_intent_id",
            "charge": "p.charge_id",
            "paid_minor": "p.amount_minor",
            "paid_at": "INSTANT(p.captured_at)",
        },
    ),
    Check(
        code=Code.ORPHAN_CHARGE,
        key="t.provider_id",
        subject="CASE WHEN t.order_number <> '' THEN t.order_number ELSE t.provider_id END",
        amount="t.gross_minor",
        currency="t.currency",
        happened="t.created_at",
        source=MOVED,
        where="t.reporting_category = 'charge' AND m.transaction_id IS NULL",
        scope=(Subject.TRANSACTION, "t.id"),
        links={"transaction_id": "t.id", "payout_id": "t.payout_id"},
        evidence={
            "balance_transaction": "t.provider_id",
            "payment_intent": "t.payment_intent_id",
            "charge": "t.charge_id",
            "order_in_metadata": "t.order_number",
            "customer": "t.customer_email",
            "gross_minor": "t.gross_minor",
            "charged_at": "INSTANT(t.created_at)",
        },
    ),
    Check(
        code=Code.AMOUNT_MISMATCH,
        key="t.provider_id",
        subject="o.number",
        amount="t.gross_minor - p.amount_minor",
        currency="t.currency",
        happened="t.created_at",
        source=MATCHED,
        where="m.kind = 'charge' AND t.currency = p.currency AND t.gross_minor <> p.amount_minor",
        scope=(Subject.ORDER, "p.order_id"),
        links=OF_CHARGE,
        evidence={
            "balance_transaction": "t.provider_id",
            "provider_minor": "t.gross_minor",
            "ours_minor": "p.amount_minor",
            "difference_minor": "t.gross_minor - p.amount_minor",
        },
    ),
    Check(
        code=Code.CURRENCY_MISMATCH,
        key="t.provider_id",
        subject="o.number",
        amount="t.gross_minor",
        currency="t.currency",
        happened="t.created_at",
        source=MATCHED,
        where="m.kind = 'charge' AND (t.currency <> p.currency OR p.currency <> o.currency)",
        scope=(Subject.ORDER, "p.order_id"),
        links=OF_CHARGE,
        evidence={
            "balance_transaction": "t.provider_id",
            "provider_currency": "t.currency",
            "payment_currency": "p.currency",
            "order_currency": "o.currency",
            "gross_minor": "t.gross_minor",
        },
    ),
    Check(
        code=Code.DUPLICATE_CHARGE,
        key="t.provider_id",
        subject=NUMBER,
        amount="t.gross_minor",
        currency="t.currency",
        happened="t.created_at",
        source="""(
                SELECT each.payment_id, MIN(each.transaction_id) AS first_id FROM matches each
                WHERE each.kind = 'charge'
                    AND each.payment_id IN (SELECT mine.id FROM payments mine WHERE WITHIN(mine.order_id))
                GROUP BY each.payment_id HAVING COUNT(*) > 1
            ) AS twice
            JOIN matches m ON m.payment_id = twice.payment_id AND m.kind = 'charge'
            JOIN provider_transactions t ON t.id = m.transaction_id
            JOIN payments p ON p.id = m.payment_id""",
        where="m.transaction_id > twice.first_id",
        scope=(Subject.ORDER, "p.order_id"),
        links=OF_CHARGE,
        evidence={
            "balance_transaction": "t.provider_id",
            "payment_intent": "p.payment_intent_id",
            "gross_minor": "t.gross_minor",
            "charged_at": "INSTANT(t.created_at)",
        },
    ),
    Check(
        code=Code.LIVEMODE_MIX,
        key="t.provider_id",
        subject="t.provider_id",
        amount="t.gross_minor",
        currency="t.currency",
        happened="t.created_at",
        source=MOVED,
        where="t.livemode <> :livemode",
        scope=(Subject.TRANSACTION, "t.id"),
        links={"transaction_id": "t.id", "payout_id": "t.payout_id"},
        evidence={
            "balance_transaction": "t.provider_id",
            "mode": "CASE WHEN t.livemode THEN 'live' ELSE 'test' END",
            "gross_minor": "t.gross_minor",
        },
    ),
    Check(
        code=Code.UNEXPECTED_FEE,
        key="t.provider_id",
        subject="CASE WHEN t.order_number <> '' THEN t.order_number ELSE t.provider_id END",
        amount="FEE_DIFFERENCE",
        currency="t.currency",
        happened="t.created_at",
        source=MOVED,
        where="UNEXPECTED_FEE",
        scope=(Subject.TRANSACTION, "t.id"),
        links={
            "order_id": "(SELECT p.order_id FROM payments p WHERE p.id = m.payment_id)", "payment_id": "m.payment_id",
            "transaction_id": "t.id", "payout_id": "t.payout_id",
        },
        evidence={
            "balance_transaction": "t.provider_id",
            "category": "t.reporting_category",
            "gross_minor": "t.gross_minor",
            "fee_minor": "t.fee_minor",
            "expected_fee_minor": "EXPECTED_FEE",
            "difference_minor": "FEE_DIFFERENCE",
        },
    ),
)  # fmt: skip
# Money that did not fit when it came has its own row already; here it joins the one list of finance.
DISPOSITIONS = {
    "paid_late": Code.PAID_LATE,
    "paid_twice": Code.DUPLICATE_CHARGE,
    "paid_after_cancel": Code.PAID_AFTER_CANCEL,
    "amount_mismatch": Code.AMOUNT_MISMATCH,
}
UNFIT = tuple(
    Check(
        code=code,
        key="'payment:' || p.id",
        subject=NUMBER,
        amount="e.proposed_refund_minor",
        currency="e.currency",
        happened="p.captured_at",
        source="payment_exceptions e JOIN payments p ON p.id = e.payment_id JOIN orders o ON o.id = p.order_id",
        where=f"e.resolved_at IS NULL AND e.code = '{disposition}'",
        scope=(Subject.ORDER, "e.order_id"),
        links=OF_PAYMENT,
        evidence={
            "payment_intent": "p.payment_intent_id",
            "paid_minor": "p.amount_minor",
            "order_total_minor": "o.total_minor",
            "proposed_refund_minor": "e.proposed_refund_minor",
            "paid_at": "INSTANT(p.captured_at)",
        },
    )
    for disposition, code in DISPOSITIONS.items()
)
