"""What the work on an order leaves behind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, MOMENT, add_partial_index, one_of, refers


def add_work() -> None:
    """This will add tasks, closures, applications, checks, links, plug-ins and previews."""
    op.create_table(
        "task_failures",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("failed_at", MOMENT, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_failures")),
    )
    op.create_index("ix_task_failures_name", "task_failures", ["name", "id"])
    op.create_table(
        "task_states",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("last_started_at", MOMENT, nullable=False),
        sa.Column("last_finished_at", MOMENT, nullable=True),
        sa.Column("last_failed_at", MOMENT, nullable=True),
        sa.Column("last_count", sa.Integer(), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_task_states")),
    )
    op.create_table(
        "closures",
        sa.Column("id", BIG, nullable=False),
        sa.Column("calendar_key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("state", one_of("state", "draft", "announced", "withdrawn", "discarded"), nullable=False),
        sa.Column("drafted_by_id", BIG, nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("announced_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_closures_withdrawn_has_its_time")
        ),
        sa.CheckConstraint(
            "(state IN ('announced', 'withdrawn')) = (announced_at IS NOT NULL)",
            name=op.f("ck_closures_announced_once"),
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_closures_not_reversed")),
        sa.ForeignKeyConstraint(["calendar_key"], ["calendars.key"], name=op.f("fk_closures_calendar_key_calendars")),
        refers("closures", "drafted_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    op.create_table(
        "nonprofit_applications",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("applied_by_id", BIG, nullable=False),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.Column("registration_number", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", one_of("state", "pending", "approved", "declined", "withdrawn"), nullable=False),
        sa.Column("applied_at", MOMENT, nullable=False),
        sa.Column("answer_by_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_until_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'approved') = (valid_until_at IS NOT NULL)",
            name=op.f("ck_nonprofit_applications_approved_has_its_end"),
        ),
        sa.CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL)", name=op.f("ck_nonprofit_applications_decided_has_its_time")
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR reason <> ''", name=op.f("ck_nonprofit_applications_declined_has_its_reason")
        ),
        refers("nonprofit_applications", "applied_by_id", "people"),
        refers("nonprofit_applications", "decided_by_id", "people"),
        refers("nonprofit_applications", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nonprofit_applications")),
    )
    op.create_index("ix_nonprofit_applications_organisation_id", "nonprofit_applications", ["organisation_id", "id"])
    add_partial_index(
        "ix_nonprofit_applications_queue", "nonprofit_applications", ["applied_at", "id"], where="state = 'pending'"
    )
    add_partial_index(
        "uq_nonprofit_applications_pending",
        "nonprofit_applications",
        ["organisation_id"],
        where="state = 'pending'",
        unique=True,
    )
    op.create_table(
        "opt_outs",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        refers("opt_outs", "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", "topic", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "checks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("list", one_of("list", "validation", "results"), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("outcome", one_of("outcome", "passed", "failed", "not_needed"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.CheckConstraint("outcome <> 'failed' OR note <> ''", name=op.f("ck_checks_a_failure_has_its_words")),
        refers("checks", "order_id", "orders"),
        refers("checks", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
        sa.UniqueConstraint("order_id", "list", "key", name=op.f("uq_checks_order_id_list_key")),
    )
    op.create_table(
        "order_links",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("purpose", one_of("purpose", "share", "calendar"), nullable=False),
        sa.Column("created_by_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        refers("order_links", "created_by_id", "people"),
        refers("order_links", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_links")),
    )
    add_partial_index(
        "uq_order_links_standing", "order_links", ["order_id", "purpose"], where="revoked_at IS NULL", unique=True
    )
    op.create_table(
        "plugins",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("entity", sa.String(length=120), nullable=False),
        sa.Column("is_necessary", sa.Boolean(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("installed_at", MOMENT, nullable=True),
        sa.Column("installed_by_id", BIG, nullable=True),
        sa.CheckConstraint("is_necessary = (entity <> '')", name=op.f("ck_plugins_necessary_names_its_data")),
        sa.CheckConstraint(
            "(installed_at IS NULL) = (installed_by_id IS NULL)", name=op.f("ck_plugins_installed_by_somebody")
        ),
        refers("plugins", "installed_by_id", "people"),
        refers("plugins", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugins")),
        sa.UniqueConstraint("order_id", "name", name=op.f("uq_plugins_order_id_name")),
    )
    op.create_index("ix_plugins_order_id", "plugins", ["order_id", "id"])
    op.create_table(
        "previews",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("published_by_id", BIG, nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("returned_at", MOMENT, nullable=True),
        refers("previews", "order_id", "orders"),
        refers("previews", "published_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_previews")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_previews_order_id_number")),
    )
    op.create_table(
        "recounts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("closure_id", BIG, nullable=False),
        sa.Column("direction", one_of("direction", "announce", "withdraw"), nullable=False),
        sa.Column("state", one_of("state", "counting", "counted", "telling", "done", "discarded"), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("to_see", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("counted_at", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by_id", BIG, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("seen >= 0 AND told >= 0", name=op.f("ck_recounts_progress_not_negative")),
        refers("recounts", "closure_id", "closures"),
        refers("recounts", "confirmed_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recounts")),
    )
    add_partial_index(
        "ix_recounts_state", "recounts", ["state", "id"], where="state IN ('counting', 'counted', 'telling')"
    )
    add_partial_index(
        "uq_recounts_active",
        "recounts",
        ["closure_id"],
        where="state IN ('counting', 'counted', 'telling')",
        unique=True,
    )
