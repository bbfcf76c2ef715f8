"""tickets of two desks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, MOMENT, add_partial_index, one_of, refers

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """This will add the tables."""
    op.create_table(
        "tickets",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("desk", one_of("desk", "migration", "hosting"), nullable=False),
        sa.Column("policy_version", sa.String(length=20), nullable=False),
        sa.Column(
            "category",
            one_of(
                "category",
                "service_question",
                "interruption",
                "assisted",
                "request",
                "troubleshooting",
                "billing",
                "refund",
                "modification",
                "restart",
                "idea",
                "forum",
                "sales",
                "technical",
                "panel",
                "performance",
                "restore",
            ),
            nullable=False,
        ),
        sa.Column("team", one_of("team", "service_management", "support", "technical"), nullable=False),
        sa.Column("channel", one_of("channel", "web", "email", "chat", "call", "portal"), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("error_text", sa.Text(), nullable=False),
        sa.Column("page_address", sa.String(length=2000), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("opened_by_id", BIG, nullable=True),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_address", sa.String(length=254), nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("assignee_id", BIG, nullable=True),
        sa.Column(
            "state",
            one_of("state", "needs_identification", "open", "waiting_for_customer", "answered", "closed", "merged"),
            nullable=False,
        ),
        sa.Column("state_since_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("first_response_at", MOMENT, nullable=True),
        sa.Column("firmness", one_of("firmness", "guaranteed", "target", "aim", "none"), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("calendar_key", sa.String(length=40), nullable=True),
        sa.Column(
            "unit",
            one_of("unit", "business_days", "business_hours", "calendar_days", "minutes", "agreed"),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("amber_amount", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("respond_by_at", MOMENT, nullable=True),
        sa.Column("promise_at", MOMENT, nullable=True),
        sa.Column("amber_at", MOMENT, nullable=True),
        sa.Column("next_warning_at", MOMENT, nullable=True),
        sa.Column("needs_order", sa.Boolean(), nullable=False),
        sa.Column("is_unclear", sa.Boolean(), nullable=False),
        sa.Column("clarifying", one_of("clarifying", "login_email", "migration_id", "description"), nullable=True),
        sa.Column("clarifications", sa.Integer(), nullable=False),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("close_cause", one_of("close_cause", "staff", "customer", "silence"), nullable=True),
        sa.Column("reopen_until_at", MOMENT, nullable=True),
        sa.Column("merged_into_id", BIG, nullable=True),
        sa.Column("guarantee_suspended_at", MOMENT, nullable=True),
        sa.Column("guarantee_suspended_reason", sa.Text(), nullable=False),
        sa.Column("verdict", one_of("verdict", "hosting", "not_hosting", "undetermined"), nullable=True),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("recommendation", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(amount > 0) = (firmness <> 'none')", name=op.f("ck_tickets_a_promise_has_its_amount")),
        sa.CheckConstraint(
            "(guarantee_suspended_at IS NULL) = (guarantee_suspended_reason = '')",
            name=op.f("ck_tickets_suspended_with_a_reason"),
        ),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_tickets_closed_has_its_time")),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_tickets_merged_names_the_other")
        ),
        sa.CheckConstraint(
            "asked_at IS NULL OR state IN ('open', 'needs_identification')",
            name=op.f("ck_tickets_an_answer_is_owed_on_our_turn"),
        ),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR state NOT IN ('open', 'waiting_for_customer', 'answered')",
            name=op.f("ck_tickets_worked_on_is_identified"),
        ),
        sa.CheckConstraint("subject <> ''", name=op.f("ck_tickets_has_a_subject")),
        sa.CheckConstraint(
            "verdict <> 'hosting' OR change_note <> ''", name=op.f("ck_tickets_hosting_says_what_was_changed")
        ),
        sa.CheckConstraint(
            "verdict <> 'not_hosting' OR recommendation <> ''", name=op.f("ck_tickets_not_hosting_recommends")
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR desk = 'hosting'", name=op.f("ck_tickets_verdicts_are_the_hosting_desks")
        ),
        sa.CheckConstraint(
            "(amount > 0) = (calendar_key IS NOT NULL)", name=op.f("ck_tickets_a_promise_has_its_calendar")
        ),
        sa.CheckConstraint(
            "(clarifications > 0) = (clarifying IS NOT NULL)", name=op.f("ck_tickets_a_clarification_names_its_item")
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (close_cause IS NULL)", name=op.f("ck_tickets_closed_has_its_cause")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (reopen_until_at IS NULL)", name=op.f("ck_tickets_closed_can_be_reopened")
        ),
        sa.CheckConstraint("clarifications BETWEEN 0 AND 3", name=op.f("ck_tickets_three_clarifications")),
        sa.CheckConstraint(
            "closes_at IS NULL OR clarifications = 3", name=op.f("ck_tickets_closes_after_the_last_clarification")
        ),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR order_id IS NULL", name=op.f("ck_tickets_orders_have_their_customer")
        ),
        sa.CheckConstraint(
            "promise_at IS NULL OR asked_at IS NOT NULL", name=op.f("ck_tickets_promised_to_somebody_who_asked")
        ),
        refers("tickets", "assignee_id", "people"),
        sa.ForeignKeyConstraint(["calendar_key"], ["calendars.key"], name=op.f("fk_tickets_calendar_key_calendars")),
        refers("tickets", "merged_into_id", "tickets"),
        refers("tickets", "opened_by_id", "people"),
        refers("tickets", "order_id", "orders"),
        refers("tickets", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
    )
    add_partial_index(
        "ix_tickets_assignee_promised",
        "tickets",
        ["assignee_id", "rank", "promise_at", "id"],
        where="promise_at IS NOT NULL",
    )
    op.create_index(
        "ix_tickets_assignee_state", "tickets", ["assignee_id", "state", "state_since_at", "id"], unique=False
    )
    add_partial_index(
        "ix_tickets_calendar", "tickets", ["calendar_key", "promise_at", "id"], where="promise_at IS NOT NULL"
    )
    add_partial_index("ix_tickets_closing", "tickets", ["closes_at", "id"], where="closes_at IS NOT NULL")
    op.create_index("ix_tickets_merged_into_id", "tickets", ["merged_into_id"], unique=False)
    op.create_index("ix_tickets_opened_at", "tickets", ["opened_at", "id"], unique=False)
    op.create_index("ix_tickets_order_id", "tickets", ["order_id", "id"], unique=False)
    op.create_index("ix_tickets_organisation_id", "tickets", ["organisation_id", "id"], unique=False)
    add_partial_index("ix_tickets_promised", "tickets", ["rank", "promise_at", "id"], where="promise_at IS NOT NULL")
    op.create_index("ix_tickets_state", "tickets", ["state", "state_since_at", "id"], unique=False)
    add_partial_index(
        "ix_tickets_undated", "tickets", ["state_since_at", "id"], where="state = 'open' AND promise_at IS NULL"
    )
    add_partial_index("ix_tickets_warnings", "tickets", ["next_warning_at", "id"], where="next_warning_at IS NOT NULL")
    op.create_table(
        "ticket_messages",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("side", one_of("side", "customer", "staff"), nullable=False),
        sa.Column("kind", one_of("kind", "written", "clarification", "finding"), nullable=False),
        sa.Column("channel", one_of("channel", "web", "email", "chat", "call", "portal"), nullable=False),
        sa.Column("author_id", BIG, nullable=True),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("item", one_of("item", "login_email", "migration_id", "description"), nullable=True),
        sa.Column("clarification", sa.Integer(), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(kind = 'clarification') = (item IS NOT NULL)",
            name=op.f("ck_ticket_messages_a_clarification_names_its_item"),
        ),
        sa.CheckConstraint(
            "kind = 'written' OR side = 'staff'", name=op.f("ck_ticket_messages_questions_and_findings_are_ours")
        ),
        sa.CheckConstraint(
            "(item IS NULL) = (clarification IS NULL)", name=op.f("ck_ticket_messages_a_clarification_has_its_count")
        ),
        sa.CheckConstraint(
            "clarification IS NULL OR clarification BETWEEN 1 AND 3",
            name=op.f("ck_ticket_messages_three_clarifications"),
        ),
        refers("ticket_messages", "author_id", "people"),
        refers("ticket_messages", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_messages")),
    )
    op.create_index("ix_ticket_messages_ticket_id", "ticket_messages", ["ticket_id", "id"], unique=False)
    op.create_table(
        "ticket_notes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        refers("ticket_notes", "author_id", "people"),
        refers("ticket_notes", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_notes")),
    )
    op.create_index("ix_ticket_notes_ticket_id", "ticket_notes", ["ticket_id", "id"], unique=False)
    op.create_table(
        "ticket_openings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        refers("ticket_openings", "person_id", "people"),
        refers("ticket_openings", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_openings")),
        sa.UniqueConstraint("token", "person_id", name=op.f("uq_ticket_openings_token_person_id")),
    )
    op.create_table(
        "ticket_watchers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("since_at", MOMENT, nullable=False),
        refers("ticket_watchers", "person_id", "people"),
        refers("ticket_watchers", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_watchers")),
        sa.UniqueConstraint("ticket_id", "person_id", name=op.f("uq_ticket_watchers_ticket_id_person_id")),
    )
    op.create_index("ix_ticket_watchers_person_id", "ticket_watchers", ["person_id"], unique=False)
    op.create_table(
        "ticket_words",
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column(
            "word", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "stem", sa.String(length=2).with_variant(sa.String(length=2, collation="C"), "postgresql"), nullable=False
        ),
        refers("ticket_words", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("ticket_id", "word", name=op.f("pk_ticket_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ticket_words_stem", "ticket_words", ["stem", "ticket_id", "word"], unique=False)
    op.create_index("ix_ticket_words_word", "ticket_words", ["word", "ticket_id"], unique=False)
    op.create_table(
        "ticket_attachments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_ticket_attachments_not_empty")),
        refers("ticket_attachments", "message_id", "ticket_messages"),
        refers("ticket_attachments", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_attachments")),
        sa.UniqueConstraint("key", name=op.f("uq_ticket_attachments_key")),
    )
    op.create_index("ix_ticket_attachments_message_id", "ticket_attachments", ["message_id"], unique=False)
    op.create_index("ix_ticket_attachments_ticket_id", "ticket_attachments", ["ticket_id", "id"], unique=False)


def downgrade() -> None:
    """This will remove them."""
    op.drop_index("ix_ticket_attachments_ticket_id", table_name="ticket_attachments")
    op.drop_index("ix_ticket_attachments_message_id", table_name="ticket_attachments")
    op.drop_table("ticket_attachments")
    op.drop_index("ix_ticket_words_word", table_name="ticket_words")
    op.drop_index("ix_ticket_words_stem", table_name="ticket_words")
    op.drop_table("ticket_words")
    op.drop_index("ix_ticket_watchers_person_id", table_name="ticket_watchers")
    op.drop_table("ticket_watchers")
    op.drop_table("ticket_openings")
    op.drop_index("ix_ticket_notes_ticket_id", table_name="ticket_notes")
    op.drop_table("ticket_notes")
    op.drop_index("ix_ticket_messages_ticket_id", table_name="ticket_messages")
    op.drop_table("ticket_messages")
    op.drop_index(
        "ix_tickets_warnings",
        table_name="tickets",
        sqlite_where=sa.text("next_warning_at IS NOT NULL"),
        postgresql_where=sa.text("next_warning_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_tickets_undated",
        table_name="tickets",
        sqlite_where=sa.text("state = 'open' AND promise_at IS NULL"),
        postgresql_where=sa.text("state = 'open' AND promise_at IS NULL"),
    )
    op.drop_index("ix_tickets_state", table_name="tickets")
    op.drop_index(
        "ix_tickets_promised",
        table_name="tickets",
        sqlite_where=sa.text("promise_at IS NOT NULL"),
        postgresql_where=sa.text("promise_at IS NOT NULL"),
    )
    op.drop_index("ix_tickets_organisation_id", table_name="tickets")
    op.drop_index("ix_tickets_order_id", table_name="tickets")
    op.drop_index("ix_tickets_opened_at", table_name="tickets")
    op.drop_index("ix_tickets_merged_into_id", table_name="tickets")
    op.drop_index(
        "ix_tickets_closing",
        table_name="tickets",
        sqlite_where=sa.text("closes_at IS NOT NULL"),
        postgresql_where=sa.text("closes_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_tickets_calendar",
        table_name="tickets",
        sqlite_where=sa.text("promise_at IS NOT NULL"),
        postgresql_where=sa.text("promise_at IS NOT NULL"),
    )
    op.drop_index("ix_tickets_assignee_state", table_name="tickets")
    op.drop_index(
        "ix_tickets_assignee_promised",
        table_name="tickets",
        sqlite_where=sa.text("promise_at IS NOT NULL"),
        postgresql_where=sa.text("promise_at IS NOT NULL"),
    )
    op.drop_table("tickets")
