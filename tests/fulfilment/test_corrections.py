"""Facts are corrected, not overwritten, and a date that no days give is agreed (RULES D-10, C-059)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind
from migrator.accounts.models import Person
from migrator.errors import StaleEdit
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.rules import NotThisMoment, ReasonMissing, TooEarlyToAgree
from migrator.history.models import HistoryEntry
from migrator.journeys.agree_date import NothingToAgree, accept_date, propose_date
from migrator.journeys.correct_facts import correct_pause, correct_verification
from migrator.journeys.pause_delivery import pause_delivery
from migrator.notifications.models import OwedMessage
from migrator.orders.models import Order
from tests.factories.fulfilment import a_submitted_order, an_order_under_way, give, item_of_kind, kyiv
from tests.factories.people import a_customer, an_account_manager

LATER = kyiv("2026-12-02 09:00")
WHY = "The check was written down a day late"


@pytest.fixture
def customer(session: Session) -> Person:
    return a_customer(session)


@pytest.fixture
def manager(session: Session) -> Person:
    return an_account_manager(session)


def a_pause(session: Session, order: Order, customer: Person, manager: Person) -> PauseRow:
    """A pause from Fri 27 Nov 15:00 to Tue 1 Dec 12:00, 45 working hours."""
    ftp = item_of_kind(session, order, ItemKind.FTP)
    pause = pause_delivery(
        session,
        order,
        ftp,
        reason=PauseReason.ACCESS_WRONG,
        message="The password is refused.",
        author=manager,
        now=kyiv("2026-11-27 15:00"),
    )
    give(session, order, ftp, customer, now=kyiv("2026-12-01 12:00"))
    return pause


def last_entry(session: Session, verb: str) -> HistoryEntry:
    return session.scalars(select(HistoryEntry).where(HistoryEntry.verb == verb)).one()


def corrections_told(session: Session) -> list[OwedMessage]:
    return list(session.scalars(select(OwedMessage).where(OwedMessage.kind == "date_corrected")))


def test_a_corrected_verification_moves_the_date_and_keeps_the_old_value(
    session: Session, customer: Person, manager: Person, now: datetime
) -> None:
    order = an_order_under_way(session, customer, manager, now=now)
    correct_verification(
        session, order, verified_at=kyiv("2026-11-25 11:00"), reason=WHY, actor=manager.actor, now=LATER
    )
    assert order.due_at == order.promise_at == kyiv("2026-12-04 11:00")
    entry = last_entry(session, "access.verification_corrected")
    assert entry.facts["old_at"] == now.isoformat()
    assert entry.facts["old_due"] == kyiv("2026-12-03 11:00").isoformat()
    assert (entry.reason, entry.actor_name) == (WHY, manager.name)
    (told,) = corrections_told(session)
    assert "Fri 4 Dec 2026, 11:00 (was Thu 3 Dec 2026, 11:00)" in told.text_body


def test_a_correction_that_moves_no_date_is_recorded_and_told_to_nobody(
    session: Session, customer: Person, manager: Person
) -> None:
    order = an_order_under_way(session, customer, manager, now=kyiv("2026-11-28 10:00"))
    correct_verification(
        session, order, verified_at=kyiv("2026-11-29 10:00"), reason=WHY, actor=manager.actor, now=LATER
    )
    assert last_entry(session, "access.verification_corrected").facts["new_due"] == order.due_at.isoformat()
    assert corrections_told(session) == []


@pytest.mark.parametrize("verified", ["2026-11-24 10:59", "2026-12-02 09:01", "2026-11-27 15:01"])
def test_a_verification_cannot_contradict_the_record(
    session: Session, customer: Person, manager: Person, now: datetime, verified: str
) -> None:
    order = an_order_under_way(session, customer, manager, now=now)
    a_pause(session, order, customer, manager)
    with pytest.raises(NotThisMoment):
        correct_verification(session, order, verified_at=kyiv(verified), reason=WHY, actor=manager.actor, now=LATER)
    assert order.verified_at == now


def test_what_was_never_verified_cannot_be_corrected(session: Session, customer: Person, now: datetime) -> None:
    order = a_submitted_order(session, customer, now=now)
    with pytest.raises(NotThisMoment):
        correct_verification(session, order, verified_at=now, reason=WHY, actor=customer.actor, now=LATER)


def test_a_corrected_pause_moves_the_date(session: Session, customer: Person, manager: Person, now: datetime) -> None:
    order = an_order_under_way(session, customer, manager, now=now)
    pause = a_pause(session, order, customer, manager)
    correct_pause(
        session,
        order,
        pause,
        started_at=pause.started_at,
        ended_at=kyiv("2026-11-30 12:00"),
        reason="The answer had come by e-mail",
        actor=manager.actor,
        now=LATER,
    )
    assert order.due_at == kyiv("2026-12-04 08:00")
    facts = last_entry(session, "order.pause_corrected").facts
    assert facts["old_end"] == kyiv("2026-12-01 12:00").isoformat()
    assert facts["new_end"] == kyiv("2026-11-30 12:00").isoformat()


@pytest.mark.parametrize(
    ("started", "ended"),
    [
        ("2026-11-27 15:00", "2026-11-27 14:59"),
        ("2026-11-24 10:59", "2026-12-01 12:00"),
        ("2026-11-27 15:00", "2026-12-02 09:01"),
        ("2026-11-27 15:00", None),
    ],
)
def test_a_pause_cannot_contradict_the_record(
    session: Session, customer: Person, manager: Person, now: datetime, started: str, ended: str | None
) -> None:
    order = an_order_under_way(session, customer, manager, now=now)
    pause = a_pause(session, order, customer, manager)
    with pytest.raises(NotThisMoment):
        correct_pause(
            session,
            order,
            pause,
            started_at=kyiv(started),
            ended_at=kyiv(ended) if ended else None,
            reason=WHY,
            actor=manager.actor,
            now=LATER,
        )


def test_a_correction_needs_its_reason(session: Session, customer: Person, manager: Person, now: datetime) -> None:
    order = an_order_under_way(session, customer, manager, now=now)
    with pytest.raises(ReasonMissing):
        correct_verification(session, order, verified_at=now, reason=" ", actor=manager.actor, now=LATER)


def test_a_quoted_date_far_enough_off_counts_at_once(
    session: Session, customer: Person, manager: Person, now: datetime
) -> None:
    agreed = kyiv("2026-12-30 18:00")
    order = an_order_under_way(session, customer, manager, now=now, sku="PACK-ULTIMATE", agreed_at=agreed)
    assert order.agreed_at == order.due_at == order.promise_at == agreed
    assert order.agree_by_at is None


def test_a_quoted_date_too_near_is_agreed_on_anew(
    session: Session, customer: Person, manager: Person, now: datetime
) -> None:
    order = an_order_under_way(
        session, customer, manager, now=now, sku="PACK-ULTIMATE", agreed_at=kyiv("2026-12-24 10:59")
    )
    assert order.agreed_at is None
    assert order.agree_by_at == order.promise_at == kyiv("2026-11-27 11:00")
    with pytest.raises(TooEarlyToAgree, match="Thu 24 Dec 2026, 11:00"):
        propose_date(session, order, proposed_at=kyiv("2026-12-24 10:59"), actor=manager.actor, now=now)
    propose_date(session, order, proposed_at=kyiv("2026-12-24 11:00"), actor=manager.actor, now=now)
    assert order.due_at is None
    assert (
        "Thu 24 Dec 2026, 11:00"
        in session.scalars(select(OwedMessage.text_body).where(OwedMessage.kind == "agreed_date_proposed")).one()
    )
    with pytest.raises(StaleEdit):
        accept_date(session, order, proposed_at=now, actor=customer.actor, now=now)
    accept_date(session, order, proposed_at=kyiv("2026-12-24 11:00"), actor=customer.actor, now=now)
    assert order.due_at == order.promise_at == kyiv("2026-12-24 11:00")
    assert (order.agree_by_at, order.proposed_at) == (None, None)
    with pytest.raises(NothingToAgree):
        propose_date(session, order, proposed_at=kyiv("2026-12-28 11:00"), actor=manager.actor, now=now)


def test_waiting_moves_an_agreed_date_too(session: Session, customer: Person, manager: Person, now: datetime) -> None:
    agreed = kyiv("2026-12-30 18:00")
    order = an_order_under_way(session, customer, manager, now=now, sku="PACK-ULTIMATE", agreed_at=agreed)
    a_pause(session, order, customer, manager)
    assert order.due_at == kyiv("2027-01-04 15:00")


def test_a_package_with_days_has_nothing_to_agree(
    session: Session, customer: Person, manager: Person, now: datetime
) -> None:
    order = an_order_under_way(session, customer, manager, now=now)
    with pytest.raises(NothingToAgree):
        propose_date(session, order, proposed_at=now + timedelta(days=60), actor=manager.actor, now=now)


def test_a_correction_changes_something(session: Session, customer: Person, manager: Person, now: datetime) -> None:
    order = an_order_under_way(session, customer, manager, now=now)
    pause = a_pause(session, order, customer, manager)
    verified_at, started_at, ended_at = order.verified_at, pause.started_at, pause.ended_at
    assert verified_at is not None
    with pytest.raises(NotThisMoment, match="says already"):
        correct_verification(session, order, verified_at=verified_at, reason=WHY, actor=manager.actor, now=LATER)
    with pytest.raises(NotThisMoment, match="says already"):
        correct_pause(
            session,
            order,
            pause,
            started_at=started_at,
            ended_at=ended_at,
            reason=WHY,
            actor=manager.actor,
            now=LATER,
        )
