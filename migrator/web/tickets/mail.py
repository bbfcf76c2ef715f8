"""What came by mail and what became of it: what needs a person comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for

from migrator.clock.wording import moment_text
from migrator.database.session import reading
from migrator.support.mail.models import IncomingMail
from migrator.support.mail.queries import PAGE_LENGTH, mails
from migrator.support.mail.rules import FATE_WORDS, Fate
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk_time import desk_zone
from migrator.web.tickets import pages
from migrator.web.tickets.bench import DESK

TONES = {
    Fate.WAITING: "neutral",
    Fate.ANSWERED: "done",
    Fate.OPENED: "done",
    Fate.UNIDENTIFIED: "attention",
    Fate.PORTAL: "done",
    Fate.DROPPED: "neutral",
    Fate.UNREADABLE: "problem",
}


@dataclass(frozen=True, slots=True)
class MailRow:
    """One message as the list shows it."""

    sender: str
    subject: str
    fate: str
    tone: str
    reason: str
    ticket: str
    at: datetime
    at_text: str


@pages.get("/desk/mail")
@open_to(*DESK)
def mail_page() -> str:
    """This will list what came by mail, the newest first, all of it or by what became of it."""
    fate = request.args.get("fate", None, type=Fate)
    cursor = read_cursor(request.args.get("before"))
    with reading() as session:
        found = mails(session, fate=fate, before_id=cursor[1] if cursor else None)
        rows = tuple(_row(mail) for mail in found[:PAGE_LENGTH])
    more = len(found) > PAGE_LENGTH
    return render_template(
        "tickets/mail.html",
        rows=rows,
        choices=[("All", url_for("tickets.mail_page"), fate is None)]
        + [(words, url_for("tickets.mail_page", fate=each), each is fate) for each, words in FATE_WORDS.items()],
        is_narrowed=fate is not None,
        next_url=url_for("tickets.mail_page", fate=fate, before=cursor_of(None, found[PAGE_LENGTH - 1].id))
        if more
        else "",
        first_url=url_for("tickets.mail_page", fate=fate) if cursor else "",
    )


def _row(mail: IncomingMail) -> MailRow:
    sender = f"{mail.sender_name} <{mail.sender_address}>" if mail.sender_name else mail.sender_address
    return MailRow(
        sender=sender or "Not said",
        subject=mail.subject or "Without a subject",
        fate=FATE_WORDS[mail.fate],
        tone=TONES[mail.fate],
        reason=mail.reason,
        ticket=mail.ticket.number if mail.ticket else "",
        at=mail.received_at,
        at_text=moment_text(mail.received_at, desk_zone()),
    )
