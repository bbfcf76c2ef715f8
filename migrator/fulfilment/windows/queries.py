"""Questions about windows."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.fulfilment.windows.models import Window, WindowKind


def windows_of(session: Session, order_id: int) -> tuple[Window, ...]:
    """This will return all windows of an order, ended ones too, the earliest first."""
    return tuple(session.scalars(select(Window).where(Window.order_id == order_id).order_by(Window.id)))


def open_window_of(session: Session, order_id: int, kind: WindowKind) -> Window | None:
    """This will return the window of a kind that has not been closed; look at its end before relying on it."""
    wanted = select(Window).where(Window.order_id == order_id, Window.kind == kind, Window.closed_at.is_(None))
    return session.scalar(wanted)
