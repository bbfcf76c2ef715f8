"""fulfilment to the last day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, DOCUMENT, MOMENT, refers
from migrator.database.revisions.tables.results import add_results
from migrator.database.revisions.tables.work import add_work
from migrator.orders.search_rules import stem_of, words_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LINE_KINDS = "'migration', 'assisted_fee', 'option', 'insurance', 'upgrade', 'overage', 'hours', 'change'"
PAUSE_REASONS = "'access_wrong', 'information_missing', 'approval_missing', 'decision_missing'"
PAUSE_INDEXES = (
    ("uq_pauses_open_reason", ["order_id", "reason"], True, "ended_at IS NULL AND item_id IS NULL"),
    ("ix_pauses_reminders", ["next_reminder_at", "id"], False, "ended_at IS NULL AND next_reminder_at IS NOT NULL"),
)
ORDER_MOMENTS = (
    "resubmitted_at", "delivered_at", "validated_at", "completed_at", "next_reminder_at", "handed_over_at",
)  # fmt: skip
OURS = "turn = 'us'"
THEIRS = "turn = 'customer' AND state <> 'awaiting_payment'"
OPEN = "state NOT IN ('awaiting_payment', 'completed', 'cancelled')"
DESK_INDEXES = (
    ("ix_orders_desk_ours_state", ["state", "promise_at", "id"], OURS),
    ("ix_orders_desk_theirs", ["state_since_at", "id"], THEIRS),
    ("ix_orders_desk_theirs_state", ["state", "state_since_at", "id"], THEIRS),
    ("ix_orders_manager_ours", ["account_manager_id", "promise_at", "id"], OURS),
    ("ix_orders_manager_theirs", ["account_manager_id", "state_since_at", "id"], THEIRS),
    ("ix_orders_manager_open", ["account_manager_id", "id"], OPEN),
)
NAMED_ORDERS = """
    SELECT orders.id, orders.number, orders.source_address, orders.target_address, organisations.name AS customer,
        people.name AS person, people.email
    FROM orders
    JOIN organisations ON organisations.id = orders.organisation_id
    JOIN people ON people.id = orders.placed_by_id
