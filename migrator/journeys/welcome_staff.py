"""One of our own people joins: the account and its welcome exist together or not at all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.security import set_password_path
from migrator.accounts.staff_operations import add_staff
from migrator.history.actor import Actor, Role
from migrator.notifications.operations import owe

ROLE_WORDS = {
    Role.ACCOUNT_MANAGER: "account manager",
    Role.FINANCE: "finance",
    Role.ADMINISTRATOR: "administrator",
}


def welcome_staff(session: Session, *, email: str, name: str, role: Role, actor: Actor, now: datetime) -> str:
    """This will add somebody, owe them their welcome, and return the path at which they set a password, once.

    :raises AddressInUse: when somebody has that address
    """
    person = add_staff(session, email=email, name=name, role=role, actor=actor, now=now)
    path = set_password_path(person)
    owe(
        session,
        kind="staff_welcome",
        cause=f"person:{person.id}",
        recipient=person,
        order_id=None,
        context={"path": path, "role": ROLE_WORDS[role]},
        now=now,
    )
    return path
