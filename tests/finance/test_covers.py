"""A cover's life: sold, opened, earned day by day, used up, given back, prolonged, corrected, refunded, disputed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from migrator.finance.covers.earning import earn_some
from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.covers.operations import restore_covers, suspend_covers, void_covers
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.finance.ledger.posting import (
    post_dispute_lost,
    post_dispute_opened,
    post_dispute_won,
    post_payment,
    post_refund,
    post_refund_failed,
)
from migrator.finance.reconciliation.deciding import agree, decide
from migrator.finance.reconciliation.lifecycle import Code, DiscrepancyState
from migrator.finance.reconciliation.run_models import Discrepancy
from migrator.fulfilment.runs.queries import full_run_of
from migrator.journeys.cancel_order import cancel_order
from migrator.journeys.correct_result import correct_completion
from migrator.journeys.decide_refund import decline_refund
from migrator.journeys.end_what_is_over import due_window_ids, end_window
from migrator.journeys.extend_window import prolong_insurance
from migrator.journeys.fail_run import fail_run
from migrator.journeys.request_restart import request_restart
from migrator.money import Money
from migrator.orders.models import Order, OrderLine
from migrator.orders.queries import lines_of, order_for_staff
from migrator.payments.disputes.lifecycle import DisputeStatus
from migrator.payments.disputes.models import Dispute
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.models import Refund
from tests.conftest import NOW
from tests.factories.fulfilment import kyiv
from tests.factories.ledger import a_covered_order, balances, cover_of, pay
from tests.factories.money import a_done_refund, a_payment
from tests.factories.month import reconcile
from tests.factories.people import a_finance_person
from tests.factories.stages import an_unpaid_order

# Package Basic 249.00 with plan 2: 12 % in 14 working days, the last of which is Fri 11 Dec.
DONE = kyiv("2026-11-23 15:20")
PRICE, PREMIUM = 24_900, 2_988
BOTH = PRICE + PREMIUM


def earn(session: Session, at: datetime) -> None:
    while earn_some(session, now=at):
        session.flush()


def restart(session: Session, order: Order, at: datetime) -> None:
    request_restart(session, order, backup_on=date(2026, 11, 23), is_confirmed=True, person=order.placed_by, now=at)


def entries(session: Session, kind: EntryKind) -> list[tuple[date, int]]:
    wanted = select(JournalEntry.happened_on, Posting.amount_minor, Posting.debit).join(Posting)
    found = session.execute(wanted.where(JournalEntry.kind == kind).order_by(JournalEntry.id, Posting.id))
    return [(on, -amount if debit is Account.REVENUE_INSURANCE else amount) for on, amount, debit in found]


def payment_of_order(session: Session, order: Order) -> Payment:
    return session.scalars(select(Payment).where(Payment.order_id == order.id)).one()


def line_ids(session: Session, order: Order) -> dict[str, int]:
    return {
        line.kind.value: line.id for line in session.scalars(select(OrderLine).where(OrderLine.order_id == order.id))
    }


def a_dispute(session: Session, payment: Payment, status: DisputeStatus, *, amount_minor: int, at: datetime) -> Dispute:
    dispute = Dispute(
        payment_id=payment.id,
        order_id=payment.order_id,
        provider_id=f"dp_{payment.id}",
        status=status,
        amount_minor=amount_minor,
        currency=payment.currency,
        opened_at=at,
    )
    session.add(dispute)
    session.flush()
    return dispute


def test_what_is_paid_is_owed_until_it_is_delivered_and_the_premium_until_it_is_earned(session: Session) -> None:
    order = an_unpaid_order(session, insurance_plan=2)
    payment = a_payment(session, order)
    owed = {Account.STRIPE_CLEARING: BOTH, Account.CONTRACT_LIABILITY: PRICE, Account.DEFERRED_INSURANCE: PREMIUM}
    assert balances(session) == owed
    post_payment(session, payment, now=DONE)
    assert balances(session) == owed
    cover = cover_of(session, order)
    assert (cover.state, cover.premium_minor, cover.restarts_allowed, cover.business_days) == (
        CoverState.SOLD, PREMIUM, 2, 14
    )  # fmt: skip


def test_delivery_is_revenue_and_nothing_of_the_premium_is_earned_on_the_day_of_the_migration(session: Session) -> None:
    order = a_covered_order(session, at=DONE)
    earn(session, DONE + timedelta(hours=1))
    assert balances(session) == {
        Account.STRIPE_CLEARING: BOTH, Account.REVENUE_MIGRATIONS: PRICE, Account.DEFERRED_INSURANCE: PREMIUM
    }  # fmt: skip
    cover = cover_of(session, order)
    assert (cover.state, cover.starts_at, cover.ends_at) == (CoverState.OPEN, DONE, kyiv("2026-12-12 00:00"))


def test_each_working_day_earns_its_part_and_the_last_one_the_rest(session: Session) -> None:
    order = a_covered_order(session, at=DONE)
    for number in range(1, 25):
        earn(session, DONE + timedelta(days=number))
    assert cover_of(session, order).earned_minor == PREMIUM
    posted = entries(session, EntryKind.EARNING)
    assert [on for on, _amount in posted] == [
        date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 30),
        date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 4), date(2026, 12, 7),
        date(2026, 12, 8), date(2026, 12, 9), date(2026, 12, 10), date(2026, 12, 11),
    ]  # fmt: skip
    assert sum(amount for _on, amount in posted) == PREMIUM
    assert {amount for _on, amount in posted} == {213, 214}


def test_a_worker_that_was_down_catches_up_and_gives_each_month_its_own(session: Session) -> None:
    order = a_covered_order(session, at=DONE)
    earn(session, kyiv("2027-02-01 09:00"))
    posted = entries(session, EntryKind.EARNING)
    assert posted == [(date(2026, 11, 30), PREMIUM * 5 // 14), (date(2026, 12, 11), PREMIUM - PREMIUM * 5 // 14)]
    earn(session, kyiv("2027-02-02 09:00"))
    assert entries(session, EntryKind.EARNING) == posted
    assert cover_of(session, order).earned_minor == PREMIUM


def test_the_last_restart_earns_the_rest_and_one_given_back_defers_it_again(session: Session) -> None:
    order = a_covered_order(session, at=DONE, insurance_plan=1)
    restart(session, order, kyiv("2026-11-26 10:00"))
    cover = cover_of(session, order)
    assert (cover.state, cover.unearned_minor) == (CoverState.ENDED, 0)
    fail_run(
        session, order, failure="Our server stopped.", is_our_fault=True, actor=order.placed_by.actor,
        now=kyiv("2026-11-26 12:00"),
    )  # fmt: skip
    cover = cover_of(session, order)
    assert (cover.state, cover.earned_minor) == (CoverState.OPEN, 1_743 * 2 // 7)
    assert [on for on, _amount in entries(session, EntryKind.ADJUSTMENT)] == [date(2026, 11, 26)]
    earn(session, kyiv("2026-12-04 09:00"))
    assert cover_of(session, order).earned_minor == 1_743


def test_a_window_that_ends_earns_what_is_left_at_its_last_day_however_late_somebody_looks(session: Session) -> None:
    order = a_covered_order(session, at=DONE)
    late = kyiv("2027-01-04 09:00")
    for window_id in due_window_ids(session, late, 100):
        end_window(session, window_id, late)
    cover = cover_of(session, order)
    assert (cover.state, cover.earned_minor) == (CoverState.ENDED, PREMIUM)
    assert max(on for on, _amount in entries(session, EntryKind.EARNING)) == date(2026, 12, 11)


def test_a_prolonged_window_earns_the_rest_more_slowly_and_takes_nothing_back(session: Session) -> None:
    order = a_covered_order(session, at=DONE)
    earn(session, kyiv("2026-12-05 09:00"))
    before = cover_of(session, order).earned_minor
    prolong_insurance(
        session, order, last_day=date(2026, 12, 18), reason="We were down.", actor=order.placed_by.actor,
        now=kyiv("2026-12-05 10:00"),
    )  # fmt: skip
    earn(session, kyiv("2026-12-08 09:00"))
    assert cover_of(session, order).earned_minor == before
    earn(session, kyiv("2026-12-19 09:00"))
    assert cover_of(session, order).earned_minor == PREMIUM
    assert entries(session, EntryKind.ADJUSTMENT) == []


def test_a_corrected_time_moves_the_window_and_the_difference_is_an_adjustment(session: Session) -> None:
    order = a_covered_order(session, at=DONE)
    earn(session, kyiv("2026-11-28 09:00"))
    run = full_run_of(session, order.id)
    assert run
    at = kyiv("2026-11-28 10:00")
    run.started_at = kyiv("2026-11-20 09:00")
    correct_completion(
        session, order, run, finished_at=kyiv("2026-11-20 15:00"), reason="Wrong day.", actor=order.placed_by.actor,
        now=at,
    )  # fmt: skip
    cover = cover_of(session, order)
    assert (cover.starts_at, cover.earned_minor) == (kyiv("2026-11-20 15:00"), PREMIUM * 5 // 14)
    assert (date(2026, 11, 28), PREMIUM * 5 // 14 - PREMIUM * 4 // 14) in entries(session, EntryKind.ADJUSTMENT)
    wanted = select(JournalEntry.happened_on).where(JournalEntry.kind == EntryKind.DELIVERY).order_by(JournalEntry.id)
    assert list(session.scalars(wanted)) == [date(2026, 11, 23), date(2026, 11, 20)]
    assert balances(session)[Account.REVENUE_MIGRATIONS] == PRICE


def test_a_refund_takes_the_unearned_part_first_and_one_that_fails_puts_all_back(session: Session) -> None:
    order = a_covered_order(session, at=DONE)
    earn(session, kyiv("2026-12-01 09:00"))
    earned, lines = cover_of(session, order).earned_minor, line_ids(session, order)
    back = {lines["migration"]: 10_000, lines["insurance"]: 2_500}
    refund = a_done_refund(session, payment_of_order(session, order), amount_minor=12_500, lines=back)
    post_refund(session, refund, now=DONE)
    cover = cover_of(session, order)
    assert (cover.refunded_minor, cover.earned_minor, cover.unearned_minor) == (2_500, PREMIUM - 2_500, 0)
    assert earned > PREMIUM - 2_500
    assert balances(session)[Account.REFUNDS] == 10_000
    post_refund(session, refund, now=DONE)
    refund.state = RefundState.FAILED
    post_refund_failed(session, refund, now=kyiv("2026-12-01 10:00"))
    cover = cover_of(session, order)
    assert (cover.state, cover.refunded_minor, cover.earned_minor) == (CoverState.OPEN, 0, earned)
    assert Account.REFUNDS not in balances(session)


def test_everything_that_goes_back_before_the_migration_leaves_nothing(session: Session) -> None:
    order = an_unpaid_order(session, insurance_plan=2)
    payment = a_payment(session, order)
    amounts = {line.id: line.amount_minor for line in lines_of(session, order) if line.amount_minor}
    refund = a_done_refund(session, payment, amount_minor=BOTH, lines=amounts)
    post_refund(session, refund, now=DONE)
    assert balances(session) == {}
    cover = cover_of(session, order)
    assert (cover.state, cover.refunded_minor) == (CoverState.VOID, PREMIUM)
    refund.state = RefundState.FAILED
    post_refund_failed(session, refund, now=DONE)
    assert cover_of(session, order).state is CoverState.SOLD
    assert balances(session)[Account.DEFERRED_INSURANCE] == PREMIUM


def a_cancelled_order(session: Session) -> tuple[Order, Refund]:
    """An order that was cancelled, whose money waits for a second person."""
    order = an_unpaid_order(session, insurance_plan=2)
    a_payment(session, order)
    order, by = order_for_staff(session, order.number), a_finance_person(session)
    (refund,) = cancel_order(session, order, reason="Moved", token="t", person=by, limit=Money(1), now=NOW)
    assert premiums_to_decide(session) == []
    return order, refund


def premiums_to_decide(session: Session) -> list[Discrepancy]:
    reconcile(session, now=DONE)
    never_opened = Discrepancy.code == Code.WINDOW_NEVER_OPENED, Discrepancy.state == DiscrepancyState.OPEN
    wanted = select(Discrepancy).where(*never_opened)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def test_the_premium_of_a_cancelled_order_is_the_customer_s_until_it_goes_back(session: Session) -> None:
    order, refund = a_cancelled_order(session)
    decline_refund(session, refund.id, reason="Half is enough", person=a_finance_person(session), now=NOW)
    (found,) = premiums_to_decide(session)
    assert (found.amount_minor, cover_of(session, order).state) == (PREMIUM, CoverState.SOLD)
    lines = {line.id: line.amount_minor for line in lines_of(session, order) if line.amount_minor}
    back = a_done_refund(session, payment_of_order(session, order), amount_minor=BOTH, lines=lines)
    post_refund(session, back, now=DONE)
    assert premiums_to_decide(session) == []
    back.state = RefundState.FAILED
    post_refund_failed(session, back, now=DONE)
    assert [one.amount_minor for one in premiums_to_decide(session)] == [PREMIUM]
    assert balances(session)[Account.DEFERRED_INSURANCE] == PREMIUM


def test_a_premium_that_finance_keeps_of_a_cancelled_order_is_earned_with_the_reason(session: Session) -> None:
    order, refund = a_cancelled_order(session)
    decline_refund(session, refund.id, reason="Agreed", person=a_finance_person(session), now=NOW)
    (found,) = premiums_to_decide(session)
    first, second = (a_finance_person(session).actor for _ in range(2))
    waived = {"reason": "The customer gave it to us", "limit_minor": PREMIUM - 1, "actor": first, "now": DONE}
    assert not decide(session, found, DiscrepancyState.WAIVED, **waived)  # type: ignore[arg-type]
    assert cover_of(session, order).earned_minor == 0
    agree(session, found, actor=second, now=DONE)
    cover = cover_of(session, order)
    assert (cover.state, cover.earned_minor) == (CoverState.VOID, PREMIUM)
    wanted = select(JournalEntry.words).where(JournalEntry.kind == EntryKind.EARNING)
    assert session.scalars(wanted).all() == [
        "Insurance plan 2 of a cancelled order stays with us: The customer gave it to us"
    ]
    assert premiums_to_decide(session) == []


def test_a_refund_of_the_dashboard_waits_until_its_lines_are_named(session: Session) -> None:
    order = an_unpaid_order(session, insurance_plan=2)
    payment = a_payment(session, order)
    refund = a_done_refund(session, payment, amount_minor=PREMIUM)
    refund.is_allocated = False
    post_refund(session, refund, now=DONE)
    assert balances(session)[Account.UNALLOCATED_RECEIPTS] == -PREMIUM
    session.execute(
        text("INSERT INTO refund_lines (refund_id, order_line_id, amount_minor) VALUES (:refund, :line, :amount)"),
        {"refund": refund.id, "line": line_ids(session, order)["insurance"], "amount": PREMIUM},
    )
    post_refund(session, refund, now=DONE)
    post_refund(session, refund, now=DONE)
    assert balances(session) == {Account.STRIPE_CLEARING: PRICE, Account.CONTRACT_LIABILITY: PRICE}


@pytest.mark.parametrize("is_won", [True, False])
def test_a_dispute_holds_the_money_and_the_cover_until_the_bank_decides(session: Session, is_won: bool) -> None:
    order = a_covered_order(session, at=DONE)
    earn(session, kyiv("2026-11-28 09:00"))
    earned, at = cover_of(session, order).earned_minor, kyiv("2026-11-30 09:00")
    payment = payment_of_order(session, order)
    dispute = a_dispute(session, payment, DisputeStatus.NEEDS_RESPONSE, amount_minor=BOTH, at=at)
    post_dispute_opened(session, dispute, now=at)
    suspend_covers(session, order, now=at)
    earn(session, kyiv("2026-12-04 09:00"))
    assert cover_of(session, order).earned_minor == earned
    assert balances(session)[Account.DISPUTES] == BOTH
    dispute.status, dispute.closed_at = (DisputeStatus.WON if is_won else DisputeStatus.LOST), at
    if is_won:
        post_dispute_won(session, dispute, now=at)
        restore_covers(session, order, now=at)
        earn(session, kyiv("2026-12-12 09:00"))
        assert cover_of(session, order).earned_minor == PREMIUM
        return
    post_dispute_lost(session, dispute, now=at)
    void_covers(session, order, now=at)
    cover = cover_of(session, order)
    assert (cover.state, cover.refunded_minor, cover.earned_minor) == (CoverState.VOID, PREMIUM, 0)
    assert balances(session) == {Account.REVENUE_MIGRATIONS: PRICE, Account.DISPUTES: PRICE}


def test_money_that_does_not_fit_waits_on_its_own_account_in_its_own_currency(session: Session) -> None:
    order = an_unpaid_order(session)
    pay(session, order, fits=Disposition.PAID_TWICE, money=Money(500, "JPY"))
    assert balances(session) == {}
    assert balances(session, "JPY") == {Account.STRIPE_CLEARING: 500, Account.UNALLOCATED_RECEIPTS: 500}


@pytest.mark.parametrize("table", ["journal_entries", "postings"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_posted_is_never_changed(session: Session, table: str, deed: str) -> None:
    a_payment(session, an_unpaid_order(session))
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(text(deed.format(table)))


def test_what_belongs_to_a_locked_month_is_dated_today_and_says_so(session: Session) -> None:
    order = a_covered_order(session, at=DONE)
    person = order.placed_by_id
    session.execute(
        text(
            "INSERT INTO accounting_months (month, state, totals, sha256, locked_by_id, locked_at, reopening_reason, "
            "version) VALUES ('2026-11', 'locked', '{}', 'x', :person, :at, '', 1)"
        ),
        {"person": person, "at": DONE if session.get_bind().dialect.name != "sqlite" else DONE.isoformat(sep=" ")[:19]},
    )
    earn(session, kyiv("2026-12-02 09:00"))
    wanted = select(JournalEntry.happened_on, JournalEntry.late_of).where(JournalEntry.kind == EntryKind.EARNING)
    assert session.execute(wanted.order_by(JournalEntry.id)).all() == [
        (date(2026, 12, 2), date(2026, 11, 30)),
        (date(2026, 12, 1), None),
    ]
    with pytest.raises(DBAPIError, match="locked"), session.begin_nested():
        session.execute(
            text(
                "INSERT INTO journal_entries (cause, kind, happened_on, posted_at, words) "
                "VALUES ('x', 'payment', '2026-11-30', '2026-12-02 09:00:00', '')"
            )
        )
