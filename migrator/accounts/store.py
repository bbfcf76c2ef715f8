"""Where Flask-Security finds and keeps people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_security import SQLAlchemyUserDatastore

from migrator.accounts import operations
from migrator.accounts.models import Person
from migrator.accounts.sign_in import OnlyRole
from migrator.database.base import db


class PeopleStore(SQLAlchemyUserDatastore):
    """Flask-Security's store over our table; a new account comes with its organisation."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(db, Person, OnlyRole)
        self.now = now

    def create_user(self, *, email: str, name: str, company: str, password: str, **_further: Any) -> Person:  # type: ignore[override]
        """This will open a customer's account; `password` is hashed already."""
        return operations.sign_up(
            db.session(), email=email, name=name, company=company, password_hash=password, now=self.now()
        )
