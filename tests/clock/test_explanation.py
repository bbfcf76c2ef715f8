"""Explanations word for word (RULES X-15)."""

from __future__ import annotations

from datetime import date

from migrator.clock.deadline import Target, Unit
from migrator.clock.explanation import DayKind, explain, sentences
from migrator.clock.wording import promise_line
from tests.clock.examples import (
    FTP_PAUSE,
    SECOND_PAUSE,
    a_calendar,
    at,
    closing,
    dates,
    kyiv,
    pause,
    working_days,
    working_hours,
)

TUESDAY = at("2026-11-24T11:00")


def test_a_pause_over_a_weekend_word_for_word() -> None:
    derivation = explain(kyiv(), TUESDAY, working_days(7), pauses=[FTP_PAUSE])
    assert sentences(derivation) == [
        "7 working days, counted from Tue 24 Nov 2026, 11:00 Kyiv time, on the calendar “Ukraine, working days"
        " of 24 hours”.",
        "Tue 24 Nov 2026: 13 h counted from 11:00.",
        "Wed 25 Nov 2026: 24 h counted, day 1 complete.",
        "Thu 26 Nov 2026: 24 h counted, day 2 complete.",
        "Fri 27 Nov 2026: 15 h counted, day 3 complete. Paused from 15:00, 9 h not counted while we waited for the FTP"
        " password.",
        "Sat 28 Nov 2026: weekend, nothing counted. The pause on this day moved nothing.",
        "Sun 29 Nov 2026: weekend, nothing counted. The pause on this day moved nothing.",
        "Mon 30 Nov 2026: paused all day, 24 h not counted while we waited for the FTP password.",
        "Tue 1 Dec 2026: 12 h counted. Paused until 12:00, 12 h not counted while we waited for the FTP password.",
        "Wed 2 Dec 2026: 24 h counted, day 4 complete.",
        "Thu 3 Dec 2026: 24 h counted, day 5 complete.",
        "Fri 4 Dec 2026: 24 h counted, day 6 complete.",
        "Sat 5 Dec 2026: weekend, nothing counted.",
        "Sun 6 Dec 2026: weekend, nothing counted.",
        "Mon 7 Dec 2026: 8 h counted until 08:00, day 7 complete.",
        "168 working hours counted, 45 working hours paused. The result: Mon 7 Dec 2026, 08:00.",
    ]


def test_the_promise_line_word_for_word() -> None:
    derivation = explain(kyiv(), TUESDAY, working_days(7), pauses=[FTP_PAUSE])
    assert str(promise_line(derivation, viewer_zone="Europe/Berlin")) == (
        "Ready by Mon 7 Dec 2026, 08:00 Kyiv (07:00 your time). "
        "7 working days from Tue 24 Nov, 11:00, plus 45 working hours while we waited for the FTP password."
    )


def test_closed_days_are_named_with_their_kind() -> None:
    """Saturday 1 May and Easter Sunday 2 May 2027 close Monday and Tuesday (RULES C-018)."""
    calendar = closing(kyiv(), date(2027, 5, 5), name="Moving house")
    rows = explain(calendar, at("2027-04-30T12:00"), working_days(1)).rows
    assert [row.kind for row in rows] == [
        DayKind.COUNTED,
        DayKind.HOLIDAY,
        DayKind.HOLIDAY,
        DayKind.SUBSTITUTE,
        DayKind.SUBSTITUTE,
        DayKind.ANNOUNCED,
        DayKind.COUNTED,
    ]
    assert [row.sentence for row in rows[1:6]] == [
        "Sat 1 May 2027: closed for Labour Day, nothing counted.",
        "Sun 2 May 2027: closed for Easter (Pascha), nothing counted.",
        "Mon 3 May 2027: closed, Day off for Labour Day (in place of Sat 1 May 2027), nothing counted.",
        "Tue 4 May 2027: closed, Day off for Easter (Pascha) (in place of Sun 2 May 2027), nothing counted.",
        "Wed 5 May 2027: closed as announced, Moving house, nothing counted.",
    ]


def test_a_date_at_24_o_clock_belongs_to_the_day_it_closes() -> None:
    """RULES D-4."""
    derivation = explain(kyiv(), at("2026-11-28T12:00"), working_days(3))
    assert derivation.rows[-1].sentence == "Wed 2 Dec 2026: 24 h counted until 24:00, day 3 complete."
    assert sentences(derivation)[-1] == "72 working hours counted. The result: end of Wed 2 Dec 2026."
    assert promise_line(derivation).headline == "Ready by end of Wed 2 Dec 2026"


def test_two_pauses_at_once_are_both_named_and_count_once() -> None:
    """RULES X-07."""
    derivation = explain(kyiv(), TUESDAY, working_days(7), pauses=[SECOND_PAUSE, FTP_PAUSE])
    tuesday = next(row for row in derivation.rows if row.on == date(2026, 12, 1))
    assert tuesday.kind is DayKind.PAUSED
    assert tuesday.sentence == (
        "Tue 1 Dec 2026: paused until 12:00 and from 09:00, 24 h not counted"
        " while we waited for the FTP password and the database dump."
    )
    assert derivation.paused_seconds == 66 * 3600
    assert promise_line(derivation).reason == (
        "7 working days from Tue 24 Nov, 11:00, plus 66 working hours"
        " while we waited for the FTP password and the database dump."
    )


