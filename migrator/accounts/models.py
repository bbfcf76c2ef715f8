"""Organisations, people, and invitations into an organisation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.sign_in import SignInColumns
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.history.actor import Actor, Role

OUR_OWN = text("role <> 'customer'")


class Organisation(Base):
    """A customer: one company with one or several people; it owns the orders.

    :ivar country: ISO 3166 code of where it is, which decides about tax; empty until it was said
    """

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Person(SignInColumns, Base):
    """Somebody who signs in. Customers belong to an organisation, staff to none.

    :ivar email: in lower case; unique
    :ivar zone: IANA zone in which the person reads times; empty means desk time alone
    :ivar closed_at: when the account was closed, since when nothing says who it was (RULES X-14)
    """

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("(role = 'customer') = (organisation_id IS NOT NULL)", name="customers_have_organisations"),
        CheckConstraint("role <> 'system'", name="nobody_is_the_system"),
        Index("ix_people_staff", "name", "id", sqlite_where=OUR_OWN, postgresql_where=OUR_OWN),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[Role] = mapped_column(stored(Role, "role"), default=Role.CUSTOMER)
    zone: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")

    @property
    def display_name(self) -> str:
        """The name, or the address of somebody who has given none."""
        return self.name or self.email

    @property
    def initials(self) -> str:
        """The first letters of the first and the last name, in place of a picture."""
        first, *others = self.display_name.split()
        return (first[0] + (others[-1][0] if others else "")).upper()

    @property
    def actor(self) -> Actor:
        """The person as history writes it down."""
        return Actor(self.id, self.display_name, self.role)


class Invitation(Base):
    """An address that was asked to join an organisation; it ends when accepted, withdrawn or past its time.

    :ivar token: the secret in the link; who has it has read the address's e-mail
    """

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_open",
            "organisation_id",
            "email",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    email: Mapped[str] = mapped_column(String(254))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
