"""Statements on whole sets, written once for both databases: the few words that differ are put in here."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import CursorResult, bindparam, text
from sqlalchemy.orm import Session

from migrator.database.types import UtcDateTime

INSTANTS = ("now", "since", "until", "overdue")
# Lists that come with a statement, by the value that holds them as JSON: their columns and PostgreSQL's kinds of them.
LISTS = {
    "DAYS": {
        "calendar": "text", "business_days": "bigint", "utc_day": "date", "after": "timestamptz",
        "until": "timestamptz", "ends": "timestamptz", "worked": "bigint",
    },
    "WORKED": {"calendar": "text", "day": "date", "worked": "bigint"},
    "LOCAL_DAYS": {
        "calendar": "text", "utc_day": "date", "after": "timestamptz", "until": "timestamptz", "day": "date",
        "worked": "bigint",
    },
    "CUTS": {"before_on": "date", "through_on": "date", "moved_to": "date"},
}  # fmt: skip
WORDS = {
    "sqlite": {
        "JSON": r"json_object(",
        "EACH": r"json_each(json_array(\1)) AS \2",
        "SECONDS": r"unixepoch(\1)",
        "INSTANT": r"strftime('%Y-%m-%dT%H:%M:%SZ', \1)",
        "UTC_DAY": r"substr(\1, 1, 10)",
        "NEXT_DAY": r"date(\1, '+1 day')",
        "TERM": r"json_extract(\1.terms, '$.\2.\3')",
    },
    "postgresql": {
        "JSON": r"jsonb_build_object(",
        "EACH": r"unnest(ARRAY[\1]) AS \2(value)",
        "SECONDS": r"CAST(extract(epoch FROM \1) AS bigint)",
        "INSTANT": r"""to_char(\1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
        "UTC_DAY": r"CAST(\1 AT TIME ZONE 'UTC' AS date)",
        "NEXT_DAY": r"(\1 + 1)",
        "TERM": r"CAST(\1.terms #>> '{\2,\3}' AS bigint)",
    },
}


def execute(session: Session, statement: str, **values: object) -> CursorResult[Any]:
    """This will run a statement in which some words stand for the database's own.

    `JSON(name, value, …)` makes a document; `EACH(value, …) AS name`, at the end of a line, gives a row for each value.
    `SECONDS(column)`, `INSTANT(column)` and `UTC_DAY(column)` give an instant as a number, as text, and its day;
    `TERM(order.part.name)` is a number in an order's terms; a name of `LISTS`, `AS` another or not, is that
    list.

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
    written = re.sub(rf"\b({'|'.join(LISTS)})\b(?: AS (\w+))?", partial(_list, dialect), written)
    for name in ("SECONDS", "INSTANT", "UTC_DAY", "NEXT_DAY"):
        written = re.sub(rf"\b{name}\(([\w.]+)\)", words[name], written)
    return re.sub(r"\bTERM\((\w+)\.(\w+)\.(\w+)\)", words["TERM"], written)


def _list(dialect: str, found: re.Match[str]) -> str:
    name, columns = found[1], LISTS[found[1]]
    if dialect == "sqlite":
        read = ", ".join(f"value ->> {place} AS {column}" for place, column in enumerate(columns))
        # The limit keeps SQLite from reading the list anew for each row of the other side.
        rows = f"json_each(:{name.lower()}) LIMIT 1000000000"
    else:
        read = ", ".join(
            f"CAST(value ->> {place} AS {kind}) AS {column}" for place, (column, kind) in enumerate(columns.items())
        )
        rows = f"jsonb_array_elements(CAST(:{name.lower()} AS jsonb))"
    return f"(SELECT {read} FROM {rows}) AS {found[2] or name.lower()}"


def as_kept(session: Session) -> Callable[[date], str]:
    """This will return what writes a day or an instant as the database keeps it, so that both compare as they are."""
    zone = "" if session.get_bind().dialect.name == "sqlite" else "+00"

    def written(value: date) -> str:
        is_instant = isinstance(value, datetime)
        return value.strftime("%Y-%m-%d %H:%M:%S.%f") + zone if is_instant else value.isoformat()

    return written
