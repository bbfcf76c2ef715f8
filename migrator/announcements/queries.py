"""Questions about news and the chat: written news and closures as one list, the newest first (RULES C-020)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from migrator.accounts.models import Person
from migrator.announcements.models import Announcement, ChatSwitch
from migrator.announcements.rules import KINDS, Kind, News, Place, news_of_announcement, news_of_closure
from migrator.calendars.closure_models import Closure, ClosureState
from migrator.errors import NotFound

PAGE = 20
SWITCHES_SHOWN = 20


def news_page(session: Session, *, now: datetime, after: Place | None = None, limit: int = PAGE) -> Sequence[News]:
    """This will return the news that everybody may read, the newest first; one more than `limit` if there is more.

    :param after: instant and order number of the news that the page before ended with
    """
    found = [
        *(news_of_announcement(each) for each in session.scalars(_written(now, after, limit))),
        *(news_of_closure(each, Kind.CLOSED) for each in session.scalars(_closed(after, limit))),
        *(news_of_closure(each, Kind.OPEN_AFTER_ALL) for each in session.scalars(_opened(after, limit))),
    ]
    return sorted(found, key=lambda news: news.place, reverse=True)[: limit + 1]


def announcement(session: Session, announcement_id: int, *, for_update: bool = False) -> Announcement:
    """This will return a piece of written news; for staff.

    :raises NotFound: when there is none
    """
    found = session.get(Announcement, announcement_id, with_for_update=True if for_update else None)
    if found is None:
        raise NotFound("There is no such news.")
    return found


def shown_announcement(session: Session, announcement_id: int, *, now: datetime) -> Announcement:
    """This will return a piece of written news that everybody may read by now.

    :raises NotFound: when there is none, it is not shown yet, or was withdrawn
    """
    found = announcement(session, announcement_id)
    if found.withdrawn_at is not None or found.shown_from_at > now:
        raise NotFound("There is no such news.")
    return found


def announcements(session: Session, *, before_id: int | None = None, limit: int = PAGE) -> Sequence[Announcement]:
    """This will return all written news, the newest first; one more than `limit` if there is more; for staff."""
    wanted = select(Announcement).order_by(Announcement.id.desc()).limit(limit + 1)
    return session.scalars(wanted if before_id is None else wanted.where(Announcement.id < before_id)).all()


def same_news(session: Session, *, title: str, body: str) -> bool:
    """This will say whether news with these very words stands."""
    theirs = Announcement.title == title, Announcement.body == body, Announcement.withdrawn_at.is_(None)
    return session.scalar(select(Announcement.id).where(*theirs).limit(1)) is not None


def newest_switch(session: Session) -> ChatSwitch | None:
    """This will return what was said last about the chat; none before anything was."""
    return session.scalar(select(ChatSwitch).order_by(ChatSwitch.id.desc()).limit(1))


def chat_is_on(session: Session) -> bool:
    """This will say whether the chat was switched on by hand; nobody has, until somebody does (RULES C-008)."""
    newest = newest_switch(session)
    return newest is not None and newest.is_open


def switches(session: Session) -> Sequence[tuple[ChatSwitch, Person]]:
    """This will return who switched the chat last, the newest first."""
    wanted = select(ChatSwitch, Person).join(Person, Person.id == ChatSwitch.switched_by_id)
    return [
        (switch, person)
        for switch, person in session.execute(wanted.order_by(ChatSwitch.id.desc()).limit(SWITCHES_SHOWN))
    ]


def _written(now: datetime, after: Place | None, limit: int) -> Select[Announcement]:
    shown = Announcement.shown_from_at <= now, Announcement.withdrawn_at.is_(None)
    ordered = select(Announcement).where(*shown).order_by(Announcement.shown_from_at.desc(), Announcement.id.desc())
    return ordered.where(*_past(Announcement.shown_from_at, Announcement.id, Kind.WRITTEN, after)).limit(limit + 1)


def _closed(after: Place | None, limit: int) -> Select[Closure]:
    told = Closure.state.in_((ClosureState.ANNOUNCED, ClosureState.WITHDRAWN))
    ordered = select(Closure).where(told).order_by(Closure.announced_at.desc(), Closure.id.desc())
    return ordered.where(*_past(Closure.announced_at, Closure.id, Kind.CLOSED, after)).limit(limit + 1)


def _opened(after: Place | None, limit: int) -> Select[Closure]:
    withdrawn = Closure.state == ClosureState.WITHDRAWN
    ordered = select(Closure).where(withdrawn).order_by(Closure.withdrawn_at.desc(), Closure.id.desc())
    return ordered.where(*_past(Closure.withdrawn_at, Closure.id, Kind.OPEN_AFTER_ALL, after)).limit(limit + 1)


def _past(
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    row_id: InstrumentedAttribute[int],
    kind: Kind,
    after: Place | None,
) -> tuple[ColumnElement[bool], ...]:
    if after is None:
        return ()
    moment, number = after
    return (or_(at < moment, (at == moment) & (row_id * len(KINDS) + KINDS.index(kind) < number)),)
