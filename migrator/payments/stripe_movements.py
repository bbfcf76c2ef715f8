"""Stripe's side of `movements.py`: its objects become our values. The base of the gateway; knows Stripe for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import stripe
from stripe.params import (
    BalanceTransactionListParams,
    BalanceTransactionListParamsCreated,
    PayoutListParams,
    RefundCreateParams,
)

from migrator.money import Money
from migrator.payments.disputes.lifecycle import DisputeStatus
from migrator.payments.gateway_errors import REFUSED_QUESTION, REFUSED_REFUND, translated_errors
from migrator.payments.movements import (
    BalanceTransaction,
    CardCharge,
    Payout,
    ProviderDispute,
    ProviderRefund,
    RefundRequest,
)
from migrator.payments.refunds.lifecycle import RefundState

LONGEST_PAGE = 100
WITH_CHARGE = ["charge"]
LIST_WITH_CHARGE = ["data.charge"]

# A refund that asks the customer for something is under way like any other.
REFUND_STATES = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.DONE,
    "failed": RefundState.FAILED,
    "canceled": RefundState.CANCELLED,
}
BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover", "jcb": "JCB"}


class StripeMovements:
    """Refunds, disputes, the balance and payouts at Stripe; `gateway.py` gives it the client."""

    _client: stripe.StripeClient

    def create_refund(self, request: RefundRequest) -> ProviderRefund:
        """This will give money back, or return the refund already made with the same key."""
        with translated_errors(REFUSED_REFUND):
            refund = self._client.v1.refunds.create(
                _refund_parameters(request), {"idempotency_key": request.idempotency_key}
            )
        return _refund(refund.to_dict())

    def refund(self, refund_id: str) -> ProviderRefund:
        """This will return the refund as Stripe knows it now."""
        with translated_errors(REFUSED_QUESTION):
            return _refund(self._client.v1.refunds.retrieve(refund_id, {"expand": WITH_CHARGE}).to_dict())

    def refunds_of(self, payment_intent_id: str) -> tuple[ProviderRefund, ...]:
        """This will return all refunds of a payment."""
        with translated_errors(REFUSED_QUESTION):
            page = self._client.v1.refunds.list(
                {"payment_intent": payment_intent_id, "limit": LONGEST_PAGE, "expand": LIST_WITH_CHARGE}
            )
            return tuple(_refund(each.to_dict()) for each in page.auto_paging_iter())

    def refunds(self, *, created_from: datetime) -> Iterator[ProviderRefund]:
        """This will return all refunds made since an instant."""
        with translated_errors(REFUSED_QUESTION):
            page = self._client.v1.refunds.list(
                {"created": {"gte": _seconds(created_from)}, "limit": LONGEST_PAGE, "expand": LIST_WITH_CHARGE}
            )
            for each in page.auto_paging_iter():
                yield _refund(each.to_dict())

    def dispute(self, dispute_id: str) -> ProviderDispute:
        """This will return the dispute as Stripe knows it now."""
        with translated_errors(REFUSED_QUESTION):
            return _dispute(self._client.v1.disputes.retrieve(dispute_id).to_dict())

    def disputes_of(self, payment_intent_id: str) -> tuple[ProviderDispute, ...]:
        """This will return all disputes of a payment."""
        with translated_errors(REFUSED_QUESTION):
            page = self._client.v1.disputes.list({"payment_intent": payment_intent_id, "limit": LONGEST_PAGE})
            return tuple(_dispute(each.to_dict()) for each in page.auto_paging_iter())

    def disputes(self, *, created_from: datetime) -> Iterator[ProviderDispute]:
        """This will return all disputes opened since an instant."""
        with translated_errors(REFUSED_QUESTION):
            page = self._client.v1.disputes.list({"created": {"gte": _seconds(created_from)}, "limit": LONGEST_PAGE})
            for each in page.auto_paging_iter():
                yield _dispute(each.to_dict())

    def charge(self, charge_id: str) -> CardCharge:
        """This will return the charge as Stripe knows it now."""
        with translated_errors(REFUSED_QUESTION):
            return _charge(self._client.v1.charges.retrieve(charge_id).to_dict())

    def charge_of(self, payment_intent_id: str) -> CardCharge | None:
        """This will return the charge by which a payment was made, or none where it was not."""
        with translated_errors(REFUSED_QUESTION):
            page = self._client.v1.charges.list({"payment_intent": payment_intent_id, "limit": LONGEST_PAGE})
            charges = [_charge(each.to_dict()) for each in page.auto_paging_iter()]
        return next((charge for charge in charges if charge.is_paid), None)

    def balance_transactions(
        self,
        *,
        created_from: datetime | None = None,
        created_until: datetime | None = None,
        payout_id: str | None = None,
    ) -> Iterator[BalanceTransaction]:
        """This will return the movements of the balance, or those of one payout, with what is behind each."""
        parameters: BalanceTransactionListParams = {"limit": LONGEST_PAGE, "expand": ["data.source"]}
        if bounds := _bounds(created_from, created_until):
            parameters["created"] = bounds
        if payout_id is not None:
            parameters["payout"] = payout_id
        with translated_errors(REFUSED_QUESTION):
            for each in self._client.v1.balance_transactions.list(parameters).auto_paging_iter():
                yield _balance_transaction(each.to_dict())

    def payouts(
        self, *, created_from: datetime | None = None, created_until: datetime | None = None
    ) -> Iterator[Payout]:
        """This will return the payouts."""
        parameters: PayoutListParams = {"limit": LONGEST_PAGE}
        if bounds := _bounds(created_from, created_until):
            parameters["created"] = {**bounds}
        with translated_errors(REFUSED_QUESTION):
            for each in self._client.v1.payouts.list(parameters).auto_paging_iter():
                yield _payout(each.to_dict())

    def payout(self, payout_id: str) -> Payout:
        """This will return the payout as Stripe knows it now."""
        with translated_errors(REFUSED_QUESTION):
            return _payout(self._client.v1.payouts.retrieve(payout_id).to_dict())


def _refund_parameters(request: RefundRequest) -> RefundCreateParams:
    return {
        "payment_intent": request.payment_intent_id,
        "amount": request.amount.minor_units,
        "reason": request.cause.value,
        "metadata": {"order_number": request.order_number, "refund_id": request.refund_id},
        "expand": WITH_CHARGE,
    }


def _bounds(created_from: datetime | None, created_until: datetime | None) -> BalanceTransactionListParamsCreated:
    bounds: BalanceTransactionListParamsCreated = {}
    if created_from is not None:
        bounds["gte"] = _seconds(created_from)
    if created_until is not None:
        bounds["lt"] = _seconds(created_until)
    return bounds


def _refund(raw: dict[str, Any]) -> ProviderRefund:
    charge = raw["charge"]
    return ProviderRefund(
        id=raw["id"],
        state=REFUND_STATES[raw["status"]],
        amount=_money(raw["amount"], raw),
        charge_id=_id(charge),
        payment_intent_id=_id(raw["payment_intent"]),
        refund_id=(raw.get("metadata") or {}).get("refund_id"),
        reason=raw.get("reason") or "",
        failure=raw.get("failure_reason") or "",
        card=_card(charge) if isinstance(charge, dict) else "",
        created_at=_instant(raw["created"]),
    )


def _dispute(raw: dict[str, Any]) -> ProviderDispute:
    answer_by = (raw.get("evidence_details") or {}).get("due_by")
    return ProviderDispute(
        id=raw["id"],
        status=DisputeStatus(raw["status"]),
        reason=raw["reason"],
        amount=_money(raw["amount"], raw),
        fee=_money(sum(movement["fee"] for movement in raw["balance_transactions"]), raw),
        charge_id=_id(raw["charge"]) or "",
        payment_intent_id=_id(raw["payment_intent"]),
        created_at=_instant(raw["created"]),
        answer_by_at=_instant(answer_by) if answer_by else None,
    )


def _charge(raw: dict[str, Any]) -> CardCharge:
    return CardCharge(
        id=raw["id"],
        payment_intent_id=_id(raw["payment_intent"]),
        balance_transaction_id=_id(raw["balance_transaction"]),
        amount=_money(raw["amount"], raw),
        amount_refunded=_money(raw["amount_refunded"], raw),
        is_paid=raw["paid"],
        is_disputed=raw["disputed"],
        customer_email=_email(raw),
        card=_card(raw),
        metadata=raw.get("metadata") or {},
        created_at=_instant(raw["created"]),
        livemode=raw["livemode"],
    )


def _balance_transaction(raw: dict[str, Any]) -> BalanceTransaction:
    source = raw["source"] if isinstance(raw["source"], dict) else {}
    is_charge = source.get("object") == "charge"
    return BalanceTransaction(
        id=raw["id"],
        reporting_category=raw["reporting_category"],
        kind=raw["type"],
        gross=_money(raw["amount"], raw),
        fee=_money(raw["fee"], raw),
        net=_money(raw["net"], raw),
        created_at=_instant(raw["created"]),
        available_on=_day(raw["available_on"]),
        source_id=_id(raw["source"]),
        charge_id=source["id"] if is_charge else _id(source.get("charge")),
        payment_intent_id=_id(source.get("payment_intent")),
        order_number=(source.get("metadata") or {}).get("order_number"),
        customer_email=_email(source),
        raw=raw,
    )


def _payout(raw: dict[str, Any]) -> Payout:
    return Payout(
        id=raw["id"],
        amount=_money(raw["amount"], raw),
        status=raw["status"],
        arrival_on=_day(raw["arrival_date"]),
        created_at=_instant(raw["created"]),
        is_automatic=raw["automatic"],
        livemode=raw["livemode"],
        raw=raw,
    )


def _card(charge: dict[str, Any]) -> str:
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    if not card.get("last4"):
        return ""
    return f"{BRANDS.get(card['brand'], 'Card')} ending in {card['last4']}"


def _email(raw: dict[str, Any]) -> str | None:
    email: str | None = (raw.get("billing_details") or {}).get("email")
    return email


def _id(reference: str | dict[str, Any] | None) -> str | None:
    return reference["id"] if isinstance(reference, dict) else reference


def _money(minor_units: int, raw: dict[str, Any]) -> Money:
    return Money(minor_units, raw["currency"].upper())


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _day(seconds: int) -> date:
    return _instant(seconds).date()
