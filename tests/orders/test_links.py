"""Links to a part of an order: one a purpose, the same address as long as it stands, and nothing after it ended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from migrator.errors import NotFound
from migrator.orders.lifecycle import LinkPurpose
from migrator.orders.link_operations import open_link, revoke_link
from migrator.orders.link_queries import order_behind, standing_links
from migrator.orders.link_rules import GREATEST_ID, link_id_in, token_of
from tests.conftest import NOW
from tests.factories import stages

KEY = "a key"


@given(st.integers(1, GREATEST_ID))
def test_a_token_names_its_link_to_its_own_purpose_and_key_alone(link_id: int) -> None:
    token = token_of(link_id, LinkPurpose.SHARE, key=KEY)
    assert link_id_in(token, LinkPurpose.SHARE, key=KEY) == link_id
    assert link_id_in(token, LinkPurpose.CALENDAR, key=KEY) is None
    assert link_id_in(token, LinkPurpose.SHARE, key="another key") is None


@given(st.text(max_size=300))
def test_words_that_we_never_signed_name_nothing(text: str) -> None:
    assert link_id_in(text, LinkPurpose.SHARE, key=KEY) is None


def test_a_second_press_makes_no_other_link_and_a_revoked_one_opens_nothing(session: Session) -> None:
    order = stages.an_unpaid_order(session)
    actor = order.placed_by.actor
    links = [open_link(session, order, LinkPurpose.SHARE, actor=actor, now=NOW) for _ in range(2)]
    assert links[0].id == links[1].id
    assert order_behind(session, links[0].id, LinkPurpose.SHARE) is order
    with pytest.raises(NotFound):
        order_behind(session, links[0].id, LinkPurpose.CALENDAR)

    assert [revoke_link(session, order, LinkPurpose.SHARE, actor=actor, now=NOW) for _ in range(2)] == [True, False]
    with pytest.raises(NotFound):
        order_behind(session, links[0].id, LinkPurpose.SHARE)
    fresh = open_link(session, order, LinkPurpose.SHARE, actor=actor, now=NOW)
    assert standing_links(session, order.id) == {LinkPurpose.SHARE: fresh.id}
    assert fresh.id != links[0].id
