"""What a request must contain, what may follow in which state, and who takes it."""

from __future__ import annotations

from itertools import product

import pytest

from migrator.policy.support import support_policy
from migrator.support.categories import OFFERED, TEAMS, Category, Channel, Desk, Team, needs_order
from migrator.support.lifecycle import ENDED, TRANSITIONS, NotNow, TicketEvent, TicketState, next_state
from migrator.support.request_rules import (
    ChannelNotTaken,
    Contents,
    DescriptionTooShort,
    Missing,
    NoMoreClarifications,
    NothingMissing,
    Verdict,
    missing_items,
    refuse_channel,
    refuse_clarification,
    refuse_short_description,
    why_not_close,
)


@pytest.mark.parametrize(
    ("desk", "channel", "is_taken"),
    [
        (Desk.MIGRATION, Channel.WEB, True),
        (Desk.MIGRATION, Channel.EMAIL, True),
        (Desk.MIGRATION, Channel.CHAT, True),
        (Desk.MIGRATION, Channel.CALL, True),
        (Desk.MIGRATION, Channel.PORTAL, False),
        (Desk.HOSTING, Channel.WEB, False),
        (Desk.HOSTING, Channel.EMAIL, False),
        (Desk.HOSTING, Channel.CHAT, True),
        (Desk.HOSTING, Channel.CALL, True),
        (Desk.HOSTING, Channel.PORTAL, True),
    ],
)
def test_each_desk_takes_its_own_channels(desk: Desk, channel: Channel, is_taken: bool) -> None:
    """RULES C-006, M-014; what our people log is theirs to file (C-002)."""
    taken = support_policy(desk).channels
    if is_taken:
        refuse_channel(channel, taken=taken)
        return
    with pytest.raises(ChannelNotTaken):
        refuse_channel(channel, taken=taken)


def test_each_category_has_one_of_the_three_teams() -> None:
    """RULES C-004."""
    assert set(TEAMS) == set(Category)
    assert {TEAMS[category] for category in Category} == set(Team)


@pytest.mark.parametrize("category", OFFERED[Desk.MIGRATION])
def test_a_migration_must_be_named_unless_it_makes_no_sense(category: Category) -> None:
    """RULES C-028."""
    free = {Category.SERVICE_QUESTION, Category.BILLING, Category.IDEA, Category.SALES}
    assert needs_order(Desk.MIGRATION, category, has_orders=True) is (category not in free)
    assert not needs_order(Desk.MIGRATION, category, has_orders=False)
    assert not needs_order(Desk.HOSTING, category, has_orders=True)


@pytest.mark.parametrize(
    ("contents", "missing"),
    [
        (Contents(True, True, True, False), ()),
        (Contents(True, False, False, False), ()),
        (Contents(True, False, True, False), (Missing.MIGRATION_ID,)),
        (Contents(True, True, True, True), (Missing.DESCRIPTION,)),
        (Contents(False, False, True, True), (Missing.LOGIN_EMAIL, Missing.MIGRATION_ID, Missing.DESCRIPTION)),
    ],
)
def test_three_items_can_be_missing(contents: Contents, missing: tuple[Missing, ...]) -> None:
    """RULES C-026, C-028, C-029."""
    assert missing_items(contents) == missing


@pytest.mark.parametrize("words", ["", "   \n ", "too short", "x" * 29, "a" + " " * 40 + "b"])
def test_a_description_of_less_than_thirty_characters_is_refused(words: str) -> None:
    """RULES C-029."""
    with pytest.raises(DescriptionTooShort):
        refuse_short_description(words, least=30)
    refuse_short_description("x" * 30, least=30)


def test_what_is_missing_is_asked_for_three_times_and_nothing_else() -> None:
    """RULES C-030."""
    for asked in range(3):
        refuse_clarification(Missing.DESCRIPTION, (Missing.DESCRIPTION,), asked=asked, most=3)
    with pytest.raises(NoMoreClarifications):
        refuse_clarification(Missing.DESCRIPTION, (Missing.DESCRIPTION,), asked=3, most=3)
    with pytest.raises(NothingMissing):
        refuse_clarification(Missing.MIGRATION_ID, (Missing.DESCRIPTION,), asked=0, most=3)


@pytest.mark.parametrize(
    ("state", "category", "verdict", "owed", "reason"),
    [
        (TicketState.ANSWERED, Category.PANEL, None, False, ""),
        (TicketState.ANSWERED, Category.TECHNICAL, None, False, "verdict"),
        (TicketState.ANSWERED, Category.TECHNICAL, Verdict.UNDETERMINED, False, ""),
        (TicketState.OPEN, Category.PANEL, None, True, "answer"),
        (TicketState.NEEDS_IDENTIFICATION, Category.PANEL, None, True, ""),
        (TicketState.CLOSED, Category.PANEL, None, False, "already"),
    ],
)
def test_a_ticket_is_closed_only_when_nothing_is_owed(
    state: TicketState, category: Category, verdict: Verdict | None, owed: bool, reason: str
) -> None:
    """RULES C-021, M-026."""
    said = why_not_close(state=state, desk=Desk.HOSTING, category=category, verdict=verdict, is_answer_owed=owed)
    assert reason in said
    assert bool(said) is bool(reason)


@pytest.mark.parametrize(("state", "event"), list(product(TicketState, TicketEvent)))
def test_each_event_leads_where_the_table_says_or_is_refused(state: TicketState, event: TicketEvent) -> None:
    following = TRANSITIONS.get((state, event))
    if following is None:
        with pytest.raises(NotNow):
            next_state(state, event)
    else:
        assert next_state(state, event) is following


def test_what_was_merged_stays_so_and_what_was_closed_is_only_reopened() -> None:
    leaving = {event for (state, event) in TRANSITIONS if state in ENDED}
    assert leaving == {TicketEvent.REOPEN, TicketEvent.REOPEN_UNIDENTIFIED}
