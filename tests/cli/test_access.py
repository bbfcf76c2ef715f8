"""Changing the key that seals access details, from the command line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select

from migrator.access.models import Secret
from migrator.access.vault import Vault
from migrator.app import create_app
from migrator.cli import main
from migrator.database.session import reading, transaction
from migrator.settings import Settings
from tests.factories.fulfilment import KEY, PASSWORD, a_paid_order, give_everything
from tests.factories.people import a_customer


@dataclass(frozen=True)
class Machine:
    app: Flask

    def application(self) -> Flask:
        return self.app


def rotate(settings: Settings, *keys: str) -> Result:
    app = create_app(replace(settings, keys=replace(settings.keys, access_keys=keys)), wake=lambda: None)
    return CliRunner().invoke(main, ["access", "rotate"], obj=Machine(app))


def test_rotating_seals_everything_under_the_newest_key(app: Flask, settings: Settings, now: datetime) -> None:
    newest = Fernet.generate_key().decode()
    with app.app_context(), transaction() as session:
        customer = a_customer(session)
        give_everything(session, a_paid_order(session, customer, now=now), customer, now=now)
    assert rotate(settings, newest, KEY).output.startswith("3 secrets sealed under the newest key.")
    with app.app_context(), reading() as session:
        assert {Vault([newest]).open(secret.sealed or b"") for secret in session.scalars(select(Secret))} == {PASSWORD}


def test_rotating_without_the_old_key_changes_nothing_and_says_so(
    app: Flask, settings: Settings, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        customer = a_customer(session)
        give_everything(session, a_paid_order(session, customer, now=now), customer, now=now)
    outcome = rotate(settings, Fernet.generate_key().decode())
    assert outcome.exit_code != 0
    assert "give its old key too" in outcome.output
    with app.app_context(), reading() as session:
        assert {Vault([KEY]).open(secret.sealed or b"") for secret in session.scalars(select(Secret))} == {PASSWORD}
