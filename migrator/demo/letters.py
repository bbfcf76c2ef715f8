"""What came by mail: HTML with a file, an address that nobody knows, the same as a colleague asked, and machines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from sqlalchemy import select

from migrator.accounts.models import Person
from migrator.demo.stage import ONE_MINUTE, Stage
from migrator.journeys.join_tickets import join_tickets
from migrator.journeys.receive_mail import Reception, settle_mail
from migrator.support.attachment_rules import MEGABYTE, AttachmentLimits
from migrator.support.files import FileStore
from migrator.support.mail.operations import FOLDER, keep_mail
from migrator.support.mail.rules import Ours
from migrator.support.models import Ticket

OURS = Ours(desk="support@migrator.example", hosting="hosting@migrator.example")
LARGEST = 25 * MEGABYTE
MENU = """<html><head><style>p { color: #333 }</style></head><body>
<p>Hello,</p>
<p>on the new site the <b>menu covers the logo</b> on telephones. It began on Monday.</p>
<ul><li>Telephone: any, held upright</li><li>Page: <a href="https://harbour-tea.example/menu">the menu</a></li></ul>
<p>The console of the browser is attached.</p>
<script>document.title = "seen"</script>
<img src="https://counter.example/opened.gif" width="1" height="1" alt="">
<p>Jun Watanabe<br>Harbour Tea</p></body></html>"""
PROOF = (
    "I write from my own address because the one of the shelter does not let me in today. Is our registration number "
    "enough as a proof, or do you need the letter of the authority as well?"
)
CONSOLE = (
    "10:02:11 header.js:48 Uncaught TypeError: Cannot read properties of null (reading 'offsetHeight')\n"
    "    at placeMenu (header.js:48:19)\n"
)


def letters(stage: Stage, people: Mapping[str, Person], folder: Path) -> None:
    """This will have the worker take in a few days' mail.

    :param folder: in which letters and files are kept
    """
    post = _Post(stage, folder)
    away = _letter("Aoife Brennan <aoife@quill-and-compass.example>", "Out of office", "I am back on Monday.")
    away["Auto-Submitted"] = "auto-replied"
    post.take(away, at=stage.at(2, "08:00"))
    sender, subject = "Wanjiru Kamau <wanjiru@savanna-outfitters.example>", "The shop is slow this morning"
    slow = _letter(sender, subject, "Please look at the shop, it is slow.", to=OURS.hosting)
    post.take(slow, at=stage.at(2, "09:14"))
    menu = _letter("Jun Watanabe <jun@harbour-tea.example>", "The menu covers the logo", MENU, subtype="html")
    menu.add_attachment(CONSOLE.encode(), maintype="text", subtype="plain", filename="console.log")
    post.take(menu, at=stage.at(1, "11:32"))
    nisha = _letter("Nisha Patel <nisha.patel@post.example>", "Our application for the discount", PROOF)
    post.take(nisha, at=stage.at(1, "13:05"))
    _same_twice(stage, post, oksana=people["oksana@northbridge.example"])


def _same_twice(stage: Stage, post: _Post, *, oksana: Person) -> None:
    joined_id = post.take(
        _letter(
            "Maja Lindqvist <maja@lindqvist-books.example>",
            "Receipt without our company number",
            "The receipt of our last order lacks the company number. Our accountant asks for it.",
        ),
        at=stage.now - 240 * ONE_MINUTE,
    )
    joined = stage.session.get_one(Ticket, joined_id)
    first = stage.session.scalars(select(Ticket).where(Ticket.subject == "Company number on the receipt")).one()
    join_tickets(stage.session, joined.number, first.number, author=oksana, now=stage.now - 90 * ONE_MINUTE)


class _Post:
    """The desk's mailbox."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.raw = stage, FileStore(folder, FOLDER)
        self.reception = Reception(OURS, self.raw, FileStore(folder), AttachmentLimits(10 * MEGABYTE, 5))

    def take(self, letter: EmailMessage, *, at: datetime) -> int | None:
        """This will take in a letter as the worker does, and return the id of the ticket that it led to, if any."""
        letter["Date"] = format_datetime(at)
        session = self.stage.session
        mail = keep_mail(session, letter.as_bytes(), most_bytes=LARGEST, store=self.raw, now=at)
        assert mail is not None, "no letter comes twice"
        settle_mail(session, mail.id, reception=self.reception, now=at)
        return mail.ticket_id


def _letter(sender: str, subject: str, words: str, *, to: str = OURS.desk, subtype: str = "plain") -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter["Message-ID"] = make_msgid(domain=sender.rsplit("@", 1)[1].rstrip(">"))
    letter.set_content(words, subtype=subtype)
    return letter