"""
LIMITS = ("page_limit", "support_minutes_limit", "support_minutes_used", "restarts_limit", "restarts_used")
COUNTS = (*LIMITS, "reminders")
ORDER_CHECKS = {
    "page_limit_not_negative": "page_limit >= 0",
    "measured_not_negative": "measured_pages IS NULL OR measured_pages >= 0",
    "moved_not_negative": "moved_pages IS NULL OR moved_pages >= 0",
    "hours_within_limit": "support_minutes_used >= 0 AND support_minutes_used <= support_minutes_limit",
    "reminders_not_negative": "reminders >= 0",
    "restarts_within_cover": "restarts_used >= 0 AND restarts_used <= restarts_limit",
}


def upgrade() -> None:
    """This will add the tables, and to those of before what fulfilment needs."""
    add_work()
    add_results()
    with op.batch_alter_table("access_items") as table:
        table.add_column(sa.Column("changed_at", MOMENT, nullable=True))
        table.add_column(sa.Column("changed_by_id", BIG, nullable=True))
        table.create_foreign_key(op.f("fk_access_items_changed_by_id_people"), "people", ["changed_by_id"], ["id"])
    with op.batch_alter_table("closed_days") as table:
        table.add_column(sa.Column("closure_id", BIG, nullable=True))
        table.create_index(op.f("ix_closed_days_closure_id"), ["closure_id"])
        table.create_foreign_key(op.f("fk_closed_days_closure_id_closures"), "closures", ["closure_id"], ["id"])
    with op.batch_alter_table("order_lines") as table:
        table.add_column(sa.Column("supplement_id", BIG, nullable=True))
        table.add_column(sa.Column("list_minor", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("discount_bp", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_order_lines_discount_keeps_its_calculation"), "(list_minor IS NULL) = (discount_bp IS NULL)"
        )
        table.create_check_constraint(
            op.f("ck_order_lines_discount_half_up"),
            "list_minor IS NULL OR amount_minor = list_minor - (list_minor * discount_bp + 5000) / 10000",
        )
        table.create_index(op.f("ix_order_lines_supplement_id"), ["supplement_id"])
        table.create_foreign_key(
            op.f("fk_order_lines_supplement_id_supplements"), "supplements", ["supplement_id"], ["id"]
        )
        table.drop_constraint(op.f("ck_order_lines_kind"), type_="check")
        table.create_check_constraint(op.f("ck_order_lines_kind"), f"kind IN ({LINE_KINDS})")
    with op.batch_alter_table("payment_attempts") as table:
        table.add_column(sa.Column("supplement_id", BIG, nullable=True))
        table.create_index(op.f("ix_payment_attempts_supplement_id"), ["supplement_id"])
        table.create_foreign_key(
            op.f("fk_payment_attempts_supplement_id_supplements"), "supplements", ["supplement_id"], ["id"]
        )
    with op.batch_alter_table("pauses") as table:
        table.add_column(sa.Column("next_reminder_at", MOMENT, nullable=True))
        table.add_column(sa.Column("handed_over_at", MOMENT, nullable=True))
        table.add_column(sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
        table.alter_column("item_id", existing_type=BIG, nullable=True)
        table.drop_constraint(op.f("ck_pauses_reason"), type_="check")
        table.create_check_constraint(op.f("ck_pauses_reason"), f"reason IN ({PAUSE_REASONS})")
        table.create_check_constraint(
            op.f("ck_pauses_names_what_is_missing"),
            "(item_id IS NULL) = (reason IN ('approval_missing', 'decision_missing'))",
        )
        for name, columns, is_unique, condition in PAUSE_INDEXES:
            where = sa.text(condition)
            table.create_index(name, columns, unique=is_unique, sqlite_where=where, postgresql_where=where)
    with op.batch_alter_table("pauses") as table:
        table.alter_column("reminders", existing_type=sa.Integer(), server_default=None)
    _alter_orders()
    _index_the_desk()
    _keep_search_words()


def _alter_orders() -> None:
    with op.batch_alter_table("orders") as table:
        for name in ("measured_pages", "moved_pages"):
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
        for name in COUNTS:
            table.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        for name in ORDER_MOMENTS:
            table.add_column(sa.Column(name, MOMENT, nullable=True))
        for name, condition in ORDER_CHECKS.items():
            table.create_check_constraint(op.f(f"ck_orders_{name}"), condition)
    _take_limits_from_terms()
    with op.batch_alter_table("orders") as table:
        for name in COUNTS:
            table.alter_column(name, existing_type=sa.Integer(), server_default=None)
        where = sa.text("next_reminder_at IS NOT NULL")
        table.create_index(
            "ix_orders_reminders", ["next_reminder_at", "id"], sqlite_where=where, postgresql_where=where
        )


def _take_limits_from_terms() -> None:
    orders = sa.table(
        "orders",
        sa.column("id", sa.BigInteger()),
        sa.column("terms", DOCUMENT),
        *(sa.column(name, sa.Integer()) for name in LIMITS),
    )
    connection = op.get_bind()
    for order_id, terms in connection.execute(sa.select(orders.c.id, orders.c.terms)).all():
        limits = {
            "page_limit": terms["page_limit"],
            "support_minutes_limit": terms["support_minutes"],
            "restarts_limit": (terms.get("insurance") or {"restarts": 0})["restarts"],
        }
        connection.execute(sa.update(orders).where(orders.c.id == order_id).values(limits))


def _index_the_desk() -> None:
    for name in ("ix_orders_desk_theirs", "ix_orders_manager", "ix_orders_manager_theirs"):
        op.drop_index(name, "orders")
    for name, columns, condition in DESK_INDEXES:
        where = sa.text(condition)
        op.create_index(name, "orders", columns, sqlite_where=where, postgresql_where=where)
    where = sa.text("role <> 'customer'")
    op.create_index("ix_people_staff", "people", ["name", "id"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "saved_views",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=600), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_views_has_a_name")),
        refers("saved_views", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_views_person_id_name")),
    )


def _keep_search_words() -> None:
    words = op.create_table(
        "search_words",
        sa.Column("order_id", BIG, nullable=False),
        sa.Column(
            "word", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "stem", sa.String(length=2).with_variant(sa.String(length=2, collation="C"), "postgresql"), nullable=False
        ),
        refers("search_words", "order_id", "orders"),
        sa.PrimaryKeyConstraint("order_id", "word", name=op.f("pk_search_words")),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for order in connection.execute(sa.text(NAMED_ORDERS)).all():
        # By the rule of today, not of the day of this revision: the words must equal those that are searched for.
        found_by = words_of(
            order.number,
            customer=order.customer,
            person=order.person,
            email=order.email,
            addresses=(order.source_address, order.target_address),
        )
        rows = [{"order_id": order.id, "word": word, "stem": stem_of(word)} for word in sorted(found_by)]
        connection.execute(sa.insert(words), rows)
    op.create_index("ix_search_words_word", "search_words", ["word", "order_id"])
    op.create_index("ix_search_words_stem", "search_words", ["stem", "order_id", "word"])


def downgrade() -> None:
    raise RuntimeError("What was done to orders cannot be undone by forgetting it; restore a backup instead.")
