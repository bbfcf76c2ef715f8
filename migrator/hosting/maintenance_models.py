"""Maintenance windows and the instances that they touch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from migrator.database.base import Base, Identity
from migrator.database.types import UtcDateTime, stored
from migrator.hosting.maintenance_rules import MaintenanceState
from migrator.hosting.models import HostingInstance

ANNOUNCED = text("state = 'announced'")


class Maintenance(Base):
    """One announced stretch of time in which instances may be interrupted (RULES M-046).

    :ivar down_from_at: when the interruption began in fact; none with `down_until_at` where there was none
    :ivar excluded_minutes: those of the interruption that lie inside the window; none until they are recorded
    """

    __tablename__ = "maintenances"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_its_start"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_its_time"),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_reason <> ''", name="withdrawn_has_its_reason"),
        CheckConstraint("(state = 'recorded') = (excluded_minutes IS NOT NULL)", name="recorded_has_its_minutes"),
        CheckConstraint("(down_from_at IS NULL) = (down_until_at IS NULL)", name="interruption_has_both_ends"),
        CheckConstraint("excluded_minutes IS NULL OR excluded_minutes >= 0", name="minutes_not_negative"),
        Index("ix_maintenances_starts_at_id", "starts_at", "id"),
        Index("ix_maintenances_announced", "ends_at", "id", sqlite_where=ANNOUNCED, postgresql_where=ANNOUNCED),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[MaintenanceState] = mapped_column(
        stored(MaintenanceState, "state"), default=MaintenanceState.ANNOUNCED
    )
    announced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    down_from_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    down_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    excluded_minutes: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the name and form are SQLAlchemy's


class MaintainedInstance(Base):
    """One instance that a window touches."""

    __tablename__ = "maintained_instances"
    __table_args__ = (
        UniqueConstraint("maintenance_id", "instance_id"),
        Index("ix_maintained_instances_instance_id", "instance_id", "maintenance_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    maintenance_id: Mapped[int] = mapped_column(ForeignKey("maintenances.id"))
    maintenance: Mapped[Maintenance] = relationship(lazy="raise_on_sql")
    instance_id: Mapped[int] = mapped_column(ForeignKey("hosting_instances.id"))
    instance: Mapped[HostingInstance] = relationship(lazy="raise_on_sql")
