"""Questions about messages, for the staff who look after them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from migrator.errors import NotFound
from migrator.notifications.models import GIVEN_UP, SENT, WAITING, OwedMessage

PAGE = 50
BODIES = (defer(OwedMessage.text_body, raiseload=True), defer(OwedMessage.html_body, raiseload=True))


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages by what became of them; bodies are left out.

    :ivar after: where the next page of sent messages begins; none at the end
    """

    given_up: Sequence[OwedMessage]
    waiting: Sequence[OwedMessage]
    sent: Sequence[OwedMessage]
    after: int | None


class Standing(StrEnum):
    """What became of a message, as the desk asks for it."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


STANDINGS = {Standing.WAITING: WAITING, Standing.SENT: SENT, Standing.GIVEN_UP: GIVEN_UP}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages are wanted; what is empty leaves nothing out.

    :ivar address: the whole of the receiver's address
    """

    kind: str = ""
    standing: Standing | None = None
    address: str = ""

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.kind or self.standing or self.address)


def messages(session: Session, *, after: int | None = None) -> Messages:
    """This will return the newest messages that were given up or sent, and those that are due next, 50 of each.

    :param after: the id where the page of sent messages before this one ended
    """
    whole = select(OwedMessage).options(*BODIES).limit(PAGE)
    newest = whole.order_by(OwedMessage.id.desc())
    sent = newest.where(SENT).limit(PAGE + 1)
    if after is not None:
        sent = sent.where(OwedMessage.id < after)
    found = session.scalars(sent).all()
    return Messages(
        given_up=session.scalars(newest.where(GIVEN_UP)).all(),
        waiting=session.scalars(whole.where(WAITING).order_by(OwedMessage.next_try_at, OwedMessage.id)).all(),
        sent=found[:PAGE],
        after=found[PAGE - 1].id if len(found) > PAGE else None,
    )


def found_messages(session: Session, wanted: Wanted, *, before_id: int | None = None) -> Sequence[OwedMessage]:
    """This will return the messages that are wanted, the newest first; one more than a page when there are further."""
    found = select(OwedMessage).options(*BODIES)
    if wanted.standing:
        found = found.where(STANDINGS[wanted.standing])
    if wanted.kind:
        found = found.where(OwedMessage.kind == wanted.kind)
    if wanted.address:
        found = found.where(OwedMessage.address == wanted.address)
    if before_id is not None:
        found = found.where(OwedMessage.id < before_id)
    return session.scalars(found.order_by(OwedMessage.id.desc()).limit(PAGE + 1)).all()


def message(session: Session, owed_id: int) -> OwedMessage:
    """This will return one message with its bodies.

    :raises NotFound: when there is none
    """
    found = session.get(OwedMessage, owed_id)
    if found is None:
        raise NotFound("There is no such message.")
    return found


def was_told(session: Session, kind: str, cause: str, addresses: Collection[str]) -> bool:
    """This will say whether one of the addresses has a letter of that kind and cause already."""
    if not addresses:
        return False
    told = select(OwedMessage.id).where(
        OwedMessage.kind == kind, OwedMessage.cause == cause, OwedMessage.address.in_(addresses)
    )
    return session.scalar(told.limit(1)) is not None


def may_be_read_by_staff(owed: OwedMessage) -> bool:
    """Whether staff may read the body. Account messages hold links that let their reader in, so nobody else may."""
    return owed.order_id is not None or owed.kind.startswith(("quote_", "closure_", "daily_letter", "ticket_"))
