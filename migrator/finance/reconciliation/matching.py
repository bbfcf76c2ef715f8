"""Which movement at the provider belongs to what: exact rules first, then what a person may confirm (PAYMENTS).

Each statement works on a whole set inside the database and may be repeated: what is matched stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from migrator.finance.whole_sets import execute

# Three days on either side: a statement may carry the bank's day instead of the customer's.
NEAR_SECONDS = 3 * 24 * 60 * 60
UNMATCHED = "NOT EXISTS (SELECT 1 FROM matches m WHERE m.transaction_id = t.id)"
A_RANGE = "t.id > :after AND t.id <= :through"
# What was looked at before and waits for its other side.
WAITING = """t.id IN (
    SELECT d.transaction_id FROM discrepancies d
    WHERE d.state = 'open' AND d.code IN ('orphan_charge', 'missing_in_ledger') AND d.transaction_id IS NOT NULL
)"""
INSERT = (
    "INSERT INTO matches (transaction_id, kind, payment_id, refund_id, dispute_id, payout_id, rule, inputs, run_id)"
)
NONE = "CAST(NULL AS bigint)"

# Metadata that names another order than its payment intent is no match: it is shown as an orphan with both.
BY_PAYMENT_INTENT = f"""
{INSERT}
SELECT t.id, 'charge', p.id, {NONE}, {NONE}, {NONE},
    CASE WHEN t.order_number = o.number THEN 'metadata' ELSE 'payment_intent' END,
    JSON('order', t.order_number, 'payment_intent', t.payment_intent_id, 'charge', t.charge_id), :run
FROM provider_transactions t
JOIN payments p ON p.payment_intent_id = t.payment_intent_id
JOIN orders o ON o.id = p.order_id
WHERE t.reporting_category = 'charge' AND t.order_number IN ('', o.number) AND {{which}} AND {UNMATCHED}
"""
BY_CHARGE = f"""
{INSERT}
SELECT t.id, 'charge', p.id, {NONE}, {NONE}, {NONE},
    CASE WHEN t.order_number = o.number THEN 'metadata' ELSE 'charge' END,
    JSON('order', t.order_number, 'charge', t.charge_id), :run
FROM provider_transactions t
JOIN payments p ON p.charge_id = t.charge_id
JOIN orders o ON o.id = p.order_id
WHERE t.reporting_category = 'charge' AND t.charge_id <> '' AND t.payment_intent_id IN ('', p.payment_intent_id)
    AND t.order_number IN ('', o.number) AND {{which}} AND {UNMATCHED}
"""
REFUNDS = f"""
{INSERT}
SELECT t.id, 'refund', r.payment_id, r.id, {NONE}, {NONE}, 'refund', JSON('refund', t.source_id), :run
FROM provider_transactions t JOIN refunds r ON r.provider_id = t.source_id
WHERE t.reporting_category IN ('refund', 'refund_failure') AND {{which}} AND {UNMATCHED}
"""
DISPUTES = f"""
{INSERT}
SELECT t.id, 'dispute', d.payment_id, {NONE}, d.id, {NONE}, 'dispute', JSON('dispute', t.source_id), :run
FROM provider_transactions t JOIN disputes d ON d.provider_id = t.source_id
WHERE t.reporting_category IN ('dispute', 'dispute_reversal') AND {{which}} AND {UNMATCHED}
"""
PAYOUTS = f"""
{INSERT}
SELECT t.id, 'payout', {NONE}, {NONE}, {NONE}, po.id, 'payout', JSON('payout', t.source_id), :run
FROM provider_transactions t JOIN provider_payouts po ON po.provider_id = t.source_id
WHERE t.reporting_category IN ('payout', 'payout_reversal') AND {{which}} AND {UNMATCHED}
"""
EXACT = (BY_PAYMENT_INTENT, BY_CHARGE, REFUNDS, DISPUTES, PAYOUTS)

# The order's number alone, where no id helps: the order's one payment that nothing else belongs to.
BY_REFERENCE = f"""
{INSERT}
SELECT MIN(t.id), 'charge', MIN(p.id), {NONE}, {NONE}, {NONE}, 'reference',
    JSON('order', o.number, 'amount_minor', MIN(p.amount_minor), 'currency', MIN(p.currency)), :run
FROM provider_transactions t
JOIN orders o ON o.number = t.order_number
JOIN payments p ON p.order_id = o.id AND p.currency = t.currency AND p.amount_minor = t.gross_minor
WHERE t.reporting_category = 'charge' AND t.order_number <> '' AND {{which}} AND {UNMATCHED}
    AND (t.payment_intent_id = '' OR p.payment_intent_id NOT LIKE 'pi%')
    AND NOT EXISTS (SELECT 1 FROM matches m WHERE m.payment_id = p.id AND m.kind = 'charge')
