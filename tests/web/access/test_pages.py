"""Giving access in the browser: what is kept, what is said, and what is never shown."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from migrator.access.lifecycle import ItemKind, ItemState
from migrator.access.models import AccessItem, Secret
from migrator.access.operations import reveal
from migrator.access.queries import secret_of
from migrator.access.vault import Vault
from migrator.accounts.models import Person
from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.database.session import reading, transaction
from migrator.fulfilment.models import PauseReason
from migrator.journeys.pause_delivery import pause_delivery
from migrator.journeys.verify_access import verify_item
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.settings import Settings
from tests.factories.accounts import submit
from tests.factories.fulfilment import ANSWERS, PASSWORD, a_paid_order, item_of_kind, kyiv, verify_everything
from tests.factories.people import a_customer, an_account_manager, sign_in

NEW_PASSWORD = "another-Secret-9"


class Desk:
    """One paid order, its customer signed in, and its manager."""

    def __init__(self, app: Flask, client: FlaskClient, now: datetime) -> None:
        self.app, self.client = app, client
        with app.app_context(), transaction() as session:
            self.customer, self.manager = a_customer(session), an_account_manager(session)
            self.number = a_paid_order(session, self.customer, now=now).number
        sign_in(client, self.customer)

    def item(self, kind: ItemKind) -> AccessItem:
        with self.app.app_context(), reading() as session:
            item = item_of_kind(session, order_for_staff(session, self.number), kind)
            session.expunge_all()
            return item

    def order(self) -> Order:
        with self.app.app_context(), reading() as session:
            order = order_for_staff(session, self.number)
            session.expunge_all()
            return order

    def address(self, kind: ItemKind) -> str:
        return f"/orders/{self.number}/access/{self.item(kind).id}"

    def page(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def send(self, address: str, values: dict[str, str] | None = None) -> tuple[int, str]:
        form = re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]*)"', self.page(address))
        answer = self.client.post(address, data={**dict(form), **(values or {})})
        return answer.status_code, answer.get_data(as_text=True)

    def give(self, kind: ItemKind, **differences: str) -> tuple[int, str]:
        return self.send(self.address(kind), {**ANSWERS[kind], **differences})

    def give_everything(self) -> None:
        with self.app.app_context(), reading() as session:
            order = order_for_staff(session, self.number)
            items = session.scalars(select(AccessItem).where(AccessItem.order_id == order.id, AccessItem.required))
            found = [(item.kind, item.id) for item in items]
        for kind, item_id in found:
            assert self.send(f"/orders/{self.number}/access/{item_id}", ANSWERS[kind])[0] == 303


@pytest.fixture
def desk(app: Flask, client: FlaskClient, now: datetime) -> Desk:
    return Desk(app, client, now)


def test_the_list_says_what_is_needed_that_nothing_is_late_and_the_earliest_date(desk: Desk) -> None:
    page = desk.page(f"/orders/{desk.number}/access")
    for words in ("Old site FTP or SFTP", "Not started", "Optional", "Still needed: ", "Nothing is late yet."):
        assert words in page
    assert "If everything is in today and checked by Wed 25 Nov: ready by Fri 4 Dec." in page


def test_what_was_given_is_sealed_and_answered_with_a_receipt(desk: Desk, settings: Settings) -> None:
    assert desk.give(ItemKind.FTP)[0] == 303
    page = desk.page(desk.address(ItemKind.FTP))
    assert "Password saved Tue 24 Nov 2026, 11:00. Encrypted." in page
    assert "Seen by: nobody yet." in page
    assert 'value="ftp.old.example"' in page
    assert PASSWORD not in page
    (secret,) = desk.item(ItemKind.FTP).secrets
    assert Vault(settings.keys.access_keys).open(secret.sealed or b"") == PASSWORD


def test_bad_input_has_a_sentence_at_its_field_keeps_the_rest_and_forgets_the_secret(desk: Desk) -> None:
    status, page = desk.give(ItemKind.FTP, host="ftp://old example", user_name="mover-7")
    assert status == 422
    assert "Enter the server as a name alone" in page
    assert 'value="mover-7"' in page
    assert 'value="ftp://old example"' in page
    assert "Type it again" in page
    assert PASSWORD not in page
    assert desk.item(ItemKind.FTP).state is ItemState.NOT_STARTED


def test_nothing_typed_is_answered_with_one_sentence_for_each_field(desk: Desk) -> None:
    _status, page = desk.send(desk.address(ItemKind.FTP), {"protocol": "telnet", "port": "0"})
    for sentence in ("Choose the protocol.", "Enter the server.", "The port must be", "Enter the user name."):
        assert sentence in page
    assert "Enter the password." in page


def test_a_saved_password_stays_when_its_field_is_left_empty(desk: Desk) -> None:
    desk.give(ItemKind.FTP)
    assert desk.give(ItemKind.FTP, host="sftp.old.example", password="")[0] == 303
    ftp = desk.item(ItemKind.FTP)
    assert ftp.open_fields["host"] == "sftp.old.example"
    assert [secret.destroyed_at for secret in ftp.secrets] == [None]


def test_a_secret_is_replaced_by_a_newer_one(desk: Desk) -> None:
    desk.give(ItemKind.FTP)
    desk.give(ItemKind.FTP, password=NEW_PASSWORD)
    assert "Our copy was destroyed Tue 24 Nov 2026, 11:00: replaced by a newer one." in desk.page(
        desk.address(ItemKind.FTP)
    )


def test_a_secret_is_destroyed_after_one_more_question(desk: Desk) -> None:
    desk.give(ItemKind.FTP)
    page = desk.page(desk.address(ItemKind.FTP))
    (address,) = re.findall(r'href="([^"]+/destroy)"', page)
    assert "for good" in desk.page(address)
    assert desk.item(ItemKind.FTP).secrets[0].sealed is not None
    assert desk.send(address)[0] == 303
    ftp = desk.item(ItemKind.FTP)
    assert (ftp.secrets[0].sealed, ftp.state) == (None, ItemState.NOT_STARTED)
    assert "destroyed by the customer" in desk.page(desk.address(ItemKind.FTP))


def test_sending_too_early_names_what_is_missing(desk: Desk) -> None:
    status, page = desk.send(f"/orders/{desk.number}/access")
    assert status == 409
    assert "This is still needed before we can check: Old site address" in page


def test_everything_is_sent_and_may_be_changed_until_it_is_checked(desk: Desk, now: datetime) -> None:
    desk.give_everything()
    assert "Completed" in desk.page(f"/orders/{desk.number}/access")
    assert desk.send(f"/orders/{desk.number}/access")[0] == 303
    assert desk.order().state is OrderState.VERIFYING
    page = desk.page(f"/orders/{desk.number}/access")
    assert "We aim: checked by Wed 25 Nov 2026, 11:00" in page
    assert "Send for checking" not in page
    assert desk.give(ItemKind.FTP, password=NEW_PASSWORD)[0] == 303
    with desk.app.app_context(), transaction() as session:
        order = order_for_staff(session, desk.number)
        verify_item(session, order, item_of_kind(session, order, ItemKind.FTP), actor=desk.manager.actor, now=now)
    page = desk.page(desk.address(ItemKind.FTP))
    assert "We have checked these details" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_the_answer_to_a_pause_goes_on_with_the_count(desk: Desk, clock: FileClock, now: datetime) -> None:
    desk.give_everything()
    desk.send(f"/orders/{desk.number}/access")
    with desk.app.app_context(), transaction() as session:
        order = order_for_staff(session, desk.number)
        verify_everything(session, order, desk.manager, now=now)
        ftp = item_of_kind(session, order, ItemKind.FTP)
        author = session.get_one(Person, desk.manager.id)
        told_at = kyiv("2026-11-27 15:00")
        pause_delivery(
            session,
            order,
            ftp,
            reason=PauseReason.ACCESS_WRONG,
            message="The password is refused.",
            author=author,
            now=told_at,
        )
    clock.set(kyiv("2026-12-01 12:00"))
    assert "The password is refused." in desk.page(desk.address(ItemKind.FTP))
    assert "If you answer now: ready by Mon 7 Dec 2026, 08:00" in desk.page(f"/orders/{desk.number}/access")
    assert desk.give(ItemKind.FTP, password=NEW_PASSWORD)[0] == 303
    assert "we go on with your order" in desk.page(f"/orders/{desk.number}/access")
    assert desk.order().due_at == kyiv("2026-12-07 08:00")


def test_a_form_that_somebody_else_has_overtaken_is_refused_with_its_input(desk: Desk) -> None:
    address = desk.address(ItemKind.FTP)
    old = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]*)"', desk.page(address)))
    desk.give(ItemKind.FTP)
    answer = desk.client.post(address, data={**ANSWERS[ItemKind.FTP], **old, "host": "late.example"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Somebody changed this" in page
    assert 'value="late.example"' in page
    assert PASSWORD not in page


def test_the_customer_sees_who_looked_and_why(desk: Desk, settings: Settings, now: datetime) -> None:
    desk.give(ItemKind.FTP)
    with desk.app.app_context(), transaction() as session:
        order = order_for_staff(session, desk.number)
        secret_id = session.scalars(select(Secret.id)).one()
        vault = Vault(settings.keys.access_keys)
        secret = secret_of(session, order.id, secret_id)
        reveal(session, secret, reason="First check", actor=desk.manager.actor, now=now, vault=vault)
    page = desk.page(desk.address(ItemKind.FTP))
    assert f"Seen by: {desk.manager.name}, Tue 24 Nov 2026, 11:00: First check." in page


def test_nobody_else_finds_the_pages(desk: Desk) -> None:
    desk.give(ItemKind.FTP)
    item = desk.item(ItemKind.FTP)
    base = f"/orders/{desk.number}/access"
    addresses = [base, f"{base}/{item.id}", f"{base}/{item.id}/secrets/{item.secrets[0].id}/destroy"]
    with desk.app.app_context(), transaction() as session:
        strangers = [a_customer(session), an_account_manager(session)]
    for stranger in strangers:
        other = desk.app.test_client()
        sign_in(other, stranger)
        assert {other.get(address).status_code for address in addresses} == {404}
    assert {desk.app.test_client().get(address).status_code for address in addresses} == {302}


def test_another_orders_item_is_not_found_under_this_number(desk: Desk, now: datetime) -> None:
    with desk.app.app_context(), transaction() as session:
        customer = session.get_one(Person, desk.customer.id)
        other = a_paid_order(session, customer, now=now, source="drupal")
        foreign = item_of_kind(session, other, ItemKind.FTP).id
    assert desk.client.get(f"/orders/{desk.number}/access/{foreign}").status_code == 404


def test_a_page_that_breaks_says_nothing_of_the_secret(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk.app.testing = False
    address = desk.address(ItemKind.FTP)
    form = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]*)"', desk.page(address)))
    monkeypatch.setattr("migrator.web.access.items.save_access", _breaks)
    answer = desk.client.post(address, data={**form, **ANSWERS[ItemKind.FTP]})
    assert answer.status_code == 500
    assert PASSWORD not in answer.get_data(as_text=True) + caplog.text


def test_the_list_asks_the_same_few_questions_however_much_is_saved(desk: Desk) -> None:
    # The first page of a process reads the calendar, which is kept.
    desk.page(f"/orders/{desk.number}/access")
    before = _questions(desk)
    desk.give_everything()
    assert _questions(desk) <= before + 2 <= 9


def _breaks(*_arguments: object, **_named: object) -> None:
    raise RuntimeError("The disk is full.")


def _questions(desk: Desk) -> int:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with desk.app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        desk.page(f"/orders/{desk.number}/access")
        event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in asked if statement.startswith("SELECT")])


def test_after_the_run_passwords_are_ticked_as_changed_and_everything_can_be_destroyed(desk: Desk) -> None:
    desk.give_everything()
    page = f"/orders/{desk.number}/access"
    assert "Change the passwords you gave us" not in desk.page(page)
    assert "We still work with them" in desk.page(f"{page}/destroy")
    with desk.app.app_context(), transaction() as session:
        order = order_for_staff(session, desk.number)
        order.state, order.delivered_at = OrderState.IN_REVIEW, order.placed_at
    tick = f"{desk.address(ItemKind.FTP)}/changed"
    for path, sentence in ((tick, "You told us on"), (tick.replace("/changed", "/unchanged"), "I have changed it")):
        assert submit(desk.client, path, form_on=page).status_code == 303
        assert sentence in desk.page(page)
    assert desk.client.get(f"/orders/{desk.number}/documents/destruction.pdf").status_code == 409

    assert submit(desk.client, f"{page}/destroy").status_code == 303
    assert "Nothing is left with us" in desk.page(page)
    assert submit(desk.client, f"{page}/destroy", form_on=page).status_code == 409
    certificate = desk.client.get(f"/orders/{desk.number}/documents/destruction.pdf")
    assert certificate.data.startswith(b"%PDF-")
    assert PASSWORD.encode() not in certificate.data
