"""How fast the clock is, beside other packages in the same run: `python bench/clock.py` prints the tables of README.md.

Each contestant is asked the same questions on the same calendar (Kyiv, whole working days, statutory closed days) and
its answers are compared with the clock's before it is timed. Single questions are timed in rounds, all contestants
in turn, and the best round of each counts.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from time import perf_counter
from zoneinfo import ZoneInfo

import numpy
import pandas
import timegrid
import workclock
from workalendar.core import WesternCalendar

from migrator.calendars.filling import calendar_from_statute
from migrator.clock.deadline import add, due_many, elapsed
from migrator.clock.instants import to_instant, to_seconds
from migrator.clock.pauses import Pause, cuts_of

KYIV = ZoneInfo("Europe/Kyiv")
FIRST_YEAR, LAST_YEAR = 2026, 2029
CALENDAR = calendar_from_statute("kyiv", first_year=FIRST_YEAR, last_year=LAST_YEAR)
CLOSED = sorted(CALENDAR.closed_days)
DAY = 86_400
QUESTIONS = 1_000
ROUNDS = 25
SLOW_SECONDS = 30.0
CLOCK = "migrator.clock"

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Question:
    """A start on a working day, a number of working days, and three pauses after the start."""

    start: datetime
    days: int
    end: datetime
    waits: tuple[Stretch, ...]


class KyivDays(WesternCalendar):
    """The same closed days for workalendar."""

    def get_calendar_holidays(self, year: int) -> list[tuple[date, str]]:
        return [(on, "closed") for on in CLOSED if on.year == year]


WORKALENDAR = KyivDays()
WORKCLOCK = workclock.Schedule(
    [workclock.WorkDay(time(0), time(0)), workclock.Holidays(CLOSED)], time_zone="Europe/Kyiv"
)
BUSDAYS = numpy.busdaycalendar(holidays=[numpy.datetime64(on) for on in CLOSED])


def timegrid_calendar() -> timegrid.TimeGridCalendar:
    """Whole weekdays without the closed days; timegrid knows no zones, so it is asked in local time."""
    calendar = timegrid.TimeGridCalendar.create()
    calendar.open_weekdays(time(0), time(12))
    calendar.open_weekdays(time(12), time(0))
    for on in CLOSED:
        calendar.add_holiday(on)
    return calendar


def naive(at: datetime) -> datetime:
    """The time on the wall, for the packages that know no zones."""
    return at.replace(tzinfo=None)


TIMEGRID = timegrid_calendar()
TIMELINE = TIMEGRID.compile(
    naive(datetime(FIRST_YEAR, 1, 1, tzinfo=KYIV)), naive(datetime(LAST_YEAR, 12, 31, tzinfo=KYIV))
)


def questions(count: int) -> list[Question]:
    """Starts over a year, each inside a working day, 1 to 21 working days, three pauses of some hours or days."""
    chance = random.Random(20261124)
    asked: list[Question] = []
    while len(asked) < count:
        start = datetime(2026, 11, 2, tzinfo=KYIV) + timedelta(minutes=chance.randrange(365 * 1440))
        if not CALENDAR.hours_on(start.date()):
            continue
        begins = sorted(start + timedelta(hours=chance.randrange(1, 400)) for _ in range(3))
        waits = tuple((begin, begin + timedelta(hours=chance.randrange(1, 60))) for begin in begins)
        asked.append(Question(start, chance.randrange(1, 22), start + timedelta(days=40), _apart(waits)))
    return asked


def _apart(waits: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The others cannot unite overlapping pauses, so each is cut off where the next begins."""
    nexts = [*[begin for begin, _ in waits[1:]], waits[-1][1]]
    return tuple((begin, min(end, following)) for (begin, end), following in zip(waits, nexts, strict=True))


ASKED = questions(QUESTIONS)
WAITS = [tuple(Pause(begin, end) for begin, end in question.waits) for question in ASKED]
STAMPS = [pandas.Timestamp(question.start) for question in ASKED]
OFFSETS = {days: pandas.offsets.CustomBusinessDay(days, calendar=BUSDAYS) for days in range(1, 22)}
WALLS = [naive(question.start) for question in ASKED]
WALL_ENDS = [naive(question.end) for question in ASKED]
WALL_WAITS = [[(naive(begin), naive(end)) for begin, end in question.waits] for question in ASKED]


