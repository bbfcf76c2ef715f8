"""what the provider says, and what does not fit."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """This will add the tables."""


def downgrade() -> None:
    """This will remove them."""
