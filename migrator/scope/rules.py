"""What we answer to “Do you do this?” (RULES M-022 to M-042, C-038, C-039, C-042, X-02). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migrator.errors import DomainError
from migrator.policy.scope import OTHER_TASK, Condition, Covered, Instead, ScopeVerdict

VERDICT_WORDS = {
    ScopeVerdict.SUPPORTED: "Yes, we do this",
    ScopeVerdict.NOT_SUPPORTED: "No, we do not do this",
    ScopeVerdict.CONDITIONAL: "Yes, on one condition",
    ScopeVerdict.BEST_EFFORT: "We try, without a guarantee",
    ScopeVerdict.ASK: "It depends – ask us",
}
TOO_SHORT = 3


class UnknownTask(DomainError):
    """Nobody has written down what we answer to this."""


class ReasonMissing(DomainError):
    """What we do is never changed without saying why."""


class Unfinished(DomainError):
    """An answer lacks its sentence, or its condition."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that people ask for; `words` are further ones that it is found by."""

    key: str
    rule: str
    name: str
    group: str
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What counts for one task and product in one edition; `met` is said when the condition holds.

    :ivar row_id: of the row that it was read from; a ticket keeps it, so that its answer stays readable
    """

    row_id: int
    edition: int
    task: str
    product: Covered
    rule: str
    verdict: ScopeVerdict
    sentence: str
    condition: Condition = Condition.NONE
    met: str = ""
    instead: Instead = Instead.NONE


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks: may we do this task for this product?

    :ivar met: the conditions that hold, as far as they were said
    :ivar unmet: the conditions that do not
    """

    product: Covered
    task: str
    met: frozenset[Condition] = frozenset()
    unmet: frozenset[Condition] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What we say. `depends_on` names the condition that is still open; none where nothing is."""

    verdict: ScopeVerdict
    rule: str
    sentence: str
    instead: Instead
    depends_on: Condition
    cell: Cell


Matrix = Mapping[tuple[str, Covered], Cell]


def answer(question: Question, matrix: Matrix) -> Answer:
    """This will return our answer; a task that nobody wrote down is other administration (RULES M-035).

    :raises UnknownTask: when not even that is written down for the product
    """
    cell = matrix.get((question.task, question.product)) or matrix.get((OTHER_TASK, question.product))
    if cell is None:
        raise UnknownTask("We have not decided this yet. Ask us, and a person answers.")
    if cell.condition in question.met:
        return Answer(ScopeVerdict.SUPPORTED, cell.rule, cell.met, Instead.NONE, Condition.NONE, cell)
    if cell.condition in question.unmet:
        return Answer(ScopeVerdict.NOT_SUPPORTED, cell.rule, cell.sentence, cell.instead, Condition.NONE, cell)
    return Answer(cell.verdict, cell.rule, cell.sentence, cell.instead, cell.condition, cell)


def asked(product: Covered, task: str, *, condition: Condition = Condition.NONE, holds: bool | None = None) -> Question:
    """This will return the question of somebody who has said whether a condition holds; none for “I do not know”."""
    said = frozenset() if condition is Condition.NONE or holds is None else frozenset({condition})
    return Question(product, task, met=said if holds else frozenset(), unmet=frozenset() if holds else said)


def check_answer(
    *, verdict: ScopeVerdict, condition: Condition, sentence: str, met: str, rule: str, reason: str
) -> None:
    """This will refuse an answer that says too little to be given to a customer.

    :raises Unfinished: without a sentence or a rule, or with a condition where none belongs
    :raises ReasonMissing: without the reason of the change
    """
    if not sentence.strip() or not rule.strip():
        raise Unfinished("Write the sentence that customers read, and the rule that it follows from.")
    is_conditional = verdict is ScopeVerdict.CONDITIONAL
    if is_conditional != (condition is not Condition.NONE):
        raise Unfinished("Choose the condition of “Yes, on one condition”, and none with any other answer.")
    if is_conditional != bool(met.strip()):
        raise Unfinished("Write what we say when the condition holds, and nothing there without a condition.")
    if not reason.strip():
        raise ReasonMissing("Write why the answer changes. It stays in the history.")


def matching(tasks: Sequence[Task], text: str) -> list[Task]:
    """This will return the tasks that share words with a text, the best first; all of them for an empty text."""
    wanted = _words(text)
    if not wanted:
        return list(tasks)
    hits = [(_hits(task, wanted), task) for task in tasks]
    return [task for count, task in sorted(hits, key=lambda hit: -hit[0]) if count]


def _hits(task: Task, wanted: set[str]) -> int:
    # A word of the name says more than one of the further words.
    named, further = _words(task.name), _words(task.words)
    return sum(2 * _shares(word, named) + _shares(word, further) for word in wanted)


def _shares(word: str, known: set[str]) -> int:
    return int(any(word.startswith(other) or other.startswith(word) for other in known))


def _words(text: str) -> set[str]:
    parts = "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
    return {part for part in parts if len(part) >= TOO_SHORT}
