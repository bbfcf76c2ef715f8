"""The head of the page: everybody sees the places they may enter, and where they are."""

from __future__ import annotations

import pytest

from migrator.history.actor import STAFF, Role
from migrator.web.audience import audience_of
from migrator.web.navigation import NAVIGATION, Entry, Group, Place, home_of, navigation_for
from tests.conftest import Premises

ROLES = (None, Role.CUSTOMER, *sorted(STAFF))
MOST_AT_THE_TOP = 9


def flat(entries: tuple[Entry, ...]) -> list[Entry]:
    return [place for entry in entries for place in (entry.below or (entry,))]


@pytest.mark.parametrize("role", ROLES)
def test_every_place_opens_to_those_who_see_it(premises: Premises, role: Role | None) -> None:
    doors = premises.app.url_map.bind("localhost")
    for place in flat(navigation_for(role, "/")):
        audience = audience_of(premises.app, doors.match(place.url)[0])
        assert audience is not None, place.url
        assert not audience or role in audience, place.url


def test_nobody_misses_a_place_that_opens_to_them(premises: Premises) -> None:
    doors = premises.app.url_map.bind("localhost")
    for part in NAVIGATION[Role.ADMINISTRATOR]:
        for place in part.places if isinstance(part, Group) else (part,):
            assert place.roles == audience_of(premises.app, doors.match(place.url)[0]), place.url


@pytest.mark.parametrize("role", ROLES)
def test_the_head_stays_small_enough_for_one_row(role: Role | None) -> None:
    assert 1 <= len(navigation_for(role, "/")) <= MOST_AT_THE_TOP


def test_a_group_of_one_place_is_that_place_and_an_empty_one_is_absent() -> None:
    labels = [entry.label for entry in navigation_for(Role.FINANCE, "/")]
    assert "House" not in labels
    assert all(len(entry.below) != 1 for entry in navigation_for(Role.FINANCE, "/"))


def test_the_reader_sees_where_they_are() -> None:
    (group,) = (entry for entry in navigation_for(Role.ADMINISTRATOR, "/desk/quotes/7") if entry.is_current)
    assert [place.label for place in group.below if place.is_current] == ["Quotes"]


@pytest.mark.parametrize(
    ("role", "address"),
    [(Role.CUSTOMER, "/orders"), (Role.ACCOUNT_MANAGER, "/desk"), (Role.ADMINISTRATOR, "/desk")],
)
def test_everybody_starts_at_the_first_page_of_their_work(role: Role, address: str) -> None:
    assert home_of(role) == address


def test_hosting_stands_beside_support_for_those_who_have_it_and_for_nobody_else() -> None:
    def labels(role: Role | None, *, has_hosting: bool) -> list[str]:
        return [entry.label for entry in navigation_for(role, "/", has_hosting=has_hosting)]

    assert labels(Role.CUSTOMER, has_hosting=True)[1:3] == ["Support", "Hosting"]
    assert "Hosting" not in labels(Role.CUSTOMER, has_hosting=False)
    assert labels(None, has_hosting=True) == labels(None, has_hosting=False)


def test_a_place_without_roles_is_for_everybody() -> None:
    assert {part.label for part in NAVIGATION[None] if isinstance(part, Place)} == {"Move your website"}
