"""What does not fit: each way in which something cannot, in tables of them by what they are about.

Read check.py for how one is written. `LOOKS` is what a run goes through: checks on the same rows are one statement.
"""

from __future__ import annotations

from migrator.finance.reconciliation.checks.books import BOOKS
from migrator.finance.reconciliation.checks.check import Check, Look
from migrator.finance.reconciliation.checks.covers import COVERS
from migrator.finance.reconciliation.checks.money import MONEY, UNFIT
from migrator.finance.reconciliation.checks.payouts import PAYOUTS
from migrator.finance.reconciliation.checks.refunds import REFUNDS

ALL: tuple[Check, ...] = (*MONEY, *UNFIT, *BOOKS, *REFUNDS, *COVERS, *PAYOUTS)


def _looks() -> tuple[Look, ...]:
    rows = dict.fromkeys((check.source, check.scope) for check in ALL)
    return tuple(Look(tuple(check for check in ALL if (check.source, check.scope) == each)) for each in rows)


LOOKS = _looks()