def test_pauses_that_moved_nothing_are_said_to() -> None:
    """RULES X-08, X-09."""
    weekend = pause("2026-11-28T10:00", "2026-11-29T18:00", "the admin login")
    too_late = pause("2026-12-03T12:00", "2026-12-04T12:00", "the database dump")
    derivation = explain(kyiv(), TUESDAY, working_days(7), pauses=[weekend, too_late])
    assert derivation.idle_pauses == (weekend, too_late)
    assert derivation.reasons == ()
    assert sentences(derivation)[-3:] == [
        "The pause from Sat 28 Nov 2026, 10:00 to Sun 29 Nov 2026, 18:00 moved nothing: no working time ran in it.",
        "The pause from Thu 3 Dec 2026, 12:00 to Fri 4 Dec 2026, 12:00 moved nothing: the date had passed.",
        "168 working hours counted. The result: Thu 3 Dec 2026, 11:00.",
    ]


def test_an_open_pause_is_explained_up_to_now() -> None:
    """RULES C-064."""
    waiting = pause("2026-11-25T11:00", None, "the FTP password")
    derivation = explain(kyiv(), TUESDAY, working_days(3), pauses=[waiting], now=at("2026-11-25T14:30"))
    assert promise_line(derivation).reason == (
        "3 working days from Tue 24 Nov, 11:00, plus 3 h 30 min of working time while we waited for the FTP password."
    )


def test_a_pause_without_a_reason_is_still_told() -> None:
    derivation = explain(kyiv(), TUESDAY, working_hours(3), pauses=[pause("2026-11-24T12:00", "2026-11-24T13:00")])
    assert derivation.rows[0].sentence == (
        "Tue 24 Nov 2026: 3 h counted from 11:00 until 15:00. Paused from 12:00 to 13:00, 1 h not counted"
        " while the count was paused."
    )


def test_calendar_days_count_every_date() -> None:
    """RULES D-5, X-06."""
    derivation = explain(
        kyiv(), at("2026-12-24T15:20"), dates(2), pauses=[pause("2026-12-25T09:00", "2026-12-25T10:00")]
    )
    assert sentences(derivation) == [
        "2 days, counted from Thu 24 Dec 2026, 15:20 Kyiv time, every date counts.",
        "Thu 24 Dec 2026: 8 h 40 min counted from 15:20.",
        "Fri 25 Dec 2026: 24 h counted, day 1 complete.",
        "Sat 26 Dec 2026: 15 h 20 min counted until 15:20, day 2 complete.",
        "The pause from Fri 25 Dec 2026, 09:00 to Fri 25 Dec 2026, 10:00 moved nothing: dates count on.",
        "The result: Sat 26 Dec 2026, 15:20.",
    ]


def test_an_agreed_date_says_so() -> None:
    """RULES C-059."""
    target = Target(Unit.AGREED, agreed_at=at("2026-11-27T12:00"))
    unmoved = explain(kyiv(), TUESDAY, target)
    assert str(promise_line(unmoved)) == (
        "Agreed with you: ready by Fri 27 Nov 2026, 12:00 Kyiv. Agreed date Fri 27 Nov 2026, 12:00."
    )
    moved = explain(kyiv(), TUESDAY, target, pauses=[pause("2026-11-25T12:00", "2026-11-25T14:00", "the API token")])
    assert str(promise_line(moved)) == (
        "Agreed with you: ready by Fri 27 Nov 2026, 14:00 Kyiv. Agreed date Fri 27 Nov 2026, 12:00,"
        " plus 2 working hours while we waited for the API token."
    )


def test_days_of_office_hours_tell_what_was_not_needed() -> None:
    evening = at("2026-11-24T22:00")
    derivation = explain(a_calendar(), evening, Target(Unit.MINUTES, 30))
    assert [row.sentence for row in derivation.rows] == [
        "Tue 24 Nov 2026: no working time of this day was needed.",
        "Wed 25 Nov 2026: 30 min counted until 09:30.",
    ]


def test_a_weekday_without_hours_is_not_called_a_weekend() -> None:
    calendar = a_calendar(exceptions={date(2026, 11, 24): ()})
    derivation = explain(calendar, at("2026-11-24T11:00"), Target(Unit.MINUTES, 30))
    assert derivation.rows[0].sentence == "Tue 24 Nov 2026: no working hours, nothing counted."


def test_the_rows_number_the_working_days_as_they_become_whole() -> None:
    rows = explain(kyiv(), TUESDAY, working_days(3), pauses=[FTP_PAUSE]).rows
    assert [(row.completes_day, row.completed_days) for row in rows] == [(None, 0), (1, 1), (2, 2), (3, 3)]


def test_nothing_to_count_is_one_row() -> None:
    derivation = explain(kyiv(), TUESDAY, working_days(0))
    assert [row.kind for row in derivation.rows] == [DayKind.UNUSED]
    assert derivation.rows[0].starts_at
    assert derivation.rows[0].due_here
