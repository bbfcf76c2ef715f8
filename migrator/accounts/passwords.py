"""The rule for passwords in the form that Flask-Security asks for, and hashing for the rest of the house."""

from __future__ import annotations

from typing import Any

from flask_security import PasswordUtil, hash_password

from migrator.accounts.rules import weakness


class OwnPasswordRule(PasswordUtil):
    """Long and not easily guessed; no puzzles of signs and digits."""

    def validate(self, password: str, is_register: bool, **facts: Any) -> tuple[list[str] | None, str]:
        """This will return what is wrong with a password, or none, and the password as it is hashed."""
        normal = str(self.normalize(password))
        person = facts.get("user")
        names = (person.name, person.email) if person else (facts.get("name") or "", facts.get("email") or "")
        problem = weakness(normal, personal=names)
        return [problem] if problem else None, normal


def hashed(password: str) -> str:
    """This will return the hash of a password, as it is stored."""
    return str(hash_password(password))
