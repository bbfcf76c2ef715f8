"""what the provider says, and what does not fit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, DOCUMENT, MOMENT, add_partial_index, one_of, refers

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CODES = tuple(
    """missing_at_provider missing_in_ledger orphan_charge amount_mismatch currency_mismatch premium_miscalculated
    refunded_with_cover refund_without_line refund_failed window_never_opened window_wrong_length
    restarts_over_plan restart_after_end duplicate_charge paid_late paid_after_cancel unexpected_fee
    dispute_with_cover payout_sum_differs payout_not_at_bank late_in_closed_month livemode_mix
    earned_off_schedule""".split()
)


def upgrade() -> None:
    op.create_table(
        "provider_cursors",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("through_at", MOMENT, nullable=False),
        sa.Column("pulled_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_provider_cursors")),
    )
    op.create_table(
        "provider_payouts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("arrival_on", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("at_bank_on", sa.Date(), nullable=True),
        sa.Column("at_bank_minor", sa.BigInteger(), nullable=True),
        sa.Column("is_itemized", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(at_bank_on IS NULL) = (at_bank_minor IS NULL)", name=op.f("ck_provider_payouts_arrived_with_its_amount")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_payouts")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_provider_payouts_provider_id")),
    )
    op.create_index("ix_provider_payouts_created_at", "provider_payouts", ["created_at", "id"], unique=False)
    op.create_table(
        "reconciliation_runs",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", one_of("kind", "full", "new"), nullable=False),
        sa.Column("state", one_of("state", "running", "interrupted", "done", "failed"), nullable=False),
        sa.Column("started_by_id", BIG, nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursors", DOCUMENT, nullable=False),
        sa.Column("figures", DOCUMENT, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)",
            name=op.f("ck_reconciliation_runs_finished_has_its_time"),
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_reconciliation_runs_done_within_all")),
        refers("reconciliation_runs", "started_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_runs")),
    )
    add_partial_index(
        "uq_reconciliation_runs_running", "reconciliation_runs", ["state"], where="state = 'running'", unique=True
    )
    op.create_table(
        "statement_imports",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", one_of("kind", "payout_reconciliation", "balance_change"), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("state", one_of("state", "reading", "interrupted", "refused", "done"), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("done_rows", sa.Integer(), nullable=False),
        sa.Column("known_rows", sa.Integer(), nullable=False),
        sa.Column("imported_by_id", BIG, nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("notes", DOCUMENT, nullable=False),
        sa.CheckConstraint("(state = 'refused') = (problem <> '')", name=op.f("ck_statement_imports_refused_says_why")),
        sa.CheckConstraint(
            "(state IN ('refused', 'done')) = (ended_at IS NOT NULL)",
            name=op.f("ck_statement_imports_ended_has_its_time"),
        ),
        sa.CheckConstraint(
            "done_rows >= 0 AND (row_count IS NULL OR done_rows <= row_count)",
            name=op.f("ck_statement_imports_done_within_all"),
        ),
        refers("statement_imports", "imported_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_imports")),
        sa.UniqueConstraint("sha256", name=op.f("uq_statement_imports_sha256")),
    )
    add_partial_index("ix_statement_imports_reading", "statement_imports", ["id"], where="state = 'reading'")
    op.create_table(
        "provider_transactions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("source", one_of("source", "api", "file"), nullable=False),
        sa.Column("payout_id", BIG, nullable=True),
        sa.Column("import_id", BIG, nullable=True),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column("reporting_category", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.String(length=120), nullable=False),
        sa.Column("charge_id", sa.String(length=120), nullable=False),
        sa.Column("payment_intent_id", sa.String(length=120), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("order_key", sa.String(length=40), nullable=False),
        sa.Column("customer_email", sa.String(length=255), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("raw", DOCUMENT, nullable=False),
        sa.CheckConstraint(
            "net_minor = gross_minor - fee_minor", name=op.f("ck_provider_transactions_net_is_gross_less_fee")
        ),
        refers("provider_transactions", "import_id", "statement_imports"),
        refers("provider_transactions", "payout_id", "provider_payouts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_transactions")),
    )
    op.create_index(op.f("ix_provider_transactions_import_id"), "provider_transactions", ["import_id"], unique=False)
    op.create_index("ix_provider_transactions_payout_id", "provider_transactions", ["payout_id", "id"], unique=False)
    op.create_index("uq_provider_transactions_provider_id", "provider_transactions", ["provider_id"], unique=True)
    op.create_table(
        "reconciliation_scopes",
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("subject", one_of("subject", "order", "transaction", "payout"), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        refers("reconciliation_scopes", "run_id", "reconciliation_runs"),
        sa.PrimaryKeyConstraint("run_id", "subject", "row_id", name=op.f("pk_reconciliation_scopes")),
    )
    op.create_table(
        "statement_rows",
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("payout_key", sa.String(length=120), nullable=False),
        sa.Column("payout_arrival_on", sa.Date(), nullable=True),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column("reporting_category", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.String(length=120), nullable=False),
        sa.Column("charge_id", sa.String(length=120), nullable=False),
        sa.Column("payment_intent_id", sa.String(length=120), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("order_key", sa.String(length=40), nullable=False),
        sa.Column("customer_email", sa.String(length=255), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("raw", DOCUMENT, nullable=False),
        sa.CheckConstraint("net_minor = gross_minor - fee_minor", name=op.f("ck_statement_rows_net_is_gross_less_fee")),
        refers("statement_rows", "import_id", "statement_imports"),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_statement_rows")),
    )
    op.create_index("uq_statement_rows_provider_id", "statement_rows", ["import_id", "provider_id"], unique=True)
    op.create_table(
        "match_proposals",
        sa.Column("id", BIG, nullable=False),
        sa.Column("transaction_id", BIG, nullable=False),
        sa.Column("payment_id", BIG, nullable=False),
        sa.Column("state", one_of("state", "open", "confirmed", "rejected", "lapsed"), nullable=False),
        sa.Column("inputs", DOCUMENT, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'rejected')) = (decided_by_id IS NOT NULL)",
            name=op.f("ck_match_proposals_decided_by_somebody"),
        ),
        refers("match_proposals", "decided_by_id", "people"),
        refers("match_proposals", "payment_id", "payments"),
        refers("match_proposals", "run_id", "reconciliation_runs"),
        refers("match_proposals", "transaction_id", "provider_transactions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_proposals")),
    )
    add_partial_index("ix_match_proposals_open", "match_proposals", ["id"], where="state = 'open'")
    op.create_index("uq_match_proposals_pair", "match_proposals", ["transaction_id", "payment_id"], unique=True)
    op.create_table(
        "discrepancies",
        sa.Column("id", BIG, nullable=False),
        sa.Column("severity", one_of("severity", "blocking", "serious", "minor"), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", one_of("state", "open", "resolved", "waived"), nullable=False),
        sa.Column("proposed_state", one_of("proposed_state", "open", "resolved", "waived"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner_id", BIG, nullable=True),
        sa.Column("resolved_by_id", BIG, nullable=True),
        sa.Column("approved_by_id", BIG, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_run_id", BIG, nullable=True),
        sa.Column("waived_minor", sa.BigInteger(), nullable=True),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("last_seen_run_id", BIG, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", one_of("code", *CODES), nullable=False),
        sa.Column("fingerprint", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("payment_id", BIG, nullable=True),
        sa.Column("refund_id", BIG, nullable=True),
        sa.Column("transaction_id", BIG, nullable=True),
        sa.Column("cover_id", BIG, nullable=True),
        sa.Column("payout_id", BIG, nullable=True),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.CheckConstraint(
            "(state = 'waived') = (waived_minor IS NOT NULL)", name=op.f("ck_discrepancies_waived_keeps_its_amount")
        ),
        sa.CheckConstraint(
            "proposed_state IS NULL OR (state = 'open' AND resolved_by_id IS NOT NULL)",
            name=op.f("ck_discrepancies_proposed_by_somebody"),
        ),
        sa.CheckConstraint("state = 'open' OR reason <> ''", name=op.f("ck_discrepancies_closed_says_why")),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_discrepancies_amount_not_negative")),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> resolved_by_id", name=op.f("ck_discrepancies_two_people")
        ),
        refers("discrepancies", "approved_by_id", "people"),
        refers("discrepancies", "closed_by_run_id", "reconciliation_runs"),
        refers("discrepancies", "cover_id", "covers"),
        refers("discrepancies", "last_seen_run_id", "reconciliation_runs"),
        refers("discrepancies", "order_id", "orders"),
        refers("discrepancies", "owner_id", "people"),
        refers("discrepancies", "payment_id", "payments"),
        refers("discrepancies", "payout_id", "provider_payouts"),
        refers("discrepancies", "refund_id", "refunds"),
        refers("discrepancies", "resolved_by_id", "people"),
        refers("discrepancies", "transaction_id", "provider_transactions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
    )
    add_partial_index("ix_discrepancies_open", "discrepancies", ["rank", "amount_minor", "id"], where="state = 'open'")
    op.create_index("ix_discrepancies_order_id", "discrepancies", ["order_id", "id"], unique=False)
    op.create_index("ix_discrepancies_payout_id", "discrepancies", ["payout_id", "id"], unique=False)
    op.create_index("uq_discrepancies_fingerprint", "discrepancies", ["fingerprint"], unique=True)
    op.create_table(
        "matches",
        sa.Column("transaction_id", BIG, nullable=False),
        sa.Column("kind", one_of("kind", "charge", "refund", "dispute", "payout"), nullable=False),
        sa.Column("payment_id", BIG, nullable=True),
        sa.Column("refund_id", BIG, nullable=True),
        sa.Column("dispute_id", BIG, nullable=True),
        sa.Column("payout_id", BIG, nullable=True),
        sa.Column(
            "rule",
            one_of(
                "rule", "metadata", "payment_intent", "charge", "refund", "dispute", "payout", "reference", "confirmed"
            ),
            nullable=False,
        ),
        sa.Column("inputs", DOCUMENT, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("confirmed_by_id", BIG, nullable=True),
        sa.CheckConstraint(
            "(rule = 'confirmed') = (confirmed_by_id IS NOT NULL)", name=op.f("ck_matches_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "payment_id IS NOT NULL OR payout_id IS NOT NULL", name=op.f("ck_matches_belongs_to_something")
        ),
        refers("matches", "confirmed_by_id", "people"),
        refers("matches", "dispute_id", "disputes"),
        refers("matches", "payment_id", "payments"),
        refers("matches", "payout_id", "provider_payouts"),
        refers("matches", "refund_id", "refunds"),
        refers("matches", "run_id", "reconciliation_runs"),
        refers("matches", "transaction_id", "provider_transactions"),
        sa.PrimaryKeyConstraint("transaction_id", name=op.f("pk_matches")),
    )
    op.create_index("ix_matches_payment_id", "matches", ["payment_id", "kind"], unique=False)
    op.create_table(
        "reconciliation_findings",
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("fingerprint", sa.String(length=120), nullable=False),
        sa.Column("code", one_of("code", *CODES), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("payment_id", BIG, nullable=True),
        sa.Column("refund_id", BIG, nullable=True),
        sa.Column("transaction_id", BIG, nullable=True),
        sa.Column("cover_id", BIG, nullable=True),
        sa.Column("payout_id", BIG, nullable=True),
        sa.Column("evidence", DOCUMENT, nullable=False),
        refers("reconciliation_findings", "cover_id", "covers"),
        refers("reconciliation_findings", "order_id", "orders"),
        refers("reconciliation_findings", "payment_id", "payments"),
        refers("reconciliation_findings", "payout_id", "provider_payouts"),
        refers("reconciliation_findings", "refund_id", "refunds"),
        refers("reconciliation_findings", "run_id", "reconciliation_runs"),
        refers("reconciliation_findings", "transaction_id", "provider_transactions"),
        sa.PrimaryKeyConstraint("run_id", "fingerprint", name=op.f("pk_reconciliation_findings")),
    )
    op.create_table(
        "discrepancy_comments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("discrepancy_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("run_id", BIG, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(author_id IS NULL) = (run_id IS NOT NULL)", name=op.f("ck_discrepancy_comments_written_by_one")
        ),
        refers("discrepancy_comments", "author_id", "people"),
        refers("discrepancy_comments", "discrepancy_id", "discrepancies"),
        refers("discrepancy_comments", "run_id", "reconciliation_runs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancy_comments")),
    )
    op.create_index(
        "ix_discrepancy_comments_discrepancy_id", "discrepancy_comments", ["discrepancy_id", "id"], unique=False
    )
    op.create_index("ix_payments_charge_id", "payments", ["charge_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_payments_charge_id", table_name="payments")
    op.drop_index("ix_discrepancy_comments_discrepancy_id", table_name="discrepancy_comments")
    op.drop_table("discrepancy_comments")
    op.drop_table("reconciliation_findings")
    op.drop_index("ix_matches_payment_id", table_name="matches")
    op.drop_table("matches")
    op.drop_index("uq_discrepancies_fingerprint", table_name="discrepancies")
    op.drop_index("ix_discrepancies_payout_id", table_name="discrepancies")
    op.drop_index("ix_discrepancies_order_id", table_name="discrepancies")
    op.drop_index(
        "ix_discrepancies_open",
        table_name="discrepancies",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("discrepancies")
    op.drop_index("uq_match_proposals_pair", table_name="match_proposals")
    op.drop_index(
        "ix_match_proposals_open",
        table_name="match_proposals",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("match_proposals")
    op.drop_index("uq_statement_rows_provider_id", table_name="statement_rows")
    op.drop_table("statement_rows")
    op.drop_table("reconciliation_scopes")
    op.drop_index("uq_provider_transactions_provider_id", table_name="provider_transactions")
    op.drop_index("ix_provider_transactions_payout_id", table_name="provider_transactions")
    op.drop_index(op.f("ix_provider_transactions_import_id"), table_name="provider_transactions")
    op.drop_table("provider_transactions")
    op.drop_index(
        "ix_statement_imports_reading",
        table_name="statement_imports",
        sqlite_where=sa.text("state = 'reading'"),
        postgresql_where=sa.text("state = 'reading'"),
    )
    op.drop_table("statement_imports")
    op.drop_index(
        "uq_reconciliation_runs_running",
        table_name="reconciliation_runs",
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.drop_table("reconciliation_runs")
    op.drop_index("ix_provider_payouts_created_at", table_name="provider_payouts")
    op.drop_table("provider_payouts")
    op.drop_table("provider_cursors")
