"""Which passwords are too weak."""

from __future__ import annotations

import pytest

from migrator.accounts.rules import TOO_CLOSE, TOO_EASY, TOO_LONG, TOO_SHORT, weakness

PERSONAL = ("Olena Koval", "olena.koval@lindqvist.example")


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("nine char", TOO_SHORT),
        ("ten chars!", None),
        ("x" * 201, TOO_LONG),
        ("correct horse battery", None),
        ("a long enough password", None),
        ("Tr0ub4dor&3x", None),
        ("пароль довгий", None),
        ("password123", TOO_EASY),
        ("Password2026!", TOO_EASY),
        ("P@ssw0rd123", TOO_EASY),
        ("welcomeadmin1", TOO_EASY),
        ("1234567890", TOO_EASY),
        ("qwertyuiop", TOO_EASY),
        ("aaaaaaaaaaaaaa", TOO_EASY),
        ("olena.koval1987", TOO_CLOSE),
        ("LindqvistKoval", TOO_CLOSE),
    ],
)
def test_a_password_is_judged(password: str, problem: str | None) -> None:
    assert weakness(password, personal=PERSONAL) == problem


def test_a_name_made_to_slow_us_down_does_not() -> None:
    assert weakness("a" * 195 + "bcdef", personal=["aaa aaaa aaaaa aaaaaa"]) is None
