"""One letter a day to each person of whom something is due: what ends soon, what ended, what we wait for (RULES X-04).

A day without the worker delays letters and never doubles them: each says what is true when it is written, and what is
next to be said is noted in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.queries import standing_in_for
from migrator.calendars.queries import calendar
from migrator.clock.wording import day_text, local_time
from migrator.fulfilment.reminders.looking import looked_at
from migrator.fulfilment.reminders.queries import due_things, is_free
from migrator.fulfilment.reminders.words import Notice
from migrator.fulfilment.windows.rules import letter_at
from migrator.journeys.end_what_is_over import end_windows_of
from migrator.notifications.choices import switched_off
from migrator.notifications.operations import owe
from migrator.notifications.queries import was_told
from migrator.orders.models import Order
from migrator.payments.queries import orders_being_paid
from migrator.policy.loading import migration_desk

KIND = "daily_letter"
Said = tuple[Order, Notice]


@dataclass(frozen=True, slots=True)
class Section:
    """What a letter says about one order, by the ends."""

    order: Order
    notices: list[Notice] = field(default_factory=list)


def write_daily_letters(session: Session, organisation_id: int, *, now: datetime) -> int:
    """This will write today's letters to the people of an organisation, and return how many there are.

    Nothing is written before the hour of the letter, nor twice to a person on one day: what becomes due later waits
    for tomorrow's letter. Two workers at once write one; what is over ends first, even where the other is still at it.
    """
    desk = migration_desk()
    days = calendar(session, desk.calendar)
    today = local_time(now, days.zone).date()
    if not is_free(session, organisation_id):
        return 0
    end_windows_of(session, organisation_id, now=now)
    cause, day = f"day:{today.isoformat()}", day_text(today)
    is_early = now < letter_at(today, desk=desk, calendar=days)
    letters = _letters(session, organisation_id, cause=cause, is_early=is_early, now=now)
    return sum(_write(session, reader, said, cause=cause, day=day, now=now) for reader, said in letters.items())


def _letters(
    session: Session, organisation_id: int, *, cause: str, is_early: bool, now: datetime
) -> dict[Person, list[Said]]:
    letters: dict[Person, list[Said]] = {}
    things = due_things(session, organisation_id, now)
    being_paid = orders_being_paid(session, [order.id for order in things.orders])
    for due in looked_at(session, things, being_paid=being_paid, now=now):
        if due.say and is_early:
            continue
        readers = standing_in_for(session, due.order.placed_by) if due.say else []
        if was_told(session, KIND, cause, [reader.email for reader in readers]):
            # One letter a day: tomorrow's says it.
            continue
        for reader in readers:
            if notice := due.words_for(reader.zone):
                letters.setdefault(reader, []).append((due.order, notice))
        due.move_on()
    return letters


def _write(session: Session, reader: Person, said: Sequence[Said], *, cause: str, day: str, now: datetime) -> bool:
    unwanted = switched_off(session, reader.id)
    wanted = [(order, notice) for order, notice in said if notice.topic not in unwanted]
    if not wanted:
        return False
    sections = _sections(wanted)
    notices = [notice for section in sections for notice in section.notices]
    written = owe(
        session,
        kind=KIND,
        cause=cause,
        recipient=reader,
        order_id=sections[0].order.id if len(sections) == 1 else None,
        context={"sections": sections, "first": notices[0], "others": len(notices) - 1, "day": day},
        now=now,
    )
    return written is not None


def _sections(said: Sequence[Said]) -> list[Section]:
    found: dict[int, Section] = {}
    for order, notice in sorted(said, key=lambda pair: pair[1].at):
        found.setdefault(order.id, Section(order)).notices.append(notice)
    return list(found.values())
