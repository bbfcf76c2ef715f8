"""Everything that goes wrong in a played month: at the provider, between us, and in our own rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.catalogue.rules import LineKind
from migrator.database.session import reading, transaction
from migrator.demo.month.kinds import Finding, Kind, Moment
from migrator.demo.month.sales import Sale
from migrator.demo.month.selling import pay
from migrator.demo.month.world import World
from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.covers.models import Cover
from migrator.finance.reconciliation.lifecycle import Code
from migrator.fulfilment.previews.queries import latest_preview
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.fulfilment.windows.models import Window, WindowKind
from migrator.fulfilment.windows.queries import latest_window_of
from migrator.journeys.request_refund import Wish, request_refund
from migrator.money import Money
from migrator.orders.models import Order, OrderLine
from migrator.orders.operations import cancel
from migrator.orders.queries import lines_of, order_for_staff
from migrator.payments.lifecycle import AttemptState
from migrator.payments.models import Payment, PaymentAttempt
from migrator.payments.operations import end_attempt, order_charge, prepare_attempt, request_of
from migrator.payments.refunds.models import Refund

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
SHORT_BY = 910
BY_HAND, MORE_MINOR, WRONG_RATE_BP, LESS_BASE_MINOR = 400, 500, 1_300, 1_000
PATIENCE = timedelta(minutes=60)
# A sweep looks back thirty days, and is to find what was lost when the month is closed.
SWEPT_FROM_DAY, OVER_BY_DAY = 9, 12
FEE_WORDS = "Stripe: charge"


def _insured(sale: Sale) -> bool:
    return sale.is_insured


def _plain(sale: Sale) -> bool:
    return not sale.is_insured


def _plain_and_recent(sale: Sale) -> bool:
    return not sale.is_insured and sale.at.day >= SWEPT_FROM_DAY


def _soon_over(sale: Sale) -> bool:
    return sale.selection.insurance_plan == 1 and sale.at.day <= OVER_BY_DAY


def _long_open(sale: Sale) -> bool:
    return sale.selection.insurance_plan == 3


def _lost_movement(world: World, sale: Sale) -> Sequence[Finding]:
    world.provider.lever("mischief/lose", charge=_charge_id(world, sale))
    return [(Code.MISSING_AT_PROVIDER, sale.order_number)]


def _found_movement(world: World, sale: Sale) -> None:
    world.provider.lever("mischief/find", charge=_charge_id(world, sale))


def _unheard(_world: World, sale: Sale) -> Sequence[Finding]:
    return [(Code.ORPHAN_CHARGE, sale.order_number)]


def _unheard_refund(world: World, sale: Sale) -> Sequence[Finding]:
    with world.provider.losing_events():
        refund = world.provider.refund_by_hand(sale.intent_id, BY_HAND)
    return [(Code.MISSING_IN_LEDGER, world.provider.movement_of(refund))]


def _unheard_dispute(world: World, sale: Sale) -> Sequence[Finding]:
    with world.provider.losing_events():
        dispute = world.provider.dispute(sale.intent_id)
    return [(Code.MISSING_IN_LEDGER, world.provider.movement_of(dispute))]


def _another_price(world: World, sale: Sale) -> Sequence[Finding]:
    world.provider.lever("mischief/price", session=sale.checkout_id, amount=str(_price(sale) + MORE_MINOR))
    return [(Code.AMOUNT_MISMATCH, sale.order_number)]


def _another_currency(world: World, sale: Sale) -> Sequence[Finding]:
    world.provider.lever("mischief/price", session=sale.checkout_id, currency="eur")
    # What comes in another currency is not the amount that was asked for either.
    return [(Code.CURRENCY_MISMATCH, sale.order_number), (Code.AMOUNT_MISMATCH, sale.order_number)]


def _larger_fee(world: World, sale: Sale) -> Sequence[Finding]:
    world.provider.lever("mischief/fee", charge=_charge_id(world, sale), amount=str(SHORT_BY))
    return [(Code.UNEXPECTED_FEE, sale.order_number)]


def _stray_fee(world: World, _sale: Sale) -> Sequence[Finding]:
    movement = world.provider.lever("mischief/bill", amount=str(SHORT_BY))
    return [(Code.UNEXPECTED_FEE, movement["id"])]


def _real_money(world: World, sale: Sale) -> Sequence[Finding]:
    charge = world.provider.lever("mischief/live", charge=_charge_id(world, sale))
    return [(Code.LIVEMODE_MIX, world.provider.movement_of(charge))]


def _wrong_rate(_world: World, sale: Sale) -> Sequence[Finding]:
    _price_premium(sale, rate_bp=WRONG_RATE_BP)
    return [(Code.PREMIUM_MISCALCULATED, sale.order_number)]


def _wrong_base(_world: World, sale: Sale) -> Sequence[Finding]:
    _price_premium(sale, less_base_minor=LESS_BASE_MINOR)
    return [(Code.PREMIUM_MISCALCULATED, sale.order_number)]


def _paid_after_the_end(world: World, sale: Sale) -> Sequence[Finding]:
    with transaction() as session:
        attempt = session.get_one(PaymentAttempt, sale.attempt_id)
        end_attempt(session, attempt, AttemptState.EXPIRED, now=world.clock.now())
    return [(Code.PAID_LATE, sale.order_number)]


def _paid_after_cancelling(world: World, sale: Sale) -> Sequence[Finding]:
    with transaction() as session:
        order = order_for_staff(session, sale.order_number, for_update=True)
        cancel(session, order, actor=order.placed_by.actor, now=world.clock.now())
    return [(Code.PAID_AFTER_CANCEL, sale.order_number)]


def _paid_twice(world: World, sale: Sale) -> Sequence[Finding]:
    # A paid order opens no second checkout, so one is opened behind its back.
    now = world.clock.now()
    with transaction() as session:
        order = order_for_staff(session, sale.order_number, for_update=True)
        charge = order_charge(order, lines_of(session, order))
        attempt = prepare_attempt(
            session, order, charge=charge, person=order.placed_by, base_url=world.base_url, open_for=PATIENCE, now=now
        )
        request = request_of(attempt)
    pay(world, sale.person, world.gateway.create_checkout(request).id)
    world.hear()
    return [(Code.DUPLICATE_CHARGE, sale.order_number)]


def _refund_by_hand(world: World, sale: Sale) -> Sequence[Finding]:
    world.provider.refund_by_hand(sale.intent_id, BY_HAND)
    world.hear()
    return [(Code.REFUND_WITHOUT_LINE, sale.order_number)]


def _refund_fails(world: World, sale: Sale) -> Sequence[Finding]:
    refund_id = _give_back(world, sale, lambda line: line.kind is LineKind.MIGRATION, BY_HAND)
    world.provider.let_refund_fail(refund_id)
    world.hear()
    return [(Code.REFUND_FAILED, sale.order_number)]


def _premium_given_back(world: World, sale: Sale) -> Sequence[Finding]:
    _give_back(world, sale, lambda line: line.kind is LineKind.INSURANCE)
    return [(Code.REFUNDED_WITH_COVER, sale.order_number)]


def _disputed(world: World, sale: Sale) -> Sequence[Finding]:
    world.provider.dispute(sale.intent_id)
    world.hear()
    return [(Code.DISPUTE_WITH_COVER, sale.order_number)]


def _covered_again(_world: World, sale: Sale) -> None:
    with transaction() as session:
        for cover in _covers(session, sale):
            cover.state = CoverState.OPEN


def _no_window(_world: World, sale: Sale) -> Sequence[Finding]:
    with transaction() as session:
        for cover in _covers(session, sale):
            cover.state, cover.starts_at, cover.ends_at, cover.earned_through = CoverState.SOLD, None, None, None
        session.delete(_window(session, sale))
    return [(Code.WINDOW_NEVER_OPENED, sale.order_number)]


def _long_window(_world: World, sale: Sale) -> Sequence[Finding]:
    with transaction() as session:
        window = _window(session, sale)
        window.ends_at += A_DAY
        for cover in _covers(session, sale):
            cover.ends_at = window.ends_at
    return [(Code.WINDOW_WRONG_LENGTH, sale.order_number)]


def _too_many_restarts(_world: World, sale: Sale) -> Sequence[Finding]:
    with transaction() as session:
        order, window = session.get_one(Order, sale.order_id), _window(session, sale)
        for number in range(order.restarts_limit + 1):
            _restart(session, sale, window.opened_at + (2 * number + 1) * AN_HOUR)
    return [(Code.RESTARTS_OVER_PLAN, sale.order_number)]


def _late_restart(_world: World, sale: Sale) -> Sequence[Finding]:
    with transaction() as session:
        _restart(session, sale, _window(session, sale).ends_at + AN_HOUR)
    return [(Code.RESTART_AFTER_END, sale.order_number)]


def _off_schedule(_world: World, sale: Sale) -> Sequence[Finding]:
    # It fits neither the schedule nor the books.
    return [(Code.EARNED_OFF_SCHEDULE, sale.order_number)] * 2


def _one_cent_more(_world: World, sale: Sale) -> None:
    _earn_beside(sale, 1)


def _one_cent_less(_world: World, sale: Sale) -> None:
    _earn_beside(sale, -1)


def _after_the_lock(_world: World, _sale: Sale) -> Sequence[Finding]:
    # Its fee comes with the first statement, when the month before is locked.
    return [(Code.LATE_IN_CLOSED_MONTH, FEE_WORDS)]


def _give_back(world: World, sale: Sale, which: Callable[[OrderLine], bool], minor: int | None = None) -> str:
    now = world.clock.now()
    with transaction() as session:
        order = order_for_staff(session, sale.order_number, for_update=True)
        line = next(line for line in lines_of(session, order) if which(line))
        amount = Money(line.amount_minor if minor is None else minor, line.currency)
        payment = session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
        wish = Wish("The customer asked for it", f"month-{sale.number}", {line.id: amount})
        refund_id = request_refund(
            session, order, payment.id, wish, person=world.people.finance, limit=world.refund_limit, now=now
        ).id
    world.hear()
    with reading() as session:
        return session.get_one(Refund, refund_id).provider_id or ""


def _restart(session: Session, sale: Sale, at: datetime) -> None:
    preview = latest_preview(session, sale.order_id)
    assert preview is not None, "what was moved had one"
    session.add(
        Run(
            order_id=sale.order_id,
            preview_id=preview.id,
            kind=RunKind.RESTART,
            state=RunState.DONE,
            requested_by_id=sale.person.id,
            requested_at=at,
            backup_on=at.date(),
            started_at=at,
            finished_at=at + AN_HOUR,
        )
    )


def _earn_beside(sale: Sale, minor: int) -> None:
    with transaction() as session:
        for cover in _covers(session, sale):
            cover.earned_minor += minor


def _covers(session: Session, sale: Sale) -> Sequence[Cover]:
    return session.scalars(select(Cover).where(Cover.order_id == sale.order_id)).all()


def _window(session: Session, sale: Sale) -> Window:
    window = latest_window_of(session, sale.order_id, WindowKind.INSURANCE)
    assert window is not None, "it is planted on what was moved with insurance"
    return window


def _price_premium(sale: Sale, *, rate_bp: int | None = None, less_base_minor: int = 0) -> None:
    wanted = select(OrderLine).where(OrderLine.order_id == sale.order_id, OrderLine.kind == LineKind.INSURANCE)
    with transaction() as session:
        order, line = session.get_one(Order, sale.order_id), session.scalars(wanted).one()
        base, rate = (line.base_minor or 0) - less_base_minor, rate_bp or line.rate_bp or 0
        premium = Money(base, line.currency).share(rate).minor_units
        order.total_minor += premium - line.amount_minor
        line.base_minor, line.rate_bp, line.amount_minor = base, rate, premium


def _price(sale: Sale) -> int:
    with reading() as session:
        return session.get_one(Order, sale.order_id).total_minor


def _charge_id(world: World, sale: Sale) -> str:
    return str(world.provider.charge_of(sale.intent_id)["id"])


PLACED, OPENED, PAID, MOVED = Moment.PLACED, Moment.OPENED, Moment.PAID, Moment.MOVED
EARLY = Kind(Code.LATE_IN_CLOSED_MONTH, PAID, _after_the_lock)
KINDS = (
    Kind(Code.RESTART_AFTER_END, MOVED, _late_restart, _soon_over),
    Kind(Code.EARNED_OFF_SCHEDULE, MOVED, _off_schedule, _long_open, last=_one_cent_more, mend=_one_cent_less),
    Kind(Code.PREMIUM_MISCALCULATED, PLACED, _wrong_rate, _insured),
    Kind(Code.PREMIUM_MISCALCULATED, PLACED, _wrong_base, _insured),
    Kind(Code.REFUNDED_WITH_COVER, MOVED, _premium_given_back, _insured, later=_covered_again),
    Kind(Code.DISPUTE_WITH_COVER, MOVED, _disputed, _insured, later=_covered_again),
    Kind(Code.WINDOW_NEVER_OPENED, MOVED, _no_window, _insured),
    Kind(Code.WINDOW_WRONG_LENGTH, MOVED, _long_window, _insured),
    Kind(Code.RESTARTS_OVER_PLAN, MOVED, _too_many_restarts, _insured),
    Kind(Code.MISSING_IN_LEDGER, PAID, _unheard_refund, _plain_and_recent),
    Kind(Code.MISSING_IN_LEDGER, PAID, _unheard_dispute, _plain_and_recent),
    Kind(Code.ORPHAN_CHARGE, OPENED, _unheard, _plain_and_recent, is_unheard=True),
    Kind(Code.MISSING_AT_PROVIDER, PAID, _lost_movement, _plain, mend=_found_movement),
    Kind(Code.AMOUNT_MISMATCH, OPENED, _another_price, _plain),
    Kind(Code.CURRENCY_MISMATCH, OPENED, _another_currency, _plain),
    Kind(Code.DUPLICATE_CHARGE, PAID, _paid_twice, _plain),
    Kind(Code.PAID_LATE, OPENED, _paid_after_the_end, _plain),
    Kind(Code.PAID_AFTER_CANCEL, OPENED, _paid_after_cancelling, _plain),
    Kind(Code.REFUND_WITHOUT_LINE, PAID, _refund_by_hand, _plain),
    Kind(Code.REFUND_FAILED, PAID, _refund_fails, _plain),
    Kind(Code.UNEXPECTED_FEE, PAID, _larger_fee, _plain),
    Kind(Code.UNEXPECTED_FEE, PAID, _stray_fee, _plain),
    Kind(Code.LIVEMODE_MIX, PAID, _real_money, _plain),
)
