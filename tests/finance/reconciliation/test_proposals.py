"""What no id proves is proposed where it fits alone, and a person decides once (PAYMENTS, reconciliation)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.errors import DomainError
from migrator.finance.ledger.invariants import invariants
from migrator.finance.reconciliation.deciding import NotOpen, confirm, reject
from migrator.finance.reconciliation.lifecycle import MatchRule, ProposalState, RunKind
from migrator.finance.reconciliation.models import ProviderTransaction
from migrator.finance.reconciliation.queries import proposals_waiting
from migrator.finance.reconciliation.run_models import Match, Proposal
from migrator.orders.models import Order
from tests.conftest import NOW
from tests.factories.ledger import a_movement, pay
from tests.factories.month import open_subjects, reconcile
from tests.factories.people import a_customer, a_finance_person
from tests.factories.stages import an_unpaid_order

PAID, FEE = 27_888, 839
LATER = NOW + timedelta(days=9)


@pytest.fixture(autouse=True)
def _books_balance() -> None:
    """A charge that belongs to nothing is money at Stripe that the books know nothing of."""


def a_bank_charge(session: Session, order: Order, days: float, *, amount: int = PAID, email: str = "") -> None:
    """This will let a statement name a charge by its customer alone, so many days after the order's."""
    name = f"txn_{order.id}_{days}"
    a_movement(session, name, gross=amount, fee=FEE, category="charge", at=order.placed_at + timedelta(days=days))
    found = session.scalars(select(ProviderTransaction).where(ProviderTransaction.provider_id == name)).one()
    found.customer_email = email or order.placed_by.email.upper()
    session.flush()


def a_paid_order(session: Session, **differences: object) -> Order:
    order = an_unpaid_order(session, **differences)
    pay(session, order)
    return order


def proposed(session: Session, kind: RunKind = RunKind.FULL) -> Sequence[Proposal]:
    reconcile(session, now=LATER, kind=kind)
    return proposals_waiting(session)


CASES: list[tuple[list[dict[str, object]], int]] = [
    ([{"days": 3}], 1),
    ([{"days": -3}], 1),
    ([{"days": 3.001}], 0),
    ([{"days": 1, "amount": PAID + 1}], 0),
    ([{"days": 1, "email": "somebody@else.example"}], 0),
    ([{"days": 1}, {"days": 2}], 0),
    ([{"days": 1}, {"days": 2, "email": "nobody@else.example"}], 1),
]


def test_what_fits_in_amount_customer_and_three_days_and_nothing_else_is_proposed(session: Session) -> None:
    orders = [a_paid_order(session) for _case in CASES]
    for order, (charges, _count) in zip(orders, CASES, strict=True):
        for charge in charges:
            a_bank_charge(session, order, **charge)  # type: ignore[arg-type]
    found = [each.payment.order_id for each in proposed(session)]
    assert [found.count(order.id) for order in orders] == [count for _charges, count in CASES]
    assert session.scalars(select(Match)).all() == []


def test_two_payments_for_one_charge_are_a_tie_that_nobody_is_asked_about(session: Session) -> None:
    customer = a_customer(session)
    order, _other = (a_paid_order(session, person=customer) for _ in range(2))
    a_bank_charge(session, order, 1)
    assert proposed(session) == []


def test_a_person_confirms_once_and_what_said_otherwise_is_closed(session: Session) -> None:
    order = a_paid_order(session)
    a_bank_charge(session, order, 1)
    (found,) = proposed(session)
    assert open_subjects(session) == {("orphan_charge", f"txn_{order.id}_1")}
    by = a_finance_person(session).actor
    match = confirm(session, found, actor=by, now=LATER)
    assert (match.rule, match.confirmed_by_id, found.state) == (
        MatchRule.CONFIRMED, by.person_id, ProposalState.CONFIRMED
    )  # fmt: skip
    with pytest.raises(NotOpen):
        confirm(session, found, actor=by, now=LATER)
    assert proposed(session, RunKind.NEW) == []
    assert open_subjects(session) == set()
    assert [law for law in invariants(session) if not law.holds] == []


def test_a_pair_that_was_rejected_is_not_proposed_again_and_one_that_fits_no_longer_lapses(session: Session) -> None:
    rejected, matched = (a_paid_order(session) for _ in range(2))
    for order in (rejected, matched):
        a_bank_charge(session, order, 1)
    by = a_finance_person(session).actor
    first, second = proposed(session)
    reject(session, first, actor=by, now=LATER)
    session.scalars(select(ProviderTransaction).order_by(ProviderTransaction.id.desc())).first().order_number = (  # type: ignore[union-attr]
        matched.number
    )
    session.flush()
    assert proposed(session) == proposed(session) == []
    session.refresh(second)
    assert second.state is ProposalState.LAPSED
    with pytest.raises(DomainError):
        confirm(session, second, actor=by, now=LATER)
