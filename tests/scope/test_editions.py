"""Changing what we do: a new edition each time, and the old answers stay readable (RULES D-8, D-10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.errors import DomainError, NotFound, StaleEdit
from migrator.history.models import HistoryEntry
from migrator.policy.scope import Condition, Covered, ScopeVerdict, scope_policy
from migrator.scope.models import ScopeRow
from migrator.scope.operations import NothingChanges, change_answer, open_scope, wording_of
from migrator.scope.queries import cell_of, earlier_rows, editions, matrix, row_of
from migrator.scope.rules import ReasonMissing, Unfinished
from tests.factories.people import an_administrator


def test_a_change_begins_an_edition_and_keeps_the_old_answer(session: Session, now: datetime) -> None:
    administrator = an_administrator(session)
    old = row_of(session, "cache_management", Covered.HOSTING, for_update=True)
    wording = replace(wording_of(old), verdict=ScopeVerdict.BEST_EFFORT, sentence="We try to clear it.")
    new = change_answer(session, old, wording, reason="Many asked.", actor=administrator.actor, now=now)
    assert (old.until_edition, new.from_edition, new.until_edition) == (2, 2, None)
    assert matrix(session)["cache_management", Covered.HOSTING].verdict is ScopeVerdict.BEST_EFFORT
    assert cell_of(old).verdict is ScopeVerdict.NOT_SUPPORTED
    assert list(earlier_rows(session, new)) == [old]
    assert [(each.number, each.made_by_name) for each in editions(session)] == [
        (2, administrator.name),
        (1, "Migrator"),
    ]
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "scope.changed")).one()
    assert (entry.reason, entry.actor_id, entry.facts["old"]["verdict"]) == (
        "Many asked.",
        administrator.id,
        "not_supported",
    )
    with pytest.raises(StaleEdit):
        change_answer(session, old, wording, reason="Again.", actor=administrator.actor, now=now)


def test_what_cannot_be_said_to_a_customer_is_refused(session: Session, now: datetime) -> None:
    actor = an_administrator(session).actor
    row = row_of(session, "reindexing", Covered.HOSTING, for_update=True)
    as_it_is = wording_of(row)
    refused: list[tuple[type[DomainError], dict[str, object], str]] = [
        (ReasonMissing, {}, " "),
        (NothingChanges, {}, "No reason to change."),
        (Unfinished, {"sentence": "  "}, "Why."),
        (Unfinished, {"condition": Condition.NONE}, "Why."),
        (Unfinished, {"met": ""}, "Why."),
        (Unfinished, {"verdict": ScopeVerdict.SUPPORTED}, "Why."),
    ]
    for error, differences, reason in refused:
        with pytest.raises(error):
            change_answer(session, row, replace(as_it_is, **differences), reason=reason, actor=actor, now=now)  # type: ignore[arg-type]
    assert len(editions(session)) == 1


def test_one_answer_is_in_force_for_a_task_and_product(session: Session) -> None:
    row = row_of(session, "reindexing", Covered.HOSTING)
    double = {
        column: getattr(row, column)
        for column in ("task_id", "product", "rule", "verdict", "condition", "sentence", "met", "instead")
    }
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(ScopeRow(**double, from_edition=1))
        session.flush()


def test_opening_twice_changes_nothing(session: Session, now: datetime) -> None:
    assert not open_scope(session, policy=scope_policy(), now=now)
    with pytest.raises(NotFound):
        row_of(session, "shine_the_shoes", Covered.HOSTING)
