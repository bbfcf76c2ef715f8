"""What runs by itself is written down and shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.clock.source import FileClock
from migrator.database.session import transaction
from migrator.jobs.recording import each, recorded
from migrator.upkeep.tasks import Task
from tests.factories.people import an_account_manager, sign_in
from tests.factories.stages import a_paused_order


def test_staff_see_what_ran_what_failed_and_that_the_worker_is_silent(
    app: Flask, client: FlaskClient, clock: FileClock
) -> None:
    with app.app_context(), transaction() as session:
        number = a_paused_order(session).number
        sign_in(client, an_account_manager(session))
    assert "The worker has never run." in client.get("/desk/jobs").text

    @recorded(Task.LETTERS)
    def write() -> int:
        return each(Task.LETTERS, (1, 2, 3), judge)

    def judge(key: int) -> int:
        if key == 2:
            raise ValueError("Nobody lives here.")
        return 1

    @recorded(Task.BASKETS)
    def break_off() -> int:
        raise RuntimeError("The basket is too heavy.")

    with app.app_context():
        assert [write(), write()] == [2, 2]
        with pytest.raises(RuntimeError):
            break_off()
    clock.advance(timedelta(minutes=4))
    page = client.get("/desk/jobs").text
    assert page.count("Row 2: ValueError: Nobody lives here.") == 1
    assert "RuntimeError: The basket is too heavy." in page
    assert ("4 minutes ago" in page, "2 rows" in page, number in page) == (True, True, True)
    assert "The worker is not running" not in page
    clock.advance(timedelta(minutes=2))
    assert "The worker is not running" in client.get("/desk/jobs").text
