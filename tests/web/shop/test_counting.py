"""Counting pages from the shop window and from the workbench, over real sites on this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.database.session import reading, transaction
from migrator.orders.queries import notes_of, order_for_staff
from migrator.settings import Settings
from tests.conftest import NOW, settings_for
from tests.factories.forms import fill_in
from tests.factories.fulfilment import an_order_under_way
from tests.factories.people import a_customer, an_account_manager, sign_in
from tests.factories.websites import a_website, urlset

COUNT = "/start/count"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return replace(settings_for(tmp_path, database_url), sitemap_private=True)


def count(client: FlaskClient, **typed: str) -> tuple[int, str]:
    """This will press the button on the page of questions, with what else was typed."""
    page = client.get("/start").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = client.post(COUNT, data={"csrf_token": token, **typed})
    return answer.status_code, answer.text


def test_the_number_goes_into_the_field_and_the_other_answers_stay(client: FlaskClient) -> None:
    with a_website({"/sitemap.xml": urlset(*(f"{{site}}/{page}" for page in range(1_001)))}) as site:
        status, page = count(client, site=site.address, source="wordpress", target="", pages="")
        assert (status, 'value="1001"' in page) == (200, True)
        assert "We found 1,001 addresses in 1 sitemap of 127.0.0.1." in page
        assert '<option selected value="wordpress">' in page
        assert "There is a problem" not in page
        whole = {"source": "wordpress", "target": "shopify", "pages": "5", "who": "package", "insurance": "none"}
        assert "Package Extended: " in count(client, site=site.address, **whole)[1]
        assert client.post(COUNT, data={"site": site.address}).status_code == 400
    assert client.get(COUNT).location == "/start"


@pytest.mark.parametrize(
    "typed", ["", "x" * 5_000, "http://me:secret@127.0.0.1", "файл:///etc/passwd", "http://127.0.0.1:9"]
)
def test_what_cannot_be_counted_is_said_at_its_field(client: FlaskClient, typed: str) -> None:
    status, page = count(client, site=typed, pages="800")
    assert status == 422
    assert 'id="site-error"' in page
    assert 'value="800"' in page


def test_one_place_may_count_ten_times_in_ten_minutes(client: FlaskClient) -> None:
    assert [count(client, site="")[0] for _ in range(11)] == [422] * 10 + [429]


def test_the_manager_gets_a_proposal_and_a_note_that_only_staff_read(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        manager = an_account_manager(session)
        order = an_order_under_way(session, a_customer(session), manager, now=NOW)
        order.source_address = "http://127.0.0.1:9"
        number, address = order.number, f"/desk/orders/{order.number}/sitemap"
    sign_in(client, manager)
    assert address in client.get(f"/desk/orders/{number}").text
    with a_website({"/sitemap.xml": urlset("{site}/1", "{site}/2")}) as site:
        with app.app_context(), transaction() as session:
            order_for_staff(session, number).source_address = site.address
        answer = fill_in(client, address, action=address)
    assert (answer.status_code, answer.location) == (303, f"{address}?found=2")
    page = client.get(answer.location).text
    assert f'href="/desk/orders/{number}/pages?pages=2"' in page
    with app.app_context(), reading() as session:
        order = order_for_staff(session, number)
        (note,) = notes_of(session, order.id, limit=5)
        assert note.body == "Counted from the sitemap: 2 addresses in 1 sitemap of 127.0.0.1."
    assert fill_in(client, address, action=address).status_code == 409
