"""Messages on their way out, through a real mail server."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.database.session import reading, transaction
from migrator.errors import NotFound
from migrator.history.actor import SYSTEM
from migrator.history.models import HistoryEntry
from migrator.jobs.messages import deliver_messages
from migrator.notifications.delivery import BACK_OFF_MINUTES, NotGivenUp, claim_next, try_again
from migrator.notifications.gateway import Letter, SmtpPostman
from migrator.notifications.models import DeliveryState, OwedMessage
from migrator.notifications.operations import owe, owe_plain, owe_to_staff
from migrator.notifications.rendering import SUBJECT_LENGTH
from tests.factories.people import a_customer, an_account_manager
from tests.runtime.conftest import Fate, Owe
from tests.runtime.mail_server import MailServer

Deliver = Callable[[], int]
QUOTE = {"number": "QUO-4M7Q-K", "person": "Inês", "product": "Package", "pages": "41,000", "answer_by": "Mon"}


def test_a_message_arrives_as_text_and_html_in_any_script(
    owed: Owe, deliver: Deliver, fate: Fate, mail_server: MailServer, now: datetime
) -> None:
    owed_id = owed(subject="Призупинено – MIG-7F3K-2 ⏸", text="Пароль не підходить.\n", html="<p>Пароль</p>\n")
    assert deliver() == 1
    (letter,) = mail_server.taken
    assert letter["Subject"] == "Призупинено – MIG-7F3K-2 ⏸"
    assert letter["To"] == "ines@atelier.example"
    assert letter["From"] == "Migrator <support@migrator.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == now
    assert letter["Message-ID"] == fate(owed_id).message_id
    assert [part.get_content().strip() for part in letter.iter_parts()] == ["Пароль не підходить.", "<p>Пароль</p>"]
    assert letter.get_content_type() == "multipart/alternative"
    assert (fate(owed_id).state, fate(owed_id).sent_at, fate(owed_id).tries) == (DeliveryState.SENT, now, 1)


def test_what_was_sent_is_not_sent_again(owed: Owe, deliver: Deliver, mail_server: MailServer) -> None:
    owed()
    assert [deliver(), deliver()] == [1, 0]
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\u2028", "\x00"])
def test_a_subject_cannot_add_headers(owed: Owe, deliver: Deliver, mail_server: MailServer, end: str) -> None:
    owed(subject=f"Paused{end}Bcc: everybody@elsewhere.example{end}{end}Body")
    deliver()
    (letter,) = mail_server.taken
    assert letter["Subject"] == "Paused Bcc: everybody@elsewhere.example Body"
    assert letter["Bcc"] is None


def test_a_long_subject_is_cut(owed: Owe, fate: Fate) -> None:
    assert len(fate(owed(subject="long " * 100)).subject) <= SUBJECT_LENGTH


@pytest.mark.parametrize(
    "address", ["ines@atelier.example\nBcc: x@y.example", "no address", "a@b.example, c@d.example"]
)
def test_what_is_no_address_is_given_up(owed: Owe, deliver: Deliver, fate: Fate, address: str) -> None:
    owed_id = owed(address=address)
    assert deliver() == 0
    assert fate(owed_id).state is DeliveryState.GIVEN_UP
    assert "not an address" in fate(owed_id).last_error


def test_a_refused_recipient_is_given_up_at_once_and_others_are_told(
    owed: Owe, deliver: Deliver, fate: Fate, mail_server: MailServer
) -> None:
    mail_server.answers["gone@atelier.example"] = "550 No such mailbox here"
    refused, taken = owed(address="gone@atelier.example"), owed()
    assert deliver() == 1
    assert fate(refused).state is DeliveryState.GIVEN_UP
    assert "550 No such mailbox here" in fate(refused).last_error
    assert fate(taken).state is DeliveryState.SENT


def test_a_recipient_who_is_put_off_is_tried_later(
    owed: Owe, deliver: Deliver, fate: Fate, mail_server: MailServer, clock: FileClock, now: datetime
) -> None:
    mail_server.answers["busy@atelier.example"] = "451 Try again later"
    put_off, taken = owed(address="busy@atelier.example"), owed()
    assert deliver() == 1
    assert (fate(put_off).state, fate(put_off).next_try_at) == (DeliveryState.OWED, now + timedelta(minutes=1))
    assert fate(taken).state is DeliveryState.SENT
    mail_server.answers.clear()
    clock.advance(timedelta(seconds=59))
    assert deliver() == 0
    clock.advance(timedelta(seconds=1))
    assert deliver() == 1


def test_while_no_server_answers_everything_waits_and_then_leaves(
    owed: Owe, deliver: Deliver, fate: Fate, mail_server: MailServer, clock: FileClock
) -> None:
    mail_server.stop()
    first, second = owed(), owed(cause="pause:2")
    assert deliver() == 0
    assert (fate(first).tries, fate(second).tries) == (1, 0)
    assert "does not answer" in fate(first).last_error
    mail_server.start()
    clock.advance(timedelta(minutes=1))
    assert deliver() == 2
    assert fate(first).last_error == ""


def test_a_message_is_given_up_after_the_last_wait(
    owed: Owe, deliver: Deliver, fate: Fate, mail_server: MailServer, clock: FileClock, now: datetime
) -> None:
    mail_server.answers["busy@atelier.example"] = "451 Try again later"
    owed_id = owed(address="busy@atelier.example")
    waits = []
    while fate(owed_id).state is not DeliveryState.GIVEN_UP:
        before = clock.now()
        deliver()
        waits.append((fate(owed_id).next_try_at - before) // timedelta(minutes=1))
        clock.set(fate(owed_id).next_try_at)
    assert tuple(waits[:-1]) == BACK_OFF_MINUTES
    assert fate(owed_id).tries == len(BACK_OFF_MINUTES) + 1


def test_a_kill_between_sending_and_recording_repeats_the_same_message(
    app: Flask, owed: Owe, deliver: Deliver, fate: Fate, mail_server: MailServer, clock: FileClock, postman: SmtpPostman
) -> None:
    owed_id = owed()
    with app.app_context():
        with transaction() as session:
            letter = claim_next(session, now=clock.now())
        assert letter is not None
        postman.send(letter)
    clock.advance(timedelta(minutes=9))
    assert deliver() == 0
    clock.advance(timedelta(minutes=1))
    assert deliver() == 1
    first, second = mail_server.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert fate(owed_id).state is DeliveryState.SENT


def test_nothing_is_locked_while_a_mail_server_is_spoken_to(app: Flask, owed: Owe, clock: FileClock) -> None:
    class WritingPostman:
        def send(self, letter: Letter) -> None:
            with transaction() as session:
                session.get_one(OwedMessage, letter.owed_id).last_error = "somebody else wrote meanwhile"

    owed()
    with app.app_context():
        assert deliver_messages(WritingPostman(), clock) == 1


def test_two_workers_send_each_message_once(
    app: Flask, owed: Owe, mail_server: MailServer, postman: SmtpPostman, clock: FileClock
) -> None:
    for number in range(20):
        owed(cause=f"pause:{number}")

    def work(_number: int) -> int:
        with app.app_context():
            return deliver_messages(postman, clock)

    with ThreadPoolExecutor(2) as workers:
        assert sum(workers.map(work, range(2))) == 20
    assert len({letter["Message-ID"] for letter in mail_server.taken}) == len(mail_server.taken) == 20


def test_the_same_thing_is_told_once(session: Session, now: datetime) -> None:
    def tell(cause: str) -> OwedMessage | None:
        return owe_plain(
            session,
            kind="order_paused",
            cause=cause,
            address="ines@atelier.example",
            person_id=None,
            subject="Paused",
            text="",
            html="",
            now=now,
        )

    assert tell("pause:1") is not None
    assert tell("pause:1") is None
    assert tell("pause:2") is not None


def test_somebody_who_has_left_is_not_told(session: Session, now: datetime) -> None:
    person = a_customer(session, active=False)
    context = {"number": "QUO-4M7Q-K", "price": "$1", "ceiling": "1", "agreed": "", "expires": "", "words": ""}
    told = owe(
        session, kind="quote_offered", cause="quote:1", recipient=person, order_id=None, context=context, now=now
    )
    assert told is None


def test_staff_messages_go_to_the_account_manager_or_else_to_all(session: Session, now: datetime) -> None:
    first, second = an_account_manager(session), an_account_manager(session)
    gone = an_account_manager(session, active=False)

    def told(cause: str, account_manager_id: int | None) -> set[int | None]:
        messages = owe_to_staff(
            session,
            kind="quote_requested",
            cause=cause,
            context=QUOTE,
            now=now,
            account_manager_id=account_manager_id,
        )
        return {message.person_id for message in messages}

    assert told("quote:1", first.id) == {first.id}
    assert told("quote:2", None) == {first.id, second.id}
    assert told("quote:3", gone.id) == {first.id, second.id}


def test_what_was_given_up_can_be_tried_again_by_hand(
    app: Flask, owed: Owe, deliver: Deliver, fate: Fate, mail_server: MailServer, now: datetime
) -> None:
    mail_server.answers["ines@atelier.example"] = "550 No such mailbox here"
    owed_id = owed()
    deliver()
    mail_server.answers.clear()
    with app.app_context(), transaction() as session:
        try_again(session, owed_id, actor=SYSTEM, now=now)
    assert deliver() == 1
    with app.app_context(), reading() as session:
        assert session.scalars(select(HistoryEntry.verb)).all()[-1] == "message.retried"
        with pytest.raises(NotGivenUp):
            try_again(session, owed_id, actor=SYSTEM, now=now)
        with pytest.raises(NotFound):
            try_again(session, owed_id + 1, actor=SYSTEM, now=now)


@pytest.mark.parametrize(
    ("condition", "order", "index"),
    [
        ("state IN ('owed', 'sending') AND next_try_at <= :now", "next_try_at, id", "ix_owed_messages_due"),
        ("state IN ('owed', 'sending')", "next_try_at, id", "ix_owed_messages_due"),
        ("state = 'sent'", "id DESC", "ix_owed_messages_sent"),
        ("state = 'given_up'", "id DESC", "ix_owed_messages_given_up"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_messages_are_found_in_the_order_of_an_index(app: Flask, condition: str, order: str, index: str) -> None:
    question = f"EXPLAIN QUERY PLAN SELECT * FROM owed_messages WHERE {condition} ORDER BY {order} LIMIT 50"
    with app.app_context(), db.engine.connect() as connection:
        plan = " ".join(row[3] for row in connection.execute(text(question), {"now": "2026"}))
    assert index in plan
    assert "TEMP B-TREE" not in plan
