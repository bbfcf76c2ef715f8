"""What happens to money after it was taken, as values of our own: refunds, disputes, the balance, payouts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from migrator.money import Money
from migrator.payments.disputes.lifecycle import DisputeStatus
from migrator.payments.refunds.lifecycle import RefundState


class RefundCause(StrEnum):
    """Why money goes back, in the words that the provider knows."""

    REQUESTED_BY_CUSTOMER = "requested_by_customer"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """All that a refund freezes: sent again with the same key, it must be the same to the letter."""

    idempotency_key: str
    refund_id: str
    order_number: str
    payment_intent_id: str
    amount: Money
    cause: RefundCause


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """A refund as the provider knows it at this moment.

    :ivar refund_id: our own number of it, which the provider repeats; none for one made in its dashboard
    :ivar reason: why it was made, in the provider's word; empty where none was given
    :ivar failure: why it failed, in the provider's word; empty unless it did
    :ivar card: what it goes back to, such as `Visa ending in 4242`; empty where that is no card
    """

    id: str
    state: RefundState
    amount: Money
    charge_id: str | None
    payment_intent_id: str | None
    refund_id: str | None
    reason: str
    failure: str
    card: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ProviderDispute:
    """A dispute as the provider knows it at this moment.

    :ivar fee: what the provider charges for it, after what it gave back
    :ivar answer_by_at: until when it takes evidence; none once it does not
    """

    id: str
    status: DisputeStatus
    reason: str
    amount: Money
    fee: Money
    charge_id: str
    payment_intent_id: str | None
    created_at: datetime
    answer_by_at: datetime | None


@dataclass(frozen=True, slots=True)
class CardCharge:
    """A charge as the provider knows it at this moment.

    :ivar card: such as `Visa ending in 4242`; empty where it was no card
    :ivar balance_transaction_id: the movement of the balance that it was; none until it succeeded
    """

    id: str
    payment_intent_id: str | None
    balance_transaction_id: str | None
    amount: Money
    amount_refunded: Money
    is_paid: bool
    is_disputed: bool
    customer_email: str | None
    card: str
    metadata: Mapping[str, str]
    created_at: datetime
    livemode: bool


@dataclass(frozen=True, slots=True)
class BalanceTransaction:
    """One movement of the provider's balance; what it takes is negative, and net is gross less fee.

    :ivar kind: the provider's type, such as `adjustment`; `reporting_category` says what it was, such as `dispute`
    :ivar source_id: the charge, refund, dispute or payout behind it
    :ivar order_number: from the metadata of what is behind it; none where it has none
    :ivar raw: as the provider told it
    """

    id: str
    reporting_category: str
    kind: str
    gross: Money
    fee: Money
    net: Money
    created_at: datetime
    available_on: date
    source_id: str | None
    charge_id: str | None
    payment_intent_id: str | None
    order_number: str | None
    customer_email: str | None
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Payout:
    """Money that the provider sends to the bank.

    :ivar status: the provider's word: paid, pending, in_transit, canceled, failed
    :ivar arrival_on: the day at the bank, in UTC
    """

    id: str
    amount: Money
    status: str
    arrival_on: date
    created_at: datetime
    is_automatic: bool
    livemode: bool
    raw: Mapping[str, Any]


class Movements(Protocol):
    """What the business asks of the provider about money that was taken.

    Every call may raise `GatewayUnreachable` (try later) or `GatewayRefused` (do not), lists at each step, and none
    may be made inside a transaction. Lists come newest first and page by themselves; their bounds are instants of
    creation, the first inclusive and the second exclusive.
    """

    def create_refund(self, request: RefundRequest) -> ProviderRefund:
        """This will give money back, or return the refund already made with the same key."""
        ...

    def refund(self, refund_id: str) -> ProviderRefund:
        """This will return the refund as the provider knows it now."""
        ...

    def refunds_of(self, payment_intent_id: str) -> tuple[ProviderRefund, ...]:
        """This will return all refunds of a payment."""
        ...

    def refunds(self, *, created_from: datetime) -> Iterator[ProviderRefund]:
        """This will return all refunds made since an instant."""
        ...

    def dispute(self, dispute_id: str) -> ProviderDispute:
        """This will return the dispute as the provider knows it now."""
        ...

    def disputes_of(self, payment_intent_id: str) -> tuple[ProviderDispute, ...]:
        """This will return all disputes of a payment."""
        ...

    def disputes(self, *, created_from: datetime) -> Iterator[ProviderDispute]:
        """This will return all disputes opened since an instant."""
        ...

    def charge(self, charge_id: str) -> CardCharge:
        """This will return the charge as the provider knows it now."""
        ...

    def charge_of(self, payment_intent_id: str) -> CardCharge | None:
        """This will return the charge by which a payment was made, or none where it was not."""
        ...

    def balance_transactions(
        self,
        *,
        created_from: datetime | None = None,
        created_until: datetime | None = None,
        payout_id: str | None = None,
    ) -> Iterator[BalanceTransaction]:
        """This will return the movements of the balance, or those of one payout."""
        ...

    def payouts(
        self, *, created_from: datetime | None = None, created_until: datetime | None = None
    ) -> Iterator[Payout]:
        """This will return the payouts."""
        ...

    def payout(self, payout_id: str) -> Payout:
        """This will return the payout as the provider knows it now."""
        ...
