"""Finance: what does not fit, payouts, runs and files; each module is one topic with its pages.

May read and change the rooms of finance and payments. Templates lie in `templates/finance/`.
"""

from flask import Blueprint

pages = Blueprint("finance", __name__)

from migrator.web.finance import (  # noqa: E402, F401
    cancelling,
    disputes,
    exceptions,
    exports,
    giving_back,
    insurance,
    ledger,
    misfits,
    months,
    overview,
    payouts,
    reconciliation,
    refunds,
    reports,
    sheet,
    statements,
)
