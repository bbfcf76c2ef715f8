"""What the review page shows of a preview, and what is in the way of the full migration."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from migrator.clock.wording import counted_text, instant_text
from migrator.fulfilment.previews.models import Preview, PreviewPair, Verdict
from migrator.fulfilment.previews.queries import latest_preview
from migrator.fulfilment.runs.rules import Obstacle
from migrator.journeys.answer_preview import marks_of
from migrator.journeys.start_full_run import AlreadyStarted, obstacles_of, refuse_second
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order
from migrator.web.request import now

VERDICT_WORDS = {
    Verdict.UNSEEN: ("Not looked at yet", "neutral"),
    Verdict.RIGHT: ("Looks right", "done"),
    Verdict.WRONG: ("Problem", "attention"),
}


@dataclass(frozen=True, slots=True)
class PairView:
    """A page of the old site beside the one of the preview, and what the customer says of it."""

    pair_id: int
    title: str
    old_address: str
    new_address: str
    verdict: Verdict
    words: str
    tone: str
    remark: str


@dataclass(frozen=True, slots=True)
class PreviewView:
    """A preview in words.

    :ivar standing: what the customer has said of it so far, in a sentence
    :ivar seen: the fingerprint of the marks
    """

    number: int
    published_text: str
    published_by: str
    words: str
    pairs: tuple[PairView, ...]
    counts: tuple[tuple[str, str, str, str, str], ...]
    standing: str
    wrong: int
    is_returned: bool
    seen: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """All that the review page shows.

    :ivar preview: none before the first
    :ivar started_text: who started the full migration and when; empty before
    :ivar consequences: what the one click does, in a line
    """

    number: str
    product: str
    state: OrderState
    preview: PreviewView | None
    can_answer: bool
    obstacles: tuple[Obstacle, ...]
    started_text: str
    consequences: str


def review_page(session: Session, order: Order) -> ReviewPage:
    """This will gather the page of an order that was loaded with its people and calendar."""
    preview = latest_preview(session, order.id)
    can_answer = order.state is OrderState.PREVIEW_READY
    return ReviewPage(
        number=order.number,
        product=order.terms.product_name,
        state=order.state,
        preview=preview_view(preview, order.calendar_row.zone) if preview else None,
        can_answer=can_answer,
        obstacles=obstacles_of(session, order, now=now()) if can_answer else (),
        started_text=_started(session, order),
        consequences=f"Starts now and writes to {order.target_address or 'your new site'}. Nothing more to pay.",
    )


def preview_view(preview: Preview, zone: str) -> PreviewView:
    """This will put a preview that was loaded with its pairs and counts into words."""
    verdicts = [pair.verdict for pair in preview.pairs]
    return PreviewView(
        number=preview.number,
        published_text=instant_text(preview.published_at, zone),
        published_by=preview.published_by.display_name,
        words=preview.words,
        pairs=tuple(_pair(pair) for pair in preview.pairs),
        counts=tuple(
            (one.label, f"{one.expected:,}", f"{one.moved:,}", f"{one.skipped:,}", one.reason) for one in preview.counts
        ),
        standing=_standing(preview, verdicts, zone),
        wrong=verdicts.count(Verdict.WRONG),
        is_returned=preview.returned_at is not None,
        seen=marks_of(preview),
    )


def _pair(pair: PreviewPair) -> PairView:
    words, tone = VERDICT_WORDS[pair.verdict]
    return PairView(
        pair_id=pair.id,
        title=pair.title or f"Page {pair.position}",
        old_address=pair.old_address,
        new_address=pair.new_address,
        verdict=pair.verdict,
        words=words,
        tone=tone,
        remark=pair.remark,
    )


def _standing(preview: Preview, verdicts: list[Verdict], zone: str) -> str:
    right, wrong = verdicts.count(Verdict.RIGHT), verdicts.count(Verdict.WRONG)
    marked = f"{right} of {counted_text(len(verdicts), 'page')} marked as right, {wrong} as a problem."
    return f"{marked} Sent back {instant_text(preview.returned_at, zone)}." if preview.returned_at else marked


def _started(session: Session, order: Order) -> str:
    try:
        refuse_second(session, order)
    except AlreadyStarted as started:
        return str(started)
    return ""
