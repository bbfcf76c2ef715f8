"""What is said about a ticket's answer: the promise line with its count, or why there is no date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.clock.calendar import Calendar
from migrator.clock.explanation import Derivation
from migrator.clock.wording import Ladder, PromiseLine, end_text, promise_line
from migrator.policy.support import Firmness
from migrator.support.categories import Category, Desk
from migrator.support.lifecycle import ENDED, TicketState
from migrator.support.models import Ticket
from migrator.support.request_rules import MISSING_WORDS
from migrator.support.rules import answer_by, derivation_of, is_late

LADDERS = {Firmness.GUARANTEED: Ladder.GUARANTEED, Firmness.TARGET: Ladder.TARGET, Firmness.AIM: Ladder.AIM}
VERB = "Answer by"
NO_FIX_TIME = "We promise when we answer, not when a problem is solved."
NONE_PROMISED = {
    Category.IDEA: "We read every idea. When we answer is not promised.",
    Category.SALES: "We answer as soon as we can. When is not promised.",
}
NO_PLAN_PROMISE = "Your plan has no response promise. We answer as soon as we can."
LATE = "We have not answered in time, and we are sorry. You are first in line."


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What is said about the answer that a ticket waits for.

    :ivar line: none where nothing is owed or nothing is promised
    :ivar derivation: the count behind the line
    :ivar sentence: what is to be said beside the line, or instead of it
    """

    line: PromiseLine | None
    derivation: Derivation | None
    sentence: str
    is_late: bool
    due_at: datetime | None


def answer_view(ticket: Ticket, calendar: Calendar | None, *, now: datetime, viewer_zone: str = "") -> AnswerView:
    """This will say by when we answer, why then, and how firm that is (RULES C-021, M-018, M-043, X-15).

    :param calendar: of the ticket's promise; none where nothing is promised
    """
    if ticket.asked_at is None or ticket.state in ENDED:
        return AnswerView(None, None, _nothing_owed(ticket), is_late=False, due_at=None)
    if calendar is None:
        sentence = NONE_PROMISED.get(ticket.category, NO_PLAN_PROMISE)
        return AnswerView(None, None, sentence, is_late=False, due_at=None)
    derivation = derivation_of(calendar, ticket.promised, ticket.asked_at)
    due_at = answer_by(calendar, ticket.promised, ticket.asked_at)
    late = is_late(due_at, now)
    line = promise_line(
        derivation, viewer_zone=viewer_zone or None, verb=VERB, ladder=LADDERS[ticket.promised.firmness]
    )
    return AnswerView(line, derivation, LATE if late else _beside(ticket), is_late=late, due_at=due_at)


def clarification_text(ticket: Ticket) -> str:
    """This will say which question was asked last: `Clarification 2 of 3: we still need …` (RULES C-030)."""
    if ticket.clarifying is None or ticket.state in ENDED:
        return ""
    return f"Clarification {ticket.clarifications} of 3: we still need {MISSING_WORDS[ticket.clarifying]}."


def closing_text(ticket: Ticket, zone: str) -> str:
    """This will say when a ticket closes by itself: `Closes Thu 3 Dec 2026, 17:00 unless we hear from you.`"""
    if ticket.closes_at is None:
        return ""
    return f"Closes {end_text(ticket.closes_at, zone)} unless we hear from you."


def _nothing_owed(ticket: Ticket) -> str:
    if ticket.state is TicketState.ANSWERED:
        return "We have answered. If something is left, write to us below; we then answer within the same time."
    return ""


def _beside(ticket: Ticket) -> str:
    return NO_FIX_TIME if ticket.desk is Desk.HOSTING else ""
