"""mail that comes in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, DOCUMENT, MOMENT, one_of, refers

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FATES = ("waiting", "answered", "opened", "unidentified", "portal", "dropped", "unreadable")
WAITING = sa.text("fate = 'waiting'")
STANDING = sa.text("undone_at IS NULL")


def upgrade() -> None:
    """This will add what came by mail, and to each letter the ticket that it is about."""
    op.add_column("owed_messages", sa.Column("thread", sa.String(length=20), nullable=True))
    op.create_table(
        "incoming_mails",
        sa.Column("id", BIG, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("sender_address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("fate", one_of("fate", *FATES), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ticket_id", BIG, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_incoming_mails_not_empty")),
        sa.CheckConstraint(
            "(fate = 'waiting') = (settled_at IS NULL)", name=op.f("ck_incoming_mails_settled_has_its_time")
        ),
        sa.CheckConstraint(
            "fate NOT IN ('answered', 'opened', 'unidentified') OR ticket_id IS NOT NULL",
            name=op.f("ck_incoming_mails_a_request_is_named"),
        ),
        refers("incoming_mails", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mails")),
        sa.UniqueConstraint("mark", name=op.f("uq_incoming_mails_mark")),
    )
    op.create_index(
        "ix_incoming_mails_waiting", "incoming_mails", ["id"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index("ix_incoming_mails_fate", "incoming_mails", ["fate", "id"])
    op.create_index("ix_incoming_mails_sender_address", "incoming_mails", ["sender_address", "received_at"])
    op.create_index("ix_incoming_mails_ticket_id", "incoming_mails", ["ticket_id"])
    _add_merges()


def _add_merges() -> None:
    with op.batch_alter_table("ticket_messages") as table:
        table.add_column(sa.Column("came_from_id", BIG, nullable=True))
        table.create_foreign_key(op.f("fk_ticket_messages_came_from_id_tickets"), "tickets", ["came_from_id"], ["id"])
    op.create_table(
        "ticket_merges",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kept_id", BIG, nullable=False),
        sa.Column("merged_id", BIG, nullable=False),
        sa.Column("before", DOCUMENT, nullable=False),
        sa.Column("merged_by_id", BIG, nullable=False),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.Column("undo_until_at", MOMENT, nullable=False),
        sa.Column("undone_by_id", BIG, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_ticket_merges_two_requests")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_ticket_merges_undone_by_somebody")
        ),
        refers("ticket_merges", "kept_id", "tickets"),
        refers("ticket_merges", "merged_id", "tickets"),
        refers("ticket_merges", "merged_by_id", "people"),
        refers("ticket_merges", "undone_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_merges")),
    )
    op.create_index(
        "uq_ticket_merges_standing",
        "ticket_merges",
        ["merged_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index("ix_ticket_merges_kept_id", "ticket_merges", ["kept_id", "id"])


def downgrade() -> None:
    raise RuntimeError("What was written to us cannot be undone by forgetting it; restore a backup instead.")
