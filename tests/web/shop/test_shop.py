"""The shop window as a visitor sees it."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.clock.source import FileClock

QUESTIONS = "/start?source=wordpress&target=shopify&pages={pages}&who={who}"


def answered(client: FlaskClient, pages: int | str, who: str = "package", more: str = "") -> str:
    answer = client.get(QUESTIONS.format(pages=pages, who=who) + more)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_first_page_shows_a_promise_that_is_worked_out_now(client: FlaskClient, clock: FileClock) -> None:
    assert "Ready by Thu 3 Dec 2026, 11:00" in client.get("/").text
    clock.set(datetime.fromisoformat("2026-12-24T12:00:00+00:00"))
    page = client.get("/").text
    assert "Ready by Wed 6 Jan 2027, 14:00" in page
    assert "Show the count" in page


def test_the_price_list_shows_all_that_is_sold(client: FlaskClient) -> None:
    page = client.get("/prices").text
    for part in ("Package Ultimate", "We quote", "$1,490.00", "Personal account manager".lower(), "25 %", "$45.00"):
        assert part in page or part in page.lower()


def test_four_answers_give_product_price_limits_and_date(client: FlaskClient) -> None:
    page = answered(client, 800)
    for part in (
        "Package Basic",
        "$249.00",
        "Up to 1,000",
        "6 hours",
        "7 working days",
        "More than 1,000 pages",
        "7 % of $249.00 = $17.43",
        "12 % of $249.00 = $29.88",
        "you could have it by Thu 3 Dec 2026, 11:00 at the earliest",
        "Ready by Thu 3 Dec 2026, 11:00",
        "$350.00 more",
    ):
        assert part in page


@pytest.mark.parametrize(
    ("pages", "who", "found"),
    [
        (1_000, "package", "Package Basic: "),
        ("1,001", "package", "Package Extended: "),
        (5_000, "package", "Package Extended: "),
        ("5 001", "package", "Package Premium: "),
        (25_000, "package", "Package Premium: "),
        (25_001, "package", "25,001–100,000 pages: our packages do not cover this size."),
        (100_000, "package", "Between Premium and Ultimate – we quote"),
        (100_001, "package", "Package Ultimate – we quote"),
        (100_000, "self_service", "up to 100,000 pages: "),
        (100_001, "self_service", "A very large site – we quote"),
        (100_001, "assisted", "A very large site – we quote"),
        (800, "assisted", "Assisted Basic: "),
    ],
)
def test_sizes_fall_where_the_rules_say(client: FlaskClient, pages: int | str, who: str, found: str) -> None:
    assert found in answered(client, pages, who)


def test_the_gap_offers_two_ways_to_ask_and_the_day_of_the_answer(client: FlaskClient) -> None:
    page = answered(client, 25_001)
    assert "by <strong>Fri 27 Nov 2026, 11:00</strong>" in page
    assert "$1,490.00 + $25.00" in page
    assert "product=PACK-ULTIMATE" in page
    assert "product=PACK-PREMIUM" in page
    assert "Check your order" not in page


def test_what_was_picked_changes_the_price(client: FlaskClient) -> None:
    page = answered(client, 800, "assisted", "&product=ASSIST-PREMIUM&options=OPT-SEO&insurance=1")
    assert "Assisted Premium: " in page
    assert "verified Friday 16:00, ready Monday 16:00" in page
    assert "7 % of $108.00 = $7.56" in page
    assert "$264.56" in page


def test_nobody_promises_a_date_for_self_service(client: FlaskClient) -> None:
    page = answered(client, 800, "self_service")
    assert "we aim to have them checked by Wed 25 Nov 2026, 11:00" in page
    assert "Ready by" not in page


@pytest.mark.parametrize(
    ("question", "wrong", "sentence"),
    [
        ("pages", "", "Enter the number of pages as a whole number, such as 800"),
        ("pages", "many", "Enter the number of pages as a whole number, such as 800"),
        ("pages", "-5", "Enter the number of pages as a whole number, such as 800"),
        ("pages", "8.5e3", "Enter the number of pages as a whole number, such as 800"),
        ("pages", "٨٠٠", "Enter the number of pages as a whole number, such as 800"),
        ("pages", "0", "Enter a number of pages from 1 to 50,000,000"),
        ("pages", "50000001", "Enter a number of pages from 1 to 50,000,000"),
        ("pages", "9" * 400, "Enter the number of pages as a whole number, such as 800"),
        ("source", "", "Choose your present system"),
        ("source", "geocities", "Choose your present system"),
        ("target", "<script>", "Choose the new system"),
        ("who", "somebody", "Choose who does the work"),
        ("insurance", "9", "Choose an insurance"),
        ("options", "OPT-GIFT", "Choose options from those shown"),
    ],
)
def test_a_wrong_answer_is_named_at_its_question_and_the_others_are_kept(
    client: FlaskClient, question: str, wrong: str, sentence: str
) -> None:
    answers = {"source": "wordpress", "target": "shopify", "pages": "812", "who": "package", "insurance": "2"}
    answer = client.get("/start", query_string={**answers, question: wrong})
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert 'value="812"' in answer.text or question == "pages"
    assert "<script>" not in answer.text.partition("<main")[2]
    assert "Check your order" not in answer.text


def test_a_product_that_is_too_small_gives_way_to_our_advice(client: FlaskClient) -> None:
    page = answered(client, 1_001, more="&product=PACK-BASIC")
    assert "Package Extended: " in page


def test_the_same_system_on_both_sides_is_an_upgrade(client: FlaskClient) -> None:
    assert client.get("/start?source=joomla&target=joomla&pages=10&who=package").status_code == 200


def test_pages_come_without_inline_scripts_and_styles(app: Flask, client: FlaskClient) -> None:
    for url in ("/", "/prices", "/start", QUESTIONS.format(pages=800, who="package")):
        page = client.get(url).text
        assert "style=" not in page
        assert "<script>" not in page
        assert page.count("<h1") == 1
