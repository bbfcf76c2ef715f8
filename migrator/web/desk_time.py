"""The zone of the desk, in which staff and the demonstration read times (RULES D-2)."""

from __future__ import annotations

from migrator.policy.loading import calendar_plans, migration_desk


def desk_zone() -> str:
    """This will return the IANA zone of the migration desk."""
    return next(plan.zone for plan in calendar_plans() if plan.key == migration_desk().calendar)
