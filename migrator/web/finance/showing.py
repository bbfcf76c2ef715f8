"""How exceptions, payouts and runs read: frozen page objects, with their moments by the desk's clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from migrator.clock.instants import to_instant
from migrator.clock.wording import day_text, end_text, local_time, moment_text
from migrator.finance.reconciliation.lifecycle import DiscrepancyState, Severity
from migrator.finance.reconciliation.rules import MEANINGS
from migrator.finance.reconciliation.run_models import Discrepancy
from migrator.money import Money, rate_text
from migrator.web.desk_time import desk_zone

SEVERITIES = {
    Severity.BLOCKING: ("Blocks the month", "problem"),
    Severity.SERIOUS: ("Serious", "attention"),
    Severity.MINOR: ("Minor", "neutral"),
}
STATES = {
    DiscrepancyState.OPEN: ("Open", "attention"),
    DiscrepancyState.RESOLVED: ("Resolved", "done"),
    DiscrepancyState.WAIVED: ("Waived", "neutral"),
}
NAMES = {
    "ours_minor": "We have recorded",
    "provider_minor": "Stripe says",
    "order_in_metadata": "Order named by Stripe",
    "expected_end_at": "Should end",
    "working_days_sold": "Working days sold",
    "sold_rate_bp": "Rate of the plan sold",
    "insured_minor": "Insured lines come to",
    "movements_minor": "Its movements come to",
    "dispute_is": "The dispute is",
    "made_in": "Made in",
    "paid_at": "Paid on",
}


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One exception as lists show it."""

    id: int
    title: str
    subject: str
    severity: str
    tone: str
    amount: Money
    proof: str
    action: str
    owner: str
    state: str
    state_tone: str
    since_text: str
    happened_text: str


def row_of(discrepancy: Discrepancy) -> ExceptionRow:
    """This will show one exception in a list."""
    meaning = MEANINGS[discrepancy.code]
    severity, tone = SEVERITIES[discrepancy.severity]
    state, state_tone = STATES[discrepancy.state]
    if discrepancy.proposed_state is not None:
        state = "Waits for a second person"
    return ExceptionRow(
        id=discrepancy.id,
        title=meaning.title,
        subject=discrepancy.subject,
        severity=severity,
        tone=tone,
        amount=discrepancy.amount,
        proof=proof_of(discrepancy),
        action=meaning.action,
        owner=discrepancy.owner.display_name if discrepancy.owner else "",
        state=state,
        state_tone=state_tone,
        since_text=moment(discrepancy.found_at),
        happened_text=moment(discrepancy.happened_at),
    )


def rows_of(found: Iterable[Discrepancy]) -> list[ExceptionRow]:
    """This will show exceptions in a list."""
    return [row_of(each) for each in found]


def evidence_of(discrepancy: Discrepancy) -> list[tuple[str, str]]:
    """This will return the ids and figures that prove an exception, in words."""
    shown = ((key, _value(key, value, discrepancy.currency)) for key, value in discrepancy.evidence.items())
    return [(_name(key), value) for key, value in shown if value]


def proof_of(discrepancy: Discrepancy) -> str:
    """This will return the figures of the evidence in one line."""
    figures = [
        f"{_name(key)} {_value(key, value, discrepancy.currency)}"
        for key, value in discrepancy.evidence.items()
        if value is not None and key.endswith(("_minor", "_bp", "_used", "_sold"))
    ]
    return ", ".join(figures[:4])


def moment(at: datetime) -> str:
    """This will return an instant by the desk's clock, without its seconds."""
    return moment_text(at, desk_zone())


def today(now: datetime) -> date:
    """This will return the desk's day."""
    return local_time(now, desk_zone()).date()


def _name(key: str) -> str:
    if key in NAMES:
        return NAMES[key]
    for ending in ("_minor", "_bp", "_seconds"):
        key = key.removesuffix(ending)
    if key.endswith(("_at", "_on")):
        key = key[:-3]
    return key.replace("_", " ").capitalize()


def _value(key: str, value: Any, currency: str) -> str:
    if value is None or value == "":
        return ""
    if key.endswith("_minor"):
        return str(Money(int(value), currency))
    if key.endswith("_bp"):
        return rate_text(int(value))
    if key.endswith("_seconds"):
        return end_text(to_instant(int(value)), desk_zone())
    if key.endswith("_at"):
        return end_text(datetime.fromisoformat(value), desk_zone())
    if key.endswith("_on"):
        return day_text(date.fromisoformat(value))
    return str(value)
