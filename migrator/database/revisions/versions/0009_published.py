"""announcements, ideas and the stop for abusive language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, MOMENT, add_partial_index, one_of, refers

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ORDER_INDEXES = (("ix_orders_verified_at", "verified_at"), ("ix_orders_delivered_at", "delivered_at"))


def upgrade() -> None:
    """This will add the tables."""
    op.create_table(
        "announcements",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("shown_from_at", MOMENT, nullable=False),
        sa.Column("written_by_id", BIG, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("title <> '' AND body <> ''", name=op.f("ck_announcements_has_its_words")),
        refers("announcements", "written_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_index("ix_announcements_shown_from_at", "announcements", ["shown_from_at", "id"], unique=False)
    op.create_table(
        "chat_switches",
        sa.Column("id", BIG, nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("switched_by_id", BIG, nullable=False),
        sa.Column("switched_at", MOMENT, nullable=False),
        refers("chat_switches", "switched_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_switches")),
    )
    op.create_table(
        "contact_stops",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("state", one_of("state", "proposed", "in_force", "put_away", "lifted"), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("found_in", sa.String(length=200), nullable=False),
        sa.Column("proposed_by_id", BIG, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("confirmed_by_id", BIG, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed_at", MOMENT, nullable=True),
        sa.Column("appeal_answer", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(appealed_at IS NULL) = (appeal = '')", name=op.f("ck_contact_stops_an_appeal_has_its_time")
        ),
        sa.CheckConstraint(
            "(state IN ('put_away', 'lifted')) = (ended_at IS NOT NULL)",
            name=op.f("ck_contact_stops_ended_has_its_time"),
        ),
        sa.CheckConstraint("evidence <> '' AND found_in <> ''", name=op.f("ck_contact_stops_has_its_evidence")),
        sa.CheckConstraint(
            "state NOT IN ('in_force', 'lifted') OR confirmed_at IS NOT NULL",
            name=op.f("ck_contact_stops_in_force_is_confirmed"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_contact_stops_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> proposed_by_id", name=op.f("ck_contact_stops_confirmed_by_a_second_person")
        ),
        refers("contact_stops", "confirmed_by_id", "people"),
        refers("contact_stops", "person_id", "people"),
        refers("contact_stops", "proposed_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_stops")),
    )
    op.create_index("ix_contact_stops_person_id", "contact_stops", ["person_id", "id"], unique=False)
    op.create_index("ix_contact_stops_state", "contact_stops", ["state", "id"], unique=False)
    add_partial_index(
        "uq_contact_stops_standing",
        "contact_stops",
        ["person_id"],
        where="state IN ('proposed', 'in_force')",
        unique=True,
    )
    op.create_table(
        "ideas",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", one_of("state", "new", "planned", "done", "declined"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("suggested_by_id", BIG, nullable=True),
        sa.Column("suggested_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("hidden_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'new') = (decided_at IS NULL)", name=op.f("ck_ideas_decided_has_its_time")),
        sa.CheckConstraint("state <> 'declined' OR answer <> ''", name=op.f("ck_ideas_declined_has_its_reason")),
        sa.CheckConstraint("title <> '' AND body <> ''", name=op.f("ck_ideas_has_its_words")),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_ideas_votes_not_negative")),
        refers("ideas", "suggested_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ideas")),
    )
    add_partial_index("ix_ideas_state_votes", "ideas", ["state", "votes", "id"], where="hidden_at IS NULL")
    op.create_index("ix_ideas_suggested_by_id", "ideas", ["suggested_by_id", "id"], unique=False)
    add_partial_index("ix_ideas_votes", "ideas", ["votes", "id"], where="hidden_at IS NULL")
    op.create_table(
        "idea_votes",
        sa.Column("idea_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("voted_at", MOMENT, nullable=False),
        refers("idea_votes", "idea_id", "ideas"),
        refers("idea_votes", "person_id", "people"),
        sa.PrimaryKeyConstraint("idea_id", "person_id", name=op.f("pk_idea_votes")),
    )
    op.create_index(op.f("ix_idea_votes_person_id"), "idea_votes", ["person_id"], unique=False)
    op.create_index("ix_pauses_ended_at", "pauses", ["ended_at"], unique=False)
    for name, column in ORDER_INDEXES:
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "orders", [column], unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """This will remove them."""
    for name, _ in ORDER_INDEXES:
        op.drop_index(name, table_name="orders")
    op.drop_index("ix_pauses_ended_at", table_name="pauses")
    op.drop_index(op.f("ix_idea_votes_person_id"), table_name="idea_votes")
    op.drop_table("idea_votes")
    op.drop_index(
        "ix_ideas_votes",
        table_name="ideas",
        sqlite_where=sa.text("hidden_at IS NULL"),
        postgresql_where=sa.text("hidden_at IS NULL"),
    )
    op.drop_index("ix_ideas_suggested_by_id", table_name="ideas")
    op.drop_index(
        "ix_ideas_state_votes",
        table_name="ideas",
        sqlite_where=sa.text("hidden_at IS NULL"),
        postgresql_where=sa.text("hidden_at IS NULL"),
    )
    op.drop_table("ideas")
    op.drop_index(
        "uq_contact_stops_standing",
        table_name="contact_stops",
        sqlite_where=sa.text("state IN ('proposed', 'in_force')"),
        postgresql_where=sa.text("state IN ('proposed', 'in_force')"),
    )
    op.drop_index("ix_contact_stops_state", table_name="contact_stops")
    op.drop_index("ix_contact_stops_person_id", table_name="contact_stops")
    op.drop_table("contact_stops")
    op.drop_table("chat_switches")
    op.drop_index("ix_announcements_shown_from_at", table_name="announcements")
    op.drop_table("announcements")
