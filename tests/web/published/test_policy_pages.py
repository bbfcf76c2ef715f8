"""Both policies for everybody, in every version, with an anchor for each promise (RULES C-001, C-044, M-005)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.database.session import reading
from migrator.policy import loading
from migrator.policy.documents import Desk, document
from migrator.scope.queries import matrix
from migrator.scope.rules import answer, asked
from migrator.web.rule_links import DELIVERIES, WINDOWS, anchor_url, scope_rule_url


@pytest.fixture
def second_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A further version of the migration desk's policy, as an operator adds one: a file beside the first."""
    folder = tmp_path / "policy"
    shutil.copytree(loading.FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / "migration_desk-1.toml").read_text()
    changed = text.replace('version = "1"', 'version = "2"').replace("2026-11-01", "2027-02-01")
    (folder / "migration_desk-2.toml").write_text(
        changed.replace("review_calendar_days = 14", "review_calendar_days = 21")
    )
    monkeypatch.setattr(loading, "FOLDER", folder)
    yield
    loading.migration_desk.cache_clear()


@pytest.mark.parametrize("desk", list(Desk))
def test_each_promise_has_its_anchor_its_rule_and_its_grade(client: FlaskClient, desk: Desk) -> None:
    page = client.get(f"/policies/{desk}").text
    assert "Version 1, from Sun 1 Nov 2026" in page
    for promise in document(desk).promises:
        section = re.search(rf'<section id="{promise.anchor}".*?</section>', page, re.DOTALL)
        assert section is not None, promise.anchor
        assert f"Rule {promise.rule}" in section[0]


def test_what_belongs_to_the_hosting_policy_is_named_even_without_an_address(client: FlaskClient) -> None:
    page = client.get("/policies/hosting").text
    assert "Terms of service" in page
    assert "What we guarantee about uptime" in page


def test_the_first_version_has_nothing_before_it(client: FlaskClient) -> None:
    assert client.get("/policies/migration/1/changes").status_code == 404
    assert "what has changed" not in client.get("/policies/").text


@pytest.mark.usefixtures("second_version")
def test_a_further_version_stands_beside_the_first_and_says_what_has_changed(client: FlaskClient) -> None:
    page = client.get("/policies/").text
    assert "Version 1" in page
    assert "from Mon 1 Feb 2027" in page
    changes = client.get("/policies/migration/2/changes").text
    assert "<del>14 days to check the results." in changes
    assert "<ins>21 days to check the results." in changes
    assert "Closed days" not in changes, "what is the same is not told"
    assert "This is not the version that holds now" in client.get("/policies/migration/2").text
    assert "14 days to check" in client.get("/policies/migration").text


@pytest.mark.parametrize(
    "path", ["/policies/nobody", "/policies/migration/9", "/policies/migration/x", "/policies/hosting/1/../2"]
)
def test_what_never_was_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_rule_that_a_page_leads_to_stands_there(app: Flask, client: FlaskClient) -> None:
    """RULES C-001, X-02."""
    with app.app_context(), reading() as session:
        cells = matrix(session)
    said = {(product, answer(asked(product, task), cells).rule) for task, product in cells}
    with app.test_request_context():
        places = {scope_rule_url(product, rule) for product, rule in said}
        places |= {anchor_url(Desk.MIGRATION, anchor) for anchor in (*WINDOWS.values(), *DELIVERIES)}
    pages = {path: client.get(path).text for path in {place.partition("#")[0] for place in places}}
    assert len(pages) == 2
    for place in places:
        path, _, anchor = place.partition("#")
        assert f'id="{anchor}"' in pages[path], place
