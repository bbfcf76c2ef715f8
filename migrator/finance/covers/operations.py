"""What happens to covers, and what of their premiums is earned. Flushes, never commits.

A cover follows the order's insurance window; its money follows the cover. Figures and postings change together, so
that what is deferred is always what the covers still owe.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from migrator.calendars.queries import calendar
from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.covers.models import Cover
from migrator.finance.covers.queries import covers_of
from migrator.finance.covers.rules import Stretch, WorkingDays, earned_by, steps, stretch_of
from migrator.finance.desk_days import desk_day
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.journal import Transfer, post
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.fulfilment.windows.queries import latest_window_of
from migrator.orders.lifecycle import OrderState
from migrator.orders.models import Order, OrderLine

A_DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
# As many as an entry of the journal holds.
MOST_WORDS = 300


def sell_cover(session: Session, order: Order, line: OrderLine, *, sold_at: datetime) -> Cover:
    """This will write the cover of an insurance line that was paid, with what was sold (RULES C-071 to C-075)."""
    terms = order.terms.insurance
    assert line.plan is not None, "an insurance line has its plan"
    assert line.base_minor is not None, "and what it is a share of"
    assert line.rate_bp is not None, "and its rate"
    assert terms is not None, "who pays for insurance has its terms"
    cover = Cover(
        order_id=order.id,
        order_line_id=line.id,
        plan=line.plan,
        base_minor=line.base_minor,
        rate_bp=line.rate_bp,
        premium_minor=line.amount_minor,
        currency=line.currency,
        restarts_allowed=terms.restarts,
        business_days=terms.business_days,
        sold_at=sold_at,
    )
    session.add(cover)
    session.flush()
    return cover


def open_covers(session: Session, order: Order, *, now: datetime) -> None:
    """This will open the covers of an order whose first full migration is done, with its window (RULES C-074)."""
    follow_window(session, order, now=now)


def use_restart(session: Session, order: Order, *, now: datetime) -> None:
    """This will earn what is left where the last restart was just used (RULES C-077, C-079)."""
    follow_window(session, order, now=now)


def suspend_covers(session: Session, order: Order, *, now: datetime) -> None:
    """This will let an order's covers wait, and earn nothing, while a bank decides (PAYMENTS, rule 7)."""
    for cover in covers_of(session, order.id):
        if cover.state in {CoverState.SOLD, CoverState.OPEN}:
            cover.state = CoverState.SUSPENDED
    session.flush()


def restore_covers(session: Session, order: Order, *, now: datetime) -> None:
    """This will let covers that waited go on where they would be; the window has run on meanwhile (RULES X-06)."""
    for cover in covers_of(session, order.id):
        if cover.state is CoverState.SUSPENDED:
            restore(session, order, cover, now=now)


def void_covers(session: Session, order: Order, *, now: datetime) -> None:
    """This will end an order's covers for good; what has not gone back of their premiums is owed for nothing more."""
    for cover in covers_of(session, order.id):
        if cover.state is not CoverState.VOID:
            settle(session, cover, CoverState.VOID, on=desk_day(now), now=now)


def keep_premium(session: Session, cover_id: int, *, reason: str, now: datetime) -> None:
    """This will earn what is left of the premium of a cancelled order, because finance keeps it for a reason.

    Until then it is the customer's: refundable in full, though nothing covers it any more (RULES X-12).
    """
    cover = session.get_one(Cover, cover_id, with_for_update=True, populate_existing=True)
    order = session.get_one(Order, cover.order_id)
    if cover.state is CoverState.SOLD and order.state is OrderState.CANCELLED:
        words = f"Insurance plan {cover.plan} of a cancelled order stays with us: {reason}"
        cover.state = CoverState.VOID
        _move(session, cover, cover.unearned_minor, kind=EntryKind.EARNING, on=desk_day(now), now=now, words=words)


def follow_window(session: Session, order: Order, *, now: datetime) -> None:
    """This will bring an order's covers to what its insurance window says now: its ends, and whether it is over.

    After a correction of the beginning, and when a used restart is given back, the difference is an adjustment of
    today; a later end alone takes nothing back, the rest is earned more slowly (RULES C-077, C-078, D-10).
    """
    window = latest_window_of(session, order.id, WindowKind.INSURANCE)
    if window is None:
        return
    for cover in covers_of(session, order.id):
        if cover.state is CoverState.SUSPENDED:
            cover.starts_at, cover.ends_at = window.opened_at, window.ends_at
        elif cover.state is not CoverState.VOID:
            _follow(session, order, cover, window, now=now)
    session.flush()


