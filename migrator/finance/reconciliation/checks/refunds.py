"""Money that went back, and disputes, against the covers that they end."""

from __future__ import annotations

from migrator.finance.reconciliation.checks.check import Check
from migrator.finance.reconciliation.lifecycle import Code, Subject

REFUND = "refunds r JOIN orders o ON o.id = r.order_id"
OF_REFUND = {"order_id": "r.order_id", "payment_id": "r.payment_id", "refund_id": "r.id"}
EVIDENCE = {
    "refund": "COALESCE(r.provider_id, '')",
    "refund_minor": "r.amount_minor",
    "requested_at": "INSTANT(r.requested_at)",
}

REFUNDS = (
    Check(
        code=Code.REFUND_WITHOUT_LINE,
        key="r.id",
        subject="o.number",
        amount="r.amount_minor",
        currency="r.currency",
        happened="r.requested_at",
        source=REFUND,
        where="NOT r.is_allocated AND r.state IN ('pending', 'done')",
        scope=(Subject.ORDER, "r.order_id"),
        links=OF_REFUND,
        evidence={**EVIDENCE, "made_in": "r.origin"},
    ),
    Check(
        code=Code.REFUND_FAILED,
        key="r.id",
        subject="o.number",
        amount="r.amount_minor",
        currency="r.currency",
        happened="COALESCE(r.ended_at, r.requested_at)",
        source=REFUND,
        where="""r.state = 'failed' AND NOT EXISTS (
            SELECT 1 FROM refunds again WHERE again.payment_id = r.payment_id AND again.id > r.id
            AND again.state IN ('awaiting_approval', 'requested', 'pending', 'done'))""",
        scope=(Subject.ORDER, "r.order_id"),
        links=OF_REFUND,
        evidence={**EVIDENCE, "why": "r.failure"},
    ),
    Check(
        code=Code.REFUNDED_WITH_COVER,
        key="c.id",
        subject="o.number",
        amount="c.premium_minor",
        currency="c.currency",
        happened="back.ended_at",
        source="""(
                SELECT l.order_line_id, SUM(l.amount_minor) AS amount_minor, MAX(r.ended_at) AS ended_at,
                    MAX(r.id) AS refund_id, MAX(r.payment_id) AS payment_id
                FROM refund_lines l JOIN refunds r ON r.id = l.refund_id
                WHERE r.state = 'done' AND WITHIN(r.order_id) GROUP BY l.order_line_id
            ) AS back
            JOIN covers c ON c.order_line_id = back.order_line_id
            JOIN orders o ON o.id = c.order_id""",
        where="c.state IN ('sold', 'open') AND back.amount_minor >= c.premium_minor",
        scope=(Subject.ORDER, "c.order_id"),
        links={
            "order_id": "c.order_id", "payment_id": "back.payment_id", "refund_id": "back.refund_id",
            "cover_id": "c.id",
        },
        evidence={
            "premium_minor": "c.premium_minor",
            "refunded_minor": "back.amount_minor",
            "refunded_at": "INSTANT(back.ended_at)",
            "cover": "c.state",
        },
    ),
    Check(
        code=Code.DISPUTE_WITH_COVER,
        key="d.id || ':' || c.id",
        subject="o.number",
        amount="d.amount_minor",
        currency="d.currency",
        happened="d.opened_at",
        source="disputes d CROSS JOIN covers c JOIN orders o ON o.id = d.order_id",
        where="""c.order_id = d.order_id AND (
            (d.status IN ('needs_response', 'under_review') AND c.state IN ('sold', 'open'))
            OR (d.status = 'lost' AND c.state IN ('sold', 'open', 'suspended')))""",
        scope=(Subject.ORDER, "d.order_id"),
        links={"order_id": "d.order_id", "payment_id": "d.payment_id", "cover_id": "c.id"},
        evidence={
            "dispute": "d.provider_id",
            "dispute_is": "d.status",
            "disputed_minor": "d.amount_minor",
            "cover": "c.state",
            "premium_minor": "c.premium_minor",
            "opened_at": "INSTANT(d.opened_at)",
        },
    ),
)  # fmt: skip
