"""One check: rows that do not fit, as a statement that puts them beside the run's other findings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from migrator.finance.reconciliation.expectations import Expectations
from migrator.finance.reconciliation.lifecycle import Code, Subject
from migrator.finance.reconciliation.sql import execute

COLUMNS = ("order_id", "payment_id", "refund_id", "transaction_id", "cover_id", "payout_id")
IN_SCOPE = "{row} IN (SELECT s.row_id FROM reconciliation_scopes s WHERE s.run_id = :run AND s.subject = '{subject}')"


@dataclass(frozen=True, slots=True)
class Check:
    """Where to look for one code, in the words of SQL; every value but `code` and `about` is an expression.

    :ivar key: what tells this finding from others of its code; the same next time
    :ivar subject: what people read it as, such as an order's number
    :ivar source: what follows FROM, with `WITHIN(column)` where it gathers rows; `where` says which do not fit
    :ivar scope: the row that a look at what is new asks for, and of which kind it is
    :ivar links: which rows it is about, by column
    :ivar evidence: the figures and ids that prove it; names ending in `_minor`, `_at` and `_bp` are shown as such
    """

    code: Code
    key: str
    subject: str
    amount: str
    currency: str
    happened: str
    source: str
    where: str
    scope: tuple[Subject, str]
    links: Mapping[str, str]
    evidence: Mapping[str, str] = field(default_factory=dict)

    def statement(self, *, is_full: bool) -> str:
        """This will return the statement that finds it; a look at what is new asks for the rows of its scope alone."""
        subject, row = self.scope

        def within(column: str) -> str:
            return "1 = 1" if is_full else IN_SCOPE.format(row=column, subject=subject.value)

        source = re.sub(r"WITHIN\(([\w.]+)\)", lambda found: within(found[1]), self.source)
        links = ", ".join(self.links.get(name, "CAST(NULL AS bigint)") for name in COLUMNS)
        evidence = ", ".join(f"'{name}', {value}" for name, value in self.evidence.items())
        return f"""
            INSERT INTO reconciliation_findings (run_id, code, fingerprint, subject, amount_minor, currency,
                happened_at, {", ".join(COLUMNS)}, evidence)
            SELECT :run, '{self.code}', '{self.code}:' || {self.key}, {self.subject}, ABS({self.amount}),
                {self.currency}, {self.happened}, {links}, JSON({evidence})
            FROM {source}
            WHERE ({self.where}) AND {within(row)}
            ON CONFLICT DO NOTHING
        """


def find(session: Session, check: Check, *, run_id: int, is_full: bool, expected: Expectations) -> int:
    """This will write down what the check finds and return how much that is."""
    statement = check.statement(is_full=is_full)
    for word, expression in expected.expressions().items():
        statement = statement.replace(word, expression)
    return execute(session, statement, run=run_id, **expected.values()).rowcount
