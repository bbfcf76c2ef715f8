"""The numbers that people read and type."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from migrator.orders import numbers
from migrator.orders.numbers import ALPHABET, check_character, is_well_formed, new_number, read_number
from tests.factories.people import a_customer
from tests.factories.selections import a_placed_order

bodies = st.text(ALPHABET, min_size=4, max_size=8)


def numbered(body: str) -> str:
    return f"MIG-{body}-{check_character(body)}"


@given(body=bodies, place=st.integers(0, 8), other=st.sampled_from(ALPHABET))
def test_every_mistyped_character_is_noticed(body: str, place: int, other: str) -> None:
    number = numbered(body)
    characters = [index for index in range(4, len(number)) if number[index] != "-"]
    index = characters[place % len(characters)]
    mistyped = number[:index] + other + number[index + 1 :]
    assert is_well_formed(mistyped) == (mistyped == number)


@given(body=bodies, place=st.integers(0, 8))
def test_every_exchange_of_neighbours_is_noticed(body: str, place: int) -> None:
    plain = body + check_character(body)
    index = place % (len(plain) - 1)
    swapped = plain[:index] + plain[index + 1] + plain[index] + plain[index + 2 :]
    assert is_well_formed(f"MIG-{swapped[:-1]}-{swapped[-1]}") == (swapped == plain)


@given(body=bodies)
def test_lower_case_and_spaces_are_read_all_the_same(body: str) -> None:
    number = numbered(body)
    typed = f" {number.lower()[:5]} {number.lower()[5:]} "
    assert is_well_formed(typed)
    assert read_number(typed) == number


def test_look_alikes_never_occur_and_other_text_is_no_number() -> None:
    assert not set("01IOL") & set(ALPHABET)
    for text in ("", "MIG", "MIG-7F3K", "ABC-7F3K-2", "MIG-7F3K-2-2", "MIG-0F3K-2", "MIG-７F3K-2", "x" * 10_000):
        assert not is_well_formed(text)


def test_numbers_are_well_formed_and_differ(session: Session) -> None:
    made = {new_number(session) for _ in range(200)} | {new_number(session, "QUO") for _ in range(20)}
    assert len(made) == 220
    assert all(is_well_formed(number) for number in made)


def test_a_crowded_length_gives_way_to_a_longer_one(session: Session, monkeypatch: object) -> None:
    taken = a_placed_order(session, a_customer(session)).number.split("-")[1]
    drawn = iter(taken * numbers.TRIES_OF_EACH_LENGTH + "22222")
    monkeypatch.setattr(numbers.secrets, "choice", lambda _alphabet: next(drawn))  # type: ignore[attr-defined]
    assert new_number(session) == f"MIG-22222-{check_character('22222')}"
