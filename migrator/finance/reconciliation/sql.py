"""Statements on whole sets, written once for both databases: the few words that differ are put in here."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import CursorResult, bindparam, text
from sqlalchemy.orm import Session

from migrator.database.types import UtcDateTime

INSTANTS = ("now", "since", "until", "overdue")
# The limits keep SQLite from reading the list anew for each row of the other side.
WORDS = {
    "sqlite": {
        "JSON": r"json_object(",
        "EACH": r"json_each(json_array(\1)) AS \2",
        "SECONDS": r"unixepoch(\1)",
        "INSTANT": r"strftime('%Y-%m-%dT%H:%M:%SZ', \1)",
        "UTC_DAY": r"substr(\1, 1, 10)",
        "TERM": r"json_extract(\1.terms, '$.\2.\3')",
        "DAYS": """(
            SELECT value ->> 0 AS calendar, value ->> 1 AS business_days, value ->> 2 AS utc_day, value ->> 3 AS after,
                value ->> 4 AS until, value ->> 5 AS ends, value ->> 6 AS worked FROM json_each(:days)
            LIMIT 1000000000
        ) AS days""",
        "WORKED": """(
            SELECT value ->> 0 AS calendar, value ->> 1 AS day, value ->> 2 AS worked FROM json_each(:worked)
            LIMIT 1000000000
        ) AS worked""",
    },
    "postgresql": {
        "JSON": r"jsonb_build_object(",
        "EACH": r"unnest(ARRAY[\1]) AS \2(value)",
        "SECONDS": r"CAST(extract(epoch FROM \1) AS bigint)",
        "INSTANT": r"""to_char(\1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
        "UTC_DAY": r"CAST(\1 AT TIME ZONE 'UTC' AS date)",
        "TERM": r"CAST(\1.terms #>> '{\2,\3}' AS bigint)",
        "DAYS": """(
            SELECT value ->> 0 AS calendar, CAST(value ->> 1 AS bigint) AS business_days,
                CAST(value ->> 2 AS date) AS utc_day, CAST(value ->> 3 AS timestamptz) AS after,
                CAST(value ->> 4 AS timestamptz) AS until, CAST(value ->> 5 AS timestamptz) AS ends,
                CAST(value ->> 6 AS bigint) AS worked
            FROM jsonb_array_elements(CAST(:days AS jsonb))
        ) AS days""",
        "WORKED": """(
            SELECT value ->> 0 AS calendar, CAST(value ->> 1 AS date) AS day, CAST(value ->> 2 AS bigint) AS worked
            FROM jsonb_array_elements(CAST(:worked AS jsonb))
        ) AS worked""",
    },
}


def execute(session: Session, statement: str, **values: object) -> CursorResult[Any]:
    """This will run a statement in which some words stand for the database's own.

    `JSON(name, value, …)` makes a document; `EACH(value, …) AS name`, at the end of a line, gives a row for each value.
    `SECONDS(column)`, `INSTANT(column)` and `UTC_DAY(column)` give an instant as a number, as text, and its day;
    `TERM(order.part.name)` is a number in an order's terms; `DAYS` and `WORKED` are the days of `Expectations`.

    The values `now`, `since`, `until` and `overdue` are aware instants; others are passed as they are, and what the
    statement does not ask for is left out.
    """
    written = _written(statement, session.get_bind().dialect.name)
    typed = [bindparam(name, type_=UtcDateTime) for name in INSTANTS if re.search(rf":{name}\b", written)]
    asked_for = {name: value for name, value in values.items() if re.search(rf":{name}\b", written)}
    found: Any = session.execute(text(written).bindparams(*typed), asked_for)
    return found  # type: ignore[no-any-return]


def _written(statement: str, dialect: str) -> str:
    words = WORDS[dialect]
    written = statement.replace("JSON(", words["JSON"])
    written = re.sub(r"\bEACH\((.*?)\) AS (\w+)$", words["EACH"], written, flags=re.DOTALL | re.MULTILINE)
    for name in ("DAYS", "WORKED"):
        written = re.sub(rf"\b{name}\b", words[name], written)
    for name in ("SECONDS", "INSTANT", "UTC_DAY"):
        written = re.sub(rf"\b{name}\(([\w.]+)\)", words[name], written)
    return re.sub(r"\bTERM\((\w+)\.(\w+)\.(\w+)\)", words["TERM"], written)
