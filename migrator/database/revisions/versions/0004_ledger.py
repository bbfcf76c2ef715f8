"""the ledger and the covers."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """This will add the tables."""


def downgrade() -> None:
    """This will remove them."""
