"""A customer's quotes: asking for a price, and accepting or declining what we offer."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from migrator.calendars.queries import calendar
from migrator.catalogue.products import product_named
from migrator.catalogue.rules import Selection, check_platforms
from migrator.clock.wording import end_text, local_time
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.journeys.accept_quote import accept_quote
from migrator.journeys.request_quote import ask_for_price
from migrator.orders.quote_operations import decline as decline_quote
from migrator.orders.quote_queries import quote_of, quotes_of
from migrator.orders.rules import answer_by
from migrator.policy.loading import catalogue, migration_desk, platforms
from migrator.web.audience import open_to
from migrator.web.orders import pages
from migrator.web.orders.quote_forms import AcceptOfferForm, DeclineForm, RequestForm
from migrator.web.orders.quote_page import QuotePage, quote_page, quote_row
from migrator.web.request import actor, now, organisation_id, person
from migrator.web.shop.answers import AnswersForm, address_of
from migrator.web.shop.declaration import new_token
from migrator.web.shop.visitor import visitors_country

PAGE_LENGTH = 20


@pages.get("/quotes")
@open_to(Role.CUSTOMER)
def quotes() -> str:
    """This will list the organisation's quotes."""
    after = request.args.get("after", "")
    with reading() as session:
        found = quotes_of(session, organisation_id(), after=after, limit=PAGE_LENGTH)
        zone = calendar(session, migration_desk().calendar).zone
    shown = found[:PAGE_LENGTH]
    return render_template(
        "quotes/list.html",
        quotes=[quote_row(quote, zone=zone, now=now()) for quote in shown],
        next_url=url_for("orders.quotes", after=shown[-1].number) if len(found) > PAGE_LENGTH else "",
        first_url=url_for("orders.quotes") if after else "",
    )


@pages.route("/quotes/new", methods=["GET", "POST"])
@open_to(Role.CUSTOMER)
def new_quote() -> tuple[str, int] | Response:
    """This will ask for a price of what the configurator's answers describe."""
    answers = AnswersForm(request.args)
    if not answers.validate():
        return redirect(f"{url_for('shop.start')}?{request.query_string.decode()}", 303)
    selection = answers.selection()
    form = RequestForm()
    if request.method == "GET":
        form.token.data = new_token()
        return _asking(selection, form), 200
    if not form.validate_on_submit():
        return _asking(selection, form), 422
    with transaction() as session:
        number = ask_for_price(
            session,
            selection=selection,
            words=form.words.data or "",
            person=person(),
            token=form.token.data or "",
            now=now(),
        ).number
    flash("Your request is here. We have told our account managers.")
    return redirect(url_for("orders.quote", number=number), 303)


@pages.get("/quotes/<number>")
@open_to(Role.CUSTOMER)
def quote(number: str) -> tuple[str, int]:
    """This will show a quote, with our offer once there is one."""
    with reading() as session:
        country = visitors_country(session)
    return _shown(number, accept=AcceptOfferForm(country=country), decline=DeclineForm()), 200


@pages.post("/quotes/<number>/accept")
@open_to(Role.CUSTOMER)
def accept(number: str) -> tuple[str, int] | Response:
    """This will make an order of the offer, once, and lead on to paying."""
    form, today = AcceptOfferForm(), _today()
    if not form.validate_on_submit() or form.refuse_future(today):
        return _shown(number, accept=form), 422
    if form.is_old(today) and not form.old_backup_known.data:
        return _shown(number, accept=form, warns=True), 422
    try:
        with transaction() as session:
            order = accept_quote(
                session,
                quote_of(session, number, organisation_id(), for_update=True),
                insurance_plan=form.plan(),
                declaration=form.declaration(),
                person=person(),
                now=now(),
            )
    except DomainError as refusal:
        return _shown(number, accept=form, refusal=str(refusal)), 409
    return redirect(url_for("payments.pay_page", number=order.number), 303)


@pages.post("/quotes/<number>/decline")
@open_to(Role.CUSTOMER)
def decline(number: str) -> tuple[str, int] | Response:
    """This will end the request or the offer."""
    form = DeclineForm()
    if not form.validate_on_submit():
        return _shown(number, decline=form), 422
    with transaction() as session:
        declined = quote_of(session, number, organisation_id(), for_update=True)
        decline_quote(session, declined, reason=form.reason.data or "", actor=actor(), now=now())
    flash("Declined. Thank you for telling us.")
    return redirect(url_for("orders.quote", number=number), 303)


def _shown(
    number: str,
    *,
    accept: AcceptOfferForm | None = None,
    decline: DeclineForm | None = None,
    refusal: str = "",
    warns: bool = False,
) -> str:
    with reading() as session:
        days = calendar(session, migration_desk().calendar)
        page: QuotePage = quote_page(quote_of(session, number, organisation_id()), days=days, now=now())
    return render_template(
        "quotes/quote.html",
        page=page,
        form=decline if decline and decline.errors else accept,
        accept=accept or AcceptOfferForm(),
        decline=decline or DeclineForm(),
        refusal=refusal,
        warns=warns,
    )


def _asking(selection: Selection, form: RequestForm) -> str:
    check_platforms(selection, platforms())
    desk = migration_desk()
    with reading() as session:
        days = calendar(session, desk.calendar)
    named = {platform.key: platform.name for platform in platforms().platforms}
    product = product_named(selection.sku, pages=selection.pages, catalogue=catalogue())
    back = url_for("shop.start", **address_of(selection))
    rows = (
        ("From", named[selection.source_platform], f"{back}#source"),
        ("To", named[selection.target_platform], f"{back}#target"),
        ("Pages", f"{selection.pages:,}", f"{back}#pages"),
        ("Product", product.quoted_name, f"{back}#result"),
    )
    return render_template(
        "quotes/new.html",
        form=form,
        rows=rows,
        answer_by=end_text(answer_by(days, desk=desk, now=now()), days.zone),
        ask_url=url_for("orders.new_quote", **address_of(selection)),
    )


def _today() -> date:
    with reading() as session:
        return local_time(now(), calendar(session, migration_desk().calendar).zone).date()