GROUP BY o.number
HAVING COUNT(DISTINCT t.id) = 1 AND COUNT(DISTINCT p.id) = 1
"""

# Both sides are sorted together, each amount of each customer by time, and a window of three days is moved along:
# a join on the amount would explode, because insurance comes in few prices. Fits must be mutual and the only ones.
PROPOSE = f"""
INSERT INTO match_proposals (transaction_id, payment_id, state, inputs, run_id, version)
WITH sides AS (
    SELECT side, row_id, amount_minor, currency, customer, happened_at,
        COUNT(CASE WHEN side = 'payment' THEN 1 END) OVER near_by AS payments,
        COUNT(CASE WHEN side = 'transaction' THEN 1 END) OVER near_by AS transactions,
        MIN(CASE WHEN side = 'payment' THEN row_id END) OVER near_by AS payment_id,
        MIN(CASE WHEN side = 'transaction' THEN row_id END) OVER near_by AS transaction_id
    FROM (
        SELECT 'transaction' AS side, t.id AS row_id, t.gross_minor AS amount_minor, t.currency,
            LOWER(t.customer_email) AS customer, t.created_at AS happened_at
        FROM provider_transactions t
        WHERE t.reporting_category = 'charge' AND t.customer_email <> '' AND {UNMATCHED}
        UNION ALL
        SELECT 'payment', p.id, p.amount_minor, p.currency, LOWER(person.email), p.captured_at
        FROM payments p
        JOIN payment_attempts a ON a.id = p.attempt_id
        JOIN people person ON person.id = a.person_id
        WHERE NOT EXISTS (SELECT 1 FROM matches m WHERE m.payment_id = p.id AND m.kind = 'charge')
    ) AS both_sides
    WINDOW near_by AS (
        PARTITION BY currency, amount_minor, customer ORDER BY SECONDS(happened_at)
        RANGE BETWEEN {NEAR_SECONDS} PRECEDING AND {NEAR_SECONDS} FOLLOWING
    )
)
SELECT theirs.row_id, ours.row_id, 'open',
    JSON('amount_minor', theirs.amount_minor, 'currency', theirs.currency, 'customer', theirs.customer,
        'provider_at', INSTANT(theirs.happened_at), 'ours_at', INSTANT(ours.happened_at)), :run, 1
FROM sides AS theirs
JOIN sides AS ours ON ours.side = 'payment' AND ours.row_id = theirs.payment_id
JOIN payments p ON p.id = ours.row_id
JOIN provider_transactions t ON t.id = theirs.row_id
WHERE theirs.side = 'transaction' AND theirs.payments = 1
    AND ours.transactions = 1 AND ours.transaction_id = theirs.row_id
    AND (t.payment_intent_id IN ('', p.payment_intent_id) OR p.payment_intent_id NOT LIKE 'pi%')
    AND NOT EXISTS (
        SELECT 1 FROM match_proposals known WHERE known.transaction_id = t.id AND known.payment_id = p.id
    )
"""
LAPSE = """
UPDATE match_proposals SET state = 'lapsed', version = version + 1
WHERE state = 'open' AND (
    EXISTS (SELECT 1 FROM matches m WHERE m.transaction_id = match_proposals.transaction_id)
    OR EXISTS (SELECT 1 FROM matches m WHERE m.payment_id = match_proposals.payment_id AND m.kind = 'charge')
)
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which movements to look at: those after one row up to another, or those that wait for their other side."""

    after: int = 0
    through: int = 0
    waiting: bool = False

    @property
    def words(self) -> str:
        """The condition, for a statement."""
        return WAITING if self.waiting else A_RANGE


def match_exactly(session: Session, run_id: int, reach: Reach) -> int:
    """This will match what ids prove: metadata, payment intent, charge, refund, dispute, payout; returns how many."""
    return sum(_insert(session, statement, run_id, reach) for statement in EXACT)


def match_by_reference(session: Session, run_id: int, reach: Reach) -> int:
    """This will match charges whose order number leaves one payment alone; returns how many."""
    return _insert(session, BY_REFERENCE, run_id, reach)


def propose(session: Session, run_id: int) -> int:
    """This will let proposals lapse that no longer fit and propose what fits now; returns how many are new.

    A pair that somebody rejected is not proposed again, and ties are never matched by themselves.
    """
    execute(session, LAPSE)
    return execute(session, PROPOSE, run=run_id).rowcount


def _insert(session: Session, statement: str, run_id: int, reach: Reach) -> int:
    written = statement.replace("{which}", reach.words)
    return execute(session, written, run=run_id, after=reach.after, through=reach.through).rowcount
