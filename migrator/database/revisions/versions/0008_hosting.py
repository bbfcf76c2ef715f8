"""hosting and scope."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


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
        "scope_editions",
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_scope_editions_has_its_reason")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_scope_editions_numbered_from_one")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_scope_editions_made_by_id_people")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_scope_editions")),
    )
    op.create_table(
        "scope_rows",
        sa.Column("id", BIG, nullable=False),
        sa.Column("task_id", BIG, nullable=False),
        sa.Column(
            "product",
            sa.Enum(
                "self_service",
                "assisted_basic",
                "assisted_standard",
                "assisted_premium",
                "package",
                "hosting",
                name="product",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "supported",
                "not_supported",
                "conditional",
                "best_effort",
                "ask",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "condition",
            sa.Enum(
                "",
                "server_error_test",
                "db_full_import_dump",
                "target_for_data",
                "part_of_the_migration",
                "came_with_the_migration",
                name="condition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("met", sa.Text(), nullable=False),
        sa.Column(
            "instead",
            sa.Enum(
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
                name="instead",
                native_enum=False,
                create_constraint=True,
                length=40,
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
        sa.ForeignKeyConstraint(["task_id"], ["scope_tasks.id"], name=op.f("fk_scope_rows_task_id_scope_tasks")),
        sa.ForeignKeyConstraint(
            ["until_edition"], ["scope_editions.number"], name=op.f("fk_scope_rows_until_edition_scope_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_rows")),
    )
    op.create_index("ix_scope_rows_task_id_product", "scope_rows", ["task_id", "product", "from_edition"], unique=False)
    op.create_index(
        "uq_scope_rows_in_force",
        "scope_rows",
        ["task_id", "product"],
        unique=True,
        sqlite_where=sa.text("until_edition IS NULL"),
        postgresql_where=sa.text("until_edition IS NULL"),
    )


def downgrade() -> None:
    """This will remove them."""

    op.drop_index(
        "uq_scope_rows_in_force",
        table_name="scope_rows",
        sqlite_where=sa.text("until_edition IS NULL"),
        postgresql_where=sa.text("until_edition IS NULL"),
    )
    op.drop_index("ix_scope_rows_task_id_product", table_name="scope_rows")
    op.drop_table("scope_rows")
    op.drop_table("scope_editions")
    op.drop_table("scope_tasks")
