"""Questions about what came by mail, and about whom it may be from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from migrator.accounts.models import Person
from migrator.history.actor import Role
from migrator.notifications.models import OwedMessage
from migrator.support.mail.models import WAITING, IncomingMail
from migrator.support.mail.rules import Fate

PAGE_LENGTH = 50


def mail_marked(session: Session, mark: str) -> IncomingMail | None:
    """This will return the message that is known by a mark, or none."""
    return session.scalar(select(IncomingMail).where(IncomingMail.mark == mark))


def waiting_mail_ids(session: Session, *, limit: int) -> Sequence[int]:
    """This will return the messages that nobody has looked at, the oldest first."""
    return session.scalars(select(IncomingMail.id).where(WAITING).order_by(IncomingMail.id).limit(limit)).all()


def mail_to_settle(session: Session, mail_id: int) -> IncomingMail | None:
    """This will hold a message that waits; none when somebody else has it or it is settled."""
    wanted = select(IncomingMail).where(IncomingMail.id == mail_id, WAITING)
    return session.scalar(wanted.with_for_update(skip_locked=True))


def came_within_an_hour(session: Session, mail: IncomingMail, address: str) -> int:
    """This will count the messages of an address in the hour before this one."""
    since = mail.received_at - timedelta(hours=1)
    wanted = select(func.count()).where(
        IncomingMail.sender_address == address, IncomingMail.received_at > since, IncomingMail.id < mail.id
    )
    return session.scalar(wanted) or 0


def letter_answered(session: Session, message_ids: Sequence[str]) -> OwedMessage | None:
    """This will return the letter about a ticket that a message answers, the nearest one, or none."""
    wanted = select(OwedMessage).where(OwedMessage.message_id.in_(message_ids), OwedMessage.thread.is_not(None))
    found = {letter.message_id: letter for letter in session.scalars(wanted)} if message_ids else {}
    return next((found[each] for each in message_ids if each in found), None)


def customer_with(session: Session, address: str) -> Person | None:
    """This will return the customer who has confirmed this address, or none (RULES C-026)."""
    return session.scalar(
        select(Person).where(
            Person.email == address, Person.role == Role.CUSTOMER, Person.active, Person.confirmed_at.is_not(None)
        )
    )


def addresses_of(session: Session, organisation_id: int | None) -> frozenset[str]:
    """This will return the confirmed addresses of an organisation's people."""
    wanted = select(Person.email).where(
        Person.organisation_id == organisation_id, Person.active, Person.confirmed_at.is_not(None)
    )
    return frozenset(session.scalars(wanted)) if organisation_id else frozenset()


def mails(
    session: Session, *, fate: Fate | None = None, before_id: int | None = None, limit: int = PAGE_LENGTH
) -> Sequence[IncomingMail]:
    """This will return what came, the newest first, with the tickets; one more than `limit` when there are further."""
    wanted = select(IncomingMail).options(joinedload(IncomingMail.ticket))
    if fate is not None:
        wanted = wanted.where(IncomingMail.fate == fate)
    if before_id is not None:
        wanted = wanted.where(IncomingMail.id < before_id)
    return session.scalars(wanted.order_by(IncomingMail.id.desc()).limit(limit + 1)).all()


def said_today(session: Session, kind: str, address: str, day: datetime) -> bool:
    """This will tell whether a letter of a kind went to an address since an instant."""
    wanted = select(OwedMessage.id).where(
        OwedMessage.kind == kind, OwedMessage.address == address, OwedMessage.created_at >= day
    )
    return session.scalar(wanted.limit(1)) is not None
