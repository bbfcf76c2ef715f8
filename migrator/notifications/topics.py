"""Which letters a person may switch off, and which are always sent, with the reason in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """A kind of letters that can be switched off."""

    REMINDERS = "reminders"
    PROGRESS = "progress"
    BASKETS = "baskets"


@dataclass(frozen=True, slots=True)
class TopicWords:
    """What a topic is called, and what is in it."""

    title: str
    text: str


WORDS = {
    Topic.REMINDERS: TopicWords(
        "Reminders before something ends",
        "One letter a day at most: your time to check the result, included changes, insurance, passwords to change.",
    ),
    Topic.PROGRESS: TopicWords(
        "Steps of your order", "What we have finished and what comes next, where nothing is needed from you."
    ),
    Topic.BASKETS: TopicWords(
        "Orders and offers that you left", "One letter when an order is not paid or an offer has run out."
    ),
}
ALWAYS = (
    ("Payments, receipts and refunds", "because they are about your money."),
    ("Pauses and questions", "because your date moves while we wait for you."),
    ("Dates that move, and what ended or was destroyed", "because your rights change with them."),
    ("Messages from our people", "because somebody waits for your answer."),
    ("Sign-in and security", "because somebody else may be behind it."),
)
# What is not here is always sent.
TOPICS = {
    "access_verified": Topic.PROGRESS,
    "change_taken_up": Topic.PROGRESS,
    "daily_letter": Topic.REMINDERS,
    "order_ended_unpaid": Topic.BASKETS,
    "quote_expired": Topic.BASKETS,
    "restart_started": Topic.PROGRESS,
    "result_accepted": Topic.PROGRESS,
    "run_started": Topic.PROGRESS,
}
# Its link switches off the topic above; each of its parts is left out by itself, and some never are.
OF_SEVERAL_TOPICS = frozenset({"daily_letter"})
