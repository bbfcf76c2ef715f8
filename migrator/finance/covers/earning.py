"""The daily earning, for many covers at once, inside the database. Flushes, never commits.

What is due follows from each cover's own days, so a run after a pause catches up, and a kill costs the batch at hand.
The rule is `rules.earned_by`, written for whole sets: a test holds both to the same cents.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from migrator.calendars.queries import calendars
from migrator.clock.calendar import Calendar
from migrator.clock.instants import to_instant, wall_seconds
from migrator.clock.wording import local_time
from migrator.finance.covers.models import Cover
from migrator.finance.covers.rules import steps
from migrator.finance.desk_days import desk_day
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.journal import locked_months, open_day
from migrator.finance.whole_sets import as_kept, execute

# A batch holds the one writer's place of SQLite for less than a second.
AT_ONCE = 20_000
A_DAY = timedelta(days=1)

HELD = "held_covers"
DAYS = "local_days"
WORKED = "worked_days"
EARNINGS = "earnings_at_hand"
TABLES = {
    HELD: "cover_id bigint PRIMARY KEY, calendar varchar(40) NOT NULL",
    DAYS: """calendar varchar(40) NOT NULL, utc_day date NOT NULL, after timestamptz NOT NULL,
        until timestamptz NOT NULL, day date NOT NULL, worked bigint NOT NULL, PRIMARY KEY (calendar, utc_day, day)""",
    WORKED: "calendar varchar(40) NOT NULL, day date NOT NULL, worked bigint NOT NULL, PRIMARY KEY (calendar, day)",
    EARNINGS: """cover_id bigint NOT NULL, cause varchar(120) NOT NULL, happened_on date NOT NULL, late_of date,
        amount_minor bigint NOT NULL, PRIMARY KEY (cover_id, cause)""",
}
HOLD = f"""
INSERT INTO {HELD} (cover_id, calendar)
SELECT c.id, o.calendar_key FROM covers c JOIN orders o ON o.id = c.order_id
WHERE c.state = 'open' AND c.earned_through < :through
ORDER BY c.earned_through, c.id LIMIT :most
"""
# Lists are read anew for each row of another side; tables have an index.
LAY_OUT = (
    f"INSERT INTO {DAYS} (calendar, utc_day, after, until, day, worked) SELECT * FROM LOCAL_DAYS",
    f"INSERT INTO {WORKED} (calendar, day, worked) SELECT * FROM WORKED",
)
LEFT = "(c.premium_minor - c.refunded_minor)"


def _due(on: str, worked: str) -> str:
    """This will write `rules.earned_by` for a day and the working days through it."""
    part = f"c.premium_minor * ({worked} - begun.worked) / (ended.worked - begun.worked)"
    return f"""(CASE WHEN {on} >= ended.day THEN {LEFT} WHEN {on} <= begun.day OR ended.worked = begun.worked THEN 0
        WHEN {part} > {LEFT} THEN {LEFT} ELSE {part} END)"""


# A window begins in the day that it does not earn on, and both its ends belong to the day that ends with them. What was
# due at the cut before is posted there; nothing that was earned is taken back.
EARN = f"""
INSERT INTO {EARNINGS} (cover_id, cause, happened_on, late_of, amount_minor)
SELECT due.cover_id, 'cover:' || due.cover_id || ':' || due.version || ':' || CAST(due.dated_on AS text),
    COALESCE(due.moved_to, due.dated_on), CASE WHEN due.moved_to IS NOT NULL THEN due.dated_on END,
    due.due_minor - due.before_minor
FROM (
    SELECT c.id AS cover_id, c.version, cuts.moved_to,
        CASE WHEN ended.day <= c.earned_through THEN NEXT_DAY(c.earned_through)
            WHEN ended.day < cuts.through_on THEN ended.day ELSE cuts.through_on END AS dated_on,
        {_due("cuts.through_on", "worked.worked")} AS due_minor,
        CASE WHEN cuts.before_on > c.earned_through AND {_due("cuts.before_on", "earlier.worked")} > c.earned_minor
            THEN {_due("cuts.before_on", "earlier.worked")} ELSE c.earned_minor END AS before_minor
    FROM {HELD} held
    JOIN covers c ON c.id = held.cover_id
    JOIN {DAYS} begun ON begun.calendar = held.calendar AND begun.utc_day = UTC_DAY(c.starts_at)
        AND c.starts_at > begun.after AND c.starts_at <= begun.until
    JOIN {DAYS} ended ON ended.calendar = held.calendar AND ended.utc_day = UTC_DAY(c.ends_at)
        AND c.ends_at > ended.after AND c.ends_at <= ended.until
    JOIN CUTS ON cuts.through_on > c.earned_through
    LEFT JOIN {WORKED} worked ON worked.calendar = held.calendar AND worked.day = cuts.through_on
    LEFT JOIN {WORKED} earlier ON earlier.calendar = held.calendar AND earlier.day = cuts.before_on
) AS due
WHERE due.due_minor > due.before_minor
"""
ENTER = f"""
INSERT INTO journal_entries (cause, kind, happened_on, posted_at, order_id, words, late_of)
SELECT each.cause, '{EntryKind.EARNING}', each.happened_on, :now, c.order_id, 'Insurance plan ' || c.plan, each.late_of
FROM {EARNINGS} each JOIN covers c ON c.id = each.cover_id
ORDER BY each.cover_id, each.cause
"""
POST = f"""
INSERT INTO postings (entry_id, debit, credit, amount_minor, currency, order_line_id, cover_id)
SELECT e.id, '{Account.DEFERRED_INSURANCE}', '{Account.REVENUE_INSURANCE}', each.amount_minor, c.currency,
    c.order_line_id, c.id
