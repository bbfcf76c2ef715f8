"""refunds and disputes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, MOMENT, add_partial_index, one_of, refers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """This will add refunds and disputes, how exceptions end, and which payment an event is about."""
    op.create_table(
        "disputes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("payment_id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column(
            "status",
            one_of(
                "status",
                "warning_needs_response",
                "warning_under_review",
                "warning_closed",
                "needs_response",
                "under_review",
                "prevented",
                "won",
                "lost",
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("answer_by_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('won', 'lost', 'warning_closed', 'prevented')) = (closed_at IS NOT NULL)",
            name=op.f("ck_disputes_closed_in_time"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_disputes_amount_positive")),
        sa.CheckConstraint("fee_minor >= 0", name=op.f("ck_disputes_fee_not_negative")),
        refers("disputes", "order_id", "orders"),
        refers("disputes", "payment_id", "payments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_disputes_provider_id")),
    )
    add_partial_index("ix_disputes_decided", "disputes", ["id"], where="closed_at IS NOT NULL")
    op.create_index("ix_disputes_order_id", "disputes", ["order_id", "id"], unique=False)
    op.create_index("ix_disputes_payment_id", "disputes", ["payment_id", "id"], unique=False)
    add_partial_index("ix_disputes_undecided", "disputes", ["id"], where="closed_at IS NULL")
    op.create_table(
        "refunds",
        sa.Column("id", BIG, nullable=False),
        sa.Column("payment_id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column(
            "state",
            one_of("state", "awaiting_approval", "requested", "pending", "done", "failed", "cancelled"),
            nullable=False,
        ),
        sa.Column("origin", one_of("origin", "desk", "dashboard"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=120), nullable=False),
        sa.Column("provider_id", sa.String(length=120), nullable=True),
        sa.Column("requested_by_id", BIG, nullable=True),
        sa.Column("approved_by_id", BIG, nullable=True),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("card", sa.String(length=80), nullable=False),
        sa.Column("is_allocated", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)", name=op.f("ck_refunds_ended_in_time")
        ),
        sa.CheckConstraint("origin <> 'desk' OR reason <> ''", name=op.f("ck_refunds_a_refund_has_its_reason")),
        sa.CheckConstraint(
            "origin <> 'desk' OR requested_by_id IS NOT NULL", name=op.f("ck_refunds_asked_for_by_somebody")
        ),
        sa.CheckConstraint(
            "state NOT IN ('pending', 'done') OR provider_id IS NOT NULL", name=op.f("ck_refunds_known_once_accepted")
        ),
        sa.CheckConstraint(
            "(approved_by_id IS NULL) = (approved_at IS NULL)", name=op.f("ck_refunds_approved_has_its_time")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount_positive")),
        sa.CheckConstraint("approved_by_id <> requested_by_id", name=op.f("ck_refunds_approved_by_another")),
        refers("refunds", "approved_by_id", "people"),
        refers("refunds", "order_id", "orders"),
        refers("refunds", "payment_id", "payments"),
        refers("refunds", "requested_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_refunds_idempotency_key")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_refunds_provider_id")),
    )
    add_partial_index("ix_refunds_awaiting", "refunds", ["id"], where="state = 'awaiting_approval'")
    add_partial_index("ix_refunds_moving", "refunds", ["id"], where="state IN ('requested', 'pending')")
    op.create_index("ix_refunds_order_id", "refunds", ["order_id", "id"], unique=False)
    op.create_index("ix_refunds_payment_id", "refunds", ["payment_id", "id"], unique=False)
    op.create_index("ix_refunds_state", "refunds", ["state", "id"], unique=False)
    add_partial_index("ix_refunds_unallocated", "refunds", ["id"], where="NOT is_allocated")
    op.create_table(
        "refund_lines",
        sa.Column("id", BIG, nullable=False),
        sa.Column("refund_id", BIG, nullable=False),
        sa.Column("order_line_id", BIG, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refund_lines_amount_positive")),
        refers("refund_lines", "order_line_id", "order_lines"),
        refers("refund_lines", "refund_id", "refunds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_lines")),
    )
    op.create_index("ix_refund_lines_order_line_id", "refund_lines", ["order_line_id"], unique=False)
    op.create_index("uq_refund_lines_line", "refund_lines", ["refund_id", "order_line_id"], unique=True)

    with op.batch_alter_table("payment_exceptions") as table:
        table.add_column(sa.Column("resolution", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("resolved_by_id", BIG, nullable=True))
        table.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        table.create_foreign_key(
            op.f("fk_payment_exceptions_resolved_by_id_people"), "people", ["resolved_by_id"], ["id"]
        )
        table.create_check_constraint(op.f("ck_payment_exceptions_resolution"), "resolution IN ('refunded', 'waived')")
        table.create_check_constraint(
            op.f("ck_payment_exceptions_resolved_has_its_time"), "(resolution IS NULL) = (resolved_at IS NULL)"
        )
        table.create_check_constraint(
            op.f("ck_payment_exceptions_waived_has_its_reason"), "resolution <> 'waived' OR reason <> ''"
        )
    with op.batch_alter_table("provider_events") as table:
        table.add_column(sa.Column("intent_id", sa.String(length=120), nullable=False, server_default=""))
    with op.batch_alter_table("payment_exceptions") as table:
        table.alter_column("reason", existing_type=sa.Text(), server_default=None)
    with op.batch_alter_table("provider_events") as table:
        table.alter_column("intent_id", existing_type=sa.String(length=120), server_default=None)


def downgrade() -> None:
    """This will remove them."""
    with op.batch_alter_table("provider_events") as table:
        table.drop_column("intent_id")
    with op.batch_alter_table("payment_exceptions") as table:
        table.drop_constraint(op.f("ck_payment_exceptions_waived_has_its_reason"), type_="check")
        table.drop_constraint(op.f("ck_payment_exceptions_resolved_has_its_time"), type_="check")
        table.drop_constraint(op.f("ck_payment_exceptions_resolution"), type_="check")
        table.drop_constraint(op.f("fk_payment_exceptions_resolved_by_id_people"), type_="foreignkey")
        for name in ("resolution", "resolved_by_id", "reason"):
            table.drop_column(name)
    op.drop_index("uq_refund_lines_line", table_name="refund_lines")
    op.drop_index("ix_refund_lines_order_line_id", table_name="refund_lines")
    op.drop_table("refund_lines")
    op.drop_index(
        "ix_refunds_unallocated",
        table_name="refunds",
        sqlite_where=sa.text("NOT is_allocated"),
        postgresql_where=sa.text("NOT is_allocated"),
    )
    op.drop_index("ix_refunds_state", table_name="refunds")
    op.drop_index("ix_refunds_payment_id", table_name="refunds")
    op.drop_index("ix_refunds_order_id", table_name="refunds")
    op.drop_index(
        "ix_refunds_moving",
        table_name="refunds",
        sqlite_where=sa.text("state IN ('requested', 'pending')"),
        postgresql_where=sa.text("state IN ('requested', 'pending')"),
    )
    op.drop_index(
        "ix_refunds_awaiting",
        table_name="refunds",
        sqlite_where=sa.text("state = 'awaiting_approval'"),
        postgresql_where=sa.text("state = 'awaiting_approval'"),
    )
    op.drop_table("refunds")
    op.drop_index(
        "ix_disputes_undecided",
        table_name="disputes",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_disputes_payment_id", table_name="disputes")
    op.drop_index("ix_disputes_order_id", table_name="disputes")
    op.drop_index(
        "ix_disputes_decided",
        table_name="disputes",
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.drop_table("disputes")
