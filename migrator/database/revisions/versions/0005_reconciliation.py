"""what the provider says, and what does not fit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_cursors",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("through_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pulled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_provider_cursors")),
    )
    op.create_table(
        "provider_payouts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("arrival_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("full", "new", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "interrupted",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursors", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("figures", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)",
            name=op.f("ck_reconciliation_runs_finished_has_its_time"),
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_reconciliation_runs_done_within_all")),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["people.id"], name=op.f("fk_reconciliation_runs_started_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_runs")),
    )
    op.create_index(
        "uq_reconciliation_runs_running",
        "reconciliation_runs",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "statement_imports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "payout_reconciliation",
                "balance_change",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reading",
                "interrupted",
                "refused",
                "done",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("done_rows", sa.Integer(), nullable=False),
        sa.Column("known_rows", sa.Integer(), nullable=False),
        sa.Column("imported_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("notes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.CheckConstraint("(state = 'refused') = (problem <> '')", name=op.f("ck_statement_imports_refused_says_why")),
        sa.CheckConstraint(
            "(state IN ('refused', 'done')) = (ended_at IS NOT NULL)",
            name=op.f("ck_statement_imports_ended_has_its_time"),
        ),
        sa.CheckConstraint(
            "done_rows >= 0 AND (row_count IS NULL OR done_rows <= row_count)",
            name=op.f("ck_statement_imports_done_within_all"),
        ),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["people.id"], name=op.f("fk_statement_imports_imported_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_imports")),
        sa.UniqueConstraint("sha256", name=op.f("uq_statement_imports_sha256")),
    )
    op.create_index(
        "ix_statement_imports_reading",
        "statement_imports",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'reading'"),
        postgresql_where=sa.text("state = 'reading'"),
    )
    op.create_table(
        "provider_transactions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "source",
            sa.Enum("api", "file", name="source", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column("reporting_category", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.String(length=120), nullable=False),
        sa.Column("charge_id", sa.String(length=120), nullable=False),
        sa.Column("payment_intent_id", sa.String(length=120), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("order_key", sa.String(length=40), nullable=False),
        sa.Column("customer_email", sa.String(length=255), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("raw", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "net_minor = gross_minor - fee_minor", name=op.f("ck_provider_transactions_net_is_gross_less_fee")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["statement_imports.id"], name=op.f("fk_provider_transactions_import_id_statement_imports")
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["provider_payouts.id"], name=op.f("fk_provider_transactions_payout_id_provider_payouts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_transactions")),
    )
    op.create_index(op.f("ix_provider_transactions_import_id"), "provider_transactions", ["import_id"], unique=False)
    op.create_index("ix_provider_transactions_payout_id", "provider_transactions", ["payout_id", "id"], unique=False)
    op.create_index("uq_provider_transactions_provider_id", "provider_transactions", ["provider_id"], unique=True)
    op.create_table(
        "reconciliation_scopes",
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "order", "transaction", "payout", name="subject", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["reconciliation_runs.id"], name=op.f("fk_reconciliation_scopes_run_id_reconciliation_runs")
        ),
        sa.PrimaryKeyConstraint("run_id", "subject", "row_id", name=op.f("pk_reconciliation_scopes")),
    )
    op.create_table(
        "statement_rows",
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.String(length=120), nullable=False),
        sa.Column("charge_id", sa.String(length=120), nullable=False),
        sa.Column("payment_intent_id", sa.String(length=120), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("order_key", sa.String(length=40), nullable=False),
        sa.Column("customer_email", sa.String(length=255), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("raw", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.CheckConstraint("net_minor = gross_minor - fee_minor", name=op.f("ck_statement_rows_net_is_gross_less_fee")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["statement_imports.id"], name=op.f("fk_statement_rows_import_id_statement_imports")
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_statement_rows")),
    )
    op.create_index("uq_statement_rows_provider_id", "statement_rows", ["import_id", "provider_id"], unique=True)
    op.create_table(
        "match_proposals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "confirmed",
                "rejected",
                "lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("inputs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'rejected')) = (decided_by_id IS NOT NULL)",
            name=op.f("ck_match_proposals_decided_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_match_proposals_decided_by_id_people")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_match_proposals_payment_id_payments")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["reconciliation_runs.id"], name=op.f("fk_match_proposals_run_id_reconciliation_runs")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["provider_transactions.id"],
            name=op.f("fk_match_proposals_transaction_id_provider_transactions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_proposals")),
    )
    op.create_index(
        "ix_match_proposals_open",
        "match_proposals",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("uq_match_proposals_pair", "match_proposals", ["transaction_id", "payment_id"], unique=True)
    op.create_table(
        "discrepancies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "blocking", "serious", "minor", name="severity", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "resolved", "waived", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "proposed_state",
            sa.Enum(
                "open",
                "resolved",
                "waived",
                name="proposed_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("resolved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("waived_minor", sa.BigInteger(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "missing_at_provider",
                "missing_in_ledger",
                "orphan_charge",
                "amount_mismatch",
                "currency_mismatch",
                "premium_miscalculated",
                "refunded_with_cover",
                "refund_without_line",
                "refund_failed",
                "window_never_opened",
                "window_wrong_length",
                "restarts_over_plan",
                "restart_after_end",
                "duplicate_charge",
                "paid_late",
                "paid_after_cancel",
                "unexpected_fee",
                "dispute_with_cover",
                "payout_sum_differs",
                "payout_not_at_bank",
                "late_in_closed_month",
                "livemode_mix",
                "earned_off_schedule",
                name="code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fingerprint", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cover_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
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
        sa.ForeignKeyConstraint(["approved_by_id"], ["people.id"], name=op.f("fk_discrepancies_approved_by_id_people")),
        sa.ForeignKeyConstraint(
            ["closed_by_run_id"],
            ["reconciliation_runs.id"],
            name=op.f("fk_discrepancies_closed_by_run_id_reconciliation_runs"),
        ),
        sa.ForeignKeyConstraint(["cover_id"], ["covers.id"], name=op.f("fk_discrepancies_cover_id_covers")),
        sa.ForeignKeyConstraint(
            ["last_seen_run_id"],
            ["reconciliation_runs.id"],
            name=op.f("fk_discrepancies_last_seen_run_id_reconciliation_runs"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_discrepancies_order_id_orders")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_discrepancies_owner_id_people")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_discrepancies_payment_id_payments")),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["provider_payouts.id"], name=op.f("fk_discrepancies_payout_id_provider_payouts")
        ),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_discrepancies_refund_id_refunds")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["people.id"], name=op.f("fk_discrepancies_resolved_by_id_people")),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["provider_transactions.id"],
            name=op.f("fk_discrepancies_transaction_id_provider_transactions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
    )
    op.create_index(
        "ix_discrepancies_open",
        "discrepancies",
        ["rank", "amount_minor", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_discrepancies_order_id", "discrepancies", ["order_id", "id"], unique=False)
    op.create_index("ix_discrepancies_payout_id", "discrepancies", ["payout_id", "id"], unique=False)
    op.create_index("uq_discrepancies_fingerprint", "discrepancies", ["fingerprint"], unique=True)
    op.create_table(
        "matches",
        sa.Column("transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "charge",
                "refund",
                "dispute",
                "payout",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("dispute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "rule",
            sa.Enum(
                "metadata",
                "payment_intent",
                "charge",
                "refund",
                "dispute",
                "payout",
                "reference",
                "confirmed",
                name="rule",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("inputs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(rule = 'confirmed') = (confirmed_by_id IS NOT NULL)", name=op.f("ck_matches_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "payment_id IS NOT NULL OR payout_id IS NOT NULL", name=op.f("ck_matches_belongs_to_something")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["people.id"], name=op.f("fk_matches_confirmed_by_id_people")),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_matches_dispute_id_disputes")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_matches_payment_id_payments")),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["provider_payouts.id"], name=op.f("fk_matches_payout_id_provider_payouts")
        ),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_matches_refund_id_refunds")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["reconciliation_runs.id"], name=op.f("fk_matches_run_id_reconciliation_runs")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["provider_transactions.id"],
            name=op.f("fk_matches_transaction_id_provider_transactions"),
        ),
        sa.PrimaryKeyConstraint("transaction_id", name=op.f("pk_matches")),
    )
    op.create_index("ix_matches_payment_id", "matches", ["payment_id", "kind"], unique=False)
    op.create_table(
        "reconciliation_findings",
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.String(length=120), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "missing_at_provider",
                "missing_in_ledger",
                "orphan_charge",
                "amount_mismatch",
                "currency_mismatch",
                "premium_miscalculated",
                "refunded_with_cover",
                "refund_without_line",
                "refund_failed",
                "window_never_opened",
                "window_wrong_length",
                "restarts_over_plan",
                "restart_after_end",
                "duplicate_charge",
                "paid_late",
                "paid_after_cancel",
                "unexpected_fee",
                "dispute_with_cover",
                "payout_sum_differs",
                "payout_not_at_bank",
                "late_in_closed_month",
                "livemode_mix",
                "earned_off_schedule",
                name="code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cover_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["cover_id"], ["covers.id"], name=op.f("fk_reconciliation_findings_cover_id_covers")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_reconciliation_findings_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_reconciliation_findings_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["provider_payouts.id"], name=op.f("fk_reconciliation_findings_payout_id_provider_payouts")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name=op.f("fk_reconciliation_findings_refund_id_refunds")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["reconciliation_runs.id"], name=op.f("fk_reconciliation_findings_run_id_reconciliation_runs")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["provider_transactions.id"],
            name=op.f("fk_reconciliation_findings_transaction_id_provider_transactions"),
        ),
        sa.PrimaryKeyConstraint("run_id", "fingerprint", name=op.f("pk_reconciliation_findings")),
    )
    op.create_table(
        "discrepancy_comments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discrepancy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(author_id IS NULL) = (run_id IS NOT NULL)", name=op.f("ck_discrepancy_comments_written_by_one")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_discrepancy_comments_author_id_people")),
        sa.ForeignKeyConstraint(
            ["discrepancy_id"], ["discrepancies.id"], name=op.f("fk_discrepancy_comments_discrepancy_id_discrepancies")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["reconciliation_runs.id"], name=op.f("fk_discrepancy_comments_run_id_reconciliation_runs")
        ),
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
