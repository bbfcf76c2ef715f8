"""Insurance: what was sold, against its window, its restarts and what was earned (RULES C-070 to C-079)."""

from __future__ import annotations

from migrator.finance.reconciliation.checks.check import Check
from migrator.finance.reconciliation.lifecycle import Code, Subject

COVER = "covers c JOIN orders o ON o.id = c.order_id"
OF_COVER = {"order_id": "o.id", "cover_id": "c.id"}
# Every insurance line with its cover, its window and the migration that opened it, and the days by which it is earned.
INSURED = """order_lines l
    JOIN orders o ON o.id = l.order_id AND l.kind = 'insurance'
    LEFT JOIN covers c ON c.order_line_id = l.id
    LEFT JOIN runs run ON run.order_id = l.order_id AND run.kind = 'full' AND run.state = 'done'
    LEFT JOIN windows w ON w.order_id = l.order_id AND w.kind = 'insurance'
    LEFT JOIN DAYS ON days.calendar = o.calendar_key AND days.business_days = c.business_days
        AND days.utc_day = UTC_DAY(w.opened_at) AND w.opened_at > days.after AND w.opened_at <= days.until
    LEFT JOIN WORKED ON worked.calendar = o.calendar_key AND worked.day = c.earned_through"""
ELAPSED = "(worked.worked - days.worked)"
LEFT = "(c.premium_minor - c.refunded_minor)"
# The cumulative method of `covers/rules.py`: the part of the whole that the days so far are, never more than is left.
DUE = f"""(CASE WHEN {ELAPSED} >= c.business_days OR c.premium_minor * {ELAPSED} / c.business_days > {LEFT} THEN {LEFT}
    WHEN {ELAPSED} < 0 THEN 0 ELSE c.premium_minor * {ELAPSED} / c.business_days END)"""

