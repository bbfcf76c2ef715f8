"""What does not fit, one statement for each way in which something cannot; tables of them by what they are about.

Read check.py for how one is written; `ALL` is what a run goes through.
"""

from __future__ import annotations

from migrator.finance.reconciliation.checks.books import BOOKS
from migrator.finance.reconciliation.checks.check import Check
from migrator.finance.reconciliation.checks.covers import COVERS
from migrator.finance.reconciliation.checks.money import MONEY, UNFIT
from migrator.finance.reconciliation.checks.payouts import PAYOUTS
from migrator.finance.reconciliation.checks.refunds import REFUNDS

ALL: tuple[Check, ...] = (*MONEY, *UNFIT, *BOOKS, *REFUNDS, *COVERS, *PAYOUTS)
