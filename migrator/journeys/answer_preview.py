"""The customer looks at a preview: marks its pairs, or sends it back with what is wrong (RULES C-035, C-055g)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import StaleEdit
from migrator.fulfilment.changes.models import ChangeKind, ChangeRequest
from migrator.fulfilment.changes.operations import raise_request
from migrator.fulfilment.models import PauseReason
from migrator.fulfilment.notices import iso, tell_staff
from migrator.fulfilment.operations import bring_up_to_date, end_pause, hold
from migrator.fulfilment.previews.models import Preview, Verdict
from migrator.fulfilment.previews.operations import mark_pairs, take_back
from migrator.fulfilment.previews.queries import latest_preview
from migrator.fulfilment.previews.rules import Mark, NothingWrong, fingerprint
from migrator.fulfilment.queries import open_pause_because, open_pauses, pauses_of, waited_seconds
from migrator.history.operations import record
from migrator.orders.lifecycle import OrderEvent, next_state
from migrator.orders.models import Order
from migrator.orders.operations import advance

ANOTHER = "There is another preview since you opened this page. Look at it, then decide."
MARKED_MEANWHILE = "Somebody of your company has marked pages since you opened this one. Look at them, then mark yours."


def mark_preview(
    session: Session,
    order: Order,
    *,
    number: int,
    seen: str,
    marks: Mapping[int, Mark],
    person: Person,
    now: datetime,
) -> int:
    """This will keep the customer's marks and return how many changed; the same marks again change nothing.

    :param number: of the preview that the customer saw
    :param seen: the fingerprint of the marks that the page showed
    :raises NotNow: when no preview waits for the customer
    :raises StaleEdit: when there is another preview, or others have marked pairs meanwhile
    """
    preview = _shown_preview(session, order, number)
    if not _are_new(preview, marks):
        return 0
    if marks_of(preview) != seen:
        raise StaleEdit(MARKED_MEANWHILE)
    changed = mark_pairs(session, preview, marks, person=person, now=now)
    verdicts = [pair.verdict for pair in preview.pairs]
    facts = {
        "number": number,
        "right": verdicts.count(Verdict.RIGHT),
        "wrong": verdicts.count(Verdict.WRONG),
        "unseen": verdicts.count(Verdict.UNSEEN),
    }
    _record(session, "preview.marked", order, preview, person=person, now=now, facts=facts)
    return changed


def return_preview(
    session: Session, order: Order, *, number: int, words: str, person: Person, now: datetime
) -> tuple[ChangeRequest, ...]:
    """This will send the preview back: a request for each pair that is marked wrong, and one for `words`.

    The wait for the customer ends, and the count goes on.

    :param number: of the preview that the customer saw
    :param words: what is wrong beside the marked pairs; may be empty
    :raises NotNow: when no preview waits for the customer
    :raises StaleEdit: when there is another preview
    :raises NothingWrong: when nothing is marked and nothing said
    """
    preview = _shown_preview(session, order, number)
    said = [(pair.id, pair.remark) for pair in preview.pairs if pair.verdict is Verdict.WRONG]
    problems: list[tuple[int | None, str]] = [*said, *([(None, words.strip())] if words.strip() else [])]
    if not problems:
        raise NothingWrong("Mark at least one page as a problem, or say below what is wrong.")
    kind = ChangeKind.PREVIEW_PROBLEM
    raised = tuple(
        raise_request(session, order, kind=kind, body=body, pair_id=pair_id, is_included=True, person=person, now=now)
        for pair_id, body in problems
    )
    take_back(session, preview, now=now)
    advance(session, order, OrderEvent.REWORK_PREVIEW, now=now)
    waited = end_approval(session, order, now=now)
    if open_pauses(pauses_of(session, order.id)):
        advance(session, order, OrderEvent.PAUSE, now=now)
    facts = {"number": number, "problems": len(raised), **waited}
    reason = "\n".join(body for _, body in problems)
    _record(session, "preview.returned", order, preview, person=person, now=now, facts=facts, reason=reason)
    told = {"preview_number": number, "problems": [body for _, body in problems], "who": person.display_name}
    tell_staff(session, order, "preview_returned", cause=f"preview:{preview.id}", now=now, words=told)
    return raised


def end_approval(session: Session, order: Order, *, now: datetime) -> dict[str, object]:
    """This will end the wait for the approval, where there is one, and bring the order's dates up to date.

    :returns: for the history: the working time of the wait, the old and the new date; nothing where there was no wait
    """
    old_due = order.due_at
    pause = open_pause_because(session, order.id, PauseReason.APPROVAL_MISSING)
    if pause is not None:
        end_pause(session, pause, now=now)
    calendar = bring_up_to_date(session, order)
    if pause is None:
        return {}
    seconds = waited_seconds(order, calendar, pauses_of(session, order.id))
    return {"seconds": seconds, "old_due": iso(old_due), "new_due": iso(order.due_at)}


def marks_of(preview: Preview) -> str:
    """This will return the fingerprint of what the customer has said of the pairs so far."""
    return fingerprint((pair.id, pair.verdict, pair.remark) for pair in preview.pairs)


def _shown_preview(session: Session, order: Order, number: int) -> Preview:
    hold(session, order)
    next_state(order.state, OrderEvent.REWORK_PREVIEW)
    preview = latest_preview(session, order.id)
    if preview is None or preview.number != number:
        raise StaleEdit(ANOTHER)
    return preview


def _are_new(preview: Preview, marks: Mapping[int, Mark]) -> bool:
    standing = {pair.id: Mark(pair.verdict, pair.remark) for pair in preview.pairs}
    return any(standing[pair_id] != mark for pair_id, mark in marks.items() if pair_id in standing)


def _record(
    session: Session,
    verb: str,
    order: Order,
    preview: Preview,
    *,
    person: Person,
    now: datetime,
    facts: Mapping[str, object],
    reason: str = "",
) -> None:
    record(
        session,
        verb,
        subject="preview",
        key=preview.id,
        actor=person.actor,
        now=now,
        order_id=order.id,
        reason=reason,
        facts={"preview_id": preview.id, **facts},
    )
