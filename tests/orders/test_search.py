"""Orders are found by number, customer, person, e-mail and site, in any script, and by what these are called now."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from migrator.orders.search_queries import found_orders
from migrator.orders.search_rules import NothingToLookFor, TooManyWords, searched_words, words_of
from tests.factories import stages
from tests.factories.people import a_customer, an_organisation

WORDS = words_of(
    "MIG-7F3K-2",
    customer="Baker & Söhne GmbH 山田商店",
    person="Jane O’Neill",
    email="jane.doe@baker.example",
    addresses=("https://www.shop.old.example/en", "[not an address"),
)


@pytest.mark.parametrize(
    "typed",
    ["mig-7f", "7F3K-2", "BAKER", "söhne", "sohne", "gmbh", "山田", "商店", "o’neill", "jane.doe@baker", "shop.old",
     "old.example", "doe@", "Ｂａｋｅｒ"],
)  # fmt: skip
def test_an_order_is_found_by_the_beginning_of_each_of_its_words(typed: str) -> None:
    (beginning,) = searched_words(typed)
    assert any(word.startswith(beginning) for word in WORDS)


@pytest.mark.parametrize("typed", ["", "%", "_ &", "x", "\u0301"])
def test_what_holds_no_word_is_told_so(typed: str) -> None:
    with pytest.raises(NothingToLookFor):
        searched_words(typed)


def test_a_long_search_is_told_to_be_shorter() -> None:
    assert searched_words("x" * 5_000 + " x") == ("x" * 40, "x")
    with pytest.raises(TooManyWords):
        searched_words("aa bb cc dd ee ff gg")


def test_orders_are_found_by_what_people_are_called_now(session: Session) -> None:
    mill = an_organisation(session, name="Old Mill")
    customer = a_customer(session, name="Иван Петренко", organisation=mill)
    first, second = (stages.an_unpaid_order(session, person=customer).id for _ in range(2))
    stages.an_unpaid_order(session)

    def found(typed: str, **page: int) -> tuple[int, ...]:
        session.flush()
        return found_orders(session, searched_words(typed), **{"limit": 50, **page}).row_ids

    assert found("ПЕТР mill old.ex") == (second, first)
    assert found("mill", before_id=second) == (first,)
    assert found("mill", limit=1) == (second,)
    customer.name = "Ivan Petrenko"
    mill.name = "New Mill"
    assert found("петр") == ()
    assert found("petr new mill") == (second, first)
