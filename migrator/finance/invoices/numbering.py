"""Giving numbers: one after the other and none left out, whoever asks at once and whoever gives up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.finance.desk_days import desk_day
from migrator.finance.invoices.lifecycle import InvoiceKind
from migrator.finance.invoices.models import NumberSeries
from migrator.finance.invoices.rules import number_text, series_of


def next_number(session: Session, kind: InvoiceKind, at: datetime) -> tuple[str, datetime]:
    """This will take the next number of a kind's series, with the instant that the document is dated with.

    The row of the series stays locked until the caller's transaction ends: a number is given for good or not at all.
    No document is dated before the one with the number before it, even where two clocks or transactions crossed.
    """
    series = series_of(kind, desk_day(at).year)
    last = _raise(session, series)
    if last is None:
        _begin(session, series)
        last = _raise(session, series)
    assert last is not None, "a series that was begun has a row"
    row = session.get_one(NumberSeries, series, populate_existing=True)
    issued_at = max(at, row.last_at or at)
    row.last_at = issued_at
    session.flush()
    return number_text(series, last), issued_at


def _raise(session: Session, series: str) -> int | None:
    raised = update(NumberSeries).where(NumberSeries.series == series).values(last=NumberSeries.last + 1)
    return session.scalar(raised.returning(NumberSeries.last).execution_options(synchronize_session=False))


def _begin(session: Session, series: str) -> None:
    try:
        with session.begin_nested():
            session.add(NumberSeries(series=series))
            session.flush()
    except IntegrityError:
        # Somebody else began it at the same moment.
        return
