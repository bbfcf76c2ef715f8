"""Ideas: one vote a person, the most wanted first, and a decline with its reason (RULES C-007)."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import NotFound
from migrator.ideas.models import Idea, IdeaState, IdeaVote
from migrator.ideas.operations import (
    ReasonMissing,
    answer_idea,
    hide_idea,
    show_idea,
    suggest_idea,
    take_vote_back,
    vote,
)
from migrator.ideas.queries import hidden_ideas, idea_of, ideas, voted_for
from tests.factories.people import a_customer, an_administrator


@pytest.fixture
def ines(session: Session) -> Person:
    return a_customer(session)


@pytest.fixture
def boss(session: Session) -> Person:
    return an_administrator(session)


def an_idea(session: Session, author: Person, *, title: str = "Move comments too", now: datetime) -> Idea:
    return suggest_idea(
        session, title=title, body="So that nothing is lost.", suggested_by_id=author.id, actor=author.actor, now=now
    )


def test_who_suggests_an_idea_has_voted_for_it(session: Session, ines: Person, now: datetime) -> None:
    idea = an_idea(session, ines, now=now)
    assert idea.votes == 1
    assert voted_for(session, [idea.id], person_id=ines.id) == {idea.id}


def test_a_person_has_one_vote_however_often_they_press(session: Session, ines: Person, now: datetime) -> None:
    idea, other = an_idea(session, ines, now=now), a_customer(session)
    assert [vote(session, idea, person_id=other.id, now=now) for _ in range(3)] == [True, False, False]
    assert idea.votes == session.scalar(select(func.count()).select_from(IdeaVote)) == 2
    assert [take_vote_back(session, idea, person_id=other.id) for _ in range(2)] == [True, False]
    assert idea.votes == 1


def test_the_table_itself_refuses_a_second_vote(session: Session, ines: Person, now: datetime) -> None:
    idea = an_idea(session, ines, now=now)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(IdeaVote.__table__.insert().values(idea_id=idea.id, person_id=ines.id, voted_at=now))


def test_the_most_wanted_comes_first_and_pages_follow_without_gap(
    session: Session, ines: Person, now: datetime
) -> None:
    made = [an_idea(session, ines, title=f"Idea {number}", now=now) for number in range(5)]
    voters = [a_customer(session) for _ in range(2)]
    for voter in voters:
        vote(session, made[1], person_id=voter.id, now=now)
    vote(session, made[3], person_id=voters[0].id, now=now)
    wanted = [made[1].id, made[3].id, made[4].id, made[2].id, made[0].id]
    seen, after = [], None
    while page := ideas(session, after=after, limit=2)[:2]:
        seen += [idea.id for idea in page]
        after = (page[-1].votes, page[-1].id)
    assert seen == wanted


def test_a_decline_needs_its_reason(session: Session, ines: Person, boss: Person, now: datetime) -> None:
    idea = an_idea(session, ines, now=now)
    with pytest.raises(ReasonMissing):
        answer_idea(session, idea, state=IdeaState.DECLINED, answer="  ", actor=boss.actor, now=now)
    assert answer_idea(session, idea, state=IdeaState.PLANNED, answer="", actor=boss.actor, now=now)
    assert not answer_idea(session, idea, state=IdeaState.PLANNED, answer=" ", actor=boss.actor, now=now)
    assert [each.id for each in ideas(session, state=IdeaState.PLANNED)] == [idea.id]
    assert ideas(session, state=IdeaState.NEW) == []


def test_what_is_taken_off_the_list_is_gone_for_everybody_but_us(
    session: Session, ines: Person, boss: Person, now: datetime
) -> None:
    idea = an_idea(session, ines, now=now)
    with pytest.raises(ReasonMissing):
        hide_idea(session, idea, reason="", actor=boss.actor, now=now)
    hide_idea(session, idea, reason="It holds a password", actor=boss.actor, now=now)
    assert ideas(session) == []
    assert [each.id for each in hidden_ideas(session)] == [idea.id]
    with pytest.raises(NotFound):
        idea_of(session, idea.id)
    show_idea(session, idea, actor=boss.actor, now=now)
    assert [each.id for each in ideas(session)] == [idea.id]
