"""The history in the customer's words: reasons, old and new dates, and nothing told twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from migrator.history.actor import Role
from migrator.orders.operations import send_message, write_note
from migrator.orders.timeline import VERBS, Filter, entry, timeline
from migrator.orders.timeline_queries import PAGE_LENGTH, deeds_of
from migrator.orders.timeline_words import WORDINGS, Deed
from tests.conftest import NOW
from tests.factories import stages

ZONE = "Europe/Kyiv"
SOURCE = Path(__file__).resolve().parents[2] / "migrator"
TOLD_TO_STAFF_ALONE = {
    "hours.discarded",
    "hours.drafted",
    "note.written",
    "order.handed_over",
    "payment.exception",
    "payment.exception_waived",
    "payment.refused",
    "payment.waiver_asked",
    "payment.waiver_put_away",
}
OLD, NEW = "2026-12-03T09:00:00+00:00", "2026-12-07T06:00:00+00:00"


def a_deed(verb: str, *, minutes: int = 0, reason: str = "", message: str = "", **facts: object) -> Deed:
    at = datetime(2026, 12, 1, 10, 0, tzinfo=UTC) + timedelta(minutes=minutes)
    return Deed(verb, at, "Olena Marchenko", Role.ACCOUNT_MANAGER, reason, facts, message)


@pytest.mark.parametrize(
    ("deed", "title", "body"),
    [
        (a_deed("access.verified", due_at=OLD), "All access details are right.",
         "The count has started. Ready by Thu 3 Dec 2026, 11:00."),
        (a_deed("order.resumed", seconds=45 * 3600, old_due=OLD, new_due=NEW), "Resumed after 45 working hours.",
         "New date Mon 7 Dec 2026, 08:00 (was Thu 3 Dec 2026, 11:00)."),
        (a_deed("order.resumed", seconds=0, old_due=OLD, new_due=OLD), "Resumed after 0 working hours.",
         "The date stays Thu 3 Dec 2026, 11:00."),
        (a_deed("order.paused", item="Old site FTP or SFTP"), "Paused.",
         "We wait for: Old site FTP or SFTP. Your date moves by the working time that this takes."),
        (a_deed("access.verification_corrected", reason="Entered late.", old_due=OLD, new_due=NEW),
         "The start of the count was corrected.",
         "New date Mon 7 Dec 2026, 08:00 (was Thu 3 Dec 2026, 11:00). Reason: Entered late."),
        (a_deed("order.date_agreed", agreed_at=NEW), "Agreed with you: ready by Mon 7 Dec 2026, 08:00.", ""),
        (a_deed("secret.revealed", item="Old site FTP or SFTP", reason="Copying the files"),
         "Old site FTP or SFTP: seen by Olena Marchenko.", "Reason: Copying the files."),
        (a_deed("message.sent", message="Hello"), "Message from Olena Marchenko (Migrator).", ""),
    ],
)  # fmt: skip
def test_deeds_are_told_in_words(deed: Deed, title: str, body: str) -> None:
    told = entry(deed, zone=ZONE)
    assert (told.title, told.body) == (title, body)


@pytest.mark.parametrize("verb", sorted(WORDINGS))
def test_every_wording_stands_without_any_facts(verb: str) -> None:
    assert entry(a_deed(verb), zone=ZONE).title


def test_every_deed_that_a_customer_can_see_has_words_of_its_own() -> None:
    recorded = set()
    for path in [*SOURCE.glob("journeys/*.py"), *SOURCE.glob("orders/operations.py"), *SOURCE.glob("access/*.py")]:
        found = re.findall(
            r'"((?:order|access|secret|payment|message|note|supplement|pages|hours)\.[a-z_]+)"', path.read_text("utf-8")
        )
        recorded |= set(found)
    assert recorded - TOLD_TO_STAFF_ALONE <= set(WORDINGS)


def test_the_filters_name_only_verbs_that_have_words() -> None:
    assert {verb for verbs in VERBS.values() for verb in verbs} <= set(WORDINGS)


def test_days_follow_the_clocks_of_the_desk() -> None:
    late = a_deed("order.paid", minutes=13 * 60)
    assert [day.heading for day in timeline([late, a_deed("order.placed")], zone=ZONE)] == [
        "Wed 2 Dec 2026",
        "Tue 1 Dec 2026",
    ]


def test_a_pause_and_its_message_are_told_once() -> None:
    deeds = [
        a_deed("order.paused", message="FTP: Please send it.", message_id=7, item="FTP"),
        a_deed("message.sent", message="FTP: Please send it.", message_id=7),
        a_deed("access.item_problem", reason="Please send it.", item="FTP"),
        a_deed("message.sent", message="Another message of the same instant", message_id=6),
    ]
    (day,) = timeline(deeds, zone=ZONE)
    assert [told.quote for told in day.entries] == ["FTP: Please send it.", "Another message of the same instant"]


def test_an_answer_is_told_once_and_other_items_are_kept() -> None:
    deeds = [
        a_deed("order.resumed", item="FTP"),
        a_deed("access.saved", item="FTP"),
        a_deed("access.saved", item="Bridge"),
    ]
    (day,) = timeline(deeds, zone=ZONE)
    assert [told.title for told in day.entries] == ["Resumed.", "Bridge saved."]


def test_words_of_messages_are_there_and_notes_never_are(session: Session) -> None:
    order = stages.a_paid_order(session)
    send_message(session, order, author=order.placed_by, body="When do you begin?", now=NOW)
    write_note(session, order, author=order.account_manager, body="A difficult case", now=NOW)
    found = deeds_of(session, order.id)
    assert "When do you begin?" in [deed.message for deed in found.deeds]
    assert "A difficult case" not in repr(found)
    assert "note.written" not in {deed.verb for deed in found.deeds}


def test_pages_of_the_timeline_hold_every_deed_once(session: Session) -> None:
    order = stages.a_paid_order(session)
    for number in range(2 * PAGE_LENGTH):
        send_message(session, order, author=order.placed_by, body=f"Message {number}", now=NOW)
    seen: list[str] = []
    before_id = None
    while True:
        found = deeds_of(session, order.id, before_id=before_id)
        seen += [deed.message for deed in found.deeds if deed.message]
        before_id = found.older_than
        if before_id is None:
            break
    assert seen == [f"Message {number}" for number in reversed(range(2 * PAGE_LENGTH))]


def test_a_filter_leaves_only_what_it_names(session: Session) -> None:
    order = stages.a_paused_order(session)
    verbs = {deed.verb for deed in deeds_of(session, order.id, chosen=Filter.DATE_CHANGES).deeds}
    assert verbs == {"access.verified", "order.paused"}


def test_items_in_a_row_by_one_person_on_one_day_are_told_at_once() -> None:
    labels = ("New site address", "Old site FTP or SFTP", "Old site address")
    deeds = [a_deed("access.item_verified", minutes=-number, item=label) for number, label in enumerate(labels)]
    (day,) = timeline([a_deed("order.paid", minutes=1), *deeds], zone=ZONE)
    told = day.entries[1]
    assert (told.title, told.time_text) == ("3 items checked.", "11:58–12:00")
    assert told.body == "They work: Old site address, Old site FTP or SFTP and New site address."


def test_an_item_that_was_saved_twice_is_named_once_with_both_times() -> None:
    deeds = [a_deed("access.saved", minutes=-number, item="Old site address") for number in range(2)]
    (day,) = timeline(deeds, zone=ZONE)
    assert [(told.title, told.time_text) for told in day.entries] == [("Old site address saved.", "11:59–12:00")]


def test_what_lies_between_two_items_keeps_them_apart() -> None:
    verbs = ("access.saved", "message.sent", "access.saved")
    deeds = [a_deed(verb, minutes=-number, item="Old site address") for number, verb in enumerate(verbs)]
    assert len(timeline(deeds, zone=ZONE)[0].entries) == 3