def follow_moved_ends(session: Session) -> None:
    """This will bring all covers whose windows end otherwise since the calendar changed to their new ends.

    What is earned follows with the next days: the whole is spread over the working days as they are now.
    """
    ends_at = (
        select(Window.ends_at)
        .where(Window.order_id == Cover.order_id, Window.kind == WindowKind.INSURANCE, Window.closed_at.is_(None))
        .scalar_subquery()
    )
    moved = Cover.state.in_((CoverState.OPEN, CoverState.SUSPENDED)), Cover.ends_at != ends_at
    change = update(Cover).where(*moved).values(ends_at=ends_at, version=Cover.version + 1)
    session.execute(change.execution_options(synchronize_session=False))


def restore(session: Session, order: Order, cover: Cover, *, now: datetime) -> None:
    """This will let a suspended cover stand where its order's window says."""
    window = latest_window_of(session, order.id, WindowKind.INSURANCE)
    if window is None:
        cover.state = CoverState.SOLD
    else:
        _follow(session, order, cover, window, now=now)
    session.flush()


def settle(session: Session, cover: Cover, state: CoverState, *, on: date, now: datetime) -> None:
    """This will end a cover, and earn what is left of its premium on a day."""
    cover.state = state
    _move(session, cover, cover.unearned_minor, kind=EntryKind.EARNING, on=on, now=now)


def earn_through(session: Session, cover: Cover, on: date, *, now: datetime) -> int:
    """This will earn an open cover's premium up to the end of a day, a month at a time, and return what was new.

    What was earned is never taken back: where the calendar of today says less, nothing is posted until it says more.

    :param cover: held, with its `order` loaded
    """
    if cover.state is not CoverState.OPEN or cover.earned_through is None or on <= cover.earned_through:
        return 0
    stretch, days = _schedule(session, cover.order, cover)
    before, after = cover.earned_minor, cover.earned_through
    for through, dated_on in steps(after, on, stretch.last_on):
        due = earned_by(cover.premium_minor, cover.refunded_minor, on=through, stretch=stretch, days=days)
        cover.earned_through = through
        new = max(due - cover.earned_minor, 0)
        _move(session, cover, new, kind=EntryKind.EARNING, on=dated_on, now=now)
    return cover.earned_minor - before


def earning(cover_id: int, order_line_id: int, amount: int, currency: str) -> Transfer:
    """This will return the transfer that earns a part of a premium; one below nothing defers it again."""
    sides = (Account.DEFERRED_INSURANCE, Account.REVENUE_INSURANCE)
    debit, credit = sides if amount >= 0 else sides[::-1]
    return Transfer(debit, credit, abs(amount), currency, order_line_id, cover_id)


def earning_cause(cover_id: int, version: int, on: date) -> str:
    """This will name the cause of an entry about a premium: the cover as it stood, and the day."""
    return f"cover:{cover_id}:{version}:{on.isoformat()}"


def _follow(session: Session, order: Order, cover: Cover, window: Window, *, now: datetime) -> None:
    was, old_start, old_end = cover.state, cover.starts_at, cover.ends_at
    cover.order, cover.starts_at, cover.ends_at = order, window.opened_at, window.ends_at
    if was is CoverState.ENDED and window.closed_at is not None:
        return
    stretch, days = _schedule(session, order, cover)
    cover.state = CoverState.OPEN
    cover.earned_through = cover.earned_through or stretch.first_on - A_DAY
    is_given_back = was is CoverState.ENDED and old_end is not None and now < old_end
    if old_start not in {None, window.opened_at} or is_given_back:
        _adjust(session, cover, stretch, days, now=now)
    if window.closed_at is not None:
        ended_on = desk_day(window.closed_at - INSTANT)
        earn_through(session, cover, ended_on, now=now)
        settle(session, cover, CoverState.ENDED, on=ended_on, now=now)


def _adjust(session: Session, cover: Cover, stretch: Stretch, days: WorkingDays, *, now: datetime) -> None:
    today = desk_day(now)
    through = max(stretch.first_on - A_DAY, min(cover.earned_through or today, today - A_DAY))
    due = earned_by(cover.premium_minor, cover.refunded_minor, on=through, stretch=stretch, days=days)
    cover.earned_through = through
    _move(session, cover, due - cover.earned_minor, kind=EntryKind.ADJUSTMENT, on=today, now=now)


def _move(
    session: Session, cover: Cover, amount: int, *, kind: EntryKind, on: date, now: datetime, words: str = ""
) -> None:
    cause = earning_cause(cover.id, cover.version, on)
    cover.earned_minor += amount
    session.flush()
    transfers = [earning(cover.id, cover.order_line_id, amount, cover.currency)]
    said = (words or f"Insurance plan {cover.plan}")[:MOST_WORDS]
    post(session, cause, kind, transfers, on=on, words=said, now=now, order_id=cover.order_id)


def _schedule(session: Session, order: Order, cover: Cover) -> tuple[Stretch, WorkingDays]:
    assert cover.starts_at is not None, "only a window earns"
    assert cover.ends_at is not None, "and it has an end"
    days = WorkingDays(calendar(session, order.calendar_key))
    return stretch_of(cover.starts_at, cover.ends_at, days.calendar.zone), days
