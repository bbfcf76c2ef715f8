"""hosting and scope."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, MOMENT, add_partial_index, one_of, refers

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """This will add what we do, hosting, restores and maintenance."""
    op.create_table(
        "scope_tasks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("task_group", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_scope_tasks_key")),
    )
    op.create_table(
        "hosting_instances",
        sa.Column("id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("search_name", sa.String(length=400), nullable=False),
        sa.Column("policy_version", sa.String(length=20), nullable=False),
        sa.Column("plan_key", sa.String(length=40), nullable=False),
        sa.Column("platform", one_of("platform", "magento_1", "magento_2"), nullable=False),
        sa.Column("host_zone", sa.String(length=60), nullable=False),
        sa.Column("is_foreign", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_hosting_instances_has_a_name")),
        refers("hosting_instances", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosting_instances")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_hosting_instances_organisation_id_name")),
    )
    op.create_index(
        "ix_hosting_instances_organisation_id_id", "hosting_instances", ["organisation_id", "id"], unique=False
    )
    op.create_table(
        "hosting_acknowledgements",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("policy_version", sa.String(length=20), nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=False),
        refers("hosting_acknowledgements", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosting_acknowledgements")),
        sa.UniqueConstraint(
            "person_id", "policy_version", name=op.f("uq_hosting_acknowledgements_person_id_policy_version")
        ),
    )
    op.create_table(
        "maintenances",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("state", one_of("state", "announced", "withdrawn", "recorded"), nullable=False),
        sa.Column("announced_at", MOMENT, nullable=False),
        sa.Column("announced_by_id", BIG, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("down_from_at", MOMENT, nullable=True),
        sa.Column("down_until_at", MOMENT, nullable=True),
        sa.Column("excluded_minutes", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'recorded') = (excluded_minutes IS NOT NULL)",
            name=op.f("ck_maintenances_recorded_has_its_minutes"),
        ),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_maintenances_withdrawn_has_its_time")
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_reason <> ''", name=op.f("ck_maintenances_withdrawn_has_its_reason")
        ),
        sa.CheckConstraint(
            "(down_from_at IS NULL) = (down_until_at IS NULL)", name=op.f("ck_maintenances_interruption_has_both_ends")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_maintenances_ends_after_its_start")),
        sa.CheckConstraint(
            "excluded_minutes IS NULL OR excluded_minutes >= 0", name=op.f("ck_maintenances_minutes_not_negative")
        ),
        refers("maintenances", "announced_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenances")),
    )
    add_partial_index("ix_maintenances_announced", "maintenances", ["ends_at", "id"], where="state = 'announced'")
    op.create_index("ix_maintenances_starts_at_id", "maintenances", ["starts_at", "id"], unique=False)
    op.create_table(
        "scope_editions",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_scope_editions_has_its_reason")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_scope_editions_numbered_from_one")),
        refers("scope_editions", "made_by_id", "people"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_scope_editions")),
    )
    op.create_table(
        "hosting_free_migrations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("instance_id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("used_by_id", BIG, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        refers("hosting_free_migrations", "instance_id", "hosting_instances"),
        refers("hosting_free_migrations", "order_id", "orders"),
        refers("hosting_free_migrations", "used_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosting_free_migrations")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_hosting_free_migrations_instance_id")),
        sa.UniqueConstraint("order_id", name=op.f("uq_hosting_free_migrations_order_id")),
    )
    op.create_table(
        "maintained_instances",
        sa.Column("id", BIG, nullable=False),
        sa.Column("maintenance_id", BIG, nullable=False),
        sa.Column("instance_id", BIG, nullable=False),
        refers("maintained_instances", "instance_id", "hosting_instances"),
        refers("maintained_instances", "maintenance_id", "maintenances"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintained_instances")),
        sa.UniqueConstraint(
            "maintenance_id", "instance_id", name=op.f("uq_maintained_instances_maintenance_id_instance_id")
        ),
    )
    op.create_index(
        "ix_maintained_instances_instance_id", "maintained_instances", ["instance_id", "maintenance_id"], unique=False
    )
    op.create_table(
        "scope_rows",
        sa.Column("id", BIG, nullable=False),
        sa.Column("task_id", BIG, nullable=False),
        sa.Column(
            "product",
            one_of(
                "product",
                "self_service",
                "assisted_basic",
                "assisted_standard",
                "assisted_premium",
                "package",
                "hosting",
            ),
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column(
            "verdict",
            one_of("verdict", "supported", "not_supported", "conditional", "best_effort", "ask"),
            nullable=False,
        ),
        sa.Column(
            "condition",
            one_of(
                "condition",
                "",
                "server_error_test",
                "db_full_import_dump",
                "target_for_data",
                "part_of_the_migration",
                "came_with_the_migration",
            ),
            nullable=False,
        ),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("met", sa.Text(), nullable=False),
        sa.Column(
            "instead",
            one_of(
                "instead",
                "",
                "assisted_standard",
                "changes",
                "developer",
                "dns_checklist",
                "find_price",
                "firewall_hint",
                "free_migration",
                "help",
                "hosting",
                "hosting_ticket",
                "package",
                "performance_review",
                "report_result",
                "restore",
                "your_host",
            ),
            nullable=False,
        ),
        sa.Column("from_edition", BIG, nullable=False),
        sa.Column("until_edition", BIG, nullable=True),
        sa.CheckConstraint("(condition <> '') = (met <> '')", name=op.f("ck_scope_rows_condition_has_its_sentence")),
        sa.CheckConstraint(
            "(verdict = 'conditional') = (condition <> '')", name=op.f("ck_scope_rows_conditional_names_its_condition")
        ),
        sa.CheckConstraint("rule <> ''", name=op.f("ck_scope_rows_has_its_rule")),
        sa.CheckConstraint("sentence <> ''", name=op.f("ck_scope_rows_has_its_sentence")),
        sa.CheckConstraint(
            "until_edition IS NULL OR until_edition > from_edition", name=op.f("ck_scope_rows_ends_after_it_began")
        ),
        sa.ForeignKeyConstraint(
            ["from_edition"], ["scope_editions.number"], name=op.f("fk_scope_rows_from_edition_scope_editions")
        ),
        refers("scope_rows", "task_id", "scope_tasks"),
        sa.ForeignKeyConstraint(
            ["until_edition"], ["scope_editions.number"], name=op.f("fk_scope_rows_until_edition_scope_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_rows")),
    )
    op.create_index("ix_scope_rows_task_id_product", "scope_rows", ["task_id", "product", "from_edition"], unique=False)
    add_partial_index(
        "uq_scope_rows_in_force", "scope_rows", ["task_id", "product"], where="until_edition IS NULL", unique=True
    )
    op.create_table(
        "hosting_restores",
        sa.Column("id", BIG, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("instance_id", BIG, nullable=False),
        sa.Column("asked_by_id", BIG, nullable=False),
        sa.Column("ticket_id", BIG, nullable=True),
        sa.Column(
            "kind", one_of("kind", "files_part", "files_whole", "database_whole", "database_copy"), nullable=False
        ),
        sa.Column("paths", sa.Text(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("gone_at", MOMENT, nullable=False),
        sa.Column("own_backup_on", sa.Date(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column(
            "state",
            one_of("state", "asked", "in_work", "done", "done_in_part", "not_possible", "withdrawn"),
            nullable=False,
        ),
        sa.Column("worked_on_by_id", BIG, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("copy_address", sa.Text(), nullable=False),
        sa.Column("copy_until_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(copy_address <> '') = (copy_until_at IS NOT NULL)", name=op.f("ck_hosting_restores_copy_has_its_end")
        ),
        sa.CheckConstraint(
            "(kind = 'files_part') = (paths <> '')", name=op.f("ck_hosting_restores_part_names_its_files")
        ),
        sa.CheckConstraint(
            "(state IN ('asked', 'in_work')) = (ended_at IS NULL)", name=op.f("ck_hosting_restores_ended_has_its_time")
        ),
        sa.CheckConstraint(
            "copy_address = '' OR kind = 'database_copy'", name=op.f("ck_hosting_restores_only_copies_have_a_link")
        ),
        sa.CheckConstraint(
            "kind <> 'database_copy' OR state NOT IN ('done', 'done_in_part') OR copy_address <> ''",
            name=op.f("ck_hosting_restores_a_copy_that_is_done_has_its_link"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('done_in_part', 'not_possible') OR outcome <> ''",
            name=op.f("ck_hosting_restores_less_than_done_has_its_words"),
        ),
        refers("hosting_restores", "asked_by_id", "people"),
        refers("hosting_restores", "instance_id", "hosting_instances"),
        refers("hosting_restores", "ticket_id", "tickets"),
        refers("hosting_restores", "worked_on_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosting_restores")),
        sa.UniqueConstraint("token", "asked_by_id", name=op.f("uq_hosting_restores_token_asked_by_id")),
    )
    op.create_index("ix_hosting_restores_instance_id_id", "hosting_restores", ["instance_id", "id"], unique=False)
    op.create_index("ix_hosting_restores_ticket_id", "hosting_restores", ["ticket_id"], unique=False)
    add_partial_index(
        "ix_hosting_restores_to_do", "hosting_restores", ["gone_at", "id"], where="state IN ('asked', 'in_work')"
    )
    # The reference is written with the column, for SQLite adds no constraint to a table that stands.
    reference = sa.ForeignKey("hosting_instances.id", name=op.f("fk_tickets_hosting_instance_id_hosting_instances"))
    op.add_column("tickets", sa.Column("hosting_instance_id", BIG, reference, nullable=True), inline_references=True)
    op.create_index(op.f("ix_tickets_hosting_instance_id"), "tickets", ["hosting_instance_id"], unique=False)


def downgrade() -> None:
    """This will remove them."""

    op.drop_index(op.f("ix_tickets_hosting_instance_id"), table_name="tickets")
    with op.batch_alter_table("tickets") as tickets:
        tickets.drop_column("hosting_instance_id")
    op.drop_index(
        "ix_hosting_restores_to_do",
        table_name="hosting_restores",
        sqlite_where=sa.text("state IN ('asked', 'in_work')"),
        postgresql_where=sa.text("state IN ('asked', 'in_work')"),
    )
    op.drop_index("ix_hosting_restores_ticket_id", table_name="hosting_restores")
    op.drop_index("ix_hosting_restores_instance_id_id", table_name="hosting_restores")
    op.drop_table("hosting_restores")
    op.drop_index(
        "uq_scope_rows_in_force",
        table_name="scope_rows",
        sqlite_where=sa.text("until_edition IS NULL"),
        postgresql_where=sa.text("until_edition IS NULL"),
    )
    op.drop_index("ix_scope_rows_task_id_product", table_name="scope_rows")
    op.drop_table("scope_rows")
    op.drop_index("ix_maintained_instances_instance_id", table_name="maintained_instances")
    op.drop_table("maintained_instances")
    op.drop_table("hosting_free_migrations")
    op.drop_table("scope_editions")
    op.drop_index("ix_maintenances_starts_at_id", table_name="maintenances")
    op.drop_index(
        "ix_maintenances_announced",
        table_name="maintenances",
        sqlite_where=sa.text("state = 'announced'"),
        postgresql_where=sa.text("state = 'announced'"),
    )
    op.drop_table("maintenances")
    op.drop_table("hosting_acknowledgements")
    op.drop_index("ix_hosting_instances_organisation_id_id", table_name="hosting_instances")
    op.drop_table("hosting_instances")
    op.drop_table("scope_tasks")
