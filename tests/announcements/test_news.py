"""News: written ones and closures in one list, and the chat that only people switch (RULES C-008, C-020)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.announcements.operations import AlreadyWithdrawn, change_news, switch_chat, withdraw_news, write_news
from migrator.announcements.queries import chat_is_on, news_page, shown_announcement, switches
from migrator.announcements.rules import Kind
from migrator.calendars.closure_models import Closure, ClosureState
from migrator.errors import NotFound
from tests.factories.people import an_administrator

HOUR = timedelta(hours=1)


@pytest.fixture
def boss(session: Session) -> Person:
    return an_administrator(session)


def written(session: Session, boss: Person, title: str, *, at: datetime) -> int:
    return write_news(session, title=title, body="Words.", shown_from_at=at, actor=boss.actor, now=at).id


def a_closure(session: Session, boss: Person, *, announced_at: datetime, withdrawn_at: datetime | None = None) -> None:
    state = ClosureState.WITHDRAWN if withdrawn_at else ClosureState.ANNOUNCED
    session.add(
        Closure(
            calendar_key="kyiv", name="Company day", reason="We meet.", first_on=date(2026, 12, 14),
            last_on=date(2026, 12, 14), state=state, drafted_by_id=boss.id, drafted_at=announced_at,
            announced_at=announced_at, withdrawn_at=withdrawn_at,
        )
    )  # fmt: skip
    session.flush()


def test_closures_are_news_by_themselves_and_withdrawing_one_is_news_again(
    session: Session, boss: Person, now: datetime
) -> None:
    a_closure(session, boss, announced_at=now - 3 * HOUR, withdrawn_at=now - HOUR)
    written(session, boss, "New prices", at=now - 2 * HOUR)
    told = [news.kind for news in news_page(session, now=now)]
    assert told == [Kind.OPEN_AFTER_ALL, Kind.WRITTEN, Kind.CLOSED]


def test_news_is_read_from_its_moment_on_and_no_longer_once_withdrawn(
    session: Session, boss: Person, now: datetime
) -> None:
    news_id = written(session, boss, "From tomorrow", at=now + HOUR)
    assert news_page(session, now=now) == []
    with pytest.raises(NotFound):
        shown_announcement(session, news_id, now=now)
    found = shown_announcement(session, news_id, now=now + HOUR)
    withdraw_news(session, found, actor=boss.actor, now=now + HOUR)
    assert news_page(session, now=now + 2 * HOUR) == []
    with pytest.raises(AlreadyWithdrawn):
        change_news(session, found, title="A", body="B", shown_from_at=now, actor=boss.actor, now=now)


def test_pages_follow_each_other_without_gap_or_repetition_even_at_one_moment(
    session: Session, boss: Person, now: datetime
) -> None:
    for number in range(4):
        written(session, boss, f"News {number}", at=now)
        a_closure(session, boss, announced_at=now, withdrawn_at=now)
    seen, after = [], None
    while page := news_page(session, now=now, after=after, limit=2)[:2]:
        seen += [news.place for news in page]
        after = page[-1].place
    assert len(seen) == len(set(seen)) == 12
    assert seen == sorted(seen, reverse=True)


def test_the_chat_is_closed_until_somebody_opens_it_and_each_switch_is_kept_once(
    session: Session, boss: Person, now: datetime
) -> None:
    assert not chat_is_on(session)
    assert switch_chat(session, is_open=True, reason="", actor=boss.actor, now=now)
    assert not switch_chat(session, is_open=True, reason="", actor=boss.actor, now=now), "it is open already"
    assert chat_is_on(session)
    assert switch_chat(session, is_open=False, reason="Two of us are ill", actor=boss.actor, now=now + HOUR)
    assert [(switch.is_open, person.id) for switch, person in switches(session)] == [(False, boss.id), (True, boss.id)]
