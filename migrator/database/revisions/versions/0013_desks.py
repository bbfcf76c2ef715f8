"""ideas know their ticket; messages are found by kind and by receiver."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import DOCUMENT

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

IDEAS = sa.table("ideas", sa.column("id", sa.Integer), sa.column("ticket_number", sa.String))
HISTORY = sa.table(
    "history",
    sa.column("id", sa.Integer),
    sa.column("verb", sa.String),
    sa.column("subject_key", sa.String),
    sa.column("facts", DOCUMENT),
)


def upgrade() -> None:
    """This will write to each idea the ticket that it was made from, as its history says, and add the indexes."""
    op.add_column("ideas", sa.Column("ticket_number", sa.String(length=20), nullable=True))
    _name_tickets()
    op.create_index("uq_ideas_ticket_number", "ideas", ["ticket_number"], unique=True)
    op.create_index("ix_owed_messages_kind", "owed_messages", ["kind", "id"])
    op.create_index("ix_owed_messages_address", "owed_messages", ["address", "id"])


def _name_tickets() -> None:
    # A ticket may have become several ideas; the first one keeps it.
    suggested = sa.select(HISTORY.c.subject_key, HISTORY.c.facts).where(HISTORY.c.verb == "idea.suggested")
    named: dict[str, int] = {}
    for key, facts in op.get_bind().execute(suggested.order_by(HISTORY.c.id)):
        if number := facts.get("ticket"):
            named.setdefault(number, int(key))
    for number, idea_id in named.items():
        op.execute(IDEAS.update().where(IDEAS.c.id == idea_id).values(ticket_number=number))


def downgrade() -> None:
    raise RuntimeError("Which ticket an idea was made from cannot be undone by forgetting it; restore a backup instead.")
