"""Where an order stands and nothing else: no person, price, address, message or document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask import make_response, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.calendars.queries import calendar_of
from migrator.fulfilment.queries import facts_of, pauses_of
from migrator.fulfilment.views import PromiseView, promise
from migrator.orders.lifecycle import WORDS, OrderState, Turn
from migrator.orders.models import Order
from migrator.web.orders.progress import TURN_NAMES, Step, steps

TURNS = {
    Turn.CUSTOMER: "It is the customer’s turn.",
    Turn.US: "It is our turn. Nothing is needed from the customer now.",
    Turn.NOBODY: "It is nobody’s turn.",
}
# The customer's own page speaks to the customer; whoever was given a link need not be one.
STATES = {
    OrderState.AWAITING_PAYMENT: "Waiting for payment",
    OrderState.AWAITING_ACCESS: "Waiting for access details",
    OrderState.VERIFYING: "Checking the access details",
    OrderState.PAUSED: "Paused – something is needed from the customer",
    OrderState.PREVIEW_READY: "Preview ready – the customer’s turn",
    OrderState.IN_REVIEW: "Done – the customer reviews it",
}


@dataclass(frozen=True, slots=True)
class StandingPage:
    """All that the page shows."""

    number: str
    state_words: str
    turn: str
    promise: PromiseView
    steps: tuple[Step, ...]


def standing_page(session: Session, order: Order, *, now: datetime) -> StandingPage:
    """This will gather where an order stands; of pauses it tells how long they were, not what was waited for.

    :param order: with its calendar
    """
    facts = facts_of(order, pauses_of(session, order.id))
    # What was waited for can be in somebody's own words.
    silent = replace(facts, pauses=tuple(replace(pause, reason="") for pause in facts.pauses))
    return StandingPage(
        number=order.number,
        state_words=STATES.get(order.state, WORDS[order.state]),
        turn=TURNS[order.shown_turn],
        promise=_to_strangers(promise(silent, calendar_of(session, order.calendar_row), now=now)),
        steps=steps(order, whose=TURN_NAMES[order.shown_turn]),
    )


def _to_strangers(view: PromiseView) -> PromiseView:
    line = view.line and replace(view.line, headline=view.line.headline.replace("If you answer", "If they answer"))
    return replace(view, line=line, sentence=view.sentence.replace("waited for you", "waited for the customer"))


def shown(page: StandingPage) -> Response:
    """This will answer the page so that nobody keeps it and no search engine lists it."""
    answer = make_response(render_template("links/standing.html", page=page))
    return unlisted(answer)


def unlisted(answer: Response) -> Response:
    """This will mark an answer as one that no search engine lists and that gives its address to nobody."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
