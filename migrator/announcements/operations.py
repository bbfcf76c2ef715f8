"""Writing, changing and withdrawing news, and switching the chat. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.announcements.models import Announcement, ChatSwitch
from migrator.announcements.queries import newest_switch, same_news
from migrator.errors import DomainError
from migrator.history.actor import Actor
from migrator.history.models import Visibility
from migrator.history.operations import record


class AlreadyWritten(DomainError):
    """The same words are news already."""


class AlreadyWithdrawn(DomainError):
    """Nobody reads this news any more."""


def write_news(
    session: Session, *, title: str, body: str, shown_from_at: datetime, actor: Actor, now: datetime
) -> Announcement:
    """This will keep a piece of news that everybody reads from `shown_from_at` on.

    :param actor: a person
    :raises AlreadyWritten: when the same words are news already, as after a second press of the button
    """
    if same_news(session, title=title, body=body):
        raise AlreadyWritten("This news is written already, with the same words. Look at the list.")
    assert actor.person_id is not None, "news is written by a person"
    news = Announcement(
        title=title,
        body=body,
        shown_from_at=shown_from_at,
        written_by_id=actor.person_id,
        written_at=now,
        changed_at=now,
    )
    session.add(news)
    session.flush()
    _record(session, "news.written", news, actor=actor, now=now)
    return news


def change_news(
    session: Session,
    news: Announcement,
    *,
    title: str,
    body: str,
    shown_from_at: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    """This will change a piece of news; the history keeps what it said before (RULES D-10).

    :raises AlreadyWithdrawn: when nobody reads it any more
    """
    _refuse_withdrawn(news)
    before = {"title": news.title, "body": news.body, "shown_from_at": news.shown_from_at.isoformat()}
    news.title, news.body, news.shown_from_at, news.changed_at = title, body, shown_from_at, now
    session.flush()
    _record(session, "news.changed", news, actor=actor, now=now, before=before)


def withdraw_news(session: Session, news: Announcement, *, actor: Actor, now: datetime) -> None:
    """This will take a piece of news away.

    :raises AlreadyWithdrawn: when that was done before
    """
    _refuse_withdrawn(news)
    news.withdrawn_at = now
    session.flush()
    _record(session, "news.withdrawn", news, actor=actor, now=now)


def switch_chat(session: Session, *, is_open: bool, reason: str, actor: Actor, now: datetime) -> bool:
    """This will say by hand that the chat is open or closed, and return whether that was new (RULES C-008).

    :param actor: a person; nothing else ever switches it
    """
    assert actor.person_id is not None, "the chat is switched by a person"
    before = newest_switch(session)
    if is_open == (before is not None and before.is_open):
        return False
    session.add(ChatSwitch(is_open=is_open, reason=reason, switched_by_id=actor.person_id, switched_at=now))
    verb = "chat.opened" if is_open else "chat.closed"
    record(
        session, verb, subject="chat", key="chat", actor=actor, now=now, visibility=Visibility.STAFF, reason=reason
    )  # fmt: skip
    return True


def _refuse_withdrawn(news: Announcement) -> None:
    if news.withdrawn_at is not None:
        raise AlreadyWithdrawn("This news was withdrawn, and nobody reads it any more. Write it anew.")


def _record(
    session: Session,
    verb: str,
    news: Announcement,
    *,
    actor: Actor,
    now: datetime,
    before: dict[str, str] | None = None,
) -> None:
    record(
        session,
        verb,
        subject="announcement",
        key=news.id,
        actor=actor,
        now=now,
        visibility=Visibility.STAFF,
        facts={"title": news.title, "shown_from_at": news.shown_from_at.isoformat(), "before": before or {}},
    )
