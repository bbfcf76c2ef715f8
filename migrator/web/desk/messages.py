"""What was told to whom: messages that were given up come first, with the reason and a way to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from migrator.clock.wording import moment_text
from migrator.database.session import reading, transaction
from migrator.history.actor import Role
from migrator.notifications.delivery import try_again as owe_again
from migrator.notifications.models import DeliveryState, OwedMessage
from migrator.notifications.queries import (
    PAGE,
    Standing,
    Wanted,
    found_messages,
    may_be_read_by_staff,
    message,
    messages,
)
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk import pages
from migrator.web.desk_time import reader_zone
from migrator.web.fields import trimmed
from migrator.web.request import actor, now

ADDRESS_LENGTH = 254
STANDING_WORDS = {Standing.WAITING: "Waiting", Standing.SENT: "Sent", Standing.GIVEN_UP: "Given up"}

STATE_WORDS = {
    DeliveryState.OWED: ("Not sent yet", "neutral"),
    DeliveryState.SENDING: ("Being sent", "neutral"),
    DeliveryState.SENT: ("Sent", "done"),
    DeliveryState.GIVEN_UP: ("Given up", "problem"),
}


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as the list shows it; `happened` and `at` say when it was sent, or will be tried next."""

    id: int
    subject: str
    address: str
    state: str
    tone: str
    happened: str
    at: datetime
    at_text: str
    error: str


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """The messages by what became of them, with the ways to the earlier and the newest ones that were sent."""

    given_up: tuple[MessageRow, ...]
    waiting: tuple[MessageRow, ...]
    sent: tuple[MessageRow, ...]
    next_url: str
    first_url: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list can be narrowed by, and by what it is."""

    wanted: Wanted
    kinds: tuple[tuple[str, str], ...]
    standings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NarrowedPage:
    """The messages that are wanted, the newest first."""

    rows: tuple[MessageRow, ...]
    next_url: str
    first_url: str


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One message with its words; none where only their reader may see them."""

    row: MessageRow
    text: str | None
    tries: int
    can_be_tried: bool


@pages.get("/desk/messages")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def messages_page() -> str:
    """This will list the messages: given up, waiting, sent; or those of a kind, a state or a receiver."""
    wanted = _wanted()
    choices = Choices(wanted, _kinds(), tuple((each.value, STANDING_WORDS[each]) for each in Standing))
    page = _sorted() if wanted.is_everything else _narrowed(wanted)
    return render_template("desk/messages.html", page=page, choices=choices)


@pages.get("/desk/messages/<int:owed_id>")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def message_page(owed_id: int) -> str:
    """This will show one message as text."""
    with reading() as session:
        owed = message(session, owed_id)
        page = MessagePage(
            row=_row(owed),
            text=owed.text_body if may_be_read_by_staff(owed) else None,
            tries=owed.tries,
            can_be_tried=owed.state is DeliveryState.GIVEN_UP,
        )
    return render_template("desk/message.html", page=page)


@pages.post("/desk/messages/<int:owed_id>/try-again")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def try_again(owed_id: int) -> Response:
    """This will owe a message anew that was given up."""
    with transaction() as session:
        subject = owe_again(session, owed_id, actor=actor(), now=now()).subject
    flash(f"“{subject}” is being sent again.")
    return redirect(url_for("desk.messages_page"), 303)


def _sorted() -> MessagesPage:
    after = request.args.get("after", type=int)
    with reading() as session:
        found = messages(session, after=after)
        return MessagesPage(
            given_up=tuple(_row(owed) for owed in found.given_up),
            waiting=tuple(_row(owed) for owed in found.waiting),
            sent=tuple(_row(owed) for owed in found.sent),
            next_url=url_for("desk.messages_page", after=found.after) if found.after else "",
            first_url=url_for("desk.messages_page") if after else "",
        )


def _narrowed(wanted: Wanted) -> NarrowedPage:
    cursor = read_cursor(request.args.get("before"))
    kept = {"kind": wanted.kind, "state": wanted.standing, "to": wanted.address}
    query: dict[str, Any] = {name: value for name, value in kept.items() if value}
    with reading() as session:
        found = found_messages(session, wanted, before_id=cursor[1] if cursor else None)
        rows = tuple(_row(owed) for owed in found[:PAGE])
    before = cursor_of(None, rows[-1].id) if len(found) > PAGE else ""
    return NarrowedPage(
        rows,
        next_url=url_for("desk.messages_page", before=before, **query) if before else "",
        first_url=url_for("desk.messages_page", **query) if cursor else "",
    )


def _wanted() -> Wanted:
    kind, receiver = request.args.get("kind", ""), trimmed(request.args.get("to")).lower()
    return Wanted(
        kind=kind if kind in dict(_kinds()) else "",
        standing=request.args.get("state", None, type=Standing),
        address="".join(each for each in receiver if each.isprintable())[:ADDRESS_LENGTH],
    )


@cache
def _kinds() -> tuple[tuple[str, str], ...]:
    """This will return the kinds of messages with their words: each has a text of its own among the templates."""
    names = current_app.jinja_env.list_templates(extensions=["txt"])
    kinds = (name.removeprefix("emails/").removesuffix(".txt") for name in names if name.startswith("emails/"))
    return tuple((kind, kind.replace("_", " ").capitalize()) for kind in kinds if kind != "base")


def _row(owed: OwedMessage) -> MessageRow:
    words, tone = STATE_WORDS[owed.state]
    happened, at = _moment(owed)
    return MessageRow(
        id=owed.id,
        subject=owed.subject,
        address=owed.address,
        state=words,
        tone=tone,
        happened=happened,
        at=at,
        at_text=moment_text(at, reader_zone()),
        error=owed.last_error,
    )


def _moment(owed: OwedMessage) -> tuple[str, datetime]:
    if owed.sent_at is not None:
        return "Sent", owed.sent_at
    if owed.state is DeliveryState.GIVEN_UP:
        return "Written", owed.created_at
    return "Next try", owed.next_try_at
