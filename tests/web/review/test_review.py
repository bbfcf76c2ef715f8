"""From the checks to the one click, walked through the pages of both sides, with what is refused on the way."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from migrator.database.session import reading, transaction
from migrator.fulfilment.previews.rules import LinesWrong, read_counts, read_pairs
from migrator.fulfilment.runs.models import Run
from migrator.orders.lifecycle import OrderState
from migrator.orders.queries import order_for_staff
from tests.factories import previews, stages
from tests.factories.forms import fields_of
from tests.factories.people import a_customer, sign_in
from tests.web.desk.bench import Desk

PAIRS = "Front page | https://old.example/ | https://new.example/\nhttps://old.example/a | https://new.example/b"
COUNTS = "Pages | 812 | 810 | 2 | Two were empty.\nImages | 2,400 | 2,400 | 0"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "Enter at least one pair"),
        ("only words", "Line 1: write it as title | old address | new address."),
        ("a | b | c | d", "Line 1: write it as"),
        ("T | ftp://old.example | https://new.example", "Line 1: the old address cannot be used."),
        ("T | https://old.example | https://me:secret@new.example", "Line 1: the new address cannot be used."),
        ("https://old.example | ", "Line 1: the new address cannot be used."),
        ("x" * 201 + " | https://old.example | https://new.example", "Line 1: use 200 characters or less"),
        ("https://a.example | https://b.example\n" * 51, "Enter 50 lines or less."),
    ],
)
def test_pairs_that_cannot_be_read_are_named(line: str, sentence: str) -> None:
    with pytest.raises(LinesWrong, match=sentence.replace("|", r"\|")):
        read_pairs(line)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("\n \n", "Enter at least one count."),
        ("Pages | 10 | 10", "Line 1: write it as kind"),
        ("Pages | 3 | 3 | 0\nImages | -1 | 0 | 0", "Line 2: “-1” is not a whole number"),
        ("Pages | ten | 10 | 0", "Line 1: “ten” is not a whole number"),
        ("Pages | ٣ | 3 | 0", "is not a whole number"),
        ("Pages | " + "9" * 400 + " | 1 | 0", "is not a whole number"),
        ("Pages | 10 | 7 | 2 | Lost", "Line 1: 10 expected is not 7 moved and 2 skipped together."),
        ("Pages | 10 | 8 | 2", "Line 1: say why 2 of Pages were skipped."),
    ],
)
def test_counts_that_do_not_add_up_are_named(line: str, sentence: str) -> None:
    with pytest.raises(LinesWrong, match=sentence.replace("|", r"\|")):
        read_counts(line)


def test_a_preview_is_prepared_and_published_at_the_desk(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, stages.an_order_under_way)
    assert "Publish a preview" in desk.see()
    assert "Only 0 of 6 checks" in desk.see("/preview")
    typed = {f"outcome_{key}": "passed" for key in previews.PASSED}
    answer = desk.send("/checks/validation", **{**typed, "outcome_target": "failed"})
    assert (answer.status_code, "Say what is wrong: The new site is empty" in answer.text) == (422, True)
    assert desk.send("/checks/validation", **typed).status_code == 303
    assert client.get(f"{desk.address}/checks/nonsense").status_code == 404
    assert desk.send("/plugins", name="bbPress", entity="forum posts").status_code == 303
    twice = desk.send("/plugins", name=" bbPress ", entity="")
    assert (twice.status_code, "on the list already" in twice.text) == (409, True)
    with app.app_context(), transaction() as session:
        order_for_staff(session, desk.number).measured_pages = 812
    lines = {"pairs": PAIRS, "counts": COUNTS, "words": "Look at the menu."}
    refused = desk.send("/preview", **lines)
    assert (refused.status_code, "Not installed yet: bbPress." in refused.text) == (409, True)
    assert "Two were empty." in refused.text
    bad = desk.send("/preview", **{**lines, "counts": "Pages | 3 | 1 | 1 | Lost"})
    assert (bad.status_code, "Line 1: 3 expected is not" in bad.text) == (422, True)
    plugin_url = next(url for url in desk.see("/plugins").split('"') if url.endswith("/installed"))
    assert client.post(plugin_url).status_code == 303
    assert desk.send("/preview", **lines).status_code == 303
    with desk.order() as (_, order):
        assert order.state is OrderState.PREVIEW_READY
    assert "Two were empty." in desk.see("/preview")


def test_a_customer_marks_sends_back_and_starts_once(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        order = previews.an_order_with_a_preview(session)
        number, customer = order.number, order.placed_by
        sign_in(client, customer)
        colleague = a_customer(session, organisation=order.organisation)
        stranger = a_customer(session)
    url = f"/orders/{number}/review"
    assert f'href="{url}"' in client.get(f"/orders/{number}").text
    page = client.get(url).text
    assert "Two pages were empty." in page
    fields = fields_of(page, url)
    wrong = next(name for name in fields if name.startswith("verdict_"))
    wordless = client.post(url, data={**fields, wrong: "wrong"})
    assert (wordless.status_code, "Say what is wrong: Front page" in wordless.text) == (422, True)
    nothing = client.post(url, data={**fields, "deed": "return"})
    assert (nothing.status_code, "Mark at least one page" in nothing.text) == (409, True)
    for _twice in range(2):
        assert client.post(url, data={**fields, wrong: "right", "deed": "save"}).status_code == 303
    stale = client.post(url, data={**fields, "deed": "save"})
    assert (stale.status_code, "Somebody of your company has marked pages" in stale.text) == (409, True)
    start, backup = f"{url}/start", {"number": "1", "has_backup": "y"}
    for typed, status, sentence in [
        ({}, 422, "Enter the day on which your backup was made"),
        ({"backup_on": "2026-11-25"}, 409, "cannot be from the future"),
        ({"backup_on": "2026-11-02"}, 422, "more than 7 days old"),
        ({"backup_on": "2026-11-23", "number": "7"}, 409, "There is another preview"),
    ]:
        answer = client.post(start, data={**backup, **typed})
        assert (answer.status_code, sentence in answer.text) == (status, True), sentence
    with app.app_context(), transaction() as session:
        order_for_staff(session, number).measured_pages = 1_200
    blocked = client.post(start, data={**backup, "backup_on": "2026-11-23"})
    assert (blocked.status_code, f'href="/orders/{number}/pages"' in blocked.text) == (409, True)
    with app.app_context(), transaction() as session:
        order_for_staff(session, number).measured_pages = 812
        sign_in(client, stranger)
    assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]
    assert client.post(start, data={**backup, "backup_on": "2026-11-23"}).status_code == 404
    for who in (customer, colleague):
        with app.app_context(), transaction() as session:
            sign_in(client, session.merge(who))
        again = client.post(start, data={**backup, "backup_on": "2026-11-23"}, follow_redirects=True)
        assert again.status_code == 200
    assert f"{customer.display_name} started the full migration on Tue 24 Nov 2026, 11:00." in again.text
    assert "Full migration started." in again.text
    assert "started the full migration" in client.get(url).text
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 1
        assert order_for_staff(session, number).promise_at is not None


@pytest.mark.parametrize("make", [stages.a_paid_order, stages.an_order_under_way])
def test_before_the_first_preview_the_page_says_so(app: Flask, client: FlaskClient, make) -> None:  # type: ignore[no-untyped-def]
    with app.app_context(), transaction() as session:
        order = make(session)
        sign_in(client, order.placed_by)
    page = client.get(f"/orders/{order.number}/review")
    assert (page.status_code, "There is no preview yet" in page.text) == (200, True)
    assert client.post(f"/orders/{order.number}/review").status_code in {400, 404}
