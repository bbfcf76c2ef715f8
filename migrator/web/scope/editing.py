"""The editor: every answer, one to change with its reason, and the editions (RULES D-8, D-10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Regexp

from migrator.clock.wording import moment_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound, StaleEdit
from migrator.history.actor import Role
from migrator.policy.scope import Condition, Covered, Instead, ScopeVerdict, scope_policy
from migrator.scope.models import ScopeRow
from migrator.scope.operations import CHANGED_MEANWHILE, Wording, change_answer
from migrator.scope.queries import PAGE, earlier_rows, editions, matrix, row_of, tasks
from migrator.scope.rules import VERDICT_WORDS, Cell, Matrix, Task, matching
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk_time import desk_zone
from migrator.web.fields import LINE_LENGTH, optional_text_field, text_field, trimmed
from migrator.web.refusals import status_of
from migrator.web.request import actor, now
from migrator.web.scope import pages
from migrator.web.scope.words import PRODUCTS, SHORT

RULE = Regexp(r"^[A-Z]-\d{1,3}[a-z]?$", message="Enter the rule as the policy names it, such as M-038b")
OURS: dict[str, Any] = {"validate_choice": False}
INSTEAD_WORDS = {each: each.value.replace("_", " ").capitalize() or "Nothing" for each in Instead}


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """One answer as an administrator makes it; `row` is the one that was seen."""

    row = HiddenField()
    verdict = SelectField("Answer", choices=[SelectChoice(each.value, words) for each, words in VERDICT_WORDS.items()])
    rule = StringField(
        "Rule", filters=[trimmed], validators=[DataRequired("Enter the rule that it follows from"), RULE]
    )
    sentence = text_field("What we say", empty="Write the sentence that customers read")
    condition = SelectField("Condition", default="")
    met = optional_text_field("What we say when the condition holds")
    instead = SelectField(
        "What people can do instead", choices=[SelectChoice(k.value, v) for k, v in INSTEAD_WORDS.items()]
    )
    reason = text_field("Why it changes", empty="Write why the answer changes. It stays in the history")

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        known = scope_policy().conditions.values()
        self.condition.choices = [SelectChoice("", "None"), *(SelectChoice(e.key.value, e.question) for e in known)]

    def wording(self) -> Wording:
        """This will return the answer; only for a valid form."""
        return Wording(
            ScopeVerdict(self.verdict.data),
            self.rule.data or "",
            self.sentence.data or "",
            Condition(self.condition.data or ""),
            self.met.data or "",
            Instead(self.instead.data or ""),
        )


@dataclass(frozen=True, slots=True)
class EarlierView:
    """What counted before, from one edition until another."""

    editions: str
    verdict: str
    sentence: str


@pages.get("/admin/scope")
@open_to(Role.ADMINISTRATOR)
def table() -> str:
    """This will show the whole table, or the tasks that the words are about, and the newest editions."""
    words = trimmed(request.args.get("q"))[:LINE_LENGTH]
    with reading() as session:
        cells, known = matrix(session), matching(tasks(session), words)
        newest = editions(session, limit=5)[:5]
    return render_template(
        "scope/table.html",
        products=PRODUCTS,
        rows=[_table_row(task, cells) for task in known],
        words=words,
        newest=[_edition(each) for each in newest],
    )


@pages.get("/admin/scope/editions")
@open_to(Role.ADMINISTRATOR)
def edition_list() -> str:
    """This will list who changed what we do, when and why, the newest first."""
    place = read_cursor(request.args.get("before"))
    with reading() as session:
        found = editions(session, before=place[1] if place else None)
    last = cursor_of(None, found[PAGE - 1].number) if len(found) > PAGE else ""
    return render_template(
        "scope/editions.html",
        rows=[_edition(each) for each in found[:PAGE]],
        next_url=url_for("scope.edition_list", before=last) if last else "",
        first_url=url_for("scope.edition_list") if place else "",
    )


@pages.get("/admin/scope/<task>/<product>")
@open_to(Role.ADMINISTRATOR)
def edit(task: str, product: str) -> str:
    """This will show one answer with what counted before."""
    return _shown(task, product)


@pages.post("/admin/scope/<task>/<product>")
@open_to(Role.ADMINISTRATOR)
def change(task: str, product: str) -> Response | tuple[str, int]:
    """This will put another answer in force, with a new edition."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _shown(task, product, form), 422
    try:
        with transaction() as session:
            edition = _change(session, form, task=task, product=_product(product)).from_edition
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(task, product, form, refusal=refusal), status_of(refusal)
    flash(f"The new answer is in force with edition {edition}. What was answered before stays as it was.")
    return redirect(url_for("scope.edit", task=task, product=product), 303)


def _change(session: Session, form: AnswerForm, *, task: str, product: Covered) -> ScopeRow:
    row = row_of(session, task, product, for_update=True)
    if form.row.data != str(row.id):
        raise StaleEdit(CHANGED_MEANWHILE)
    return change_answer(session, row, form.wording(), reason=form.reason.data or "", actor=actor(), now=now())


def _shown(task: str, product: str, form: AnswerForm | None = None, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        row = row_of(session, task, _product(product))
        earlier = earlier_rows(session, row)
    return render_template(
        "scope/edit.html",
        form=form or _form_of(row),
        refusal=refusal,
        task=row.task,
        product=row.product,
        product_name=PRODUCTS[row.product],
        edition=row.from_edition,
        earlier=[
            EarlierView(f"{e.from_edition} to {e.until_edition}", SHORT[e.verdict][0], e.sentence) for e in earlier
        ],
    )


def _form_of(row: ScopeRow) -> AnswerForm:
    return AnswerForm(
        formdata=None,
        data={
            "row": str(row.id),
            "verdict": row.verdict.value,
            "rule": row.rule,
            "sentence": row.sentence,
            "condition": row.condition.value,
            "met": row.met,
            "instead": row.instead.value,
        },
    )


def _product(text: str) -> Covered:
    if text not in {each.value for each in Covered}:
        raise NotFound("There is no such product.")
    return Covered(text)


def _table_row(task: Task, cells: Matrix) -> tuple[Task, list[tuple[Cell, str, str]]]:
    found = (cells[task.key, product] for product in PRODUCTS if (task.key, product) in cells)
    return task, [(cell, *SHORT[cell.verdict]) for cell in found]


def _edition(edition: Any) -> tuple[str, str, str, str]:
    made = moment_text(edition.made_at, desk_zone())
    return str(edition.number), made, edition.made_by_name, edition.reason
