"""Keeping what came by mail, and writing down what became of it."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.support.files import FileStore
from migrator.support.mail.models import IncomingMail
from migrator.support.mail.queries import mail_marked
from migrator.support.mail.reading import Incoming
from migrator.support.mail.rules import Fate
from migrator.support.models import Ticket

FOLDER = "mail-in"
# Enough of what is too large to see who sent it.
BEGINNING_BYTES = 64 * 1024


MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)


def mark_of(raw: bytes) -> str:
    """This will return what a message is known by when it comes again: its Message-ID, or all that it holds."""
    head = raw[:BEGINNING_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    named = MESSAGE_ID.search(head)
    return hashlib.sha256(named.group(1) if named else raw).hexdigest()


def keep_mail(session: Session, raw: bytes, *, most_bytes: int, store: FileStore, now: datetime) -> IncomingMail | None:
    """This will keep a message before anybody looks at it; none when it was kept before.

    :param most_bytes: of what is larger, only the beginning is kept
    """
    mark = mark_of(raw)
    if mail_marked(session, mark) is not None:
        return None
    is_whole = len(raw) <= most_bytes
    kept = raw if is_whole else raw[:BEGINNING_BYTES]
    mail = IncomingMail(mark=mark, key=store.keep(kept), size=len(raw), is_whole=is_whole, received_at=now)
    try:
        with session.begin_nested():
            session.add(mail)
    except IntegrityError:
        if mail_marked(session, mark) is None:
            raise
        return None
    return mail


def note_sender(session: Session, mail: IncomingMail, message: Incoming) -> None:
    """This will write down who a message says that it is from, and about what."""
    mail.sender_name, mail.sender_address = message.sender_name, message.sender_address
    mail.subject = message.subject
    session.flush()


def settle(
    session: Session, mail: IncomingMail, fate: Fate, *, now: datetime, reason: str = "", ticket: Ticket | None = None
) -> None:
    """This will write down what became of a message."""
    mail.fate, mail.reason, mail.settled_at = fate, reason, now
    mail.ticket_id = ticket.id if ticket else None
    session.flush()
