"""Promises take their numbers from the policy data, and two versions are told apart (RULES C-001, C-044, D-8)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from migrator.errors import NotFound
from migrator.policy.documents import Change, Desk, differences, document, documents
from migrator.policy.loading import read
from migrator.policy.types import Grade, Promise


@pytest.mark.parametrize("desk", list(Desk))
def test_no_sentence_of_a_policy_writes_a_number_of_its_own(desk: Desk) -> None:
    for entry in read(f"{desk}_desk-1.toml")["promise"]:
        assert not re.search(r"\d", entry["title"] + entry["text"]), entry["anchor"]


@pytest.mark.parametrize(
    ("desk", "anchor", "words"),
    [
        (Desk.MIGRATION, "response", "within 72 working hours, which is 3 working days"),
        (Desk.MIGRATION, "access-check", "We check within 1 working day"),
        (Desk.MIGRATION, "assisted", "Premium within 24 working hours"),
        (Desk.MIGRATION, "package", "Package Basic within 7 working days, Extended within 14 working days"),
        (Desk.MIGRATION, "ultimate", "At least 22 working days"),
        (Desk.MIGRATION, "insurance", "1 restart in 7 working days, 2 restarts in 14 working days or 3 restarts"),
        (
            Desk.MIGRATION,
            "access-destroyed",
            "our copy 15 days after an automated or assisted migration, 21 days",
        ),
        (Desk.MIGRATION, "clarification", "up to 3 times"),
        (Desk.MIGRATION, "forum", "within 5 working days"),
        (Desk.HOSTING, "hosting-response", "within 15 minutes"),
        (Desk.HOSTING, "hosting-billing", "within 72 hours"),
        (Desk.HOSTING, "hosting-backups", "kept for 7 days"),
    ],
)
def test_the_numbers_stand_in_the_sentences(desk: Desk, anchor: str, words: str) -> None:
    (promise,) = (promise for promise in document(desk).promises if promise.anchor == anchor)
    assert words in promise.text


def test_every_promise_has_an_anchor_of_its_own() -> None:
    anchors = [promise.anchor for desk in Desk for promise in document(desk).promises]
    assert len(anchors) == len(set(anchors))


def test_the_billing_aim_of_the_hosting_desk_is_not_called_guaranteed() -> None:
    (billing,) = (promise for promise in document(Desk.HOSTING).promises if promise.rule == "M-044")
    assert billing.grade is Grade.AIM


def test_a_version_that_never_was_is_not_found() -> None:
    with pytest.raises(NotFound):
        document(Desk.HOSTING, "2")


@pytest.mark.parametrize("desk", list(Desk))
def test_a_policy_does_not_differ_from_itself(desk: Desk) -> None:
    assert [each.version for each in documents(desk)][-1] == "1"
    assert differences(document(desk), document(desk)) == ()


def test_what_was_added_changed_and_removed_is_told_by_promise_and_by_number() -> None:
    before = document(Desk.MIGRATION)
    kept = [promise for promise in before.promises if promise.anchor not in {"forum", "review"}]
    longer = Promise("review", "C-080", Grade.GUARANTEED, "21 days to check the results", "You have 21 days.")
    weekly = Promise("weekly", "C-020", Grade.AIM, "A letter a week", "We write once a week.")
    numbers = [(name, "21 days" if name == "review" else value) for name, value in before.numbers]
    after = replace(before, version="2", promises=(*kept, longer, weekly), numbers=tuple(numbers))
    told = [(each.change, each.name) for each in differences(before, after)]
    assert told == [
        (Change.CHANGED, "review"),
        (Change.ADDED, "weekly"),
        (Change.REMOVED, "forum"),
        (Change.CHANGED, "review"),
    ]
