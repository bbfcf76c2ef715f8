"""cancellations of credit notes, and money that stays by two people's decision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OF_REFUNDS = "kind IN ('credit_note', 'cancellation')"


def upgrade() -> None:
    """This will let a credit note be cancelled by a document of its own, and keep who agreed that money stays."""
    op.drop_index("uq_invoices_refund_id", table_name="invoices")
    with op.batch_alter_table("invoices") as table:
        for name in ("kind", "has_its_cause"):
            table.drop_constraint(op.f(f"ck_invoices_{name}"), type_="check")
        table.create_check_constraint(
            op.f("ck_invoices_kind"), "kind IN ('invoice', 'receipt', 'credit_note', 'cancellation')"
        )
        table.create_check_constraint(
            op.f("ck_invoices_has_its_cause"),
            f"({OF_REFUNDS}) = (refund_id IS NOT NULL) AND ({OF_REFUNDS}) = (payment_id IS NULL)",
        )
    op.create_index("uq_invoices_refund_id", "invoices", ["refund_id", "kind"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        _refuse_changes_again()
    with op.batch_alter_table("payment_exceptions") as table:
        for name in ("waiver_asked_by_id", "waiver_agreed_by_id"):
            table.add_column(sa.Column(name, BIG, nullable=True))
            table.create_foreign_key(op.f(f"fk_payment_exceptions_{name}_people"), "people", [name], ["id"])
        table.create_check_constraint(
            op.f("ck_payment_exceptions_agreed_by_another"), "waiver_agreed_by_id <> waiver_asked_by_id"
        )
        table.create_check_constraint(
            op.f("ck_payment_exceptions_asked_with_its_reason"), "waiver_asked_by_id IS NULL OR reason <> ''"
        )


def _refuse_changes_again() -> None:
    # SQLite writes an altered table anew, and its triggers go with the old one.
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER invoices_permanent_{deed.lower()} BEFORE {deed} ON invoices "
            "BEGIN SELECT RAISE(ABORT, 'What is in invoices is never changed.'); END"
        )
    op.execute(
        "CREATE TRIGGER invoices_open_month BEFORE INSERT ON invoices WHEN EXISTS (SELECT 1 FROM accounting_months "
        "WHERE month = substr(NEW.issued_on, 1, 7) AND state = 'locked') "
        "BEGIN SELECT RAISE(ABORT, 'The month is locked.'); END"
    )


def downgrade() -> None:
    raise RuntimeError("What was issued cannot be undone by forgetting it; restore a backup instead.")
