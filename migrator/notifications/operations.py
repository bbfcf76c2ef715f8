"""Owing messages. A message is written in the transaction of its cause, so the two exist together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from flask import current_app
from sqlalchemy import String, cast, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from migrator.accounts.closing import NOWHERE
from migrator.accounts.models import Person
from migrator.history.actor import Role
from migrator.notifications.choices import is_wanted, stop_address
from migrator.notifications.models import DeliveryState, OwedMessage
from migrator.notifications.rendering import one_line, words

FORGOTTEN = "A letter to a closed account"
INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def owe(
    session: Session,
    *,
    kind: str,
    cause: str,
    recipient: Person,
    order_id: int | None,
    context: Mapping[str, object],
    now: datetime,
    thread: str | None = None,
) -> OwedMessage | None:
    """This will write a message to a person from the templates of its kind, once for each cause.

    :param kind: the templates' name under `templates/emails/`
    :param cause: what it tells about, such as `pause:17`
    :param thread: the number of the ticket that it is about
    :param context: what the templates name; `recipient`, `base_url`, `stop_url` and `allow_list` are always there
    :returns: the message, or none when it was owed before, or the person is no longer with us or does not want it
    """
    if not recipient.active or not is_wanted(session, recipient.id, kind):
        return None
    return owe_to_address(
        session,
        kind=kind,
        cause=cause,
        address=recipient.email,
        context={"recipient": recipient, "stop_url": stop_address(recipient.id, kind), **context},
        now=now,
        person_id=recipient.id,
        order_id=order_id,
        thread=thread,
    )


def forget_letters(session: Session) -> int:
    """This will empty the letters that went to people who have closed their accounts since, and return how many.

    One that is still to be sent waits, such as the last letter itself (RULES X-14).
    """
    closed = select(Person.id).where(Person.closed_at.is_not(None))
    over = OwedMessage.state.in_((DeliveryState.SENT, DeliveryState.GIVEN_UP))
    told = update(OwedMessage).where(OwedMessage.person_id.in_(closed), over, OwedMessage.text_body != "")
    nowhere = literal("letter-") + cast(OwedMessage.id, String) + literal(f"@{NOWHERE}")
    forgotten = told.values(address=nowhere, subject=FORGOTTEN, text_body="", html_body="", last_error="")
    return len(session.scalars(forgotten.returning(OwedMessage.id)).all())


def owe_to_staff(
    session: Session,
    *,
    kind: str,
    cause: str,
    context: Mapping[str, object],
    now: datetime,
    order_id: int | None = None,
    account_manager_id: int | None = None,
) -> tuple[OwedMessage, ...]:
    """This will write a message to the account manager, or to all of them where none is named or that one has left."""
    written = (
        owe(session, kind=kind, cause=cause, recipient=person, order_id=order_id, context=context, now=now)
        for person in _responsible(session, account_manager_id)
    )
    return tuple(message for message in written if message is not None)


def owe_to_address(
    session: Session,
    *,
    kind: str,
    cause: str,
    address: str,
    context: Mapping[str, object],
    now: datetime,
    person_id: int | None = None,
    order_id: int | None = None,
    thread: str | None = None,
) -> OwedMessage | None:
    """This will write a message from the templates of its kind to an address, such as an invitation's."""
    said = words(kind, {"base_url": _base_url(), **context})
    return owe_plain(
        session,
        kind=kind,
        cause=cause,
        address=address,
        person_id=person_id,
        order_id=order_id,
        subject=said.subject,
        text=said.text,
        html=said.html,
        thread=thread,
        now=now,
    )


def owe_plain(
    session: Session,
    *,
    kind: str,
    cause: str,
    address: str,
    person_id: int | None,
    subject: str,
    text: str,
    html: str,
    now: datetime,
    order_id: int | None = None,
    thread: str | None = None,
) -> OwedMessage | None:
    """This will write a message whose words are ready; none is returned when it was owed before."""
    statement = INSERTS[session.get_bind().dialect.name](OwedMessage).values(
        kind=kind,
        cause=cause,
        address=address,
        person_id=person_id,
        order_id=order_id,
        subject=one_line(subject),
        text_body=text,
        html_body=html,
        thread=thread,
        message_id=f"<{uuid4().hex}@{urlsplit(_base_url()).hostname}>",
        created_at=now,
        state=DeliveryState.OWED,
        tries=0,
        next_try_at=now,
        last_error="",
    )
    once = statement.on_conflict_do_nothing(index_elements=["kind", "cause", "address"]).returning(OwedMessage)
    message: OwedMessage | None = session.scalars(once).one_or_none()
    return message


def _responsible(session: Session, account_manager_id: int | None) -> list[Person]:
    active = select(Person).where(Person.active, Person.role == Role.ACCOUNT_MANAGER).order_by(Person.id)
    managers = list(session.scalars(active))
    return [person for person in managers if person.id == account_manager_id] or managers


def _base_url() -> str:
    base_url: str = current_app.config["BASE_URL"]
    return base_url
