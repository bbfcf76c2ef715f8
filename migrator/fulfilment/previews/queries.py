"""Questions about previews."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from migrator.fulfilment.previews.models import Preview


def latest_preview(session: Session, order_id: int) -> Preview | None:
    """This will return the order's latest preview with its pairs, counts and who published it; none before the first.

    Read while the order is held, so that the pairs are those of the moment.
    """
    return session.scalar(
        select(Preview)
        .where(Preview.order_id == order_id)
        .order_by(Preview.number.desc())
        .limit(1)
        .options(joinedload(Preview.published_by), selectinload(Preview.pairs), selectinload(Preview.counts))
        .execution_options(populate_existing=True)
    )
