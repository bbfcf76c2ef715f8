"""first tables."""

from __future__ import annotations

from alembic import op

from migrator.database.revisions.tables.money import add_money
from migrator.database.revisions.tables.orders import add_orders

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "calendars",
    "organisations",
    "provider_events",
    "closed_days",
    "filled_years",
    "people",
    "invitations",
    "orders",
    "access_items",
    "customer_messages",
    "history",
    "order_lines",
    "order_placements",
    "owed_messages",
    "payment_attempts",
    "quotes",
    "staff_notes",
    "pauses",
    "payments",
    "secrets",
    "payment_exceptions",
    "reveals",
)


def upgrade() -> None:
    """This will add the tables."""
    add_orders()
    add_money()


def downgrade() -> None:
    """This will remove them."""
    for table in reversed(TABLES):
        op.drop_table(table)
