"""the ledger and the covers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, MOMENT, add_partial_index, one_of, refers

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PERMANENT = ("journal_entries", "postings")


def upgrade() -> None:
    """This will add covers, the journal and its postings, which are never changed."""
    op.create_table(
        "journal_entries",
        sa.Column("id", BIG, nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            one_of(
                "kind",
                "payment",
                "delivery",
                "earning",
                "adjustment",
                "refund",
                "refund_failed",
                "dispute_opened",
                "dispute_won",
                "dispute_lost",
                "fee",
                "payout",
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("late_of", sa.Date(), nullable=True),
        sa.CheckConstraint("late_of IS NULL OR late_of < happened_on", name=op.f("ck_journal_entries_late_is_after")),
        refers("journal_entries", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entries")),
        sa.UniqueConstraint("cause", name=op.f("uq_journal_entries_cause")),
    )
    op.create_index("ix_journal_entries_happened_on", "journal_entries", ["happened_on", "id"], unique=False)
    op.create_index("ix_journal_entries_kind", "journal_entries", ["kind", "id"], unique=False)
    op.create_index("ix_journal_entries_order_id", "journal_entries", ["order_id", "id"], unique=False)
    op.create_table(
        "covers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("order_line_id", BIG, nullable=False),
        sa.Column("plan", sa.Integer(), nullable=False),
        sa.Column("base_minor", sa.BigInteger(), nullable=False),
        sa.Column("rate_bp", sa.Integer(), nullable=False),
        sa.Column("premium_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("restarts_allowed", sa.Integer(), nullable=False),
        sa.Column("business_days", sa.Integer(), nullable=False),
        sa.Column("state", one_of("state", "sold", "open", "suspended", "ended", "void"), nullable=False),
        sa.Column("sold_at", MOMENT, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("earned_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("earned_through", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "earned_minor = 0 OR starts_at IS NOT NULL OR state = 'void'",
            name=op.f("ck_covers_nothing_earned_before_it_opens"),
        ),
        sa.CheckConstraint("state <> 'open' OR earned_through IS NOT NULL", name=op.f("ck_covers_open_has_its_day")),
        sa.CheckConstraint(
            "state NOT IN ('ended', 'void') OR earned_minor + refunded_minor = premium_minor",
            name=op.f("ck_covers_ended_is_settled"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('open', 'ended') OR starts_at IS NOT NULL", name=op.f("ck_covers_open_has_its_window")
        ),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_covers_a_window_has_both_ends")),
        sa.CheckConstraint("earned_minor + refunded_minor <= premium_minor", name=op.f("ck_covers_within_the_premium")),
        sa.CheckConstraint("earned_minor >= 0 AND refunded_minor >= 0", name=op.f("ck_covers_amounts_not_negative")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_covers_not_reversed")),
        sa.CheckConstraint(
            "premium_minor = (base_minor * rate_bp + 5000) / 10000", name=op.f("ck_covers_premium_half_up")
        ),
        refers("covers", "order_id", "orders"),
        refers("covers", "order_line_id", "order_lines"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
        sa.UniqueConstraint("order_line_id", name=op.f("uq_covers_order_line_id")),
    )
    add_partial_index("ix_covers_earning", "covers", ["earned_through", "id"], where="state = 'open'")
    op.create_index("ix_covers_order_id", "covers", ["order_id", "id"], unique=False)
    op.create_index("ix_covers_plan", "covers", ["plan", "sold_at", "id"], unique=False)
    op.create_index("ix_covers_sold_at", "covers", ["sold_at", "id"], unique=False)
    op.create_index("ix_covers_state", "covers", ["state", "sold_at", "id"], unique=False)
    op.create_table(
        "postings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column(
            "debit",
            one_of(
                "debit",
                "stripe_clearing",
                "bank",
                "contract_liability",
                "deferred_insurance",
                "unallocated_receipts",
                "sales_tax_payable",
                "revenue_migrations",
                "revenue_insurance",
                "revenue_overage",
                "refunds",
                "disputes",
                "processing_fees",
                "dispute_fees",
            ),
            nullable=False,
        ),
        sa.Column(
            "credit",
            one_of(
                "credit",
                "stripe_clearing",
                "bank",
                "contract_liability",
                "deferred_insurance",
                "unallocated_receipts",
                "sales_tax_payable",
                "revenue_migrations",
                "revenue_insurance",
                "revenue_overage",
                "refunds",
                "disputes",
                "processing_fees",
                "dispute_fees",
            ),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("order_line_id", BIG, nullable=True),
        sa.Column("cover_id", BIG, nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_postings_amount_positive")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_postings_two_accounts")),
        refers("postings", "cover_id", "covers"),
        refers("postings", "entry_id", "journal_entries"),
        refers("postings", "order_line_id", "order_lines"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
    )
    op.create_index("ix_postings_cover_id", "postings", ["cover_id", "id"], unique=False)
    op.create_index("ix_postings_credit", "postings", ["credit", "entry_id"], unique=False)
    op.create_index("ix_postings_debit", "postings", ["debit", "entry_id"], unique=False)
    op.create_index("ix_postings_entry_id", "postings", ["entry_id", "id"], unique=False)
    op.create_index(op.f("ix_postings_order_line_id"), "postings", ["order_line_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        _refuse_changes_on_sqlite()
    else:
        _refuse_changes_on_postgresql()


def _refuse_changes_on_sqlite() -> None:
    for table in PERMANENT:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_permanent_{deed.lower()} BEFORE {deed} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'What was posted is never changed.'); END"
            )


def _refuse_changes_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change_of_what_was_posted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'What was posted is never changed.' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in PERMANENT:
        op.execute(
            f"CREATE TRIGGER {table}_permanent BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_was_posted()"
        )


def downgrade() -> None:
    raise RuntimeError("What was posted cannot be taken back by forgetting it; restore a backup instead.")
