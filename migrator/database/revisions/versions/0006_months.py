"""months, invoices and tax."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, DOCUMENT, MOMENT, one_of, refers

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LINE_KINDS = "'migration', 'assisted_fee', 'option', 'insurance', 'upgrade', 'overage', 'hours', 'change', 'tax'"
# Tables whose rows are dated, with the column of the day at the desk.
DATED = {"invoices": "issued_on", "journal_entries": "happened_on"}
PERMANENT = ("invoices",)


def upgrade() -> None:
    _create_months()
    _create_invoices()
    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("country", sa.String(length=2), nullable=False, server_default=""))
    with op.batch_alter_table("order_lines") as table:
        table.drop_constraint(op.f("ck_order_lines_kind"), type_="check")
        table.create_check_constraint(op.f("ck_order_lines_kind"), f"kind IN ({LINE_KINDS})")
        table.create_check_constraint(
            op.f("ck_order_lines_tax_half_up"),
            "kind <> 'tax' OR (base_minor IS NOT NULL AND rate_bp IS NOT NULL "
            "AND amount_minor = (base_minor * rate_bp + 5000) / 10000)",
        )
    if op.get_bind().dialect.name == "sqlite":
        _refuse_on_sqlite()
    else:
        _refuse_on_postgresql()


def downgrade() -> None:
    raise RuntimeError("What was issued cannot be taken back by forgetting it; restore a backup instead.")


def _create_months() -> None:
    op.create_table(
        "accounting_months",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("state", one_of("state", "open", "in_review", "locked"), nullable=False),
        sa.Column("totals", DOCUMENT, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reviewed_by_id", BIG, nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("locked_by_id", BIG, nullable=True),
        sa.Column("locked_at", MOMENT, nullable=True),
        sa.Column("reopening_asked_by_id", BIG, nullable=True),
        sa.Column("reopening_asked_at", MOMENT, nullable=True),
        sa.Column("reopening_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_accounting_months_month_is_a_month")),
        sa.CheckConstraint(
            "(state = 'locked') = (locked_at IS NOT NULL AND locked_by_id IS NOT NULL AND sha256 <> '')",
            name=op.f("ck_accounting_months_locked_with_its_totals"),
        ),
        sa.CheckConstraint(
            "(reopening_asked_by_id IS NULL) = (reopening_reason = '')",
            name=op.f("ck_accounting_months_reopening_has_its_reason"),
        ),
        sa.CheckConstraint(
            "reopening_asked_by_id IS NULL OR state = 'locked'", name=op.f("ck_accounting_months_only_locked_reopens")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["people.id"], name=op.f(f"fk_accounting_months_{column}_people"))
            for column in ("reviewed_by_id", "locked_by_id", "reopening_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_accounting_months")),
    )


def _create_invoices() -> None:
    op.create_table(
        "sellers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.String(length=60), nullable=False),
        sa.Column("tax_countries", sa.Text(), nullable=False),
        sa.Column("since_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sellers")),
    )
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=True),
        sa.CheckConstraint("last >= 0", name=op.f("ck_number_series_last_not_negative")),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("kind", one_of("kind", "invoice", "receipt", "credit_note"), nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("payment_id", BIG, nullable=True),
        sa.Column("refund_id", BIG, nullable=True),
        sa.Column("against", sa.String(length=30), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.CheckConstraint("total_minor > 0", name=op.f("ck_invoices_total_positive")),
        sa.CheckConstraint("tax_minor >= 0 AND tax_minor <= total_minor", name=op.f("ck_invoices_tax_within_total")),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (refund_id IS NOT NULL) AND (kind = 'credit_note') = (payment_id IS NULL)",
            name=op.f("ck_invoices_has_its_cause"),
        ),
        refers("invoices", "order_id", "orders"),
        refers("invoices", "organisation_id", "organisations"),
        refers("invoices", "payment_id", "payments"),
        refers("invoices", "refund_id", "refunds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
    )
    op.create_index("uq_invoices_payment_id", "invoices", ["payment_id", "kind"], unique=True)
    op.create_index("uq_invoices_refund_id", "invoices", ["refund_id"], unique=True)
    op.create_index("ix_invoices_organisation_id", "invoices", ["organisation_id", "issued_at", "id"])
    op.create_index("ix_invoices_order_id", "invoices", ["order_id", "id"])
    op.create_index("ix_invoices_issued_on", "invoices", ["issued_on", "id"])


def _refuse_on_sqlite() -> None:
    for table in PERMANENT:
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_permanent_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'What is in {table} is never changed.'); END"
            )
    for table, day in DATED.items():
        op.execute(
            f"CREATE TRIGGER {table}_open_month BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM accounting_months "
            f"WHERE month = substr(NEW.{day}, 1, 7) AND state = 'locked') "
            "BEGIN SELECT RAISE(ABORT, 'The month is locked.'); END"
        )

    op.execute(
        "CREATE TRIGGER postings_open_month BEFORE INSERT ON postings WHEN EXISTS (SELECT 1 FROM journal_entries "
        "JOIN accounting_months ON month = substr(happened_on, 1, 7) AND state = 'locked' "
        "WHERE journal_entries.id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'The month is locked.'); END"
    )
    op.execute(
        "CREATE TRIGGER accounting_months_kept BEFORE DELETE ON accounting_months WHEN OLD.state = 'locked' "
        "BEGIN SELECT RAISE(ABORT, 'The month is locked.'); END"
    )


def _refuse_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change_of_what_is_issued() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'What is in % is never changed.', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    # Who locks a month waits for those who are writing into it, and they for the lock: `finance.months.operations`.
    op.execute(
        "CREATE FUNCTION refuse_locked_month() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE named text := substr(to_jsonb(NEW) ->> TG_ARGV[0], 1, 7); BEGIN "
        "PERFORM pg_advisory_xact_lock_shared(hashtext('accounting_month ' || named)); "
        "IF EXISTS (SELECT FROM accounting_months WHERE month = named AND state = 'locked') THEN "
        "RAISE EXCEPTION 'The month is locked.' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    for table in PERMANENT:
        op.execute(
            f"CREATE TRIGGER {table}_permanent BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_is_issued()"
        )
    op.execute(
        "CREATE FUNCTION refuse_posting_in_locked_month() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT FROM journal_entries JOIN accounting_months "
        "ON month = to_char(happened_on, 'YYYY-MM') AND state = 'locked' WHERE journal_entries.id = NEW.entry_id) THEN "
        "RAISE EXCEPTION 'The month is locked.' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER postings_open_month BEFORE INSERT ON postings "
        "FOR EACH ROW EXECUTE FUNCTION refuse_posting_in_locked_month()"
    )
    op.execute(
        "CREATE FUNCTION refuse_locked_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF OLD.state = 'locked' THEN RAISE EXCEPTION 'The month is locked.' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER accounting_months_kept BEFORE DELETE ON accounting_months "
        "FOR EACH ROW EXECUTE FUNCTION refuse_locked_row()"
    )
    for table, day in DATED.items():
        op.execute(
            f"CREATE TRIGGER {table}_open_month BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_locked_month('{day}')"
        )
