"""The question and its answer, for anybody, before ordering or writing (RULES M-022 to M-042, X-02)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, InputRequired, Length

from migrator.database.session import reading
from migrator.policy.scope import Condition, Covered, scope_policy
from migrator.scope.queries import matrix, tasks
from migrator.scope.rules import VERDICT_WORDS, Answer, Matrix, Task, answer, asked, matching
from migrator.web.audience import open_to
from migrator.web.fields import LINE_LENGTH, trimmed
from migrator.web.rule_links import scope_rule_url
from migrator.web.scope import pages
from migrator.web.scope.words import BANNERS, PRODUCTS, SHORT, Onward, onward, policy_name

NO_PRODUCT = "Choose what you have, or think of buying"
HOLDS = {"yes": True, "no": False}


class AskForm(Form):
    """What is asked. By GET: it changes nothing, and the answer can be sent on as an address."""

    product = SelectField(
        "What do you have, or think of buying?",
        choices=[SelectChoice("", "Choose one"), *(SelectChoice(each.value, name) for each, name in PRODUCTS.items())],
        validators=[InputRequired(NO_PRODUCT), AnyOf(list(Covered), NO_PRODUCT)],
        validate_choice=False,
    )
    q = StringField(
        "What do you want done?", filters=[trimmed], validators=[Length(max=LINE_LENGTH, message="Use fewer words")]
    )


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Our answer to one task. `question` is what it still depends on; empty where it depends on nothing."""

    task: str
    key: str
    title: str
    banner: str
    sentence: str
    rule: str
    rule_url: str
    policy: str
    question: str
    onward: Onward | None
    others: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of the list, with the short verdict for the product."""

    name: str
    rule: str
    anchor: str
    verdict: str
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks that belong together."""

    name: str
    rows: tuple[TaskRow, ...]


@pages.get("/do-you-do-this")
@open_to()
def ask() -> tuple[str, int]:
    """This will answer for a product and a task, or list the tasks that the words are about."""
    form = AskForm(request.args)
    is_asked = "product" in request.args
    if not is_asked or not form.validate():
        form = form if is_asked else AskForm()
        return render_template(
            "scope/ask.html", form=form, answer=None, groups=(), product="", found=0
        ), 422 if is_asked else 200
    product = Covered(form.product.data)
    with reading() as session:
        cells, known = matrix(session), tasks(session)
    found = matching(known, form.q.data or "")
    chosen = next((task for task in known if task.key == request.args.get("task")), None)
    page = render_template(
        "scope/ask.html",
        form=form,
        answer=_answer_view(chosen, product, cells) if chosen else None,
        groups=_groups(found or known, product, cells),
        product=PRODUCTS[product],
        found=len(found),
    )
    return page, 200


def holds_of(text: str | None) -> bool | None:
    """This will read whether a condition holds; none for anything but yes and no."""
    return HOLDS.get(text or "")


def _answer_view(task: Task, product: Covered, cells: Matrix) -> AnswerView:
    said = _answered(task.key, product, cells)
    open_condition = scope_policy().conditions.get(said.depends_on)
    return AnswerView(
        task=task.name,
        key=task.key,
        title=VERDICT_WORDS[said.verdict],
        banner=BANNERS[said.verdict],
        sentence=said.sentence,
        rule=said.rule,
        rule_url=scope_rule_url(product, said.rule),
        policy=policy_name(product),
        question=open_condition.question if open_condition else "",
        onward=onward(said.instead, product),
        others=tuple(_other(task.key, each, cells) for each in Covered if each is not product),
    )


def _answered(task: str, product: Covered, cells: Matrix) -> Answer:
    cell = cells.get((task, product))
    condition = cell.condition if cell else Condition.NONE
    return answer(asked(product, task, condition=condition, holds=holds_of(request.args.get("holds"))), cells)


def _other(task: str, product: Covered, cells: Matrix) -> tuple[str, str, str, str]:
    words, tone = SHORT[answer(asked(product, task), cells).verdict]
    return PRODUCTS[product], words, tone, url_for("scope.ask", product=product.value, task=task)


def _groups(known: list[Task], product: Covered, cells: Matrix) -> tuple[TaskGroup, ...]:
    together: dict[str, list[TaskRow]] = {}
    for task in known:
        together.setdefault(task.group, []).append(_row(task, product, cells))
    return tuple(TaskGroup(name, tuple(rows)) for name, rows in together.items())


def _row(task: Task, product: Covered, cells: Matrix) -> TaskRow:
    said = answer(asked(product, task.key), cells)
    words, tone = SHORT[said.verdict]
    url = url_for("scope.ask", product=product.value, task=task.key, _anchor="answer")
    return TaskRow(task.name, said.rule, task.key, words, tone, url)
