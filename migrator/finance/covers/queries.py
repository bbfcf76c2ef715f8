"""Questions about covers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.finance.covers.models import Cover


def covers_of(session: Session, order_id: int) -> Sequence[Cover]:
    """This will return the covers of an order in the order of their sale, held until the transaction ends."""
    wanted = select(Cover).where(Cover.order_id == order_id).order_by(Cover.id)
    return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()


def cover_of_line(session: Session, order_line_id: int) -> Cover | None:
    """This will return the cover of an insurance line, held until the transaction ends; none before it is paid."""
    wanted = select(Cover).where(Cover.order_line_id == order_line_id)
    return session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
