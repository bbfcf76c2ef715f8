"""The two things that both databases measure in their own words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class utc_hour(GenericFunction[str]):  # noqa: N801 - named as it is written in SQL
    """The hour in UTC of an instant, as `2026-11-24 09`."""

    type = String()
    inherit_cache = True


class seconds_between(GenericFunction[int]):  # noqa: N801 - named as it is written in SQL
    """The whole seconds from one instant to another."""

    type = Integer()
    inherit_cache = True


@compiles(utc_hour, "sqlite")
def _hour_in_sqlite(element: utc_hour, compiler: Any, **words: Any) -> str:
    return f"substr({compiler.process(element.clauses, **words)}, 1, 13)"


@compiles(utc_hour, "postgresql")
def _hour_in_postgresql(element: utc_hour, compiler: Any, **words: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **words)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"


@compiles(seconds_between, "sqlite")
def _seconds_in_sqlite(element: seconds_between, compiler: Any, **words: Any) -> str:
    begin, end = (compiler.process(clause, **words) for clause in element.clauses)
    return f"CAST(round((julianday({end}) - julianday({begin})) * 86400) AS INTEGER)"


@compiles(seconds_between, "postgresql")
def _seconds_in_postgresql(element: seconds_between, compiler: Any, **words: Any) -> str:
    begin, end = (compiler.process(clause, **words) for clause in element.clauses)
    return f"CAST(round(extract(epoch FROM {end} - {begin})) AS INTEGER)"
