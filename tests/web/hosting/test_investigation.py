"""A hosting request from the customer's form to its verdict, with what we do and do not do beside it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from migrator.database.session import reading, transaction
from migrator.history.models import HistoryEntry
from tests.factories.forms import fill_in
from tests.factories.hosting import an_instance
from tests.factories.people import a_customer, an_account_manager, sign_in

ASK = "/support/new/details?desk=hosting&category=technical&subject=Checkout+fails"
WORDS = "The checkout answers with a page that says error 500 since Monday."
PICKED = "?product=hosting&task=cache_management"


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context(), transaction() as session:
        person, manager = a_customer(session), an_account_manager(session)
        an_instance(session, person)
    sign_in(client, person)
    opened = app.test_client()
    sign_in(opened, manager)
    return opened


@pytest.fixture
def thread(client: FlaskClient, desk: FlaskClient) -> str:
    typed = {"description": WORDS, "language": "en", "instance": "1"}
    unread = fill_in(client, ASK, action=ASK, **typed)
    assert (unread.status_code, "Read the hosting desk’s policy" in unread.text, WORDS in unread.text) == (
        409,
        True,
        True,
    )
    foreign = fill_in(client, ASK, action=ASK, **{**typed, "instance": "99"}, acknowledged="y")
    assert foreign.status_code in {404, 409}
    sent = fill_in(client, ASK, action=ASK, **typed, acknowledged="y")
    assert sent.status_code == 303
    assert "15 minutes" in client.get(sent.location).text
    return str(sent.location)


def test_the_ready_sentence_is_sent_and_its_row_kept(
    app: Flask, client: FlaskClient, desk: FlaskClient, thread: str
) -> None:
    scope = f"/desk/tickets/{thread.rsplit('/', 1)[1]}/scope"
    assert "Is it to test a server error?" in desk.get(f"{scope}?product=hosting&task=reindexing").text
    assert "Yes. We reindex" in desk.get(f"{scope}?product=hosting&task=reindexing&holds=yes").text
    bare = fill_in(desk, scope + PICKED, action=scope + PICKED, message="This once.", overrides="y")
    assert (bare.status_code, "Write why the reply says otherwise" in bare.text) == (409, True)
    sent = fill_in(
        desk, scope + PICKED, action=scope + PICKED, message="This once.", overrides="y", reason="A server error."
    )
    assert sent.status_code == 303
    assert "This once." in client.get(thread).text
    assert "A server error." not in client.get(thread).text
    with app.app_context(), reading() as session:
        kept = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "ticket.scope")).one()
        assert (kept.reason, kept.facts["rule"], kept.facts["edition"], kept.facts["overridden"]) == (
            "A server error.",
            "M-038c",
            1,
            True,
        )
