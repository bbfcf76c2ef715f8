"""The accounts, what kind of account each is, and why something was posted (PAYMENTS, the ledger). Pure."""

from __future__ import annotations

from enum import StrEnum

from migrator.catalogue.rules import LineKind


class Account(StrEnum):
    """Where money is, whom it belongs to, and what it was earned or spent on."""

    STRIPE_CLEARING = "stripe_clearing"
    BANK = "bank"
    CONTRACT_LIABILITY = "contract_liability"
    DEFERRED_INSURANCE = "deferred_insurance"
    UNALLOCATED_RECEIPTS = "unallocated_receipts"
    SALES_TAX_PAYABLE = "sales_tax_payable"
    REVENUE_MIGRATIONS = "revenue_migrations"
    REVENUE_INSURANCE = "revenue_insurance"
    REVENUE_OVERAGE = "revenue_overage"
    REFUNDS = "refunds"
    DISPUTES = "disputes"
    PROCESSING_FEES = "processing_fees"
    DISPUTE_FEES = "dispute_fees"


class AccountKind(StrEnum):
    """What an account is: what we have, owe, earn or spend."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


class EntryKind(StrEnum):
    """What an entry of the journal is about."""

    PAYMENT = "payment"
    DELIVERY = "delivery"
    EARNING = "earning"
    ADJUSTMENT = "adjustment"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    FEE = "fee"
    PAYOUT = "payout"


WORDS = {
    Account.STRIPE_CLEARING: "At Stripe",
    Account.BANK: "Bank",
    Account.CONTRACT_LIABILITY: "Work that is paid and not delivered",
    Account.DEFERRED_INSURANCE: "Insurance that is paid and not earned",
    Account.UNALLOCATED_RECEIPTS: "Money that does not fit",
    Account.SALES_TAX_PAYABLE: "Sales tax to hand over",
    Account.REVENUE_MIGRATIONS: "Revenue: migrations",
    Account.REVENUE_INSURANCE: "Revenue: insurance",
    Account.REVENUE_OVERAGE: "Revenue: pages, hours and changes beyond the product",
    Account.REFUNDS: "Refunds of delivered work",
    Account.DISPUTES: "Disputed payments",
    Account.PROCESSING_FEES: "Processing fees",
    Account.DISPUTE_FEES: "Dispute fees",
}
ENTRY_WORDS = {
    EntryKind.PAYMENT: "Payment",
    EntryKind.DELIVERY: "Delivery",
    EntryKind.EARNING: "Premium earned",
    EntryKind.ADJUSTMENT: "Adjustment",
    EntryKind.REFUND: "Refund",
    EntryKind.REFUND_FAILED: "Refund failed",
    EntryKind.DISPUTE_OPENED: "Dispute opened",
    EntryKind.DISPUTE_WON: "Dispute won",
    EntryKind.DISPUTE_LOST: "Dispute lost",
    EntryKind.FEE: "Fee",
    EntryKind.PAYOUT: "Payout",
}
KINDS = {
    Account.STRIPE_CLEARING: AccountKind.ASSET,
    Account.BANK: AccountKind.ASSET,
    Account.CONTRACT_LIABILITY: AccountKind.LIABILITY,
    Account.DEFERRED_INSURANCE: AccountKind.LIABILITY,
    Account.UNALLOCATED_RECEIPTS: AccountKind.LIABILITY,
    Account.SALES_TAX_PAYABLE: AccountKind.LIABILITY,
    Account.REVENUE_MIGRATIONS: AccountKind.INCOME,
    Account.REVENUE_INSURANCE: AccountKind.INCOME,
    Account.REVENUE_OVERAGE: AccountKind.INCOME,
    Account.REFUNDS: AccountKind.EXPENSE,
    Account.DISPUTES: AccountKind.EXPENSE,
    Account.PROCESSING_FEES: AccountKind.EXPENSE,
    Account.DISPUTE_FEES: AccountKind.EXPENSE,
}
BEYOND = frozenset({LineKind.OVERAGE, LineKind.HOURS, LineKind.CHANGE})


def owed_on(kind: LineKind) -> Account:
    """This will return the account that holds what was paid for a line until we have earned or handed it over."""
    if kind is LineKind.INSURANCE:
        return Account.DEFERRED_INSURANCE
    return Account.SALES_TAX_PAYABLE if kind is LineKind.TAX else Account.CONTRACT_LIABILITY


def revenue_of(kind: LineKind) -> Account:
    """This will return the account on which delivered work of a line is earned."""
    return Account.REVENUE_OVERAGE if kind in BEYOND else Account.REVENUE_MIGRATIONS
