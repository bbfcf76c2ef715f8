"""Keeping a view of the desk's list under a name, and letting it go. Only its owner ever sees it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, delete, func, select
from sqlalchemy.orm import Session

from migrator.database.prepared import Prepared
from migrator.errors import DomainError
from migrator.fulfilment.desk_models import NAME_LENGTH, QUERY_LENGTH, SavedView

MOST_VIEWS = 20
VIEWS = Prepared(
    select(SavedView.id, SavedView.name, SavedView.query)
    .where(SavedView.person_id == bindparam("person_id", type_=Integer))
    .order_by(SavedView.name)
)


class NotThisName(DomainError):
    """The name is missing or too long."""


class TooManyViews(DomainError):
    """A person keeps as many views as they can find again."""


def views_of(session: Session, person_id: int) -> Sequence[Any]:
    """This will return id, name and query of the person's views, by name."""
    return VIEWS.rows(session, person_id=person_id)


def save_view(session: Session, person_id: int, *, name: str, query: str, now: datetime) -> SavedView:
    """This will keep a view; a name that the person has used before stands for the new view from now on.

    :raises NotThisName: without a name, or for one that is too long
    :raises TooManyViews: when the person keeps as many as there can be
    """
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > NAME_LENGTH or not wanted.isprintable():
        raise NotThisName(f"Give the view a name of at most {NAME_LENGTH} letters.")
    if len(query) > QUERY_LENGTH:
        raise NotThisName("This view is too long to be kept. Leave something out of it.")
    own = SavedView.person_id == person_id
    view = session.scalar(select(SavedView).where(own, SavedView.name == wanted))
    if view is None:
        if session.scalar(select(func.count()).select_from(SavedView).where(own)) == MOST_VIEWS:
            raise TooManyViews(f"You keep {MOST_VIEWS} views already. Let go of one first.")
        view = SavedView(person_id=person_id, name=wanted)
        session.add(view)
    view.query, view.kept_at = query, now
    session.flush()
    return view


def forget_view(session: Session, person_id: int, view_id: int) -> None:
    """This will let a view of the person go; one that is gone already stays gone."""
    session.execute(delete(SavedView).where(SavedView.person_id == person_id, SavedView.id == view_id))
