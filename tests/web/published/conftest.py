"""What these pages ask of the database is tried on both in the rooms' own tests."""

from __future__ import annotations

import pytest
from flask import Flask

from migrator.accounts.models import Person
from migrator.database.session import transaction
from tests.factories.people import a_customer, an_account_manager, an_administrator


@pytest.fixture
def ines(app: Flask) -> Person:
    with app.app_context(), transaction() as session:
        return a_customer(session, name="Inês Ferreira")


@pytest.fixture
def oksana(app: Flask) -> Person:
    with app.app_context(), transaction() as session:
        return an_account_manager(session, name="Oksana Levchenko")


@pytest.fixture
def marek(app: Flask) -> Person:
    with app.app_context(), transaction() as session:
        return an_administrator(session, name="Marek Dvořák")
