"""Every row of the scope, M-022 to M-042, under both policies and for every product (RULES X-02)."""

from __future__ import annotations

import pytest

from migrator.policy.scope import Condition, Covered, Instead, Profile, ScopeVerdict, profile_of, scope_policy
from migrator.scope.rules import Answer, Cell, Matrix, answer, asked, matching
from migrator.scope.rules import Task as ScopeTask

# One letter a product: self-service, Assisted Basic, Standard, Premium, package, hosting.
# Y yes, N no, ? on one condition, ~ we try, a ask us. Written from the rule book, not from the policy data.
EXPECTED = [
    ("core_requirements", "M-022", "NNNNN", "Y"),
    ("server_failure", "M-023", "NNNNN", "Y"),
    ("free_migration", "M-024", "YYYYY", "Y"),
    ("performance_review", "M-025", "NNNNN", "Y"),
    ("magento_problem", "M-026", "?????", "Y"),
    ("server_configuration", "M-027", "NNNNN", "Y"),
    ("code_bug", "M-028", "NNNNY", "N"),
    ("panel_question", "M-029", "YYYYY", "Y"),
    ("restoration", "M-030", "NNNNN", "Y"),
    ("tutoring", "M-031", "NNNNN", "N"),
    ("other_language", "M-032", "~~~~~", "~"),
    ("foreign_site", "M-033", "YYYYY", "~"),
    ("unreadable_script", "M-034", "~~~~~", "~"),
    ("other_administration", "M-035", "NNNNa", "N"),
    ("data_import_export", "M-036", "?????", "?"),
    ("order_processing", "M-037", "NNNNN", "N"),
    ("file_management", "M-038a", "?????", "N"),
    ("reindexing", "M-038b", "NN???", "?"),
    ("cache_management", "M-038c", "NNNN?", "N"),
    ("module_installation", "M-039a", "NN??Y", "N"),
    ("commit_code", "M-039b", "NNNNa", "N"),
    ("optimise_code", "M-039c", "NNNNa", "N"),
    ("alter_code", "M-039d", "NNNNY", "N"),
    ("push_to_live", "M-039e", "NNNNN", "N"),
    ("varnish_hole_punching", "M-039f", "NNNNN", "N"),
    ("upgrade_debugging", "M-039g", "NNNNN", "N"),
    ("external_dns", "M-040", "NNNNN", "N"),
    ("external_firewall", "M-041", "NNNNN", "N"),
    ("other_application", "M-042", "YYYYY", "N"),
]
LETTERS = {
    "Y": ScopeVerdict.SUPPORTED,
    "N": ScopeVerdict.NOT_SUPPORTED,
    "?": ScopeVerdict.CONDITIONAL,
    "~": ScopeVerdict.BEST_EFFORT,
    "a": ScopeVerdict.ASK,
}


def from_policy() -> Matrix:
    """The matrix that the policy data starts with."""
    return {
        (task.key, said.product): Cell(
            0, 1, task.key, said.product, said.rule, said.verdict, said.sentence, said.condition, said.met, said.instead
        )
        for task in scope_policy().tasks
        for said in task.answers
    }


MATRIX = from_policy()


def say(product: Covered, task: str, *, holds: bool | None = None) -> Answer:
    cell = MATRIX.get((task, product))
    return answer(asked(product, task, condition=cell.condition if cell else Condition.NONE, holds=holds), MATRIX)


@pytest.mark.parametrize(("task", "rule", "migration", "hosting"), EXPECTED)
def test_each_row_is_answered_for_each_product(task: str, rule: str, migration: str, hosting: str) -> None:
    assert next(each.rule for each in scope_policy().tasks if each.key == task) == rule
    found = {product: say(product, task).verdict for product in Covered}
    assert found == {product: LETTERS[letter] for product, letter in zip(Covered, migration + hosting, strict=True)}


def test_no_row_of_the_rule_book_is_missing_and_each_has_words_for_customers() -> None:
    assert [task.key for task in scope_policy().tasks] == [task for task, *_rest in EXPECTED]
    assert set(MATRIX) == {(task, product) for task, *_rest in EXPECTED for product in Covered}
    for cell in MATRIX.values():
        assert cell.sentence.endswith(".")
        assert (cell.verdict is ScopeVerdict.CONDITIONAL) == bool(cell.met) == (cell.condition is not Condition.NONE)


@pytest.mark.parametrize(
    ("product", "task", "condition", "rule"),
    [
        (Covered.HOSTING, "reindexing", Condition.SERVER_ERROR_TEST, "M-038b"),
        (Covered.HOSTING, "data_import_export", Condition.DB_FULL_IMPORT_DUMP, "M-036"),
        (Covered.ASSISTED_STANDARD, "module_installation", Condition.TARGET_FOR_DATA, "C-042"),
        (Covered.ASSISTED_PREMIUM, "module_installation", Condition.TARGET_FOR_DATA, "C-042"),
        (Covered.PACKAGE, "reindexing", Condition.PART_OF_THE_MIGRATION, "C-034"),
        (Covered.SELF_SERVICE, "magento_problem", Condition.CAME_WITH_THE_MIGRATION, "C-080"),
    ],
)
def test_a_condition_decides_when_it_is_said_and_stays_open_when_it_is_not(
    product: Covered, task: str, condition: Condition, rule: str
) -> None:
    unsaid, holds, fails = say(product, task), say(product, task, holds=True), say(product, task, holds=False)
    assert (unsaid.verdict, unsaid.depends_on, unsaid.rule) == (ScopeVerdict.CONDITIONAL, condition, rule)
    assert (holds.verdict, fails.verdict) == (ScopeVerdict.SUPPORTED, ScopeVerdict.NOT_SUPPORTED)
    assert holds.sentence != fails.sentence == unsaid.sentence
    assert {holds.depends_on, fails.depends_on} == {Condition.NONE}


def test_an_unlisted_task_is_other_administration() -> None:
    said = say(Covered.HOSTING, "shine_the_shoes")
    assert (said.verdict, said.rule) == (ScopeVerdict.NOT_SUPPORTED, "M-035")
    assert say(Covered.PACKAGE, "shine_the_shoes").verdict is ScopeVerdict.ASK


def test_what_we_do_not_do_names_what_to_do_instead() -> None:
    assert say(Covered.ASSISTED_BASIC, "module_installation").instead is Instead.ASSISTED_STANDARD
    for product in Covered:
        assert say(product, "external_dns").instead is Instead.DNS_CHECKLIST
        assert say(product, "external_firewall").instead is Instead.FIREWALL_HINT
        assert say(product, "external_dns").rule == "M-040"


def test_every_product_is_answered_by_one_policy() -> None:
    assert {product: profile_of(product) for product in Covered} == {
        **dict.fromkeys(Covered, Profile.MIGRATION),
        Covered.HOSTING: Profile.HOSTING,
    }


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("plug-in", "module_installation"),
        ("Cloudflare", "external_firewall"),
        ("nameservers", "external_dns"),
        ("dump the database", "data_import_export"),
        ("REINDEX", "reindexing"),
        ("restore my files", "restoration"),
    ],
)
def test_tasks_are_found_by_the_words_that_people_use(words: str, first: str) -> None:
    known = [ScopeTask(each.key, each.rule, each.name, each.group, each.words) for each in scope_policy().tasks]
    assert matching(known, words)[0].key == first
    assert matching(known, "") == known
    assert matching(known, "Бджоли 蜜蜂 zzz") == []
