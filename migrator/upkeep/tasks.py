"""The work that runs by itself, as its page names it. Pure."""

from __future__ import annotations

from enum import StrEnum


class Task(StrEnum):
    """A piece of background work."""

    MESSAGES = "messages"
    PAYMENTS = "payments"
    PAYMENT_SWEEP = "payment_sweep"
    ENDS = "ends"
    OFFERS = "offers"
    BASKETS = "baskets"
    HANDOVERS = "handovers"
    LETTERS = "letters"
    CLOSURES = "closures"
    STATEMENTS = "statements"
    RECONCILIATION = "reconciliation"
    BOOKS = "books"
    TICKETS = "tickets"
    MAIL = "mail"
    TIDYING = "tidying"


WORDS = {
    Task.MESSAGES: "Deliver messages",
    Task.PAYMENTS: "Settle overdue payments, send refunds",
    Task.PAYMENT_SWEEP: "Ask about every open payment, refund and dispute",
    Task.ENDS: "End what is over: reviews, changes, insurance, access details",
    Task.OFFERS: "Let offers and quotes run out",
    Task.BASKETS: "End orders that nobody paid",
    Task.HANDOVERS: "Hand long waiting to account managers",
    Task.LETTERS: "Write daily letters",
    Task.CLOSURES: "Recount dates for closures",
    Task.STATEMENTS: "Fetch what Stripe says, and read its files",
    Task.RECONCILIATION: "Match movements and look for what does not fit",
    Task.BOOKS: "Earn premiums, post fees and payouts",
    Task.TICKETS: "Close requests that nobody answers, warn of late answers",
    Task.MAIL: "Look at mail that came in",
    Task.TIDYING: "Forget old failures, and letters to closed accounts",
}
HOURLY = frozenset({Task.PAYMENT_SWEEP, Task.BOOKS, Task.TIDYING})
