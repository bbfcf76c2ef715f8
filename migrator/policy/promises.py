"""The numbers of a desk's file in words, and its promises with these numbers in their sentences (RULES C-001, D-8).

A sentence names a number, such as `{access_check}` for `access_check_business_days = 1`; so each number lives once, and
what differs between two versions is seen in the sentences themselves. Works on the files as they are read. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrator.clock.deadline import Target, Unit
from migrator.clock.wording import counted_text, target_text
from migrator.policy.types import Grade, Promise

UNITS = {
    "business_days": "working day",
    "business_hours": "working hour",
    "calendar_days": "day",
    "minutes": "minute",
    "seconds": "second",
}
HOURS_A_DAY = 24
Data = Mapping[str, Any]


def promises_of(desk: Data, catalogue: Data) -> tuple[Promise, ...]:
    """This will return the promises of a desk's file, with its numbers in their sentences.

    :param catalogue: the file of what is sold; empty for a desk that sells nothing
    :raises KeyError: when a sentence names a number that neither file has
    """
    numbers = promised_numbers(desk, catalogue)
    return tuple(_promise(entry, numbers) for entry in desk["promise"])


def promised_numbers(desk: Data, catalogue: Data) -> dict[str, str]:
    """This will return all numbers of a desk's file in words by the names that its sentences use."""
    return {
        **dict(_durations(desk)),
        **dict(_durations(desk["support"])),
        **dict(_responses(desk["support"]["response"])),
        **dict(_deliveries(catalogue)),
    }


def _promise(entry: Mapping[str, str], numbers: Mapping[str, str]) -> Promise:
    title, text = (entry[part].format_map(numbers) for part in ("title", "text"))
    return Promise(entry["anchor"], entry["rule"], Grade(entry["grade"]), title, text)


def _durations(data: Data) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        name, unit = _named(key)
        if isinstance(value, Mapping) and unit:
            yield from ((f"{name}_{part}", counted_text(amount, unit)) for part, amount in value.items())
        elif isinstance(value, int):
            yield name, counted_text(value, unit) if unit else f"{value:,}"


def _named(key: str) -> tuple[str, str]:
    for suffix, unit in UNITS.items():
        if key.endswith(f"_{suffix}"):
            return key.removesuffix(f"_{suffix}"), unit
    return key, ""


def _responses(responses: list[Data]) -> Iterator[tuple[str, str]]:
    dated = [response for response in responses if response.get("amount")]
    for response in reversed(dated):
        words = target_text(Target(Unit(response["unit"]), response["amount"]), "")
        yield from ((f"{category}_response", words) for category in response["categories"])
        yield "response", words
        if response["unit"] == Unit.BUSINESS_HOURS:
            yield "response_in_days", counted_text(response["amount"] // HOURS_A_DAY, "working day")


def _deliveries(catalogue: Data) -> Iterator[tuple[str, str]]:
    for family in ("assisted", "package"):
        for product in catalogue.get(family, ()):
            yield f"{family}_{product['tier']}", _delivery(product["promise"])
    plans = [
        f"{counted_text(plan['restarts'], 'restart')} in {counted_text(plan['business_days'], 'working day')}"
        for plan in catalogue.get("insurance", ())
    ]
    if plans:
        yield "insurance", " or ".join(part for part in (", ".join(plans[:-1]), *plans[-1:]) if part)


def _delivery(promise: Data) -> str:
    # What is agreed says how many working days it is at least (RULES C-059).
    return counted_text(promise["amount"], UNITS.get(promise["unit"], "working day"))
