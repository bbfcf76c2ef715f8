"""closed accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import MOMENT

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """This will add to each person when their account was closed."""
    op.add_column("people", sa.Column("closed_at", MOMENT, nullable=True))


def downgrade() -> None:
    raise RuntimeError("Who closed their account is forgotten; restore a backup instead.")
