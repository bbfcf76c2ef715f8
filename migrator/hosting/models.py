"""Instances, their free migration, restores, and who has read the policy."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.accounts.models import Organisation, Person
from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.hosting.restore_rules import RestoreKind, RestoreState
from migrator.orders.models import Order
from migrator.policy.hosting import HostingPlan, hosting_policy

NAME_LENGTH = 120
# As literal text, because SQLite uses a partial index only where it sees the same words in the question.
TO_DO = text("state IN ('asked', 'in_work')")


class Magento(StrEnum):
    """The platform versions that we host (RULES M-022)."""

    MAGENTO_1 = "magento_1"
    MAGENTO_2 = "magento_2"


class HostingInstance(Base):
    """A shop that we host for a customer.

    :ivar plan_key: a plan of the policy's `policy_version`; kept as it was sold (RULES D-8, M-018)
    :ivar host_zone: IANA zone of the host, by which days of backups are counted (RULES M-009)
    :ivar is_foreign: the site is not mainly in English: best effort (RULES M-033)
    :ivar search_name: name and customer in lower case, for the staff's search
    """

    __tablename__ = "hosting_instances"
    __table_args__ = (
        CheckConstraint("name <> ''", name="has_a_name"),
        UniqueConstraint("organisation_id", "name"),
        Index("ix_hosting_instances_organisation_id_id", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    search_name: Mapped[str] = mapped_column(String(400))
    policy_version: Mapped[str] = mapped_column(String(20))
    plan_key: Mapped[str] = mapped_column(String(40))
    platform: Mapped[Magento] = mapped_column(stored(Magento, "platform"))
    host_zone: Mapped[str] = mapped_column(String(60))
    is_foreign: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's

    @property
    def plan(self) -> HostingPlan:
        """The plan that it was sold with."""
        return hosting_policy(self.policy_version).plan(self.plan_key)


class FreeMigrationUse(Base):
    """The one free migration of an instance, once it is used; the database holds it to one (RULES M-024)."""

    __tablename__ = "hosting_free_migrations"
    __table_args__ = (UniqueConstraint("instance_id"), UniqueConstraint("order_id"))

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("hosting_instances.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    used_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PolicyAcknowledgement(Base):
    """A person's word that they have read the hosting desk's policy of a version (RULES M-002)."""

    __tablename__ = "hosting_acknowledgements"
    __table_args__ = (UniqueConstraint("person_id", "policy_version"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    policy_version: Mapped[str] = mapped_column(String(20))
    acknowledged_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Restore(Base):
    """One request to bring something back from our copy of a day; always an attempt (RULES M-011 to M-013).

    :ivar token: of the form that was sent, so that a second press asks for nothing more
    :ivar paths: which files, for a part of them
    :ivar wanted_on: the day of the copy, in the host's zone
    :ivar gone_at: when that copy disappears (RULES M-009)
    :ivar own_backup_on: the day of the customer's own backup (RULES M-006)
    :ivar outcome: our words at the end, for the customer
    :ivar copy_address: where a copy of a database is fetched from until `copy_until_at` (RULES M-013)
    :ivar ticket_id: the request at the hosting desk in which it is spoken about
    """

    __tablename__ = "hosting_restores"
    __table_args__ = (
        CheckConstraint("(kind = 'files_part') = (paths <> '')", name="part_names_its_files"),
        CheckConstraint("(state IN ('asked', 'in_work')) = (ended_at IS NULL)", name="ended_has_its_time"),
        CheckConstraint(
            "state NOT IN ('done_in_part', 'not_possible') OR outcome <> ''", name="less_than_done_has_its_words"
        ),
        CheckConstraint("(copy_address <> '') = (copy_until_at IS NOT NULL)", name="copy_has_its_end"),
        CheckConstraint("copy_address = '' OR kind = 'database_copy'", name="only_copies_have_a_link"),
        CheckConstraint(
            "kind <> 'database_copy' OR state NOT IN ('done', 'done_in_part') OR copy_address <> ''",
            name="a_copy_that_is_done_has_its_link",
        ),
        UniqueConstraint("token", "asked_by_id"),
        Index("ix_hosting_restores_instance_id_id", "instance_id", "id"),
        Index("ix_hosting_restores_ticket_id", "ticket_id"),
        Index("ix_hosting_restores_to_do", "gone_at", "id", sqlite_where=TO_DO, postgresql_where=TO_DO),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    token: Mapped[str] = mapped_column(String(64))
    instance_id: Mapped[int] = mapped_column(ForeignKey("hosting_instances.id"))
    instance: Mapped[HostingInstance] = relationship(lazy="raise_on_sql")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[asked_by_id])
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    kind: Mapped[RestoreKind] = mapped_column(stored(RestoreKind, "kind"))
    paths: Mapped[str] = mapped_column(Text, default="")
    wanted_on: Mapped[date]
    gone_at: Mapped[datetime] = mapped_column(UtcDateTime)
    own_backup_on: Mapped[date]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[RestoreState] = mapped_column(stored(RestoreState, "state"), default=RestoreState.ASKED)
    worked_on_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    worked_on_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[worked_on_by_id])
    outcome: Mapped[str] = mapped_column(Text, default="")
    copy_address: Mapped[str] = mapped_column(Text, default="")
    copy_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's
