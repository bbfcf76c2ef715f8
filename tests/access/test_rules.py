"""Which items an order needs, when they may be changed, and which answers can be used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.access.fields import FIELDS, UnusableDetails, cleaned
from migrator.access.lifecycle import ItemKind, ItemState
from migrator.access.rules import (
    PROBLEM_SENTENCES,
    NotEditable,
    is_editable,
    items_for,
    missing_labels,
    refuse_unless_editable,
    state_words,
    waiting_words,
)
from migrator.orders.lifecycle import OrderState
from migrator.policy.loading import platforms
from migrator.policy.types import Side

FTP = {"protocol": "sftp", "host": "ftp.old.example", "port": "", "user_name": "mover", "password": "p w"}


def test_a_site_of_its_own_needs_files_login_and_bridge_and_a_hosted_one_a_token() -> None:
    plans = items_for("wordpress", "shopify", platforms())
    assert [(plan.label, plan.required) for plan in plans] == [
        ("Old site address", True),
        ("Old site FTP or SFTP", True),
        ("Old site admin login", True),
        ("Connection bridge on the old site", True),
        ("New site address", True),
        ("New site API token", True),
        ("Database dump of the old site (only if FTP does not work)", False),
    ]


def test_every_pair_of_platforms_gets_items_with_fields() -> None:
    known = platforms()
    for source in known.platforms:
        for target in known.platforms:
            plans = items_for(source.key, target.key, known)
            assert {plan.side for plan in plans if plan.required} == set(Side)
            assert all(FIELDS[plan.kind] and PROBLEM_SENTENCES[plan.kind] for plan in plans)


@pytest.mark.parametrize("kind", list(ItemKind))
def test_each_kind_can_be_waited_for_and_can_fail_in_plain_words(kind: ItemKind) -> None:
    assert waiting_words(kind, Side.TARGET, "Forum").startswith(("the ", "your "))
    assert all(sentence.endswith(".") for sentence in PROBLEM_SENTENCES[kind])


@pytest.mark.parametrize(
    ("order_state", "item_state", "expected"),
    [
        (OrderState.AWAITING_PAYMENT, ItemState.NOT_STARTED, False),
        (OrderState.AWAITING_ACCESS, ItemState.VERIFIED, True),
        (OrderState.VERIFYING, ItemState.SUBMITTED, True),
        (OrderState.VERIFYING, ItemState.VERIFIED, False),
        (OrderState.IN_PROGRESS, ItemState.VERIFIED, False),
        (OrderState.PAUSED, ItemState.PROBLEM, True),
        (OrderState.COMPLETED, ItemState.SUBMITTED, False),
        (OrderState.CANCELLED, ItemState.PROBLEM, False),
    ],
)
def test_details_may_be_changed_until_they_are_checked(
    order_state: OrderState, item_state: ItemState, expected: bool
) -> None:
    assert is_editable(order_state, item_state) is expected
    if not expected:
        with pytest.raises(NotEditable):
            refuse_unless_editable(order_state, item_state)


def test_only_what_is_required_and_not_there_is_missing() -> None:
    items = [
        ("FTP", True, ItemState.NOT_STARTED),
        ("Bridge", True, ItemState.PROBLEM),
        ("Login", True, ItemState.SUBMITTED),
        ("Dump", False, ItemState.NOT_STARTED),
    ]
    assert missing_labels(items) == ("FTP", "Bridge")


def test_what_was_saved_is_not_called_sent_before_it_was_sent() -> None:
    assert state_words(OrderState.AWAITING_ACCESS, ItemState.SUBMITTED) == "Completed"
    assert state_words(OrderState.VERIFYING, ItemState.SUBMITTED) == "Sent – we check it"


def test_usable_details_are_kept_trimmed_with_the_usual_port_and_the_password_as_typed() -> None:
    assert cleaned(ItemKind.FTP, {**FTP, "host": " ftp.old.example ", "password": " p w "}) == {
        "protocol": "sftp",
        "host": "ftp.old.example",
        "port": "22",
        "user_name": "mover",
        "password": " p w ",
    }
    assert cleaned(ItemKind.FTP, {**FTP, "protocol": "ftp", "port": "2121"})["port"] == "2121"


def test_a_saved_secret_may_be_left_empty_and_a_missing_one_may_not() -> None:
    without = {**FTP, "password": ""}
    assert "password" not in cleaned(ItemKind.FTP, without, standing=frozenset({"password"}))
    with pytest.raises(UnusableDetails) as refused:
        cleaned(ItemKind.FTP, without)
    assert refused.value.sentences == {"password": "Enter the password."}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("protocol", "telnet"),
        ("host", "ftp://old.example"),
        ("host", "old example"),
        ("host", "-old.example"),
        ("host", "a" * 64 + ".example"),
        ("host", "old..example"),
        ("host", "x." * 130 + "example"),
        ("port", "0"),
        ("port", "65536"),
        ("port", "22a"),
        ("port", "٢٢"),
        ("user_name", "mover\x00"),
        ("user_name", "m" * 201),
        ("user_name", "mo\u202ever"),
        ("password", "p\nw"),
        ("password", "p" * 2_001),
    ],
)
def test_each_unusable_answer_has_its_sentence_and_only_it(field: str, value: str) -> None:
    with pytest.raises(UnusableDetails) as refused:
        cleaned(ItemKind.FTP, {**FTP, field: value})
    assert set(refused.value.sentences) == {field}
    assert value not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("old.example", "https://old.example"),
        ("http://old.example:8080/shop?x=1", "http://old.example:8080/shop?x=1"),
        ("https://bücher.example/", "https://bücher.example/"),
        ("https://192.0.2.7/admin", "https://192.0.2.7/admin"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
        ("  https://old.example  ", "https://old.example"),
    ],
)
def test_addresses_are_taken_as_people_write_them(typed: str, kept: str) -> None:
    assert cleaned(ItemKind.SITE_ADDRESS, {"address": typed}) == {"address": kept}


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "ftp://old.example",
        "file:///etc/passwd",
        "https://",
        "https://old example/",
        "https://old.example:99999",
        "https://[1::2",
        "https://mover:secret@old.example",
        "https://old.example/\r\nX: 1",
        "https://old.example/" + "x" * 300,
    ],
)
def test_what_is_no_web_address_is_refused(typed: str) -> None:
    with pytest.raises(UnusableDetails):
        cleaned(ItemKind.SITE_ADDRESS, {"address": typed})


def test_an_answer_in_words_keeps_its_lines() -> None:
    assert cleaned(ItemKind.INFORMATION, {"answer": "one\r\ntwo\tthree "}) == {"answer": "one\ntwo\tthree"}


@given(st.sampled_from(list(ItemKind)), st.dictionaries(st.sampled_from(["address", "host", "port"]), st.text()))
def test_any_text_is_either_kept_or_refused_with_sentences(kind: ItemKind, values: dict[str, str]) -> None:
    try:
        kept = cleaned(kind, values)
    except UnusableDetails as refusal:
        kept = refusal.sentences
    assert kept or not any(spec.required for spec in FIELDS[kind])
