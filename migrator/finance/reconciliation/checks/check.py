"""One check: rows that do not fit; and a look, which finds those of all checks on the same rows in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from migrator.finance.reconciliation.expectations import Expectations
from migrator.finance.reconciliation.lifecycle import Code, Subject
from migrator.finance.whole_sets import execute

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

    @property
    def fingerprint(self) -> str:
        """The code and what it is about."""
        return f"'{self.code}:' || {self.key}"

    @property
    def document(self) -> str:
        """The evidence, as one document."""
        named = ", ".join(f"'{name}', {value}" for name, value in self.evidence.items())
        return f"JSON({named})"

    def link(self, column: str) -> str:
        """This will return the row of one kind that it is about."""
        return self.links.get(column, "CAST(NULL AS bigint)")


@dataclass(frozen=True, slots=True)
class Look:
    """Checks on the same rows with the same scope: whatever their number, the rows are read once.

    A row that fits none of them meets each condition once and is done; one that does not is asked which of them it was.
    """

    checks: tuple[Check, ...]

    @property
    def words(self) -> str:
        """What it looks for, in a few words."""
        return ", ".join(dict.fromkeys(check.code.replace("_", " ") for check in self.checks))

    def statement(self, *, is_full: bool) -> str:
        """This will return the statement that finds it; a look at what is new asks for the rows of its scope alone."""
        source, (subject, row) = self.checks[0].source, self.checks[0].scope

        def within(column: str) -> str:
            return "1 = 1" if is_full else IN_SCOPE.format(row=column, subject=subject.value)

        source = re.sub(r"WITHIN\(([\w.]+)\)", lambda found: within(found[1]), source)
        misfits = " OR ".join(f"({check.where})" for check in self.checks)
        ways = ", ".join(f"CASE WHEN {check.where} THEN {number} END" for number, check in enumerate(self.checks))
        links = ", ".join(self._each(lambda check, name=name: check.link(name)) for name in COLUMNS)  # type: ignore[misc]
        return f"""
            INSERT INTO reconciliation_findings (run_id, code, fingerprint, subject, amount_minor, currency,
                happened_at, {", ".join(COLUMNS)}, evidence)
            SELECT :run, {self._each(lambda check: f"'{check.code}'")}, {self._each(lambda check: check.fingerprint)},
                {self._each(lambda check: check.subject)}, ABS({self._each(lambda check: check.amount)}),
                {self._each(lambda check: check.currency)}, {self._each(lambda check: check.happened)}, {links},
                {self._each(lambda check: check.document)}
            FROM {source} CROSS JOIN EACH({ways}) AS way
            WHERE ({misfits}) AND {within(row)} AND way.value IS NOT NULL
            ON CONFLICT DO NOTHING
        """

    def _each(self, said: Callable[[Check], str]) -> str:
        """This will return one expression for all checks, or else each check's own by its number."""
        expressions = [said(check) for check in self.checks]
        if len(set(expressions)) == 1:
            return expressions[0]
        cases = " ".join(f"WHEN {number} THEN {each}" for number, each in enumerate(expressions))
        return f"CASE way.value {cases} END"


def find(session: Session, look: Look, *, run_id: int, is_full: bool, expected: Expectations) -> int:
    """This will write down what a look finds and return how much that is."""
    statement = look.statement(is_full=is_full)
    for word, expression in expected.expressions().items():
        statement = statement.replace(word, expression)
    return execute(session, statement, run=run_id, **expected.values()).rowcount
