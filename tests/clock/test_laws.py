"""The laws of the clock, for any calendar, moment, amount and pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.clock.calendar import ALWAYS, WEEKDAYS_WHOLE_DAY, Calendar
from migrator.clock.deadline import Target, Unit, add, due, due_many, elapsed, is_working, window_end
from migrator.clock.explanation import explain
from migrator.clock.instants import to_instant, to_seconds
from migrator.clock.pauses import Pause, cuts_of
from tests.clock.examples import OFFICE_WEEK, a_calendar, closing, kyiv

ZONES = ("Europe/Kyiv", "UTC", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe", "America/Sao_Paulo")
CALENDARS = [
    kyiv(),
    *(
        closing(a_calendar(zone=zone, week=week, filled_until=date(2027, 12, 31)), date(2026, 4, 1))
        for zone in ZONES
        for week in (ALWAYS, WEEKDAYS_WHOLE_DAY, OFFICE_WEEK)
    ),
]
FIRST = to_seconds(datetime(2026, 2, 1, tzinfo=UTC))
DAY = 86_400

calendars = st.sampled_from(CALENDARS)
moments = st.integers(FIRST, FIRST + 120 * DAY).map(to_instant)
amounts = st.integers(0, 20 * DAY)
positive_amounts = st.integers(1, 20 * DAY)


@st.composite
def pauses(draw: st.DrawFn) -> Pause:
    begin = draw(moments)
    return Pause(begin, begin + timedelta(seconds=draw(st.integers(0, 6 * DAY))))


several_pauses = st.lists(pauses(), max_size=4)


@given(calendars, moments, amounts, several_pauses)
def test_the_time_elapsed_until_a_date_is_the_amount_that_was_added(
    calendar: Calendar, start: datetime, amount: int, waits: list[Pause]
) -> None:
    end = add(calendar, start, working_seconds=amount, pauses=waits)
    assert elapsed(calendar, start, end, pauses=waits) == amount


@given(calendars, moments, positive_amounts, several_pauses)
def test_a_date_is_the_earliest_at_which_the_amount_has_run(
    calendar: Calendar, start: datetime, amount: int, waits: list[Pause]
) -> None:
    just_before = add(calendar, start, working_seconds=amount, pauses=waits) - timedelta(seconds=1)
    assert is_working(calendar, just_before, pauses=waits)
    assert elapsed(calendar, start, just_before, pauses=waits) == amount - 1


@given(calendars, moments, amounts, amounts, several_pauses)
def test_more_working_time_never_ends_earlier(
    calendar: Calendar, start: datetime, one: int, other: int, waits: list[Pause]
) -> None:
    less, more = sorted((one, other))
    sooner, later = (add(calendar, start, working_seconds=amount, pauses=waits) for amount in (less, more))
    assert sooner <= later


@given(calendars, moments, moments, amounts, several_pauses)
def test_a_later_start_never_ends_earlier(
    calendar: Calendar, one: datetime, other: datetime, amount: int, waits: list[Pause]
) -> None:
    first, second = sorted((one, other))
    assert add(calendar, first, working_seconds=amount, pauses=waits) <= add(
        calendar, second, working_seconds=amount, pauses=waits
    )


@given(calendars, moments, amounts, several_pauses, pauses())
def test_a_pause_never_brings_a_date_nearer(
    calendar: Calendar, start: datetime, amount: int, waits: list[Pause], another: Pause
) -> None:
    without = add(calendar, start, working_seconds=amount, pauses=waits)
    assert add(calendar, start, working_seconds=amount, pauses=[*waits, another]) >= without


@given(calendars, moments, amounts, several_pauses, st.randoms(use_true_random=False), st.integers(0, 6 * DAY))
def test_splitting_ordering_or_overlapping_pauses_changes_nothing(
    calendar: Calendar, start: datetime, amount: int, waits: list[Pause], random: object, cut_seconds: int
) -> None:
    pieces = [piece for wait in waits for piece in _split(wait, cut_seconds)]
    random.shuffle(pieces)  # type: ignore[attr-defined]
    whole = add(calendar, start, working_seconds=amount, pauses=waits)
    assert add(calendar, start, working_seconds=amount, pauses=[*pieces, *waits]) == whole
    assert add(calendar, start, working_seconds=amount, pauses=pieces) == whole


def _split(wait: Pause, seconds: int) -> list[Pause]:
    assert wait.until_at is not None
    middle = min(wait.from_at + timedelta(seconds=seconds), wait.until_at)
    return [Pause(wait.from_at, middle), Pause(middle, wait.until_at)]


@given(calendars, moments, positive_amounts, pauses())
def test_a_pause_outside_working_time_moves_nothing(
    calendar: Calendar, start: datetime, amount: int, wait: Pause
) -> None:
    assert wait.until_at is not None
    if elapsed(calendar, wait.from_at, wait.until_at) == 0:
        plain = add(calendar, start, working_seconds=amount)
        assert add(calendar, start, working_seconds=amount, pauses=[wait]) == plain


@given(calendars, moments, positive_amounts, st.integers(0, 9 * DAY), st.integers(0, 9 * DAY))
def test_a_pause_after_the_end_moves_nothing(
    calendar: Calendar, start: datetime, amount: int, later_seconds: int, length_seconds: int
) -> None:
    end = add(calendar, start, working_seconds=amount)
    begin = end + timedelta(seconds=later_seconds)
    wait = Pause(begin, begin + timedelta(seconds=length_seconds))
    assert add(calendar, start, working_seconds=amount, pauses=[wait]) == end


@given(calendars, moments, moments, moments, several_pauses)
def test_elapsed_time_adds_up(
    calendar: Calendar, one: datetime, two: datetime, three: datetime, waits: list[Pause]
) -> None:
    first, middle, last = sorted((one, two, three))
    parts = elapsed(calendar, first, middle, pauses=waits) + elapsed(calendar, middle, last, pauses=waits)
    assert parts == elapsed(calendar, first, last, pauses=waits)


@given(st.sampled_from(CALENDARS[:1] + CALENDARS[2::3]), moments, st.integers(0, 9 * DAY), several_pauses)
@settings(max_examples=40)
def test_elapsed_time_is_every_quarter_hour_that_works(
    calendar: Calendar, start: datetime, length_seconds: int, waits: list[Pause]
) -> None:
    """Counted one by one on clocks and calendars alone, which knows nothing of tables."""
    quarter = 900
    begin = to_seconds(start) // quarter * quarter
    waits = [Pause(_rounded(wait.from_at), _rounded(wait.until_at)) for wait in waits if wait.until_at]
    steps = [to_instant(begin + step * quarter) for step in range(length_seconds // quarter)]
    works = [
        moment
        for moment in steps
        if calendar.hours_on(moment.astimezone(calendar.zone_info).date())
        and not any(wait.from_at <= moment < wait.until_at for wait in waits if wait.until_at)
    ]
    end = to_instant(begin + len(steps) * quarter)
    assert elapsed(calendar, to_instant(begin), end, pauses=waits) == quarter * len(works)


def _rounded(moment: datetime) -> datetime:
    return to_instant(to_seconds(moment) // 900 * 900)


targets = st.one_of(
    st.builds(Target, st.sampled_from([Unit.BUSINESS_DAYS, Unit.CALENDAR_DAYS]), st.integers(0, 20)),
    st.builds(Target, st.just(Unit.BUSINESS_HOURS), st.integers(0, 300)),
    st.builds(Target, st.just(Unit.MINUTES), st.integers(0, 5000)),
    st.builds(
        Target,
        st.just(Unit.AGREED),
        agreed_at=st.integers(FIRST + 120 * DAY, FIRST + 150 * DAY).map(to_instant),
    ),
)


@given(st.sampled_from(CALENDARS[:4]), moments, targets, several_pauses)
def test_the_rows_of_an_explanation_sum_to_its_total(
    calendar: Calendar, start: datetime, target: Target, waits: list[Pause]
) -> None:
    derivation = explain(calendar, start, target, pauses=waits)
    assert derivation.due_at == due(calendar, start, target, pauses=waits)
    assert sum(row.counted_seconds for row in derivation.rows) == derivation.counted_seconds
    assert sum(row.paused_seconds for row in derivation.rows) == derivation.paused_seconds
    assert derivation.rows[-1].running_seconds == derivation.counted_seconds
    if target.unit is Unit.CALENDAR_DAYS:
        assert derivation.counted_seconds == to_seconds(derivation.due_at) - to_seconds(start)
        return
    whole = elapsed(calendar, start, derivation.due_at)
    assert derivation.counted_seconds == elapsed(calendar, start, derivation.due_at, pauses=waits)
    assert derivation.counted_seconds + derivation.paused_seconds == whole
    if target.unit in (Unit.BUSINESS_DAYS, Unit.BUSINESS_HOURS):
        unit_seconds = DAY if target.unit is Unit.BUSINESS_DAYS else 3_600
        assert derivation.counted_seconds == target.amount * unit_seconds


@given(st.sampled_from(CALENDARS[:4]), moments, targets, several_pauses)
def test_an_explanation_has_each_day_once_from_start_to_end(
    calendar: Calendar, start: datetime, target: Target, waits: list[Pause]
) -> None:
    rows = explain(calendar, start, target, pauses=waits).rows
    assert [row.on for row in rows] == [rows[0].on + timedelta(days=step) for step in range(len(rows))]
    assert [row for row in rows if row.starts_at] == [rows[0]]
    assert [row for row in rows if row.due_here] == [rows[-1]]
    assert all(row.sentence.endswith(".") for row in rows)


@given(calendars, moments, st.integers(1, 20))
def test_a_window_ends_at_midnight_on_or_after_its_date(calendar: Calendar, start: datetime, days: int) -> None:
    for unit in (Unit.BUSINESS_DAYS, Unit.CALENDAR_DAYS):
        end = window_end(calendar, start, Target(unit, days))
        date_due = due(calendar, start, Target(unit, days))
        assert timedelta() <= end - date_due <= timedelta(hours=25)


@given(calendars, st.lists(st.tuples(moments, amounts, several_pauses), max_size=5))
def test_many_dates_at_once_are_the_same_as_one_by_one(
    calendar: Calendar, rows: list[tuple[datetime, int, list[Pause]]]
) -> None:
    together = due_many(
        calendar,
        [to_seconds(start) for start, _, _ in rows],
        [amount for _, amount, _ in rows],
        cuts=[cuts_of(waits) for _, _, waits in rows],
    )
    single = [add(calendar, start, working_seconds=amount, pauses=waits) for start, amount, waits in rows]
    assert [to_instant(second) for second in together] == single
