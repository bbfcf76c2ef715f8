"""What is meant for the customer reaches somebody there, also when the one who ordered has left."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.access.queries import items_of
from migrator.accounts.models import Organisation
from migrator.notifications.models import OwedMessage
from tests.conftest import NOW
from tests.factories.people import a_customer
from tests.factories.stages import a_paused_order, an_order_under_way, pause


def test_the_one_who_ordered_is_told(session: Session) -> None:
    order = a_paused_order(session)
    assert told(session) == [order.placed_by.email]


def test_colleagues_are_told_when_the_one_who_ordered_has_left(session: Session) -> None:
    order = an_order_under_way(session)
    organisation = session.get_one(Organisation, order.organisation_id)
    colleague = a_customer(session, organisation=organisation, email="colleague@customer.example")
    a_customer(session, email="stranger@customer.example")
    order.placed_by.active = False
    pause(session, order, items_of(session, order.id)[0], at=NOW + timedelta(hours=1))
    assert told(session) == [colleague.email]


def told(session: Session) -> list[str]:
    return list(session.scalars(select(OwedMessage.address).where(OwedMessage.kind == "order_paused")))