def clock_add() -> list[datetime]:
    return [add(CALENDAR, question.start, working_seconds=question.days * DAY) for question in ASKED]


def clock_add_seconds(starts: list[int], amounts: list[int]) -> list[int]:
    advance = CALENDAR.table.advance
    return [advance(start, amount) for start, amount in zip(starts, amounts, strict=True)]


def workalendar_add() -> list[datetime]:
    count = WORKALENDAR.add_working_days
    return [count(question.start, question.days, keep_datetime=True) for question in ASKED]


def workclock_add() -> list[datetime]:
    return [WORKCLOCK.add(question.start, timedelta(days=question.days)) for question in ASKED]


def pandas_add() -> list[pandas.Timestamp]:
    return [stamp + OFFSETS[question.days] for stamp, question in zip(STAMPS, ASKED, strict=True)]


def numpy_add() -> list[numpy.datetime64]:
    return [numpy.busday_offset(question.start.date(), question.days, busdaycal=BUSDAYS) for question in ASKED]


def timegrid_add() -> list[datetime]:
    count = TIMEGRID.add_work_duration
    return [count(wall, timegrid.hours(24 * question.days)) for wall, question in zip(WALLS, ASKED, strict=True)]


def clock_elapsed() -> list[int]:
    return [
        elapsed(CALENDAR, question.start, question.end, pauses=waits)
        for question, waits in zip(ASKED, WAITS, strict=True)
    ]


def clock_elapsed_from_pairs() -> list[int]:
    return [
        elapsed(CALENDAR, question.start, question.end, pauses=[Pause(begin, end) for begin, end in question.waits])
        for question in ASKED
    ]


def workclock_elapsed() -> list[timedelta]:
    between = WORKCLOCK.between
    return [
        between(question.start, question.end) - sum((between(begin, end) for begin, end in question.waits), timedelta())
        for question in ASKED
    ]


def workalendar_elapsed() -> list[int]:
    delta = WORKALENDAR.get_working_days_delta
    return [
        delta(question.start, question.end) - sum(delta(begin, end) for begin, end in question.waits)
        for question in ASKED
    ]


def numpy_elapsed() -> list[int]:
    count = partial(numpy.busday_count, busdaycal=BUSDAYS)
    return [
        count(question.start.date(), question.end.date())
        - sum(count(begin.date(), end.date()) for begin, end in question.waits)
        for question in ASKED
    ]


def timegrid_elapsed() -> list[timedelta]:
    between = TIMELINE.get_working_duration
    return [
        between(start, end) - sum((between(begin, finish) for begin, finish in waits), timedelta())
        for start, end, waits in zip(WALLS, WALL_ENDS, WALL_WAITS, strict=True)
    ]


def seconds_taken(ask: Callable[[], object]) -> float:
    """How long one round takes."""
    begun = perf_counter()
    ask()
    return perf_counter() - begun


def print_single(title: str, contestants: dict[str, Callable[[], object]]) -> None:
    """One question at a time: microseconds each, and how many times the clock's time that is."""
    print(f"\n{title}\n\n| | µs each | times the clock's |\n|---|---:|---:|")
    rounds = [{name: seconds_taken(ask) for name, ask in contestants.items()} for _ in range(ROUNDS)]
    taken = {name: min(times[name] for times in rounds) / QUESTIONS * 1e6 for name in contestants}
    for name, microseconds in taken.items():
        print(f"| {name} | {microseconds:.2f} | {microseconds / taken[CLOCK]:.1f} |")


def check_answers() -> None:
    """Whoever can answer in full must agree with the clock; numpy knows dates alone."""
    expected = clock_add()
    assert [to_seconds(at) for at in workclock_add()] == [to_seconds(at) for at in expected]
    assert [to_seconds(at) for at in workalendar_add()] == [to_seconds(at) for at in expected]
    assert [to_seconds(at) for at in pandas_add()] == [to_seconds(at) for at in expected]
    local = [at.astimezone(KYIV) for at in expected]
    assert [naive(at) for at in local] == timegrid_add()
    assert [at.date() for at in local] == [on.astype(date) for on in numpy_add()]
    seconds = clock_elapsed()
    assert seconds == clock_elapsed_from_pairs()
    assert seconds == [int(span.total_seconds()) for span in workclock_elapsed()]
    assert seconds == [int(span.total_seconds()) for span in timegrid_elapsed()]


