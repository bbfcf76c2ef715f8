"""Hosting as its customer uses it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from migrator.database.session import transaction
from migrator.hosting.maintenance_queries import maintenance_for_staff
from migrator.journeys.maintain_hosting import announce_maintenance, withdraw_maintenance
from tests.conftest import NOW
from tests.factories.forms import fill_in
from tests.factories.hosting import an_instance
from tests.factories.people import a_customer, an_account_manager, sign_in

RESTORE, MOVE, REVIEW = "/hosting/1/restore", "/hosting/1/migration", "/hosting/1/review"
WISH = {
    "kind": "files_part",
    "paths": "/media/catalog",
    "wanted_on": "2026-11-20",
    "has_backup": "y",
    "own_backup_on": "2026-11-24",
    "acknowledged": "y",
}
SITE = {
    "source": "woocommerce",
    "pages": "800",
    "source_address": "https://old.example",
    "target_address": "https://shop.example",
    "has_backup": "y",
    "own_backup_on": "2026-11-24",
}


@pytest.fixture
def customer(app: Flask, client: FlaskClient) -> Person:
    with app.app_context(), transaction() as session:
        person = a_customer(session)
        an_instance(session, person)
    sign_in(client, person)
    return person


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    with app.app_context(), transaction() as session:
        person = a_customer(session)
    opened = app.test_client()
    sign_in(opened, person)
    return opened


@pytest.mark.usefixtures("customer")
def test_an_instance_says_what_its_plan_promises(client: FlaskClient) -> None:
    assert "shop.example" in client.get("/hosting").text
    page = client.get("/hosting/1").text
    assert "First answer within 15 minutes, day and night" in page
    assert "We never promise when a problem is solved" in page


@pytest.mark.usefixtures("customer")
def test_the_days_come_newest_first_with_when_each_copy_disappears(client: FlaskClient) -> None:
    page = client.get(RESTORE).text
    assert page.index("Tue 24 Nov 2026") < page.index("Mon 23 Nov 2026") < page.index("Tue 17 Nov 2026")
    assert "This copy disappears at end of Tue 24 Nov 2026 Kyiv." in page
    assert "Mon 16 Nov 2026" not in page


@pytest.mark.usefixtures("customer")
@pytest.mark.parametrize(
    ("differences", "status", "sentence"),
    [
        ({"kind": ""}, 422, "Choose what we are to bring back"),
        ({"wanted_on": ""}, 422, "Choose the day of the copy"),
        ({"wanted_on": "2026-11-16"}, 409, "copies are kept for 7 days"),
        ({"wanted_on": "tomorrow"}, 409, "Choose one of the days in the list"),
        ({"paths": ""}, 409, "which files and folders"),
        ({"has_backup": ""}, 422, "Make your own backup first"),
        ({"own_backup_on": "31.2."}, 422, "Enter a date"),
        ({"own_backup_on": "2026-11-25"}, 409, "up to Tue 24 Nov 2026"),
        ({"own_backup_on": "2026-11-16"}, 409, "Your backup is more than 7 days old"),
        ({"acknowledged": ""}, 409, "Read the hosting desk’s policy"),
        ({"paths": "x" * 6_000}, 422, "5,000 characters"),
    ],
)
def test_bad_wishes_get_a_sentence_and_keep_what_was_typed(
    client: FlaskClient, differences: dict[str, str], status: int, sentence: str
) -> None:
    answer = fill_in(client, RESTORE, action=RESTORE, **{**WISH, **differences})
    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert "Nothing was asked for yet" in client.get("/hosting/1").text


@pytest.mark.usefixtures("customer")
def test_an_old_backup_is_known_once_and_a_wish_can_be_taken_back(client: FlaskClient) -> None:
    old = {**WISH, "own_backup_on": "2026-11-16", "old_backup_known": "y"}
    assert fill_in(client, RESTORE, action=RESTORE, **old).status_code == 303
    withdraw = "/hosting/restores/1/withdraw"
    assert fill_in(client, "/hosting/restores/1", action=withdraw).status_code == 303
    assert "Withdrawn" in client.get("/hosting/restores/1").text


@pytest.mark.usefixtures("customer")
def test_the_free_migration_is_ordered_without_paying_and_the_next_has_its_price(client: FlaskClient) -> None:
    assert fill_in(client, MOVE, action=MOVE, **{**SITE, "pages": "many"}).status_code == 422
    large = fill_in(client, MOVE, action=MOVE, **{**SITE, "pages": "25001"})
    assert (large.status_code, "Up to 25,000 pages" in large.text) == (409, True)
    ordered = fill_in(client, MOVE, action=MOVE, **SITE)
    assert ordered.status_code == 303
    assert "access details" in client.get(ordered.location).text
    # There is no receipt of nothing, and no page to pay it.
    for page in ("pay", "receipt"):
        answer = client.get(f"{ordered.location}/{page}", follow_redirects=True)
        assert (answer.status_code, answer.request.path) == (200, ordered.location)
    assert "Receipt over" not in client.get(ordered.location).text
    again = client.get(MOVE).text
    assert "A further one has its usual price" in again
    assert 'name="source_address"' not in again


def test_what_is_asked_from_the_page_of_a_shop_is_about_that_shop(
    app: Flask, client: FlaskClient, customer: Person
) -> None:
    with app.app_context(), transaction() as session:
        an_instance(session, customer, name="outlet.example")
        sign_in(manager := app.test_client(), an_account_manager(session))
    assert "/support/new?desk=hosting&amp;instance=1" in client.get("/hosting/1").text
    new = "/support/new?desk=hosting&instance=1&category=technical&subject=Slow"
    asked = client.get(new).location
    assert '<option selected value="1">' in client.get(asked).text
    told = {"description": "Each page takes ten seconds since Monday.", "language": "en", "acknowledged": "y"}
    sent = asked.replace("&instance=1", "")
    thread = fill_in(client, asked, action=sent, instance="1", **told).location
    assert thread in client.get("/hosting/1").text
    assert thread not in client.get("/hosting/2").text
    ticket = f"/desk/tickets/{thread.rsplit('/', 1)[1]}"
    assert ticket in manager.get("/desk/hosting/instances/1").text
    assert "/desk/hosting/instances/1" in manager.get(ticket).text


@pytest.mark.usefixtures("customer")
def test_a_performance_review_opens_one_request(client: FlaskClient) -> None:
    assert fill_in(client, REVIEW, action=REVIEW, words="").status_code == 422
    unread = fill_in(client, REVIEW, action=REVIEW, words="Slow since Monday.")
    assert (unread.status_code, "Slow since Monday." in unread.text) == (409, True)
    assert fill_in(client, REVIEW, action=REVIEW, words="Slow since Monday.", acknowledged="y").status_code == 303
    assert "first request to the hosting desk" not in client.get(REVIEW).text


@pytest.mark.usefixtures("customer")
def test_what_is_another_customers_is_not_there(client: FlaskClient, stranger: FlaskClient) -> None:
    fill_in(client, RESTORE, action=RESTORE, **WISH)
    assert "You have no hosting with us" in stranger.get("/hosting").text
    for page in ("/hosting/1", RESTORE, MOVE, REVIEW, "/hosting/restores/1", "/hosting/99"):
        assert stranger.get(page).status_code == 404


def test_maintenance_stands_on_the_customers_pages_and_in_their_calendar(
    app: Flask, client: FlaskClient, customer: Person, stranger: FlaskClient, clock: FileClock
) -> None:
    starts_at = NOW + timedelta(hours=10)
    with app.app_context(), transaction() as session:
        manager = an_account_manager(session)
        window = announce_maintenance(
            session,
            title="New servers",
            reason="They are faster.",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            instance_ids=[1],
            person=manager,
            zone="Europe/Kyiv",
            now=NOW,
        )
        path, window_id = f"/hosting/maintenance/{window.id}.ics", window.id
    words = "Maintenance: Tue 24 Nov 2026, 21:00 to 23:00 Kyiv"
    assert all(words in client.get(page).text for page in ("/hosting", "/orders", "/support"))
    assert words not in stranger.get("/orders").text
    assert "21:00 to 23:00 Kyiv: New servers" in stranger.get("/status").text
    file = client.get(path)
    assert (file.status_code, file.mimetype) == (200, "text/calendar")
    assert all(part in file.text for part in ("METHOD:PUBLISH", "DTSTART:20261124T190000Z", "STATUS:CONFIRMED"))
    assert stranger.get(path).status_code == 404
    with app.app_context(), transaction() as session:
        found = maintenance_for_staff(session, window_id, for_update=True)
        withdraw_maintenance(session, found, reason="No.", person=manager, zone="Europe/Kyiv", now=NOW)
    assert "STATUS:CANCELLED" in client.get(path).text
    assert not any("Maintenance:" in client.get(page).text for page in ("/hosting", "/orders", "/support"))
    assert "New servers" not in stranger.get("/status").text
