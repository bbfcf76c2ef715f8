"""The zones in which times are read: the desk's, and the reader's own where they have said one (RULES D-2)."""

from __future__ import annotations

from migrator.policy.loading import calendar_plans, migration_desk
from migrator.web.request import visitor


def desk_zone() -> str:
    """This will return the IANA zone of the migration desk."""
    return next(plan.zone for plan in calendar_plans() if plan.key == migration_desk().calendar)


def reader_zone() -> str:
    """This will return the IANA zone that the reader wants times in; the desk's where nobody has said."""
    reader = visitor()
    return (reader.zone if reader else "") or desk_zone()
