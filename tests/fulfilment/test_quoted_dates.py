"""A quoted date counts only while it lies far enough after the verification, also once that is corrected (C-059)."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.fulfilment.operations import propose_date as keep_proposal
from migrator.journeys.agree_date import NothingToAgree, accept_date, propose_date
from migrator.journeys.correct_facts import correct_verification
from migrator.notifications.models import OwedMessage
from migrator.orders.models import Order
from tests.conftest import NOW
from tests.factories import stages
from tests.factories.fulfilment import an_order_under_way, kyiv
from tests.factories.people import a_customer, an_account_manager

# From Tue 24 Nov 11:00, the first that may be agreed is Thu 24 Dec 11:00; from a day later, Mon 28 Dec.
QUOTED = kyiv("2026-12-24 11:00")
LATER = kyiv("2026-11-26 09:00")


def correct(session: Session, order: Order, verified: str) -> None:
    actor = order.account_manager.actor if order.account_manager else order.placed_by.actor
    correct_verification(session, order, verified_at=kyiv(verified), reason="Noted late", actor=actor, now=LATER)


def quoted(session: Session, *, verified_at: datetime = NOW) -> Order:
    people = a_customer(session), an_account_manager(session)
    return an_order_under_way(session, *people, now=verified_at, sku="PACK-ULTIMATE", agreed_at=QUOTED)


def test_a_later_verification_takes_the_quoted_date_back_and_an_earlier_one_adopts_it_again(session: Session) -> None:
    order = quoted(session)
    assert order.agreed_at == QUOTED
    correct(session, order, "2026-11-25 11:00")
    assert (order.agreed_at, order.due_at) == (None, None)
    assert order.promise_at == order.agree_by_at is not None
    correct(session, order, "2026-11-24 11:00")
    assert order.agreed_at == order.due_at == order.promise_at == QUOTED


def test_a_quoted_date_that_counts_again_takes_the_proposal_away(session: Session) -> None:
    order = quoted(session)
    correct(session, order, "2026-11-25 11:00")
    other = kyiv("2027-01-15 10:00")
    propose_date(session, order, proposed_at=other, actor=order.placed_by.actor, now=LATER)
    correct(session, order, "2026-11-24 11:00")
    assert (order.agreed_at, order.proposed_at) == (QUOTED, None)


def test_a_correction_leaves_another_agreed_date_alone(session: Session) -> None:
    order = quoted(session)
    correct(session, order, "2026-11-25 11:00")
    other = kyiv("2027-01-15 10:00")
    propose_date(session, order, proposed_at=other, actor=order.placed_by.actor, now=LATER)
    accept_date(session, order, proposed_at=other, actor=order.placed_by.actor, now=LATER)
    correct(session, order, "2026-11-24 11:00")
    assert order.agreed_at == other


def test_no_proposal_is_accepted_beside_a_date_that_counts(session: Session) -> None:
    order = quoted(session)
    other = kyiv("2027-01-15 10:00")
    keep_proposal(session, order, proposed_at=other)
    with pytest.raises(NothingToAgree):
        accept_date(session, order, proposed_at=other, actor=order.placed_by.actor, now=LATER)


@pytest.mark.parametrize(("paused", "moves"), [("2026-11-27 15:00", True), ("2026-12-04 11:00", False)])
def test_the_message_of_a_pause_says_that_the_date_moves_only_while_it_does(
    session: Session, paused: str, moves: bool
) -> None:
    stages.a_paused_order(session, paused_at=kyiv(paused))
    (told,) = session.scalars(select(OwedMessage).where(OwedMessage.kind == "order_paused"))
    for body in (told.text_body, told.html_body):
        assert ("Your date moves" in body) is moves
