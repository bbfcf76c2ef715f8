"""What a hosting instance comes with: plans, backups and the free migration. Frozen; an instance keeps its version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from migrator.policy.loading import CURRENT, read


@dataclass(frozen=True, slots=True)
class HostingPlan:
    """One plan; `response_minutes` is none where no response is promised (RULES M-018)."""

    key: str
    name: str
    response_minutes: int | None = None

    @property
    def promise(self) -> str:
        """What the plan promises about the first answer, in words."""
        if self.response_minutes is None:
            return "No response promise on this plan"
        return f"First answer within {self.response_minutes} minutes, day and night"


@dataclass(frozen=True, slots=True)
class FreeMigration:
    """What is free for a new instance (RULES M-024)."""

    product: str
    most_pages: int
    target_platform: str


@dataclass(frozen=True, slots=True)
class HostingPolicy:
    """All that a version says about instances.

    :ivar backup_days: how many days back a copy can be asked for (RULES M-009)
    :ivar own_backup_warning_days: an own backup older than this earns a warning (RULES M-006)
    """

    version: str
    effective_on: date
    backup_days: int
    copy_link_days: int
    own_backup_warning_days: int
    free_migration: FreeMigration
    plans: tuple[HostingPlan, ...]

    def plan(self, key: str) -> HostingPlan:
        """This will return the plan with that key.

        :raises KeyError: when there is none
        """
        return {plan.key: plan for plan in self.plans}[key]


@cache
def hosting_policy(version: str = CURRENT) -> HostingPolicy:
    """This will return what an instance comes with under a version."""
    data = read(f"hosting_plans-{version}.toml")
    return HostingPolicy(
        version=data["version"],
        effective_on=data["effective_on"],
        backup_days=data["backup_days"],
        copy_link_days=data["copy_link_days"],
        own_backup_warning_days=data["own_backup_warning_days"],
        free_migration=FreeMigration(**data["free_migration"]),
        plans=tuple(HostingPlan(**entry) for entry in data["plan"]),
    )
