"""How people reach us, now, and the chat that only people switch (RULES C-008 to C-015, M-014 to M-017)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from migrator.policy.channels import ChannelKind, Counter, channels
from tests.factories.accounts import submit
from tests.factories.people import sign_in

KYIV = ZoneInfo("Europe/Kyiv")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV)


def test_the_phone_of_the_migration_desk_is_kept_and_not_shown() -> None:
    kept = [channel.kind for channel in channels().channels if channel.desk is Counter.MIGRATION]
    shown = [channel.kind for channel in channels().live(Counter.MIGRATION)]
    assert ChannelKind.PHONE in kept
    assert shown == [ChannelKind.WEB, ChannelKind.EMAIL, ChannelKind.CHAT]
    assert [channel.kind for channel in channels().live(Counter.HOSTING)] == [ChannelKind.PORTAL]


@pytest.mark.parametrize(
    ("now", "hours", "answered"),
    [
        ("2026-11-27T17:00", "Open now, closes 19:00 Kyiv", "by Wed 2 Dec 2026, 17:00 Kyiv"),
        ("2026-11-28T12:00", "Closed now, opens Mon 30 Nov, 11:00 Kyiv", "by end of Wed 2 Dec 2026 Kyiv"),
        ("2026-12-24T20:00", "Closed now, opens Mon 28 Dec, 11:00 Kyiv", "by Wed 30 Dec 2026, 20:00 Kyiv"),
    ],
)
def test_the_page_says_whether_we_are_there_and_by_when_we_answer(
    client: FlaskClient, clock: FileClock, now: str, hours: str, answered: str
) -> None:
    clock.set(at(now))
    page = client.get("/contact").text
    assert hours in page
    assert answered in page
    assert f"Chat is closed. File a request – answered {answered}" in page


def test_sales_are_reached_by_the_settings(client: FlaskClient) -> None:
    page = client.get("/contact").text
    assert 'href="mailto:sales@migrator.example"' in page
    assert 'href="tel:+18002178142"' in page
    assert page.count("tel:") == 1


def test_the_chat_is_open_while_it_is_switched_on_and_the_day_is_a_working_day(
    app: Flask, client: FlaskClient, oksana: Person, clock: FileClock
) -> None:
    sign_in(client, oksana)
    visitor = app.test_client()
    assert "Chat is closed" in visitor.get("/contact").text
    assert submit(client, "/desk/chat", chat="open", reason="").status_code == 303
    assert "Chat: open now, to the end of Fri 27 Nov Kyiv" in visitor.get("/contact").text
    clock.set(at("2026-11-28T00:00"))
    assert "Chat is closed" in visitor.get("/contact").text, "switched on, and a Saturday"
    clock.set(at("2026-11-30T00:00"))
    assert "Chat: open now, to the end of Fri 4 Dec Kyiv" in visitor.get("/contact").text
    submit(client, "/desk/chat", chat="closed", reason="Two of us are ill")
    assert "Chat is closed" in visitor.get("/contact").text
    history = client.get("/desk/chat").text
    assert "Two of us are ill" in history
    assert history.count("Oksana Levchenko") == 2
