"""The columns that Flask-Security keeps about a person's sign-in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from migrator.database.types import UtcDateTime
from migrator.history.actor import Role


class OnlyRole(RoleMixin):
    """A person's single role in the form that Flask-Security asks for."""

    def __init__(self, role: Role) -> None:
        self.name = role.value
        self.permissions = []


class SignInColumns(UserMixin):
    """Password, confirmation, and the second factor.

    :ivar fs_uniquifier: names the person in cookies and links; a new one ends every session and link
    :ivar tf_last_counter: the half minute of the last code that was used; no code is taken twice
    """

    role: Mapped[Role]

    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_last_counter: Mapped[int | None] = mapped_column()
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        """The person's role as a list of one."""
        return [OnlyRole(self.role)]
