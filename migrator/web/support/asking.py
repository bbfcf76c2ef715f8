"""Asking a desk: the subject first, with help articles for it, then the request. It never closes (RULES C-015)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.hosting.models import HostingInstance
from migrator.hosting.queries import instance_of, instances_of
from migrator.journeys.ask_hosting import accept_policy
from migrator.journeys.open_request import add_to_request, open_request
from migrator.orders.models import Order
from migrator.orders.queries import order_of, orders_of
from migrator.policy.help import Article, help_articles
from migrator.policy.support import SupportPolicy, support_policy
from migrator.support.articles import suggested_articles
from migrator.support.categories import CATEGORY_WORDS, Category, Channel, Desk, needs_order
from migrator.support.merging.queries import open_requests
from migrator.support.merging.rules import Likeness, alike
from migrator.support.models import Ticket
from migrator.support.opening import Request
from migrator.support.queries import ticket_of, ticket_opened_with
from migrator.web.attachments import sent_files, store, takes_attachments
from migrator.web.audience import open_to
from migrator.web.desk_time import reader_zone
from migrator.web.hosting.acknowledging import asks_to_read
from migrator.web.refusals import status_of
from migrator.web.request import now, organisation_id, person
from migrator.web.support import pages
from migrator.web.support.forms import DetailsForm, SubjectForm, files_hint, new_token, shortened

ORDERS_OFFERED = 100
# What a page may say that the request is about, in the address.
ABOUT = ("order", "instance")
# Each desk's own form: the hosting desk takes nothing but what comes through the portal (RULES M-014).
CHANNELS = {Desk.MIGRATION: Channel.WEB, Desk.HOSTING: Channel.PORTAL}


@dataclass(frozen=True, slots=True)
class Subject:
    """What the first step said."""

    desk: Desk
    category: Category
    subject: str

    def query(self) -> dict[str, Any]:
        """This will return it as it stands in the address."""
        return {"desk": self.desk.value, "category": self.category.value, "subject": self.subject}


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """The second step: what may help already, and what the form offers."""

    subject: Subject
    about: str
    suggestions: tuple[Article, ...]
    duplicates: tuple[Likeness, ...]
    needs_order: bool
    shows_order: bool
    least: int
    orders: list[tuple[str, str]]
    instances: list[tuple[str, str]]
    must_read: bool
    languages: list[tuple[str, str]]
    back_url: str
    send_url: str


@pages.get("/support/new")
@open_to(Role.CUSTOMER)
def new() -> str | Response | tuple[str, int]:
    """This will ask what it is about, and lead on when that is said."""
    desk = request.args.get("desk", Desk.MIGRATION, type=Desk)
    form = SubjectForm(request.args)
    form.offer(desk)
    about = _about()
    if "subject" not in request.args:
        return render_template("support/new.html", form=form, desk=desk, about=about)
    if not form.validate():
        return render_template("support/new.html", form=form, desk=desk, about=about), 422
    subject = Subject(desk, Category(form.category.data), shortened(form.subject.data or ""))
    return redirect(url_for("support.details", **subject.query(), **about))


@pages.get("/support/new/details")
@open_to(Role.CUSTOMER)
def details() -> str | Response:
    """This will offer help for the subject, and the form below it."""
    subject = _subject()
    if subject is None:
        return redirect(url_for("support.new"))
    order = request.args.get("order", "")
    page = _page(subject, order=order)
    instance = request.args.get("instance", page.instances[0][0] if page.instances else "")
    form = DetailsForm(formdata=None, token=new_token(), order=order, instance=instance, language="en")
    return _shown(page, form)


@pages.post("/support/new/details")
@open_to(Role.CUSTOMER)
@takes_attachments
def send() -> Response | tuple[str, int]:
    """This will open the ticket, once however often the button is pressed."""
    subject = _subject()
    if subject is None:
        return redirect(url_for("support.new"), 303)
    form = DetailsForm()
    page = _page(subject, order=form.order.data or "", description=form.description.data or "")
    form.ask(orders=page.orders, needs_order=page.needs_order, languages=page.languages)
    is_valid = form.validate_on_submit()
    if _refuse_gaps(page, form) or not is_valid:
        return _shown(page, form), 422
    add_to, is_another = request.form.get("add_to", ""), "other" in request.form
    if page.duplicates and not (add_to or is_another or _is_sent(form)):
        # Nothing is sent before the customer has seen what was asked already (RULES M-021).
        return _shown(page, form, asks=True), 409
    try:
        ticket = _added(add_to, form) if add_to else _sent(subject, form)
    except DomainError as refusal:
        return _shown(page, form, refusal=refusal, asks=bool(add_to)), status_of(refusal)
    flash(f"Added to {ticket.number}." if add_to else f"We have your request. Its number is {ticket.number}.")
    return redirect(url_for("support.thread", number=ticket.number), 303)


@pages.get("/support/help/<key>")
@open_to()
def article(key: str) -> str:
    """This will show a help article."""
    found = next((each for each in help_articles() if each.key == key), None)
    if found is None:
        abort(404)
    return render_template("support/article.html", article=found)


def _about() -> dict[str, Any]:
    return {name: request.args[name] for name in ABOUT if request.args.get(name)}


def _is_sent(form: DetailsForm) -> bool:
    with reading() as session:
        return ticket_opened_with(session, form.token.data or "", person().id) is not None


def _sent(subject: Subject, form: DetailsForm) -> Ticket:
    files = sent_files()
    asked = Request(
        desk=subject.desk,
        category=subject.category,
        channel=CHANNELS[subject.desk],
        subject=subject.subject,
        body=form.description.data or "",
        language=form.language.data,
        error_text=form.error_text.data or "",
        page_address=form.page_address.data or "",
        expected=form.expected.data or "",
    )
    with transaction() as session:
        if subject.desk is Desk.HOSTING:
            accept_policy(session, person(), acknowledged=bool(form.acknowledged.data), now=now())
        return open_request(
            session,
            asked,
            person=person(),
            token=form.token.data or "",
            instance=_instance(session, form.instance.data),
            order=_order(session, form.order.data),
            files=files,
            store=store(),
            now=now(),
        )


def _added(number: str, form: DetailsForm) -> Ticket:
    files = sent_files()
    told = {
        "": form.description.data,
        "The exact error: ": form.error_text.data,
        "The page: ": form.page_address.data,
        "What was expected: ": form.expected.data,
    }
    body = "\n\n".join(f"{label}{words.strip()}" for label, words in told.items() if words and words.strip())
    with transaction() as session:
        ticket = ticket_of(session, number, organisation_id(), for_update=True)
        return add_to_request(
            session,
            ticket,
            body=body,
            person=person(),
            token=form.token.data or "",
            channel=CHANNELS[ticket.desk],
            files=files,
            store=store(),
            now=now(),
        )


def _order(session: Session, number: str | None) -> Order | None:
    return order_of(session, number, organisation_id()) if number else None


def _instance(session: Session, key: str | None) -> HostingInstance | None:
    if not key:
        return None
    return instance_of(session, int(key) if key.isdecimal() and len(key) < 19 else 0, organisation_id())


def _subject() -> Subject | None:
    form = SubjectForm(request.args)
    desk = request.args.get("desk", Desk.MIGRATION, type=Desk)
    form.offer(desk)
    if not form.validate():
        return None
    return Subject(desk, Category(form.category.data), shortened(form.subject.data or ""))


def _page(subject: Subject, *, order: str = "", description: str = "") -> DetailsPage:
    text = f"{subject.subject} {description}"
    policy = support_policy(subject.desk)
    is_hosting = subject.desk is Desk.HOSTING
    with reading() as session:
        instances = instances_of(session, organisation_id()) if is_hosting else []
        must_read = is_hosting and asks_to_read(session)
        orders = _orders(session) if subject.desk is Desk.MIGRATION else []
        asked_already = open_requests(session, organisation_id(), subject.desk)
    return DetailsPage(
        subject=subject,
        about=CATEGORY_WORDS[subject.category],
        suggestions=suggested_articles(subject.subject, help_articles()),
        duplicates=alike(text, order, asked_already, now=now(), zone=reader_zone()),
        needs_order=needs_order(subject.desk, subject.category, has_orders=bool(orders)),
        shows_order=bool(orders),
        least=policy.description_characters,
        orders=orders,
        instances=[(str(each.id), f"{each.name} – {each.plan.promise}") for each in instances],
        must_read=must_read,
        languages=_languages(policy),
        back_url=f"{url_for('support.new')}?{urlencode({**subject.query(), **_about()})}#category",
        send_url=url_for("support.send", **subject.query()),
    )


def _orders(session: Session) -> list[tuple[str, str]]:
    found = orders_of(session, organisation_id(), limit=ORDERS_OFFERED)[:ORDERS_OFFERED]
    return [(order.number, f"{order.number} – {order.terms.product_name}") for order in found]


def _languages(policy: SupportPolicy) -> list[tuple[str, str]]:
    guaranteed, *others = policy.languages
    best_effort = [(language.key, f"{language.name} (best effort)") for language in others]
    return [(guaranteed.key, f"{guaranteed.name} (guaranteed)"), *best_effort]


def _refuse_gaps(page: DetailsPage, form: DetailsForm) -> bool:
    return form.refuse_gaps(
        orders=page.orders, languages=page.languages, needs_order=page.needs_order, least=page.least
    )


def _shown(page: DetailsPage, form: DetailsForm, *, refusal: DomainError | None = None, asks: bool = False) -> str:
    form.ask(orders=page.orders, needs_order=page.needs_order, languages=page.languages)
    form.instance.choices = [*(SelectChoice(*each) for each in page.instances), SelectChoice("", "None of them")]
    form.description.flags.required = True
    return render_template(
        "support/details.html", page=page, form=form, refusal=refusal, files_hint=files_hint(), asks=asks
    )
