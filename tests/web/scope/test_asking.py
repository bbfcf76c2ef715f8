"""“Do you do this?” as visitors read it, and as an administrator changes it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.database.session import transaction
from tests.factories.forms import fill_in
from tests.factories.people import a_customer, an_account_manager, an_administrator, sign_in

ASK = "/do-you-do-this"
EDIT = "/admin/scope/cache_management/hosting"
AS_IT_IS = {"verdict": "not_supported", "instead": "help"}


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return signed_in(app, an_administrator)


def signed_in(app: Flask, who: object) -> FlaskClient:
    with app.app_context(), transaction() as session:
        person = who(session)  # type: ignore[operator]
    opened = app.test_client()
    sign_in(opened, person)
    return opened


def test_a_visitor_reads_verdict_sentence_rule_and_what_to_do_instead(client: FlaskClient) -> None:
    page = client.get(f"{ASK}?product=assisted_basic&task=module_installation").text
    for part in (
        "No, we do not do this",
        "Assisted Basic sets the migration up and installs no plug-ins",
        "Rule C-038",
        "for $40.00 more",
    ):
        assert part in page
    hosting = client.get(f"{ASK}?product=hosting&task=reindexing").text
    assert "Is it to test a server error?" in hosting
    assert "Rule M-038b" in hosting
    assert "Yes, we do this" in client.get(f"{ASK}?product=hosting&task=reindexing&holds=yes").text
    assert "No, we do not do this" in client.get(f"{ASK}?product=hosting&task=reindexing&holds=no").text


def test_words_find_tasks_and_what_is_not_found_says_what_to_do_next(client: FlaskClient) -> None:
    assert "Set up a CDN or firewall" in client.get(f"{ASK}?product=package&q=cloudflare").text
    nothing = client.get(f"{ASK}?product=package&q=蜜蜂蜜蜂").text
    assert "Nothing in our list has these words" in nothing
    assert "Process orders or shipments" in nothing


@pytest.mark.parametrize(
    "query",
    ["product=", "product=shoes", "product=hosting&q=" + "x" * 300],
)
def test_bad_questions_get_a_sentence(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{ASK}?{query}")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_made_up_tasks_and_conditions_do_no_harm(client: FlaskClient) -> None:
    assert client.get(f"{ASK}?product=hosting&task=shine&holds=perhaps").status_code == 200
    assert client.get(f"{ASK}/by-yourself").status_code == 200


def test_an_administrator_changes_an_answer_and_everybody_reads_it(
    client: FlaskClient, administrator: FlaskClient
) -> None:
    assert "What we do" in administrator.get("/admin/scope?q=cache").text
    assert fill_in(administrator, EDIT, action=EDIT, **AS_IT_IS, reason="").status_code == 422
    same = fill_in(administrator, EDIT, action=EDIT, **AS_IT_IS, reason="No change")
    assert (same.status_code, "Nothing was changed" in same.text) == (409, True)
    page = administrator.get(EDIT)
    changed = {**AS_IT_IS, "verdict": "best_effort", "sentence": "We try to clear it.", "reason": "Many asked."}
    assert fill_in(administrator, EDIT, action=EDIT, **changed).status_code == 303
    assert "We try to clear it." in client.get(f"{ASK}?product=hosting&task=cache_management").text
    now_reads = administrator.get(EDIT).text
    assert "1 to 2" in now_reads
    assert "Many asked." in administrator.get("/admin/scope/editions").text
    old_row = page.text.split('name="row" type="hidden" value="')[1].split('"')[0]
    stale = fill_in(administrator, EDIT, action=EDIT, row=old_row, **{**changed, "sentence": "Another."})
    assert (stale.status_code, "Somebody changed this answer" in stale.text) == (409, True)


def test_the_editor_is_the_administrators_alone(app: Flask, client: FlaskClient) -> None:
    for who in (a_customer, an_account_manager):
        assert signed_in(app, who).get("/admin/scope").status_code == 404
    assert client.get("/admin/scope").status_code == 302
    assert signed_in(app, an_administrator).get("/admin/scope/nothing/hosting").status_code == 404
    assert signed_in(app, an_administrator).get("/admin/scope/reindexing/nothing").status_code == 404
