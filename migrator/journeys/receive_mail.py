"""A message that came by mail is brought to its ticket, opens one, or is left aside with the reason.

(RULES C-006, C-026, M-014.) What a sender is told never says whether an account or a ticket exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.stops.queries import refuse_stopped
from migrator.errors import DomainError, NotFound
from migrator.journeys.open_request import opened
from migrator.journeys.write_on_ticket import write_on_ticket
from migrator.notifications.operations import owe_to_address
from migrator.support.attachment_rules import AttachmentLimits, CheckedFile, FileNotTaken, checked_files
from migrator.support.categories import Category, Channel, Desk
from migrator.support.files import FileStore, attach
from migrator.support.mail import operations, queries
from migrator.support.mail.models import IncomingMail
from migrator.support.mail.reading import Incoming, Unreadable, read_message
from migrator.support.mail.rules import Fate, Ours, dropped_because, is_for_hosting, is_forged, is_reply_of
from migrator.support.models import Ticket
from migrator.support.opening import Request, Sender, open_ticket
from migrator.support.queries import ticket_for_staff, ticket_with_id

NO_SUBJECT = "Without a subject"
NO_WORDS = "(Files alone.)"
A_DAY = timedelta(days=1)
TOO_LARGE = "It is larger than we take by mail."
FORGED = "Our mail server found that the sender is not who they say."
UNKNOWN = "No customer has confirmed this address."


@dataclass(frozen=True, slots=True)
class Reception:
    """What receiving needs beside the rows: our addresses, and where bytes and files are kept."""

    ours: Ours
    letters: FileStore
    files: FileStore
    limits: AttachmentLimits


def settle_mail(session: Session, mail_id: int, *, reception: Reception, now: datetime) -> bool:
    """This will look at a message that waits, once; call it in a transaction of its own.

    :returns: whether there was anything to look at
    """
    mail = queries.mail_to_settle(session, mail_id)
    if mail is None:
        return False
    try:
        message = read_message(reception.letters.read(mail.key))
    except (Unreadable, NotFound) as error:
        operations.settle(session, mail, Fate.UNREADABLE, reason=str(error), now=now)
        return True
    operations.note_sender(session, mail, message)
    _settle(session, mail, message, reception, now=now)
    return True


def _settle(session: Session, mail: IncomingMail, message: Incoming, reception: Reception, *, now: datetime) -> None:
    ours = reception.ours
    came = queries.came_within_an_hour(session, mail, message.sender_address)
    if reason := dropped_because(message, ours, in_last_hour=came):
        operations.settle(session, mail, Fate.DROPPED, reason=reason, now=now)
    elif not mail.is_whole:
        _tell_once_a_day(session, "mail_too_large", message.sender_address, mail, now=now)
        operations.settle(session, mail, Fate.DROPPED, reason=TOO_LARGE, now=now)
    elif is_for_hosting(message, ours):
        _tell_once_a_day(session, "mail_to_portal", message.sender_address, mail, now=now)
        operations.settle(session, mail, Fate.PORTAL, now=now)
    elif (ticket := _answered_ticket(session, message, ours)) is not None:
        _add(session, mail, message, ticket, reception, now=now)
    else:
        _open(session, mail, message, reception, now=now)


def _answered_ticket(session: Session, message: Incoming, ours: Ours) -> Ticket | None:
    letter = queries.letter_answered(session, message.answers)
    if letter is None or letter.thread is None or is_forged(message, ours):
        return None
    ticket = ticket_for_staff(session, letter.thread, for_update=True)
    while ticket.merged_into_id is not None:
        ticket = ticket_with_id(session, ticket.merged_into_id, for_update=True)
    colleagues = queries.addresses_of(session, ticket.organisation_id)
    return ticket if is_reply_of(message, written_to=letter.address, colleagues=colleagues) else None


def _add(
    session: Session, mail: IncomingMail, message: Incoming, ticket: Ticket, reception: Reception, *, now: datetime
) -> None:
    files, left_out = _files(message, reception.limits)
    try:
        with session.begin_nested():
            write_on_ticket(
                session,
                ticket,
                body=_words(message, left_out),
                sender=_sender(message, queries.customer_with(session, message.sender_address)),
                channel=Channel.EMAIL,
                store=reception.files,
                files=files,
                now=now,
            )
    except DomainError as refusal:
        # Too late to reopen, or stopped: our people see it, and nothing is lost.
        operations.settle(session, mail, Fate.DROPPED, reason=str(refusal), ticket=ticket, now=now)
        return
    operations.settle(session, mail, Fate.ANSWERED, ticket=ticket, now=now)


def _open(session: Session, mail: IncomingMail, message: Incoming, reception: Reception, *, now: datetime) -> None:
    forged = is_forged(message, reception.ours)
    person = None if forged else queries.customer_with(session, message.sender_address)
    files, left_out = _files(message, reception.limits)
    request = Request(
        desk=Desk.MIGRATION,
        category=Category.REQUEST,
        channel=Channel.EMAIL,
        subject=message.subject or NO_SUBJECT,
        body=_words(message, left_out),
    )
    try:
        with session.begin_nested():
            refuse_stopped(session, person.id if person else None)
            ticket, first = open_ticket(session, request, sender=_sender(message, person), now=now)
            attach(session, first, files, store=reception.files, now=now)
            opened(session, ticket, first, now=now)
    except DomainError as refusal:
        operations.settle(session, mail, Fate.DROPPED, reason=str(refusal), now=now)
        return
    fate = Fate.OPENED if person else Fate.UNIDENTIFIED
    reason = "" if person else FORGED if forged else UNKNOWN
    operations.settle(session, mail, fate, reason=reason, ticket=ticket, now=now)


def _sender(message: Incoming, person: Person | None) -> Sender:
    return Sender(person, name=message.sender_name, address=message.sender_address)


def _words(message: Incoming, left_out: tuple[str, ...]) -> str:
    remarks = "\n".join(f"[{sentence}]" for sentence in (*message.left_out, *left_out))
    return "\n\n".join(part for part in (message.body or NO_WORDS, remarks) if part)


def _files(message: Incoming, limits: AttachmentLimits) -> tuple[tuple[CheckedFile, ...], tuple[str, ...]]:
    """This will return the files that are taken, and a sentence for each that is not: the words count all the same."""
    taken: list[CheckedFile] = []
    sentences: list[str] = []
    for upload in message.uploads:
        if len(taken) == limits.files:
            sentences.append(f"More than {limits.files} files came with this message; “{upload.name}” was left out.")
            continue
        try:
            taken.extend(checked_files((upload,), limits))
        except FileNotTaken as refusal:
            sentences.append(str(refusal))
    return tuple(taken), tuple(sentences)


def _tell_once_a_day(session: Session, kind: str, address: str, mail: IncomingMail, *, now: datetime) -> None:
    if not queries.said_today(session, kind, address, now - A_DAY):
        owe_to_address(session, kind=kind, cause=f"mail:{mail.id}", address=address, context={}, now=now)
