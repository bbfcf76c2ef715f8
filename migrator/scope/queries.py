"""Questions about what we do."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.policy.scope import Covered
from migrator.scope.models import IN_FORCE, ScopeEdition, ScopeRow, ScopeTask
from migrator.scope.rules import Cell, Matrix, Task

NO_SUCH_ROW = "There is no such answer."
PAGE = 50


def matrix(session: Session) -> Matrix:
    """This will return what counts now for every task and product, in one query."""
    found = session.execute(
        select(ScopeRow, ScopeTask.key).join(ScopeTask, ScopeTask.id == ScopeRow.task_id).where(IN_FORCE)
    )
    return {(key, row.product): _cell(row, key) for row, key in found}


def tasks(session: Session) -> list[Task]:
    """This will return everything that people ask for, in the order of the policy data."""
    found = session.scalars(select(ScopeTask).order_by(ScopeTask.id))
    return [Task(each.key, each.rule, each.name, each.group, each.words) for each in found]


def row_of(session: Session, task: str, product: Covered, *, for_update: bool = False) -> ScopeRow:
    """This will return the row in force for a task and a product, with its task.

    :raises NotFound: when there is none
    """
    wanted = (
        select(ScopeRow)
        .join(ScopeRow.task)
        .where(ScopeTask.key == task, ScopeRow.product == product, IN_FORCE)
        .options(joinedload(ScopeRow.task, innerjoin=True))
    )
    found = session.scalar(wanted.with_for_update(of=ScopeRow) if for_update else wanted)
    if found is None:
        raise NotFound(NO_SUCH_ROW)
    return found


def earlier_rows(session: Session, row: ScopeRow) -> Sequence[ScopeRow]:
    """This will return what counted before for the same task and product, the newest first."""
    same = (ScopeRow.task_id == row.task_id) & (ScopeRow.product == row.product) & (ScopeRow.id != row.id)
    return session.scalars(select(ScopeRow).where(same).order_by(ScopeRow.from_edition.desc()).limit(PAGE)).all()


def editions(session: Session, *, before: int | None = None, limit: int = PAGE) -> Sequence[ScopeEdition]:
    """This will return the editions, the newest first; one more than `limit` if there are further ones."""
    wanted = select(ScopeEdition).order_by(ScopeEdition.number.desc()).limit(limit + 1)
    return session.scalars(wanted.where(ScopeEdition.number < before) if before else wanted).all()


def newest_edition(session: Session, *, for_update: bool = False) -> ScopeEdition | None:
    """This will return the edition in force; none before there is a first one."""
    wanted = select(ScopeEdition).order_by(ScopeEdition.number.desc()).limit(1)
    return session.scalar(wanted.with_for_update() if for_update else wanted)


def cell_of(row: ScopeRow) -> Cell:
    """This will return a row, in force or earlier, as the rules read it; its task is loaded."""
    return _cell(row, row.task.key)


def _cell(row: ScopeRow, key: str) -> Cell:
    return Cell(
        row_id=row.id,
        edition=row.from_edition,
        task=key,
        product=row.product,
        rule=row.rule,
        verdict=row.verdict,
        sentence=row.sentence,
        condition=row.condition,
        met=row.met,
        instead=row.instead,
    )
