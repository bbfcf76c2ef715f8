"""What was done stays written."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from migrator.database.session import transaction
from migrator.history.models import HistoryEntry, HistoryIsPermanent
from migrator.history.operations import record
from tests.factories.people import an_administrator


def an_entry(session: Session, now: datetime) -> HistoryEntry:
    person = an_administrator(session)
    return record(session, "staff.added", subject="person", key=person.id, actor=person.actor, now=now)


def test_an_entry_says_who_did_what_and_when(session: Session, now: datetime) -> None:
    entry = an_entry(session, now)
    session.expire_all()
    assert (entry.actor_role, entry.verb, entry.happened_at) == ("administrator", "staff.added", now)


def test_an_entry_cannot_be_changed(app: Flask, now: datetime) -> None:
    with app.app_context(), pytest.raises(HistoryIsPermanent), transaction() as session:
        an_entry(session, now).reason = "something else"


def test_an_entry_cannot_be_deleted(app: Flask, now: datetime) -> None:
    with app.app_context(), pytest.raises(HistoryIsPermanent), transaction() as session:
        session.delete(an_entry(session, now))
