"""What we do and do not do, beside a ticket: task, verdict and rule, and the ready sentence in the reply (RULES X-02).

What was answered stays in the ticket's history with the row it came from, so that a later edition changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.journeys.answer_ticket import answer_ticket
from migrator.policy.scope import Condition, Covered, scope_policy
from migrator.policy.types import Family, Tier
from migrator.scope.queries import matrix, tasks
from migrator.scope.rules import VERDICT_WORDS, Answer, Matrix, ReasonMissing, answer, asked
from migrator.support.categories import Desk
from migrator.support.models import Ticket
from migrator.support.queries import ticket_for_staff
from migrator.web.audience import open_to
from migrator.web.desk.forms import VersionedForm, refuse_stale
from migrator.web.fields import optional_text_field, text_field
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, person
from migrator.web.rule_links import scope_rule_url
from migrator.web.scope.asking import holds_of
from migrator.web.scope.words import BANNERS, PRODUCTS
from migrator.web.tickets import pages
from migrator.web.tickets.bench import DESK

ASSISTED = {
    Tier.BASIC: Covered.ASSISTED_BASIC,
    Tier.STANDARD: Covered.ASSISTED_STANDARD,
    Tier.PREMIUM: Covered.ASSISTED_PREMIUM,
}


class ScopeForm(VersionedForm):
    """The reply with the ready sentence; an override says something else, with its reason (RULES M-035)."""

    message = text_field("Reply to the customer", empty="Write the reply first")
    overrides = BooleanField("The reply says otherwise than the rule")
    reason = optional_text_field("Why, for staff only")


@dataclass(frozen=True, slots=True)
class Picked:
    """What was picked: our answer with its words, and what it still depends on."""

    said: Answer
    title: str
    banner: str
    question: str
    rule_url: str


@pages.get("/desk/tickets/<number>/scope")
@open_to(*DESK)
def scope(number: str) -> str:
    """This will ask for product and task, and show verdict, rule and the ready sentence."""
    return _shown(number, None)


@pages.post("/desk/tickets/<number>/scope")
@open_to(*DESK)
def answer_scope(number: str) -> Response | tuple[str, int]:
    """This will send the reply and keep by which row, or against which, it was given."""
    form = ScopeForm()
    if not form.validate_on_submit():
        return _shown(number, form), 422
    try:
        with transaction() as session:
            _answer(session, number, form)
    except DomainError as refusal:
        return _shown(number, form, refusal), status_of(refusal)
    flash("Sent to the customer. The rule is kept with the request.")
    return redirect(url_for("tickets.bench", number=number), 303)


def _answer(session: Session, number: str, form: ScopeForm) -> None:
    ticket = ticket_for_staff(session, number, for_update=True)
    refuse_stale(form, ticket.version)
    reason = (form.reason.data or "").strip()
    if form.overrides.data and not reason:
        raise ReasonMissing("Write why the reply says otherwise. Only staff read it.")
    said = _said(matrix(session), _product(ticket))
    answer_ticket(session, ticket, body=form.message.data or "", author=person(), now=now())
    facts = {
        "row": said.cell.row_id,
        "edition": said.cell.edition,
        "task": said.cell.task,
        "product": said.cell.product.value,
        "verdict": said.verdict.value,
        "rule": said.rule,
        "overridden": bool(form.overrides.data),
    }
    record(
        session,
        "ticket.scope",
        subject="ticket",
        key=ticket.number,
        actor=actor(),
        now=now(),
        visibility=Visibility.STAFF,
        reason=reason if form.overrides.data else "",
        facts=facts,
    )


def _shown(number: str, form: ScopeForm | None, refusal: DomainError | None = None) -> str:
    with reading() as session:
        ticket = ticket_for_staff(session, number)
        cells, known = matrix(session), tasks(session)
    product, is_picked = _product(ticket), bool(request.args.get("task"))
    picked = _picked(cells, product) if is_picked else None
    if form is None:
        form = ScopeForm(formdata=None, message=picked.said.sentence if picked else "", version=str(ticket.version))
    return render_template(
        "tickets/scope.html",
        number=number,
        subject=ticket.subject,
        products=PRODUCTS,
        product=product,
        tasks=known,
        task=request.args.get("task", ""),
        holds=request.args.get("holds", ""),
        picked=picked,
        form=form,
        refusal=refusal,
        query=request.query_string.decode(),
    )


def _picked(cells: Matrix, product: Covered) -> Picked:
    said = _said(cells, product)
    depends_on = scope_policy().conditions.get(said.depends_on)
    return Picked(
        said,
        VERDICT_WORDS[said.verdict],
        BANNERS[said.verdict],
        depends_on.question if depends_on else "",
        scope_rule_url(product, said.rule),
    )


def _said(cells: Matrix, product: Covered) -> Answer:
    task = request.args.get("task", "")
    cell = cells.get((task, product))
    condition = cell.condition if cell else Condition.NONE
    return answer(asked(product, task, condition=condition, holds=holds_of(request.args.get("holds"))), cells)


def _product(ticket: Ticket) -> Covered:
    wanted = request.args.get("product", "")
    if wanted in {product.value for product in Covered}:
        return Covered(wanted)
    if ticket.desk is Desk.HOSTING:
        return Covered.HOSTING
    if ticket.order is None or ticket.order.family is Family.SELF_SERVICE:
        return Covered.SELF_SERVICE
    if ticket.order.family is Family.PACKAGE:
        return Covered.PACKAGE
    return ASSISTED[ticket.order.tier]
