"""Harbour Tea: half an order went back, one is cancelled and waits for a second person, one is disputed."""

from __future__ import annotations

from datetime import datetime, timedelta

from migrator.accounts.models import Person
from migrator.demo.stage import Sites, Stage
from migrator.demo.wishes import package, self_service
from migrator.finance.ledger.posting import post_payment
from migrator.journeys.cancel_order import cancel_order
from migrator.journeys.request_refund import Wish, request_refund
from migrator.journeys.send_refund import begin_sending
from migrator.journeys.settle_reversals import settle_reversals
from migrator.money import Money
from migrator.orders.models import Order
from migrator.orders.queries import lines_of
from migrator.payments.disputes.lifecycle import DisputeStatus
from migrator.payments.models import Payment
from migrator.payments.movements import ProviderDispute, ProviderRefund
from migrator.payments.refunds.lifecycle import RefundState
from migrator.payments.refunds.queries import payments_of_order

CARD = "Visa ending in 4242"
LIMIT = Money(50_000)
DISPUTE_FEE = Money(1_500)


def teahouse(stage: Stage, jun: Person, priya: Person) -> None:
    """This will tell the story of Harbour Tea."""
    shop = Sites("old.harbour-tea.example", "www.harbour-tea.example")
    _half_back(stage, jun, priya, shop)
    _cancelled(stage, jun, shop)
    _disputed(stage, jun, shop)


def _half_back(stage: Stage, jun: Person, priya: Person, shop: Sites) -> None:
    order = stage.ordered(
        jun, self_service("SELF-500", 380, "wix", "wordpress"), shop, token="demo-t1", at=stage.at(9, "10:05")
    )
    order = stage.paid(order, at=stage.at(9, "10:20"))
    payment = _posted(stage, order)
    at = stage.at(5, "14:10")
    halves = {line.id: Money(line.amount_minor // 2, line.currency) for line in lines_of(stage.session, order)}
    wish = Wish("Ordered twice as many pages as the site has; agreed on half", "demo-t1", halves)
    refund = request_refund(stage.session, order, payment.id, wish, person=priya, limit=LIMIT, now=at)
    begin_sending(stage.session, refund.id, now=at)
    made = ProviderRefund(
        id=f"re_demo_{refund.id}",
        state=RefundState.DONE,
        amount=refund.amount,
        charge_id=payment.charge_id,
        payment_intent_id=payment.payment_intent_id,
        refund_id=str(refund.id),
        reason="requested_by_customer",
        failure="",
        card=CARD,
        created_at=at,
    )
    settle_reversals(stage.session, payment.payment_intent_id, refunds=[made], disputes=(), now=at)


def _cancelled(stage: Stage, jun: Person, shop: Sites) -> None:
    order = stage.ordered(
        jun, package("PACK-EXTENDED", 3_900, "magento", "woocommerce", plan=2), shop, token="demo-t2",
        at=stage.at(4, "08:40"),
    )  # fmt: skip
    order = stage.paid(order, at=stage.at(4, "08:55"))
    _posted(stage, order)
    cancel_order(
        stage.session,
        order,
        reason="The shop stays where it is: the owner has sold it",
        token="demo-t2",
        person=stage.manager(order),
        limit=LIMIT,
        now=stage.at(1, "16:25"),
    )


def _disputed(stage: Stage, jun: Person, shop: Sites) -> None:
    order = stage.ordered(
        jun, package("PACK-BASIC", 640, "prestashop", "woocommerce", plan=1), shop, token="demo-t3",
        at=stage.at(6, "09:10"),
    )  # fmt: skip
    order = stage.under_way(order, shop, days_ago=4)
    payment, at = _posted(stage, order), stage.at(1, "11:45")
    told = ProviderDispute(
        id=f"du_demo_{order.id}",
        status=DisputeStatus.NEEDS_RESPONSE,
        reason="unrecognized",
        amount=payment.amount,
        fee=DISPUTE_FEE,
        charge_id=payment.charge_id,
        payment_intent_id=payment.payment_intent_id,
        created_at=at,
        answer_by_at=_evidence_until(at),
    )
    settle_reversals(stage.session, payment.payment_intent_id, refunds=(), disputes=[told], now=at)


def _posted(stage: Stage, order: Order) -> Payment:
    # What goes back is posted at once, and needs the payment in the books before it.
    payment = payments_of_order(stage.session, order.id)[0]
    post_payment(stage.session, payment, now=payment.settled_at)
    return payment


def _evidence_until(at: datetime) -> datetime:
    return at + timedelta(days=7)
