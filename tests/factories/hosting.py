"""Instances for the tests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Organisation, Person
from migrator.history.actor import SYSTEM
from migrator.hosting.models import HostingInstance, Magento
from migrator.hosting.operations import Particulars, add_instance
from migrator.policy.hosting import hosting_policy
from tests.factories.people import JOINED


def an_instance(
    session: Session,
    customer: Person,
    *,
    name: str = "shop.example",
    plan: str = "business",
    is_foreign: bool = False,
    at: datetime = JOINED,
) -> HostingInstance:
    """This will add an instance of the customer's organisation."""
    organisation = session.get_one(Organisation, customer.organisation_id)
    particulars = Particulars(name, plan, Magento.MAGENTO_2, "Europe/Kyiv", is_foreign)
    return add_instance(session, organisation, particulars, policy=hosting_policy(), actor=SYSTEM, now=at)
