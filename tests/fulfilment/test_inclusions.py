"""The eight inclusions of a package follow from its facts, and from nothing that is kept beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from migrator.fulfilment.checks.rules import Standing
from migrator.fulfilment.inclusion_queries import inclusions_for
from migrator.fulfilment.inclusions import InclusionFacts, Progress, inclusions_of
from migrator.orders.lifecycle import OrderState
from migrator.policy.loading import catalogue
from migrator.policy.types import Family
from tests.conftest import NOW
from tests.factories import previews

FRESH = InclusionFacts(OrderState.AWAITING_ACCESS, "", Standing(0, 0, 6), None, False, 0, 360, (), None)
MANAGER, VALIDATION, SET_UP, CUSTOMISATION, OPTIONS, PREVIEW, RESULTS = range(1, 8)
TO_COME, UNDER_WAY, DONE = Progress.TO_COME, Progress.UNDER_WAY, Progress.DONE
IN_PROGRESS, READY, REVIEW = OrderState.IN_PROGRESS, OrderState.PREVIEW_READY, OrderState.IN_REVIEW


@pytest.mark.parametrize(
    ("known", "which", "progress", "words"),
    [
        ({}, 0, UNDER_WAY, "Regular priority"),
        ({}, MANAGER, TO_COME, "before the set-up"),
        ({"manager": "Olena"}, MANAGER, DONE, "Olena looks after your order."),
        ({}, VALIDATION, TO_COME, "6 checks before the set-up."),
        ({"validation": Standing(4, 0, 6)}, VALIDATION, UNDER_WAY, "4 of 6 checks recorded."),
        ({"validation": Standing(6, 1, 6)}, VALIDATION, UNDER_WAY, "6 of 6 checks recorded, 1 failed."),
        ({"validation": Standing(6, 0, 6)}, VALIDATION, DONE, "all in order."),
        ({}, SET_UP, TO_COME, "Begins when your access details are found right."),
        ({"state": IN_PROGRESS}, SET_UP, UNDER_WAY, "set the migration up"),
        ({"state": IN_PROGRESS, "preview_number": 1}, SET_UP, DONE, "as the preview shows"),
        ({}, CUSTOMISATION, TO_COME, "6.0 hours are left in your package."),
        ({"customisation_minutes": 90, "minutes_left": 270}, CUSTOMISATION, UNDER_WAY, "1.5 hours used for it; 4.5"),
        ({}, OPTIONS, TO_COME, "Included: you have chosen none."),
        ({"options": ("Forms", "Images and files")}, OPTIONS, UNDER_WAY, "Included: Forms, Images and files."),
        ({}, PREVIEW, TO_COME, "before anything is moved in full"),
        ({"state": READY, "preview_number": 2}, PREVIEW, UNDER_WAY, "Preview 2 waits for you."),
        ({"state": IN_PROGRESS, "preview_number": 2}, PREVIEW, UNDER_WAY, "Preview 2 came back"),
        ({"preview_number": 2, "is_approved": True}, PREVIEW, DONE, "Preview 2 approved by you."),
        ({}, RESULTS, TO_COME, "After the full migration."),
        ({"state": REVIEW}, RESULTS, UNDER_WAY, "are checking the result"),
        ({"state": REVIEW, "validated_at": NOW}, RESULTS, DONE, "have checked the result"),
    ],
)
def test_each_inclusion_follows_from_the_facts(known, which, progress, words) -> None:  # type: ignore[no-untyped-def]
    found = inclusions_of(catalogue().inclusions, replace(FRESH, **known))
    assert len(found) == 8
    assert (found[which].progress, words in found[which].words) == (progress, True), found[which].words


def test_the_facts_are_those_of_the_order(session: Session) -> None:
    order = previews.an_order_that_runs(session)
    told = {one.progress for one in inclusions_for(session, order)[MANAGER : SET_UP + 1]}
    assert told == {DONE}
    assert inclusions_for(session, order)[PREVIEW].words == "Preview 1 approved by you."
    order.family = Family.ASSISTED
    assert inclusions_for(session, order) == ()