def bulk(count: int) -> dict[str, Callable[[], object]]:
    """Recomputing `count` open deadlines from what is stored: starts, amounts and, where said, pauses."""
    repeats = count // QUESTIONS
    starts = [to_seconds(question.start) for question in ASKED] * repeats
    amounts = [question.days * DAY for question in ASKED] * repeats
    cuts = [cuts_of(waits) if index % 3 == 0 else () for index, waits in enumerate(WAITS)] * repeats
    zoned = [question.start for question in ASKED] * repeats
    spans = [timedelta(seconds=amount) for amount in amounts]
    days = [question.days for question in ASKED] * repeats
    dates = numpy.array([at.date() for at in zoned], dtype="datetime64[D]")
    stamps = STAMPS * repeats
    return {
        CLOCK: lambda: due_many(CALENDAR, starts, amounts),
        f"{CLOCK}, every third with three pauses": lambda: due_many(CALENDAR, starts, amounts, cuts=cuts),
        f"{CLOCK}, datetimes in and out": lambda: [
            to_instant(at) for at in due_many(CALENDAR, map(to_seconds, zoned), amounts)
        ],
        "workclock, add_many": lambda: WORKCLOCK.add_many(zoned, spans),
        "numpy busday_offset (dates alone), one array": lambda: numpy.busday_offset(dates, days, busdaycal=BUSDAYS),
        "timegrid (no zones), one by one": lambda: [
            TIMEGRID.add_work_duration(wall, span) for wall, span in zip(WALLS * repeats, spans, strict=True)
        ],
        "pandas CustomBusinessDay, one by one": lambda: [
            stamp + OFFSETS[number] for stamp, number in zip(stamps, days, strict=True)
        ],
        "workalendar, one by one": lambda: [
            WORKALENDAR.add_working_days(at, number, keep_datetime=True) for at, number in zip(zoned, days, strict=True)
        ],
    }


def print_bulk() -> None:
    """Seconds for 100,000 and for 1,000,000; the million is left out where the smaller number took long already."""
    print("\nRecomputing open deadlines\n\n| | 100,000 | 1,000,000 |\n|---|---:|---:|")
    small = {name: seconds_taken(ask) for name, ask in bulk(100_000).items()}
    for name, ask in bulk(1_000_000).items():
        large = f"{seconds_taken(ask):.2f} s" if small[name] * 10 < SLOW_SECONDS else "not run"
        print(f"| {name} | {small[name]:.3f} s | {large} |")


def main() -> None:
    """Check that all agree, then time them."""
    warnings.simplefilter("ignore")
    check_answers()
    starts = [to_seconds(question.start) for question in ASKED]
    amounts = [question.days * DAY for question in ASKED]
    adding = {
        CLOCK: clock_add,
        f"{CLOCK}, whole seconds inside": partial(clock_add_seconds, starts, amounts),
        "workalendar": workalendar_add,
        "pandas CustomBusinessDay": pandas_add,
        "numpy busday_offset (dates alone)": numpy_add,
        "workclock (compiled)": workclock_add,
        "timegrid (compiled, no zones)": timegrid_add,
    }
    lasting = {
        CLOCK: clock_elapsed,
        f"{CLOCK}, pauses made from pairs each time": clock_elapsed_from_pairs,
        "workalendar (whole days alone)": workalendar_elapsed,
        "numpy busday_count (whole days alone)": numpy_elapsed,
        "workclock (compiled)": workclock_elapsed,
        "timegrid (compiled, no zones)": timegrid_elapsed,
    }
    print_single("Adding 1 to 21 working days to a zoned instant", adding)
    print_single("Working time elapsed in 40 days, less three pauses", lasting)
    print_bulk()


if __name__ == "__main__":
    main()
