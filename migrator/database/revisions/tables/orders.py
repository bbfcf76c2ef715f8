"""Calendars, people, orders and their history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, DOCUMENT, MOMENT, add_partial_index, one_of, refers


def add_orders() -> None:
    """This will add calendars, people, orders, access items, messages and history."""
    op.create_table(
        "calendars",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("week", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_calendars")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "provider_events",
        sa.Column("id", BIG, nullable=False),
        sa.Column("event_id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("checkout_id", sa.String(length=120), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", one_of("state", "stored", "settled", "ignored", "quarantined"), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_provider_events_event_id")),
    )
    add_partial_index("ix_provider_events_open", "provider_events", ["received_at", "id"], where="state = 'stored'")
    op.create_table(
        "closed_days",
        sa.Column("id", BIG, nullable=False),
        sa.Column("calendar_key", sa.String(length=40), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", one_of("kind", "holiday", "substitute", "announced"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_uk", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("substitute_for", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(kind = 'substitute') = (substitute_for IS NOT NULL)",
            name=op.f("ck_closed_days_substitutes_name_their_day"),
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR kind = 'announced'", name=op.f("ck_closed_days_only_announced_days_are_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["calendar_key"], ["calendars.key"], name=op.f("fk_closed_days_calendar_key_calendars")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
    )
    add_partial_index(
        "uq_closed_days_standing",
        "closed_days",
        ["calendar_key", "on", "kind"],
        where="withdrawn_at IS NULL",
        unique=True,
    )
    op.create_table(
        "filled_years",
        sa.Column("calendar_key", sa.String(length=40), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("filled_at", MOMENT, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_key"], ["calendars.key"], name=op.f("fk_filled_years_calendar_key_calendars")
        ),
        sa.PrimaryKeyConstraint("calendar_key", "year", name=op.f("pk_filled_years")),
    )
    op.create_table(
        "people",
        sa.Column("id", BIG, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role", one_of("role", "customer", "account_manager", "finance", "administrator", "system"), nullable=False
        ),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("organisation_id", BIG, nullable=True),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("tf_last_counter", sa.Integer(), nullable=True),
        sa.Column("mf_recovery_codes", sa.UnicodeText(), nullable=True),
        sa.CheckConstraint(
            "(role = 'customer') = (organisation_id IS NOT NULL)", name=op.f("ck_people_customers_have_organisations")
        ),
        sa.CheckConstraint("role <> 'system'", name=op.f("ck_people_nobody_is_the_system")),
        refers("people", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_people_fs_uniquifier")),
    )
    op.create_index(op.f("ix_people_organisation_id"), "people", ["organisation_id"])
    op.create_table(
        "invitations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        refers("invitations", "invited_by_id", "people"),
        refers("invitations", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token", name=op.f("uq_invitations_token")),
    )
    add_partial_index(
        "uq_invitations_open",
        "invitations",
        ["organisation_id", "email"],
        where="accepted_at IS NULL AND withdrawn_at IS NULL",
        unique=True,
    )
    op.create_table(
        "orders",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("placed_by_id", BIG, nullable=False),
        sa.Column("account_manager_id", BIG, nullable=True),
        sa.Column("calendar_key", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            one_of(
                "state",
                "awaiting_payment",
                "awaiting_access",
                "verifying",
                "in_progress",
                "paused",
                "preview_ready",
                "migrating",
                "in_review",
                "completed",
                "cancelled",
            ),
            nullable=False,
        ),
        sa.Column("state_since_at", MOMENT, nullable=False),
        sa.Column("turn", one_of("turn", "customer", "us", "nobody"), nullable=False),
        sa.Column("family", one_of("family", "self_service", "assisted", "package"), nullable=False),
        sa.Column(
            "tier", one_of("tier", "pages", "basic", "standard", "extended", "premium", "ultimate"), nullable=False
        ),
        sa.Column("source_platform", sa.String(length=40), nullable=False),
        sa.Column("target_platform", sa.String(length=40), nullable=False),
        sa.Column("source_address", sa.String(length=300), nullable=False),
        sa.Column("target_address", sa.String(length=300), nullable=False),
        sa.Column("declared_pages", sa.Integer(), nullable=False),
        sa.Column("own_backup_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("terms", DOCUMENT, nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("check_by_at", MOMENT, nullable=True),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("agree_by_at", MOMENT, nullable=True),
        sa.Column("proposed_at", MOMENT, nullable=True),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("promise_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("promise_at IS NULL OR turn = 'us'", name=op.f("ck_orders_promise_only_on_our_turn")),
        sa.CheckConstraint("declared_pages >= 1", name=op.f("ck_orders_pages_positive")),
        sa.CheckConstraint(
            "due_at IS NULL OR verified_at IS NOT NULL", name=op.f("ck_orders_due_only_after_verification")
        ),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_orders_total_not_negative")),
        refers("orders", "account_manager_id", "people"),
        sa.ForeignKeyConstraint(["calendar_key"], ["calendars.key"], name=op.f("fk_orders_calendar_key_calendars")),
        refers("orders", "organisation_id", "organisations"),
        refers("orders", "placed_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    add_partial_index("ix_orders_desk_ours", "orders", ["promise_at", "id"], where="turn = 'us'")
    add_partial_index("ix_orders_desk_theirs", "orders", ["state_since_at", "id"], where="turn = 'customer'")
    op.create_index("ix_orders_manager", "orders", ["account_manager_id", "promise_at", "id"])
    add_partial_index(
        "ix_orders_manager_theirs", "orders", ["account_manager_id", "state_since_at", "id"], where="turn = 'customer'"
    )
    op.create_index("ix_orders_organisation_id_id", "orders", ["organisation_id", "id"])
    op.create_table(
        "access_items",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column(
            "kind",
            one_of("kind", "site_address", "ftp", "admin_login", "bridge", "api_token", "database_dump", "information"),
            nullable=False,
        ),
        sa.Column("side", one_of("side", "source", "target"), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("state", one_of("state", "not_started", "submitted", "problem", "verified"), nullable=False),
        sa.Column("open_fields", DOCUMENT, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'problem') = (problem <> '')", name=op.f("ck_access_items_a_problem_has_its_words")
        ),
        sa.CheckConstraint(
            "(state = 'verified') = (verified_at IS NOT NULL)", name=op.f("ck_access_items_verified_has_its_time")
        ),
        refers("access_items", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_items")),
    )
    op.create_index("ix_access_items_order_id", "access_items", ["order_id", "position"])
    op.create_table(
        "customer_messages",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        refers("customer_messages", "author_id", "people"),
        refers("customer_messages", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_messages")),
    )
    op.create_index("ix_customer_messages_order_id_id", "customer_messages", ["order_id", "id"])
    op.create_table(
        "history",
        sa.Column("id", BIG, nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG, nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column(
            "actor_role",
            one_of("actor_role", "customer", "account_manager", "finance", "administrator", "system"),
            nullable=False,
        ),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_key", sa.String(length=60), nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("visibility", one_of("visibility", "customer", "staff"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", DOCUMENT, nullable=False),
        refers("history", "actor_id", "people"),
        refers("history", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index(op.f("ix_history_actor_id"), "history", ["actor_id"])
    op.create_index("ix_history_order_id_id", "history", ["order_id", "id"])
    op.create_index("ix_history_subject", "history", ["subject", "subject_key", "id"])
