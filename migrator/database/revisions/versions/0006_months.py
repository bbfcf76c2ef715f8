"""months, invoices and tax."""

from __future__ import annotations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """This will add the tables."""


def downgrade() -> None:
    """This will remove them."""