FROM {EARNINGS} each JOIN covers c ON c.id = each.cover_id JOIN journal_entries e ON e.cause = each.cause
ORDER BY e.id
"""
# A day without working time moves no money, but it is over.
NOTE = f"""
UPDATE covers SET earned_through = :through, version = version + 1, earned_minor = earned_minor
    + COALESCE((SELECT SUM(each.amount_minor) FROM {EARNINGS} each WHERE each.cover_id = covers.id), 0)
WHERE id IN (SELECT held.cover_id FROM {HELD} held)
"""


def earn_some(session: Session, *, now: datetime, limit: int = AT_ONCE) -> int:
    """This will earn through yesterday the premiums of the next covers that are behind, and return how many it were.

    Days are those at the desk; the covers are held meanwhile, and those that another holds are left to it.
    """
    session.flush()
    through = desk_day(now) - A_DAY
    count = _hold(session, through, limit)
    if count:
        lists = _lists(session, through, now=now)
        for statement in LAY_OUT:
            execute(session, statement, **lists)
        _measure(session, HELD, DAYS, WORKED)
        execute(session, EARN, **lists)
        _measure(session, EARNINGS)
        execute(session, ENTER, now=now)
        execute(session, POST)
        execute(session, NOTE, through=through)
    return count


def _hold(session: Session, through: date, limit: int) -> int:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    for table, columns in TABLES.items():
        session.execute(text(f"CREATE TEMPORARY TABLE IF NOT EXISTS {table} ({columns})"))
        session.execute(text(f"{'DELETE FROM' if is_sqlite else 'TRUNCATE'} {table}"))
    # On PostgreSQL covers that another holds are left to it; SQLite has one writer.
    skipping = "" if is_sqlite else "FOR UPDATE OF c SKIP LOCKED"
    return execute(session, HOLD + skipping, through=through, most=limit).rowcount


def _measure(session: Session, *tables: str) -> None:
    # Nobody measures temporary tables by themselves, and compiling a statement takes longer than answering it.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL jit = off"))
        session.execute(text(f"ANALYZE {', '.join(tables)}"))


def _lists(session: Session, through: date, *, now: datetime) -> dict[str, str]:
    """This will return the days of all windows at hand, the working days up to each, and the ends of months."""
    covers = Cover.id.in_(select(text(f"cover_id FROM {HELD}")))
    begins, ends, earned_through = session.execute(
        select(func.min(Cover.starts_at), func.max(Cover.ends_at), func.min(Cover.earned_through)).where(covers)
    ).one()
    assert begins is not None, "what is open has its window"
    assert ends is not None, "with both its ends"
    assert earned_through is not None, "and its day"
    used = set(session.scalars(text(f"SELECT DISTINCT calendar FROM {HELD}")))
    local_days: list[list[object]] = []
    worked: list[list[object]] = []
    for key, calendar in calendars(session).items():
        for on, after, until, count in _days(calendar, begins, ends, through) if key in used else ():
            worked.append([key, on, count])
            # A local day touches two days of UTC, by which windows are looked up.
            local_days += ([key, utc_day, after, until, on, count] for utc_day in {after.date(), until.date()})
    lists = {"local_days": local_days, "worked": worked, "cuts": _cuts(session, earned_through, through, now=now)}
    written = as_kept(session)
    return {name: json.dumps(rows, default=written) for name, rows in lists.items()}


def _days(
    calendar: Calendar, begins: datetime, ends: datetime, through: date
) -> Iterator[tuple[date, datetime, datetime, int]]:
    """This will yield each local day of all windows with its beginning and end and the working days through it."""
    on, count = local_time(begins, calendar.zone).date() - A_DAY, 0
    last = max(local_time(ends, calendar.zone).date(), through)
    while on <= last:
        count += bool(calendar.hours_on(on))
        after, until = (to_instant(wall_seconds(calendar.zone_info, each)) for each in (on, on + A_DAY))
        yield on, after, until, count
        on += A_DAY


def _cuts(session: Session, after: date, through: date, *, now: datetime) -> list[list[object]]:
    """This will cut the days at the ends of months: the cut before, its day, and where a locked month's money goes."""
    locked = locked_months(session)
    cuts: list[list[object]] = []
    before: date | None = None
    for on, _dated_on in steps(after, through, through):
        happened_on = open_day(on, locked, now=now)
        cuts.append([before, on, happened_on if happened_on != on else None])
        before = on
    return cuts
