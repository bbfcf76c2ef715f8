"""A month in which everything that can be wrong is wrong: all of it is found, and nothing else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tests.factories.month import a_month, open_subjects, reconcile, subjects_of


def test_every_planted_exception_is_found_and_nothing_else(session: Session, now: datetime) -> None:
    _sales, plants = a_month(session, count=160, now=now, each=3)
    reconcile(session, now=now)
    found, planted = open_subjects(session), subjects_of(plants)
    assert found - planted == set()
    assert planted - found == set()
