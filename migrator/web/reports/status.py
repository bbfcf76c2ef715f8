"""How we are doing, for everybody: real figures of the last 30 days, never a promise (RULES C-022, C-043)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlalchemy.orm import Session

from migrator.calendars.closure_rules import today_on
from migrator.calendars.queries import calendar
from migrator.database.session import reading
from migrator.hosting.maintenance_queries import announced
from migrator.hosting.maintenance_rules import window_text
from migrator.policy.loading import migration_desk
from migrator.policy.support import Firmness
from migrator.reports import queries
from migrator.reports.rules import LEAST_SAMPLES, Kept, Typical, last_days
from migrator.support.categories import DESK_WORDS, Desk
from migrator.upkeep.queries import task_states
from migrator.upkeep.rules import is_silent
from migrator.web.audience import open_to
from migrator.web.desk_time import reader_zone
from migrator.web.public.contact import contact_page
from migrator.web.reports import pages
from migrator.web.reports.gathering import percent_text, short_text
from migrator.web.request import now

DAYS = 30
TOO_FEW = f"Fewer than {LEAST_SAMPLES} in this time: too few to say"


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What everybody may know; `is_working` says whether what runs by itself has run lately."""

    is_working: bool
    opening: str
    chat: str
    figures: tuple[tuple[str, str, None], ...]
    windows: tuple[tuple[str, str], ...]


@pages.get("/status")
@open_to()
def status() -> str:
    """This will show how fast we answered, what we kept, and whether everything runs."""
    with reading() as session:
        page = _page(session, now())
    return render_template("reports/status.html", page=page, days=DAYS)


def _page(session: Session, at: datetime) -> StatusPage:
    contact, zone = contact_page(session, now=at), reader_zone()
    last_run = max((state.last_started_at for state in task_states(session)), default=None)
    return StatusPage(
        is_working=not is_silent(last_run, now=at),
        opening=contact.opening,
        chat=contact.chat,
        figures=_figures(session, at),
        windows=tuple(
            (each.title, window_text(each.starts_at, each.ends_at, zone)) for each in announced(session, now=at)
        ),
    )


def _figures(session: Session, at: datetime) -> tuple[tuple[str, str, None], ...]:
    days = calendar(session, migration_desk().calendar)
    period = last_days(DAYS, today=today_on(days, at), zone=days.zone)
    typical = queries.first_answers(session, period)
    answers = queries.kept_answers(session, period, now=at)
    deliveries = queries.kept_deliveries(session, period, now=at)
    rows = []
    for desk in Desk:
        name = DESK_WORDS[desk].lower()
        guaranteed = [each.kept for each in answers if each.desk is desk and each.firmness is Firmness.GUARANTEED]
        rows.append((f"Typical first answer, {name}", _usual(typical.get(desk, Typical()))))
        rows.append((f"Guaranteed answers in time, {name}", _share(sum(guaranteed, Kept()))))
    rows.append(("Delivery dates kept", _share(sum(deliveries.values(), Kept()))))
    rows.append(("Typical check of access details, in working time", _usual(queries.access_checks(session, period))))
    return tuple((key, value, None) for key, value in rows)


def _usual(typical: Typical) -> str:
    if typical.seconds is None or not typical.is_telling:
        return TOO_FEW
    return f"{short_text(typical.seconds)} (the middle one of {typical.samples:,})"


def _share(kept: Kept) -> str:
    total = kept.kept + kept.broken
    return f"{percent_text(kept)} of {total:,}" if total >= LEAST_SAMPLES else TOO_FEW
