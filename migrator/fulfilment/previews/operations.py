"""Writing previews and what the customer says of them. Flushes, never commits; journeys write the history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.previews.models import Preview, PreviewCount, PreviewPair, Verdict
from migrator.fulfilment.previews.rules import Draft, Mark
from migrator.orders.models import Order


def add_preview(session: Session, order: Order, draft: Draft, *, author: Person, now: datetime) -> Preview:
    """This will write the next preview of an order; those before stay.

    :param order: held, so that numbers are given once
    """
    last = session.scalar(select(func.max(Preview.number)).where(Preview.order_id == order.id)) or 0
    preview = Preview(order=order, number=last + 1, words=draft.words, published_by_id=author.id, published_at=now)
    preview.pairs = [
        PreviewPair(position=position, title=one.title, old_address=one.old_address, new_address=one.new_address)
        for position, one in enumerate(draft.pairs, start=1)
    ]
    preview.counts = [
        PreviewCount(
            position=position,
            label=one.label,
            expected=one.expected,
            moved=one.moved,
            skipped=one.skipped,
            reason=one.reason,
        )
        for position, one in enumerate(draft.counts, start=1)
    ]
    session.add(preview)
    session.flush()
    return preview


def mark_pairs(session: Session, preview: Preview, marks: Mapping[int, Mark], *, person: Person, now: datetime) -> int:
    """This will keep what the customer says of pairs, by their ids, and return how many marks changed."""
    changed = 0
    for pair in preview.pairs:
        mark = marks.get(pair.id)
        if mark is None or (pair.verdict, pair.remark) == (mark.verdict, mark.remark):
            continue
        is_judged = mark.verdict is not Verdict.UNSEEN
        pair.verdict, pair.remark = mark.verdict, mark.remark
        pair.judged_by_id, pair.judged_at = (person.id, now) if is_judged else (None, None)
        changed += 1
    session.flush()
    return changed


def take_back(session: Session, preview: Preview, *, now: datetime) -> None:
    """This will record that the customer sent the preview back."""
    preview.returned_at = now
    session.flush()
