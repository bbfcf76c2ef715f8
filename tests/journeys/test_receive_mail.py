"""What a message that comes by mail leads to: its own ticket, a new one, or none (RULES C-006, C-026, M-014)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.accounts.stops.operations import confirm_stop, propose_stop
from migrator.journeys.answer_ticket import answer_ticket
from migrator.journeys.join_tickets import join_tickets
from migrator.journeys.open_request import opened
from migrator.journeys.receive_mail import Reception, settle_mail
from migrator.notifications.models import OwedMessage
from migrator.support.attachment_rules import AttachmentLimits
from migrator.support.files import FileStore
from migrator.support.lifecycle import TicketState
from migrator.support.mail.models import IncomingMail
from migrator.support.mail.operations import FOLDER, keep_mail
from migrator.support.mail.rules import MOST_AN_HOUR, Fate, Ours
from migrator.support.models import Ticket, TicketAttachment, TicketMessage
from migrator.support.queries import messages_of, ticket_with_id
from tests.conftest import NOW
from tests.factories.people import a_customer, an_account_manager
from tests.factories.tickets import a_ticket
from tests.support.mail.letters import PNG, a_letter

OURS = Ours(desk="support@migrator.example", hosting="hosting@migrator.example")
CHECKED = Ours(OURS.desk, OURS.hosting, checker="mx.migrator.example")
LATER = NOW + timedelta(hours=2)


class Desk:
    """The desk's mailbox, as a mail server fills it."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.letters, self.files = session, FileStore(folder, FOLDER), FileStore(folder)
        self.count = 0

    def take(self, raw: bytes, *, ours: Ours = OURS, most_bytes: int = 1_000_000) -> IncomingMail:
        """This will have a message come in and be looked at, and return what became of it."""
        self.count += 1
        # Each is another message, whatever its words: the name of the sample is replaced.
        raw = raw.replace(b"<one@atelier.example>", b"<%d@sender.example>" % self.count)
        mail = keep_mail(self.session, raw, most_bytes=most_bytes, store=self.letters, now=LATER)
        assert mail is not None
        reception = Reception(ours, self.letters, self.files, AttachmentLimits(1_000_000, 5))
        assert settle_mail(self.session, mail.id, reception=reception, now=LATER)
        return mail


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    return Desk(session, tmp_path)


@pytest.fixture
def customer(session: Session) -> Person:
    return a_customer(session, email="ines@atelier.example")


@pytest.fixture
def asked(session: Session, customer: Person) -> Ticket:
    """A ticket with its receipt written, so that there is a letter to answer."""
    ticket = a_ticket(session, person=customer)
    return opened(session, ticket, messages_of(session, ticket.id)[0], now=NOW)


def letter_of(session: Session, ticket: Ticket) -> OwedMessage:
    """This will return the newest letter that its customer got about a ticket."""
    wanted = select(OwedMessage).where(
        OwedMessage.thread == ticket.number, OwedMessage.person_id == ticket.opened_by_id
    )
    return session.scalars(wanted.order_by(OwedMessage.id.desc())).first()  # type: ignore[return-value]


def tickets(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Ticket)) or 0


def test_an_answer_to_our_letter_is_added_to_its_ticket_and_starts_the_clock(
    session: Session, desk: Desk, asked: Ticket
) -> None:
    answer_ticket(session, asked, body="Which page?", author=an_account_manager(session), now=NOW)
    reply = a_letter("The checkout.\n\nOn Fri, 27 Nov 2026, Support wrote:\n> Which page?",
                     subject="Re: anything", In_Reply_To=letter_of(session, asked).message_id)  # fmt: skip
    mail = desk.take(reply.as_bytes())
    assert (mail.fate, mail.ticket_id) == (Fate.ANSWERED, asked.id)
    last = messages_of(session, asked.id)[-1]
    assert (last.body, last.author_id) == ("The checkout.", asked.opened_by_id)
    ticket = ticket_with_id(session, asked.id)
    assert (ticket.state, ticket.asked_at) == (TicketState.OPEN, LATER)


def test_a_colleague_may_answer_the_letter_too(session: Session, desk: Desk, asked: Ticket, customer: Person) -> None:
    a_customer(
        session, email="rui@atelier.example", organisation=session.get_one(Organisation, customer.organisation_id)
    )
    reply = a_letter(sender="rui@atelier.example", References=letter_of(session, asked).message_id)
    assert desk.take(reply.as_bytes()).fate is Fate.ANSWERED


@pytest.mark.parametrize("subject", ["{number}", "Re: We have your request – {number}"])
def test_a_number_in_the_subject_and_a_known_sender_lead_into_no_ticket(
    session: Session, desk: Desk, asked: Ticket, subject: str
) -> None:
    mail = desk.take(a_letter(subject=subject.format(number=asked.number)).as_bytes())
    assert mail.fate is Fate.OPENED
    assert mail.ticket_id != asked.id
    assert len(messages_of(session, asked.id)) == 1


def test_a_stranger_who_answers_somebody_else_s_letter_enters_no_ticket_and_learns_nothing(
    session: Session, desk: Desk, asked: Ticket
) -> None:
    reply = a_letter(sender="thief@elsewhere.example", In_Reply_To=letter_of(session, asked).message_id)
    mail = desk.take(reply.as_bytes())
    assert mail.fate is Fate.UNIDENTIFIED
    assert len(messages_of(session, asked.id)) == 1
    told = session.scalars(select(OwedMessage).where(OwedMessage.address == "thief@elsewhere.example")).all()
    assert told
    assert not any(asked.number in letter.text_body or "account" in letter.subject for letter in told)


