"""refunds and disputes."""

from __future__ import annotations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """This will add the tables."""


def downgrade() -> None:
    """This will remove them."""
