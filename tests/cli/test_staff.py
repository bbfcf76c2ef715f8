"""Our own people from the command line."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from migrator.cli.staff import staff
from tests.factories.accounts import PASSWORD, letters, submit


class Here:
    """An installation that is one application."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def application(self) -> Flask:
        return self.app


@pytest.fixture
def add(app: Flask) -> Callable[..., Result]:
    def call(email: str, name: str = "Mia Sand", role: str = "administrator") -> Result:
        arguments = ["add", "--email", email, "--name", name, "--role", role]
        return CliRunner().invoke(staff, arguments, obj=Here(app))

    return call


def test_the_first_administrator_sets_a_password_by_the_printed_link(app: Flask, add: Callable[..., Result]) -> None:
    answer = add("Mia@migrator.example")
    assert answer.exit_code == 0
    link = re.search(r"http://localhost(/reset-password/\S+)", answer.output)
    assert link
    client = app.test_client()
    submit(client, link.group(1), password=PASSWORD)
    submit(client, "/sign-in", email="mia@migrator.example", password=PASSWORD)
    assert client.get("/admin/staff").status_code == 200
    assert letters(app, "mia@migrator.example")[0].kind == "staff_welcome"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"email": "nobody"}, "is no e-mail address"),
        ({"email": "m@b.example", "name": " "}, "give a name"),
        ({"email": "m@b.example", "role": "customer"}, "is not one of"),
    ],
)
def test_bad_input_is_one_sentence(add: Callable[..., Result], arguments: dict[str, str], sentence: str) -> None:
    answer = add(**arguments)
    assert answer.exit_code == 2
    assert sentence in answer.output
