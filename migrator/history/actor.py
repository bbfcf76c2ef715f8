"""Who does something, as it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The audiences of the product."""

    CUSTOMER = "customer"
    ACCOUNT_MANAGER = "account_manager"
    FINANCE = "finance"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


STAFF = frozenset({Role.ACCOUNT_MANAGER, Role.FINANCE, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the product itself, whose deed is recorded. The name is kept as it was at the time."""

    person_id: int | None
    name: str
    role: Role

    @property
    def is_staff(self) -> bool:
        """Whether the actor works for the company."""
        return self.role in STAFF


SYSTEM = Actor(None, "Migrator", Role.SYSTEM)
