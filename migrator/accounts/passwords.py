"""The rule for passwords in the form that Flask-Security asks for, and hashing for the rest of the house."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from flask_security import PasswordUtil, hash_password

from migrator.accounts.rules import weakness

# One accented letter can be typed as one character or as two: both are the same password.
NORMAL_FORM: Final = "NFKD"


def problem_of(password: str, *, personal: Iterable[str]) -> str | None:
    """This will return what is wrong with a new password, as a sentence, or none."""
    return weakness(unicodedata.normalize(NORMAL_FORM, password), personal=personal)


def hashed(password: str) -> str:
    """This will return the hash of a password, as it is stored; only within an application."""
    return str(hash_password(unicodedata.normalize(NORMAL_FORM, password)))


class OwnPasswordRule(PasswordUtil):
    """Long and not easily guessed; no puzzles of signs and digits."""

    def normalize(self, password: str) -> str:
        """This will return the password in the form in which it is hashed."""
        return unicodedata.normalize(NORMAL_FORM, password)

    def validate(self, password: str, is_register: bool, **facts: Any) -> tuple[list[str] | None, str]:
        """This will return what is wrong with a password, or none, and the password as it is hashed."""
        person = facts.get("user")
        personal = (person.name, person.email) if person else (facts.get("name") or "", facts.get("email") or "")
        problem = problem_of(password, personal=personal)
        return [problem] if problem else None, self.normalize(password)
