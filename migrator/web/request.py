"""What a view asks of its request: the person, the moment, and the parts of the house."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import g
from flask_login import current_user

from migrator.accounts.models import Person
from migrator.history.actor import Actor
from migrator.wiring import wiring


def person() -> Person:
    """This will return the signed-in person; only for pages whose audience has one."""
    return cast(Person, current_user)


def visitor() -> Person | None:
    """This will return the signed-in person, or none."""
    return cast(Person, current_user) if current_user.is_authenticated else None


def actor() -> Actor:
    """This will return the signed-in person as the history writes them down."""
    return person().actor


def organisation_id() -> int:
    """This will return the signed-in customer's organisation; only for pages that are open to customers alone."""
    return cast(int, person().organisation_id)


def now() -> datetime:
    """This will return the moment of this request, aware, in UTC: read once, the same for all of it."""
    if "now" not in g:
        g.now = wiring().clock.now()
    return cast(datetime, g.now)
