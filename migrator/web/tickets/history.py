"""What was done to a ticket, by whom and why, for our people: the record that disputes are settled by (RULES D-10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for

from migrator.accounts.queries import manager_names
from migrator.clock.wording import end_text, moment_text
from migrator.database.session import reading
from migrator.history.models import HistoryEntry
from migrator.history.queries import deeds_on
from migrator.support.categories import CATEGORY_WORDS, CHANNEL_WORDS, Category, Channel
from migrator.support.lifecycle import CloseCause
from migrator.support.queries import ticket_for_staff
from migrator.support.request_rules import MISSING_STAFF_WORDS, VERDICT_WORDS, Missing, Verdict
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk_time import desk_zone
from migrator.web.tickets import pages
from migrator.web.tickets.bench import DESK

PAGE = 50
CAUSES = {
    CloseCause.STAFF: "Closed by us",
    CloseCause.CUSTOMER: "Closed by the customer",
    CloseCause.SILENCE: "Closed by itself: nobody answered our third question",
}
Facts = Mapping[str, Any]
PLAIN = {
    "ticket.answered": "Answered",
    "ticket.noted": "A note among us was kept",
    "ticket.unclear": "The description was marked as unclear",
    "ticket.clear": "The description was marked as clear",
    "ticket.identified": "The sender was identified",
    "ticket.guarantee_suspended": "Help is not guaranteed: the language stands in the way",
    "ticket.guarantee_restored": "Help is guaranteed again",
    "ticket.reopened": "Reopened",
}
WITH_FACTS: dict[str, Callable[[Facts], str]] = {
    "ticket.opened": lambda facts: f"Opened by {CHANNEL_WORDS[Channel(facts['channel'])]}",
    "ticket.written": lambda facts: f"A message came by {CHANNEL_WORDS[Channel(facts['channel'])]}",
    "ticket.clarified": lambda facts: (
        f"Asked, {facts['clarification']} of 3: {MISSING_STAFF_WORDS[Missing(facts['item'])]}"
    ),
    "ticket.order_named": lambda facts: f"It is about {facts['order']}",
    "ticket.recategorised": lambda facts: (
        f"About “{CATEGORY_WORDS[Category(facts['new'])]}”, no longer “{CATEGORY_WORDS[Category(facts['old'])]}”"
    ),
    "ticket.verdict": lambda facts: f"Verdict: {VERDICT_WORDS[Verdict(facts['verdict'])]}",
    "ticket.closed": lambda facts: CAUSES[CloseCause(facts["cause"])],
    "ticket.merged": lambda facts: f"{facts['merged']} was put into {facts['kept']}",
    "ticket.parted": lambda facts: f"{facts['merged']} was taken out of {facts['kept']} again",
    "ticket.closure_moved": lambda facts: (
        f"A closed day moved its date: {_day(facts['new'])}, was {_day(facts['old'])}"
    ),
    "ticket.scope": lambda facts: (
        f"Answered {'against' if facts['overridden'] else 'by'} rule {facts['rule']}, edition {facts['edition']}"
    ),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the record."""

    at: datetime
    at_text: str
    words: str
    who: str
    reason: str


@pages.get("/desk/tickets/<number>/history")
@open_to(*DESK)
def history(number: str) -> str:
    """This will list what was done to a ticket, the last deed first."""
    cursor = read_cursor(request.args.get("before"))
    with reading() as session:
        ticket = ticket_for_staff(session, number)
        found = deeds_on(session, "ticket", ticket.number, before_id=cursor[1] if cursor else None, limit=PAGE + 1)
        names = {str(key): name for key, name in manager_names(session)}
    before = cursor_of(None, found[PAGE - 1].id) if len(found) > PAGE else ""
    return render_template(
        "tickets/history.html",
        number=ticket.number,
        subject=ticket.subject,
        deeds=[_deed(entry, names) for entry in found[:PAGE]],
        next_url=url_for("tickets.history", number=ticket.number, before=before) if before else "",
        first_url=url_for("tickets.history", number=ticket.number) if cursor else "",
    )


def words_of(verb: str, facts: Facts, names: Mapping[str, str]) -> str:
    """This will word a deed; one that has no words yet is named as it is kept."""
    if verb == "ticket.assigned":
        return f"Given to {names.get(str(facts['new']), 'somebody else')}" if facts["new"] else "Given to nobody"
    if verb in WITH_FACTS:
        return WITH_FACTS[verb](facts)
    return PLAIN.get(verb, verb)


def _deed(entry: HistoryEntry, names: Mapping[str, str]) -> Deed:
    at_text = moment_text(entry.happened_at, desk_zone())
    return Deed(entry.happened_at, at_text, words_of(entry.verb, entry.facts, names), entry.actor_name, entry.reason)


def _day(text: str) -> str:
    return end_text(datetime.fromisoformat(text), desk_zone())
