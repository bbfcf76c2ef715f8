"""Payouts against their movements and against the bank."""

from __future__ import annotations

from migrator.finance.reconciliation.checks.check import Check
from migrator.finance.reconciliation.lifecycle import Code, Subject

OF_PAYOUT = {"payout_id": "po.id"}

PAYOUTS = (
    Check(
        code=Code.PAYOUT_SUM_DIFFERS,
        key="po.provider_id",
        subject="po.provider_id",
        amount="po.amount_minor - COALESCE(parts.net_minor, 0)",
        currency="po.currency",
        happened="po.created_at",
        source="""provider_payouts po LEFT JOIN (
                SELECT t.payout_id, SUM(t.net_minor) AS net_minor, COUNT(*) AS movements,
                    SUM(CASE WHEN t.currency <> po.currency THEN 1 ELSE 0 END) AS strangers
                FROM provider_transactions t JOIN provider_payouts po ON po.id = t.payout_id
                WHERE t.reporting_category NOT IN ('payout', 'payout_reversal') AND WITHIN(t.payout_id)
                GROUP BY t.payout_id
            ) AS parts ON parts.payout_id = po.id""",
        where="po.is_itemized AND (po.amount_minor <> COALESCE(parts.net_minor, 0) OR parts.strangers > 0)",
        scope=(Subject.PAYOUT, "po.id"),
        links=OF_PAYOUT,
        evidence={
            "payout": "po.provider_id",
            "paid_out_minor": "po.amount_minor",
            "movements_minor": "COALESCE(parts.net_minor, 0)",
            "difference_minor": "po.amount_minor - COALESCE(parts.net_minor, 0)",
            "movements": "COALESCE(parts.movements, 0)",
        },
    ),
    Check(
        code=Code.PAYOUT_NOT_AT_BANK,
        key="po.provider_id",
        subject="po.provider_id",
        amount="po.amount_minor - COALESCE(po.at_bank_minor, 0)",
        currency="po.currency",
        happened="po.created_at",
        source="provider_payouts po",
        where="""po.status NOT IN ('failed', 'canceled') AND (
            (po.at_bank_on IS NULL AND po.arrival_on < :bank_day)
            OR (po.at_bank_on IS NOT NULL AND po.at_bank_minor <> po.amount_minor))""",
        scope=(Subject.PAYOUT, "po.id"),
        links=OF_PAYOUT,
        evidence={
            "payout": "po.provider_id",
            "paid_out_minor": "po.amount_minor",
            "at_the_bank_minor": "po.at_bank_minor",
            "missing_minor": "po.amount_minor - COALESCE(po.at_bank_minor, 0)",
            "expected_on": "CAST(po.arrival_on AS text)",
            "arrived_on": "CAST(po.at_bank_on AS text)",
        },
    ),
)
