"""Writing down what we do. Flushes, never commits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.errors import DomainError, StaleEdit
from migrator.history.actor import SYSTEM, Actor
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.policy.scope import AnswerPolicy, Condition, Instead, ScopePolicy, ScopeVerdict, TaskPolicy
from migrator.scope.models import ScopeEdition, ScopeRow, ScopeTask
from migrator.scope.queries import newest_edition
from migrator.scope.rules import check_answer

FIRST = 1
CHANGED_MEANWHILE = "Somebody changed this answer since you opened it. Look at what it says now, then try again."


class NothingChanges(DomainError):
    """The answer says already what was sent."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What an administrator makes of an answer."""

    verdict: ScopeVerdict
    rule: str
    sentence: str
    condition: Condition = Condition.NONE
    met: str = ""
    instead: Instead = Instead.NONE


def open_scope(session: Session, *, policy: ScopePolicy, now: datetime) -> bool:
    """This will write the first edition from the policy data; rows that are there already are left alone.

    :returns: whether there was none before
    """
    if newest_edition(session) is not None:
        return False
    _edition(session, FIRST, actor=SYSTEM, reason=f"Policy data, version {policy.version}", now=now)
    for each in policy.tasks:
        _add_task(session, each)
    session.flush()
    return True


def change_answer(
    session: Session, row: ScopeRow, wording: Wording, *, reason: str, actor: Actor, now: datetime
) -> ScopeRow:
    """This will put another answer in force with a new edition; the old one stays for what was answered by it.

    :param row: locked, the one that the administrator saw, with its task
    :raises StaleEdit: when it is no longer in force
    :raises Unfinished: when the answer says too little
    :raises ReasonMissing: without the reason
    :raises NothingChanges: when it says what it said
    """
    if row.until_edition is not None:
        raise StaleEdit(CHANGED_MEANWHILE)
    check_answer(
        verdict=wording.verdict,
        condition=wording.condition,
        sentence=wording.sentence,
        met=wording.met,
        rule=wording.rule,
        reason=reason,
    )
    if wording == wording_of(row):
        raise NothingChanges("This is what the answer says already. Nothing was changed.")
    newest = newest_edition(session, for_update=True)
    edition = _edition(session, newest.number + 1 if newest else FIRST, actor=actor, reason=reason.strip(), now=now)
    row.until_edition = edition.number
    session.flush()
    changed = _row(row.task, AnswerPolicy(product=row.product, **asdict(wording)), edition=edition.number)
    session.add(changed)
    session.flush()
    _record(session, row, changed, actor=actor, now=now, reason=edition.reason)
    return changed


def wording_of(row: ScopeRow) -> Wording:
    """This will return what a row says."""
    return Wording(row.verdict, row.rule, row.sentence, row.condition, row.met, row.instead)


def _edition(session: Session, number: int, *, actor: Actor, reason: str, now: datetime) -> ScopeEdition:
    edition = ScopeEdition(
        number=number, made_at=now, made_by_id=actor.person_id, made_by_name=actor.name, reason=reason
    )
    session.add(edition)
    session.flush()
    return edition


def _add_task(session: Session, policy: TaskPolicy) -> None:
    task = ScopeTask(key=policy.key, rule=policy.rule, name=policy.name, group=policy.group, words=policy.words)
    session.add(task)
    session.add_all(_row(task, each, edition=FIRST) for each in policy.answers)


def _row(task: ScopeTask, said: AnswerPolicy, *, edition: int) -> ScopeRow:
    return ScopeRow(
        task=task,
        product=said.product,
        rule=said.rule,
        verdict=said.verdict,
        condition=said.condition,
        sentence=said.sentence,
        met=said.met,
        instead=said.instead,
        from_edition=edition,
    )


def _record(session: Session, old: ScopeRow, new: ScopeRow, *, actor: Actor, now: datetime, reason: str) -> None:
    record(
        session,
        "scope.changed",
        subject="scope_row",
        key=new.id,
        actor=actor,
        now=now,
        visibility=Visibility.STAFF,
        reason=reason,
        facts={
            "task": new.task.key,
            "product": new.product.value,
            "edition": new.from_edition,
            "old": {"row": old.id, "verdict": old.verdict.value, "sentence": old.sentence},
            "new": {"verdict": new.verdict.value, "sentence": new.sentence},
        },
    )