@pytest.mark.parametrize(
    ("results", "fate"),
    [
        ("mx.migrator.example; dmarc=fail", Fate.UNIDENTIFIED),
        ("mx.migrator.example; spf=fail; dkim=none", Fate.UNIDENTIFIED),
        ("elsewhere.example; dmarc=pass", Fate.UNIDENTIFIED),
        ("mx.migrator.example; dmarc=pass", Fate.OPENED),
        ("mx.migrator.example; spf=pass", Fate.OPENED),
    ],
)
def test_a_sender_that_our_mail_server_found_forged_needs_identification(
    desk: Desk, customer: Person, results: str, fate: Fate
) -> None:
    letter = a_letter(sender=customer.email, Authentication_Results=results)
    assert desk.take(letter.as_bytes(), ours=CHECKED).fate is fate


def test_an_unknown_sender_gets_a_ticket_with_a_clock_that_needs_identification(session: Session, desk: Desk) -> None:
    mail = desk.take(a_letter(sender="New Person <new@unknown.example>").as_bytes())
    ticket = ticket_with_id(session, mail.ticket_id or 0)
    assert (ticket.state, ticket.contact_address) == (TicketState.NEEDS_IDENTIFICATION, "new@unknown.example")
    assert ticket.promise_at is not None


def test_what_is_joined_is_answered_where_it_is_now(
    session: Session, desk: Desk, asked: Ticket, customer: Person
) -> None:
    letter = letter_of(session, asked)
    other = a_ticket(session, person=customer)
    join_tickets(session, asked.number, other.number, author=an_account_manager(session), now=NOW)
    mail = desk.take(a_letter(In_Reply_To=letter.message_id).as_bytes())
    assert (mail.fate, mail.ticket_id) == (Fate.ANSWERED, other.id)


def test_mail_of_somebody_who_is_stopped_opens_nothing_and_is_kept_for_our_people(
    session: Session, desk: Desk, customer: Person
) -> None:
    stop = propose_stop(
        session, customer, evidence="“You …”", found_in="a call", actor=an_account_manager(session).actor, now=NOW
    )
    confirm_stop(session, stop, actor=an_account_manager(session).actor, now=NOW)
    mail = desk.take(a_letter(sender=customer.email).as_bytes())
    assert mail.fate is Fate.DROPPED
    assert mail.reason
    assert tickets(session) == 0


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "list"}, {"Return_Path": "<>"}, {"X_Loop": "support"}],
)
def test_machines_get_no_ticket_and_no_answer(session: Session, desk: Desk, headers: dict[str, str]) -> None:
    mail = desk.take(a_letter(sender="robot@out.example", **headers).as_bytes())
    assert mail.fate is Fate.DROPPED
    assert mail.reason
    assert tickets(session) == 0
    assert session.scalar(select(func.count()).select_from(OwedMessage)) == 0


def test_our_own_letters_and_a_flood_end_here(session: Session, desk: Desk) -> None:
    assert desk.take(a_letter(sender=OURS.desk).as_bytes()).fate is Fate.DROPPED
    fates = [desk.take(a_letter(sender="often@out.example").as_bytes()).fate for _ in range(MOST_AN_HOUR + 1)]
    assert fates == [Fate.UNIDENTIFIED] * MOST_AN_HOUR + [Fate.DROPPED]


def test_mail_to_the_hosting_desk_gets_the_way_to_the_portal_once_a_day_and_no_clock(
    session: Session, desk: Desk, customer: Person
) -> None:
    fates = [desk.take(a_letter(to=OURS.hosting).as_bytes()).fate for _ in range(3)]
    assert fates == [Fate.PORTAL] * 3
    assert tickets(session) == 0
    told = session.scalars(select(OwedMessage).where(OwedMessage.kind == "mail_to_portal")).all()
    assert [letter.address for letter in told] == [customer.email]


def test_the_same_message_twice_is_one(session: Session, desk: Desk) -> None:
    raw = a_letter(message_id="<once@atelier.example>").as_bytes()
    first = desk.take(raw)
    again = keep_mail(session, raw, most_bytes=1_000_000, store=desk.letters, now=LATER)
    assert again is None
    reception = Reception(OURS, desk.letters, desk.files, AttachmentLimits(1_000_000, 5))
    assert not settle_mail(session, first.id, reception=reception, now=LATER)
    assert tickets(session) == 1


def test_files_that_are_taken_are_kept_and_others_named(session: Session, desk: Desk, customer: Person) -> None:
    letter = a_letter()
    letter.add_attachment(PNG, maintype="image", subtype="png", filename="shot.png")
    letter.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="run.exe")
    mail = desk.take(letter.as_bytes())
    assert [kept.file_name for kept in session.scalars(select(TicketAttachment))] == ["shot.png"]
    (message,) = session.scalars(select(TicketMessage).where(TicketMessage.ticket_id == mail.ticket_id))
    assert "“run.exe”" in message.body


def test_what_is_too_large_is_not_read_and_its_sender_is_told(session: Session, desk: Desk) -> None:
    mail = desk.take(a_letter("x " * 5_000, sender="big@out.example").as_bytes(), most_bytes=5_000)
    assert (mail.fate, mail.is_whole) == (Fate.DROPPED, False)
    told = session.scalars(select(OwedMessage).where(OwedMessage.kind == "mail_too_large")).all()
    assert [letter.address for letter in told] == ["big@out.example"]


def test_what_cannot_be_read_is_kept_for_our_people(desk: Desk) -> None:
    assert desk.take(b"\xff\xfe").fate is Fate.UNREADABLE