COVERS = (
    Check(
        code=Code.PREMIUM_MISCALCULATED,
        key="'line:' || l.id",
        subject="o.number",
        amount="l.amount_minor - (l.base_minor * TERM(o.insurance.rate_bp) + 5000) / 10000",
        currency="l.currency",
        happened="o.paid_at",
        source=INSURED,
        where="""o.paid_at IS NOT NULL AND (
            l.rate_bp <> TERM(o.insurance.rate_bp) OR c.premium_minor <> l.amount_minor
            OR c.rate_bp <> l.rate_bp OR c.base_minor <> l.base_minor)""",
        scope=(Subject.ORDER, "l.order_id"),
        links=OF_COVER,
        evidence={
            "plan": "l.plan",
            "base_minor": "l.base_minor",
            "rate_bp": "l.rate_bp",
            "charged_minor": "l.amount_minor",
            "sold_rate_bp": "TERM(o.insurance.rate_bp)",
            "expected_minor": "(l.base_minor * TERM(o.insurance.rate_bp) + 5000) / 10000",
            "cover_minor": "c.premium_minor",
        },
    ),
    Check(
        code=Code.PREMIUM_MISCALCULATED,
        key="'base:' || o.id",
        subject="o.number",
        amount="((sums.insured_minor - sums.base_minor) * sums.rate_bp + 5000) / 10000",
        currency="o.currency",
        happened="o.paid_at",
        source="""(
                SELECT l.order_id, SUM(l.base_minor) AS base_minor, MAX(l.rate_bp) AS rate_bp,
                    SUM(CASE WHEN l.kind IN ('migration', 'option', 'upgrade') THEN l.amount_minor ELSE 0 END)
                        AS insured_minor
                FROM order_lines l WHERE WITHIN(l.order_id) GROUP BY l.order_id
                HAVING SUM(l.base_minor) <>
                    SUM(CASE WHEN l.kind IN ('migration', 'option', 'upgrade') THEN l.amount_minor ELSE 0 END)
            ) AS sums JOIN orders o ON o.id = sums.order_id""",
        where="o.paid_at IS NOT NULL",
        scope=(Subject.ORDER, "o.id"),
        links={"order_id": "o.id"},
        evidence={"base_minor": "sums.base_minor", "insured_minor": "sums.insured_minor", "rate_bp": "sums.rate_bp"},
    ),
    Check(
        code=Code.WINDOW_NEVER_OPENED,
        key="c.id",
        subject="o.number",
        amount="c.premium_minor",
        currency="c.currency",
        happened="run.finished_at",
        source=INSURED,
        where="w.id IS NULL AND run.finished_at < :overdue AND c.state IN ('sold', 'open')",
        scope=(Subject.ORDER, "l.order_id"),
        links=OF_COVER,
        evidence={
            "premium_minor": "c.premium_minor",
            "plan": "c.plan",
            "migrated_at": "INSTANT(run.finished_at)",
            "cover": "c.state",
        },
    ),
    # Nothing covers any more what was paid for: the customer's until it goes back, or somebody keeps it (RULES X-12).
    Check(
        code=Code.WINDOW_NEVER_OPENED,
        key="c.id",
        subject="o.number",
        amount="c.premium_minor - c.earned_minor - c.refunded_minor",
        currency="c.currency",
        happened="""COALESCE((
            SELECT MAX(h.happened_at) FROM history h WHERE h.order_id = o.id AND h.verb = 'order.cancelled'
        ), c.sold_at)""",
        source=COVER,
        where="""o.state = 'cancelled' AND c.state = 'sold' AND NOT EXISTS (
            SELECT 1 FROM refund_lines l JOIN refunds r ON r.id = l.refund_id
            WHERE l.order_line_id = c.order_line_id AND r.state IN ('awaiting_approval', 'requested'))""",
        scope=(Subject.ORDER, "c.order_id"),
        links=OF_COVER,
        evidence={
            "premium_minor": "c.premium_minor",
            "refunded_minor": "c.refunded_minor",
            "plan": "c.plan",
            "order": "o.state",
            "cover": "c.state",
        },
    ),
    Check(
        code=Code.WINDOW_WRONG_LENGTH,
        key="c.id",
        subject="o.number",
        amount="c.premium_minor",
        currency="c.currency",
        happened="w.opened_at",
        source=INSURED,
        where="""w.extended_to_at IS NULL AND (w.ends_at <> days.ends OR c.ends_at <> days.ends
            OR (c.state = 'open' AND c.starts_at <> w.opened_at))""",
        scope=(Subject.ORDER, "l.order_id"),
        links=OF_COVER,
        evidence={
            "plan": "c.plan",
            "working_days_sold": "c.business_days",
            "opened_at": "INSTANT(w.opened_at)",
            "window_ends_at": "INSTANT(w.ends_at)",
            "cover_ends_at": "INSTANT(c.ends_at)",
            "expected_end_at": "INSTANT(days.ends)",
        },
    ),
    Check(
        code=Code.RESTARTS_OVER_PLAN,
        key="o.id",
        subject="o.number",
        amount="used.premium_minor",
        currency="o.currency",
        happened="used.last_at",
        source="""(
                SELECT r.order_id, COUNT(*) AS restarts, MAX(r.started_at) AS last_at,
                    COALESCE((SELECT SUM(c.premium_minor) FROM covers c WHERE c.order_id = r.order_id), 0)
                        AS premium_minor
                FROM runs r
                WHERE r.kind = 'restart' AND r.started_at IS NOT NULL AND NOT r.is_our_fault AND WITHIN(r.order_id)
                GROUP BY r.order_id
            ) AS used JOIN orders o ON o.id = used.order_id""",
        where="used.restarts > COALESCE(TERM(o.insurance.restarts), 0)",
        scope=(Subject.ORDER, "o.id"),
        links={"order_id": "o.id"},
        evidence={
            "restarts_used": "used.restarts",
            "restarts_sold": "COALESCE(TERM(o.insurance.restarts), 0)",
            "premium_minor": "used.premium_minor",
            "last_restart_at": "INSTANT(used.last_at)",
        },
    ),
    Check(
        code=Code.RESTART_AFTER_END,
        key="r.id",
        subject="o.number",
        amount="0",
        currency="o.currency",
        happened="r.requested_at",
        source="""runs r JOIN orders o ON o.id = r.order_id
            JOIN windows w ON w.order_id = r.order_id AND w.kind = 'insurance'""",
        where="""r.kind = 'restart' AND r.started_at IS NOT NULL
            AND r.requested_at >= COALESCE(w.extended_to_at, w.ends_at)""",
        scope=(Subject.ORDER, "r.order_id"),
        links={"order_id": "o.id"},
        evidence={
            "asked_for_at": "INSTANT(r.requested_at)",
            "started_at": "INSTANT(r.started_at)",
            "window_ends_at": "INSTANT(w.ends_at)",
        },
    ),
    Check(
        code=Code.EARNED_OFF_SCHEDULE,
        key="'schedule:' || c.id",
        subject="o.number",
        amount=f"c.earned_minor - {DUE}",
        currency="c.currency",
        happened="c.starts_at",
        source=INSURED,
        where=f"""c.state = 'open' AND c.starts_at = w.opened_at AND c.ends_at = days.ends
            AND c.earned_minor <> {DUE} AND NOT (c.earned_minor > {DUE} AND EXISTS (
                SELECT 1 FROM history h WHERE h.order_id = c.order_id AND h.verb = 'order.closure_moved'))""",
        scope=(Subject.ORDER, "l.order_id"),
        links=OF_COVER,
        evidence={
            "premium_minor": "c.premium_minor",
            "earned_minor": "c.earned_minor",
            "schedule_minor": DUE,
            "refunded_minor": "c.refunded_minor",
            "working_days_sold": "c.business_days",
            "working_days_used": "worked.worked - days.worked",
            "earned_through_on": "CAST(c.earned_through AS text)",
        },
    ),
    Check(
        code=Code.EARNED_OFF_SCHEDULE,
        key="'postings:' || c.id",
        subject="o.number",
        amount="c.earned_minor - COALESCE(posted.amount_minor, 0)",
        currency="c.currency",
        happened="c.sold_at",
        source=f"""{COVER} LEFT JOIN (
                SELECT p.cover_id, SUM(CASE WHEN p.credit = 'revenue_insurance' THEN p.amount_minor
                    WHEN p.debit = 'revenue_insurance' THEN -p.amount_minor ELSE 0 END) AS amount_minor
                FROM postings p
                WHERE p.cover_id IN (SELECT mine.id FROM covers mine WHERE WITHIN(mine.order_id)) GROUP BY p.cover_id
            ) AS posted ON posted.cover_id = c.id""",
        where="c.earned_minor <> COALESCE(posted.amount_minor, 0)",
        scope=(Subject.ORDER, "c.order_id"),
        links=OF_COVER,
        evidence={"earned_minor": "c.earned_minor", "posted_minor": "COALESCE(posted.amount_minor, 0)"},
    ),
    Check(
        code=Code.EARNED_OFF_SCHEDULE,
        key="'late:' || c.id",
        subject="o.number",
        amount="c.premium_minor - c.earned_minor - c.refunded_minor",
        currency="c.currency",
        happened="c.starts_at",
        source=COVER,
        where="c.state = 'open' AND c.earned_through < :earned_day",
        scope=(Subject.ORDER, "c.order_id"),
        links=OF_COVER,
        evidence={
            "premium_minor": "c.premium_minor",
            "earned_minor": "c.earned_minor",
            "earned_through_on": "CAST(c.earned_through AS text)",
        },
    ),
)
