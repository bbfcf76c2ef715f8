"""What becomes of an owed message: claimed, then sent, tried later, or given up where staff can see it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.errors import DomainError, NotFound
from migrator.history.actor import Actor
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.notifications.choices import stop_address
from migrator.notifications.gateway import Letter
from migrator.notifications.models import WAITING, DeliveryState, OwedMessage

BACK_OFF_MINUTES = (1, 5, 15, 60, 240, 720)
CLAIM_MINUTES = 10


class NotGivenUp(DomainError):
    """Only a message that was given up can be tried again by hand."""


def claim_next(session: Session, *, now: datetime) -> Letter | None:
    """This will mark the message that has been due the longest as being sent, and return it; none when nothing is due.

    A claim lasts ten minutes: if whoever holds it is killed, the message is claimed again after that.
    """
    due = (
        select(OwedMessage)
        .where(WAITING, OwedMessage.next_try_at <= now)
        .order_by(OwedMessage.next_try_at, OwedMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    message = session.scalars(due).one_or_none()
    if message is None:
        return None
    message.state = DeliveryState.SENDING
    message.tries += 1
    message.next_try_at = now + timedelta(minutes=CLAIM_MINUTES)
    session.flush()
    return _letter(message)


def record_sent(session: Session, owed_id: int, *, now: datetime) -> None:
    """This will record that a mail server took the message."""
    message = session.get_one(OwedMessage, owed_id)
    message.state, message.sent_at, message.last_error = DeliveryState.SENT, now, ""


def record_failure(session: Session, owed_id: int, *, error: str, now: datetime) -> None:
    """This will have the message tried again after 1, 5, 15 and 60 minutes, 4 and 12 hours, and then give it up."""
    message = session.get_one(OwedMessage, owed_id)
    if message.tries > len(BACK_OFF_MINUTES):
        record_given_up(session, owed_id, error=error)
        return
    message.state, message.last_error = DeliveryState.OWED, error
    message.next_try_at = now + timedelta(minutes=BACK_OFF_MINUTES[message.tries - 1])


def record_given_up(session: Session, owed_id: int, *, error: str) -> None:
    """This will stop trying; staff see the message with the reason."""
    message = session.get_one(OwedMessage, owed_id)
    message.state, message.last_error = DeliveryState.GIVEN_UP, error


def try_again(session: Session, owed_id: int, *, actor: Actor, now: datetime) -> OwedMessage:
    """This will owe a message anew that was given up.

    :raises NotFound: when there is no such message
    :raises NotGivenUp: when it was sent, or is still being tried
    """
    message = session.get(OwedMessage, owed_id, with_for_update=True)
    if message is None:
        raise NotFound("There is no such message.")
    if message.state is not DeliveryState.GIVEN_UP:
        raise NotGivenUp("This message was not given up, so there is nothing to try again.")
    message.state, message.tries, message.next_try_at = DeliveryState.OWED, 0, now
    record(
        session,
        "message.retried",
        subject="owed_message",
        key=message.id,
        actor=actor,
        now=now,
        order_id=message.order_id,
        visibility=Visibility.STAFF,
    )
    return message


def _letter(message: OwedMessage) -> Letter:
    return Letter(
        owed_id=message.id,
        address=message.address,
        subject=message.subject,
        text=message.text_body,
        html=message.html_body,
        message_id=message.message_id,
        written_at=message.created_at,
        stop_url=stop_address(message.person_id, message.kind),
        thread=message.thread or "",
    )
