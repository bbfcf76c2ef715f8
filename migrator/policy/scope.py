"""What we do and do not do, as policy data: tasks, answers for each product, and what answers may depend on.

The rows that count are kept in the database by the room `scope`, which starts from this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from migrator.policy.loading import CURRENT, read


class Covered(StrEnum):
    """What somebody has bought from us, as far as it decides what we do for them."""

    SELF_SERVICE = "self_service"
    ASSISTED_BASIC = "assisted_basic"
    ASSISTED_STANDARD = "assisted_standard"
    ASSISTED_PREMIUM = "assisted_premium"
    PACKAGE = "package"
    HOSTING = "hosting"


class Profile(StrEnum):
    """Whose policy answers (RULES D-1)."""

    MIGRATION = "migration"
    HOSTING = "hosting"


class ScopeVerdict(StrEnum):
    """Whether we do it."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not_supported"
    CONDITIONAL = "conditional"
    BEST_EFFORT = "best_effort"
    ASK = "ask"


class Condition(StrEnum):
    """What an answer may depend on; none where it depends on nothing."""

    NONE = ""
    SERVER_ERROR_TEST = "server_error_test"
    DB_FULL_IMPORT_DUMP = "db_full_import_dump"
    TARGET_FOR_DATA = "target_for_data"
    PART_OF_THE_MIGRATION = "part_of_the_migration"
    CAME_WITH_THE_MIGRATION = "came_with_the_migration"


class Instead(StrEnum):
    """Where somebody goes on from an answer; none where there is nothing to add."""

    NONE = ""
    ASSISTED_STANDARD = "assisted_standard"
    CHANGES = "changes"
    DEVELOPER = "developer"
    DNS_CHECKLIST = "dns_checklist"
    FIND_PRICE = "find_price"
    FIREWALL_HINT = "firewall_hint"
    FREE_MIGRATION = "free_migration"
    HELP = "help"
    HOSTING = "hosting"
    HOSTING_TICKET = "hosting_ticket"
    PACKAGE = "package"
    PERFORMANCE_REVIEW = "performance_review"
    REPORT_RESULT = "report_result"
    RESTORE = "restore"
    YOUR_HOST = "your_host"


MIGRATIONS = tuple(product for product in Covered if product is not Covered.HOSTING)
OTHER_TASK = "other_administration"


def profile_of(product: Covered) -> Profile:
    """This will return whose policy answers for a product (RULES D-1, X-02)."""
    return Profile.HOSTING if product is Covered.HOSTING else Profile.MIGRATION


@dataclass(frozen=True, slots=True)
class ConditionPolicy:
    """What is asked before a conditional answer."""

    key: Condition
    rule: str
    question: str


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """The answer for one product; `met` is said when the condition holds."""

    product: Covered
    rule: str
    verdict: ScopeVerdict
    sentence: str
    condition: Condition = Condition.NONE
    met: str = ""
    instead: Instead = Instead.NONE


@dataclass(frozen=True, slots=True)
class TaskPolicy:
    """One thing that people ask for; `words` are further ones that it is found by."""

    key: str
    rule: str
    name: str
    group: str
    words: str
    answers: tuple[AnswerPolicy, ...]


@dataclass(frozen=True, slots=True)
class ScopePolicy:
    """All tasks of a version."""

    version: str
    effective_on: date
    conditions: dict[Condition, ConditionPolicy]
    tasks: tuple[TaskPolicy, ...]


@cache
def scope_policy(version: str = CURRENT) -> ScopePolicy:
    """This will return what we do and do not do under a version."""
    data = read(f"scope-{version}.toml")
    conditions = (ConditionPolicy(**{**entry, "key": Condition(entry["key"])}) for entry in data["condition"])
    return ScopePolicy(
        version=data["version"],
        effective_on=data["effective_on"],
        conditions={condition.key: condition for condition in conditions},
        tasks=tuple(_task(entry) for entry in data["task"]),
    )


def _task(entry: dict[str, Any]) -> TaskPolicy:
    named = {product for answer in entry["answers"] for product in answer["products"]}
    answers = (answer for each in entry["answers"] for answer in _answers(each, named))
    return TaskPolicy(
        **{**entry, "answers": tuple(sorted(answers, key=lambda answer: list(Covered).index(answer.product)))}
    )


def _answers(entry: dict[str, Any], named: set[str]) -> Iterator[AnswerPolicy]:
    data = {name: value for name, value in entry.items() if name != "products"}
    for product in _products(entry["products"], named):
        yield AnswerPolicy(
            **{
                **data,
                "product": product,
                "verdict": ScopeVerdict(entry["verdict"]),
                "condition": Condition(entry.get("condition", "")),
                "instead": Instead(entry.get("instead", "")),
            }
        )


def _products(names: list[str], named: set[str]) -> Iterator[Covered]:
    for name in names:
        if name == Profile.MIGRATION:
            yield from (product for product in MIGRATIONS if product.value not in named)
        else:
            yield Covered(name)
