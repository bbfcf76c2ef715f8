"""From the first saved item to the resumed order: the worked examples of the rule book on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind, ItemState
from migrator.access.operations import NotSubmitted, WordsMissing
from migrator.access.queries import items_of
from migrator.access.rules import NotComplete
from migrator.errors import NotFound
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.operations import AlreadyAnswered, AlreadyPaused
from migrator.fulfilment.queries import pause_of, pauses_of
from migrator.fulfilment.rules import ReasonMissing
from migrator.history.models import HistoryEntry
from migrator.journeys.answer_pause import answer_pause, record_answer
from migrator.journeys.pause_delivery import WrongReason, pause_delivery, pause_for_information
from migrator.journeys.refuse_access import refuse_access
from migrator.journeys.submit_access import submit_access
from migrator.journeys.verify_access import verify_item
from migrator.notifications.models import OwedMessage
from migrator.orders.lifecycle import NotNow, OrderState, Turn
from migrator.orders.models import CustomerMessage, Order
from tests.factories.fulfilment import (
    a_paid_order,
    a_submitted_order,
    an_order_under_way,
    give,
    give_everything,
    item_of_kind,
    kyiv,
    verify_everything,
)
from tests.factories.people import a_customer, an_account_manager

WRONG = "We cannot log in: the password is refused. Set a new one at your host and send it here."


def mails(session: Session, kind: str) -> list[OwedMessage]:
    return list(session.scalars(select(OwedMessage).where(OwedMessage.kind == kind).order_by(OwedMessage.id)))


def verbs(session: Session, order: Order) -> list[str]:
    return list(
        session.scalars(select(HistoryEntry.verb).where(HistoryEntry.order_id == order.id).order_by(HistoryEntry.id))
    )


def test_nothing_can_be_sent_for_checking_before_everything_is_there(session: Session, now: datetime) -> None:
    customer = a_customer(session)
    order = a_paid_order(session, customer, now=now)
    with pytest.raises(NotComplete, match="Old site FTP or SFTP"):
        submit_access(session, order, actor=customer.actor, now=now)
    assert order.state is OrderState.AWAITING_ACCESS


def test_sending_everything_starts_our_promise_to_check_and_no_other(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = a_submitted_order(session, customer, now=now)
    assert (order.state, order.turn) == (OrderState.VERIFYING, Turn.US)
    assert order.check_by_at == order.promise_at == kyiv("2026-11-25 11:00")
    assert order.due_at is None
    assert [mail.address for mail in mails(session, "access_submitted")] == [manager.email]


@pytest.mark.parametrize(
    ("sku", "verified", "due"),
    [
        ("ASSIST-BASIC", "2026-11-24 11:00", "2026-11-27 11:00"),
        ("ASSIST-PREMIUM", "2026-11-27 16:00", "2026-11-30 16:00"),
        ("PACK-BASIC", "2026-11-24 11:00", "2026-12-03 11:00"),
        ("PACK-BASIC", "2026-12-18 16:00", "2026-12-30 16:00"),
        ("PACK-EXTENDED", "2026-11-24 11:00", "2026-12-14 11:00"),
        ("PACK-PREMIUM", "2026-11-24 11:00", "2026-12-23 11:00"),
        ("PACK-BASIC", "2026-11-28 12:00", "2026-12-09 00:00"),
    ],
)
def test_the_last_required_item_starts_the_count(session: Session, sku: str, verified: str, due: str) -> None:
    customer, manager, at = a_customer(session), an_account_manager(session), kyiv(verified)
    order = a_submitted_order(session, customer, now=at, sku=sku)
    *first, last = (item for item in items_of(session, order.id) if item.required)
    for item in first:
        verify_item(session, order, item, actor=manager.actor, now=at)
    assert order.verified_at is None
    verify_item(session, order, last, actor=manager.actor, now=at)
    assert (order.verified_at, order.due_at, order.promise_at) == (at, kyiv(due), kyiv(due))
    assert order.state is OrderState.IN_PROGRESS
    (told,) = mails(session, "access_verified")
    assert "eady by" in told.subject
    assert "from" in told.text_body


def test_an_item_that_nobody_sent_cannot_be_confirmed(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = a_submitted_order(session, customer, now=now)
    dump = item_of_kind(session, order, ItemKind.DATABASE_DUMP)
    with pytest.raises(NotSubmitted):
        verify_item(session, order, dump, actor=manager.actor, now=now)


def test_nothing_is_confirmed_before_it_was_sent_for_checking(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = a_paid_order(session, customer, now=now)
    item, *_others = give_everything(session, order, customer, now=now)
    with pytest.raises(NotNow):
        verify_item(session, order, item, actor=manager.actor, now=now)


def test_a_problem_before_verification_starts_no_clock(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = a_submitted_order(session, customer, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    refuse_access(session, order, problems={ftp.id: WRONG}, author=manager, now=now)
    assert (order.state, order.due_at, order.check_by_at) == (OrderState.AWAITING_ACCESS, None, None)
    assert (ftp.state, ftp.problem) == (ItemState.PROBLEM, WRONG)
    assert session.scalars(select(PauseRow)).all() == []
    (told,) = mails(session, "access_problem")
    assert WRONG in told.text_body
    assert "The count has not started" in told.text_body
    give(session, order, ftp, customer, now=now)
    submit_access(session, order, actor=customer.actor, now=kyiv("2026-11-26 09:00"))
    assert order.check_by_at == kyiv("2026-11-27 09:00")


def test_details_are_not_sent_back_without_saying_what_is_wrong(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = a_submitted_order(session, customer, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    for problems in ({}, {ftp.id: "  "}):
        with pytest.raises(WordsMissing):
            refuse_access(session, order, problems=problems, author=manager, now=now)


def test_another_orders_item_cannot_be_sent_back(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = a_submitted_order(session, customer, now=now)
    other = a_submitted_order(session, a_customer(session), now=now)
    foreign = item_of_kind(session, other, ItemKind.FTP)
    with pytest.raises(NotFound):
        refuse_access(session, order, problems={foreign.id: WRONG}, author=manager, now=now)


def test_forty_five_hours_of_waiting_move_the_date_to_monday_eight_o_clock(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session, zone="Europe/Berlin"), an_account_manager(session)
    order = an_order_under_way(session, customer, manager, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    told_at, answered_at = kyiv("2026-11-27 15:00"), kyiv("2026-12-01 12:00")
    pause = pause_delivery(
        session, order, ftp, reason=PauseReason.ACCESS_WRONG, message=WRONG, author=manager, now=told_at
    )
    assert (order.state, order.turn, order.promise_at) == (OrderState.PAUSED, Turn.CUSTOMER, None)
    assert order.due_at == kyiv("2026-12-03 11:00")
    assert session.get_one(CustomerMessage, pause.message_id).sent_at == pause.started_at == told_at
    give(session, order, ftp, customer, now=answered_at)
    assert order.due_at == order.promise_at == kyiv("2026-12-07 08:00")
    assert (order.state, ftp.state) == (OrderState.IN_PROGRESS, ItemState.SUBMITTED)
    assert {"order.paused", "order.resumed"} <= set(verbs(session, order))
    (told,) = mails(session, "order_resumed")
    assert "Mon 7 Dec 2026, 08:00 (was Thu 3 Dec 2026, 11:00)" in told.text_body
    assert "plus 45 working hours while we waited for the FTP or SFTP login of the old site" in told.text_body
    assert "(07:00 your time)" in told.text_body
    assert "after 45 working hours" in told.text_body
    assert [mail.address for mail in mails(session, "pause_answered")] == [manager.email]


def test_two_things_missing_at_once_are_waited_for_once(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = an_order_under_way(session, customer, manager, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    reason = PauseReason.ACCESS_WRONG
    pause_delivery(session, order, ftp, reason=reason, message=WRONG, author=manager, now=kyiv("2026-11-27 15:00"))
    question = pause_for_information(
        session,
        order,
        label="Forum categories",
        message="Where do they go?",
        author=manager,
        now=kyiv("2026-12-01 09:00"),
    )
    give(session, order, ftp, customer, now=kyiv("2026-12-01 12:00"))
    assert order.state is OrderState.PAUSED
    give(session, order, question.item, customer, now=kyiv("2026-12-02 09:00"))
    assert (order.state, order.due_at) == (OrderState.IN_PROGRESS, kyiv("2026-12-08 05:00"))


def test_a_pause_on_a_weekend_moves_nothing(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = an_order_under_way(session, customer, manager, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    reason = PauseReason.ACCESS_WRONG
    pause_delivery(session, order, ftp, reason=reason, message=WRONG, author=manager, now=kyiv("2026-11-28 10:00"))
    give(session, order, ftp, customer, now=kyiv("2026-11-29 18:00"))
    assert order.due_at == kyiv("2026-12-03 11:00")
    assert "Your date stays" in mails(session, "order_resumed")[0].text_body


def test_checking_an_answer_again_is_our_time_and_a_failed_check_opens_a_new_pause(
    session: Session, now: datetime
) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = an_order_under_way(session, customer, manager, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    reason = PauseReason.ACCESS_WRONG
    pause_delivery(session, order, ftp, reason=reason, message=WRONG, author=manager, now=kyiv("2026-11-25 09:00"))
    give(session, order, ftp, customer, now=kyiv("2026-11-25 12:00"))
    pause_delivery(session, order, ftp, reason=reason, message=WRONG, author=manager, now=kyiv("2026-11-25 18:00"))
    give(session, order, ftp, customer, now=kyiv("2026-11-25 20:00"))
    verify_item(session, order, ftp, actor=manager.actor, now=kyiv("2026-11-26 10:00"))
    assert order.due_at == kyiv("2026-12-03 16:00")
    assert len(pauses_of(session, order.id)) == 2
    assert ftp.state is ItemState.VERIFIED
    assert len(mails(session, "order_paused")) == len(mails(session, "order_resumed")) == 2


def test_the_same_item_is_not_waited_for_twice(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = an_order_under_way(session, customer, manager, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    reason = PauseReason.ACCESS_WRONG
    pause_delivery(session, order, ftp, reason=reason, message=WRONG, author=manager, now=now)
    with pytest.raises(AlreadyPaused):
        pause_delivery(session, order, ftp, reason=reason, message=WRONG, author=manager, now=now)


def test_a_pause_needs_words_a_named_item_and_a_reason_that_fits(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = an_order_under_way(session, customer, manager, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    reason = PauseReason.ACCESS_WRONG
    with pytest.raises(WordsMissing):
        pause_delivery(session, order, ftp, reason=reason, message=" ", author=manager, now=now)
    with pytest.raises(WordsMissing):
        pause_for_information(session, order, label=" ", message="Where?", author=manager, now=now)
    question = pause_for_information(session, order, label="Forum", message="Where?", author=manager, now=now)
    give(session, order, question.item, customer, now=now)
    with pytest.raises(WrongReason):
        pause_delivery(session, order, question.item, reason=reason, message="Where?", author=manager, now=now)


def test_nothing_is_paused_before_the_count_has_started(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = a_submitted_order(session, customer, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    with pytest.raises(NotNow):
        pause_delivery(session, order, ftp, reason=PauseReason.ACCESS_WRONG, message=WRONG, author=manager, now=now)


def test_an_answer_that_came_another_way_is_recorded_with_how(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = an_order_under_way(session, customer, manager, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    pause = pause_delivery(session, order, ftp, reason=PauseReason.ACCESS_WRONG, message=WRONG, author=manager, now=now)
    later = kyiv("2026-11-25 11:00")
    with pytest.raises(ReasonMissing):
        record_answer(session, order, pause, reason="", actor=manager.actor, now=later)
    record_answer(session, order, pause, reason="The host confirmed it in the chat", actor=manager.actor, now=later)
    assert (order.state, ftp.state) == (OrderState.IN_PROGRESS, ItemState.SUBMITTED)
    assert order.due_at == kyiv("2026-12-04 11:00")
    with pytest.raises(AlreadyAnswered):
        answer_pause(session, order, pause_of(session, order.id, pause.id), actor=manager.actor, now=later)


def test_a_pause_cannot_rescue_a_date_that_was_missed(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = an_order_under_way(session, customer, manager, now=now)
    ftp = item_of_kind(session, order, ItemKind.FTP)
    reason = PauseReason.ACCESS_WRONG
    pause_delivery(session, order, ftp, reason=reason, message=WRONG, author=manager, now=kyiv("2026-12-04 11:00"))
    give(session, order, ftp, customer, now=kyiv("2026-12-07 11:00"))
    assert order.due_at == kyiv("2026-12-03 11:00")


def test_a_self_service_order_has_its_access_checked_and_no_date(session: Session, now: datetime) -> None:
    customer, manager = a_customer(session), an_account_manager(session)
    order = a_submitted_order(session, customer, now=now, sku="SELF-1000")
    verify_everything(session, order, manager, now=now)
    assert (order.state, order.due_at, order.promise_at) == (OrderState.IN_PROGRESS, None, None)
