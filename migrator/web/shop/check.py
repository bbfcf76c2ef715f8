"""The last look before an order, and the order itself (UX, screen 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from migrator.calendars.queries import calendar
from migrator.catalogue.products import product_named
from migrator.catalogue.rules import Selection, check_platforms, price
from migrator.catalogue.tax_rules import taxed
from migrator.clock.wording import local_time
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.finance.tax import is_tax_charged
from migrator.history.actor import Role
from migrator.journeys.place_order import place_order
from migrator.money import total
from migrator.orders.rules import frozen_terms
from migrator.policy.loading import catalogue, migration_desk, platforms
from migrator.web.audience import open_to
from migrator.web.public.contact import viewer_zone
from migrator.web.request import now, person, visitor
from migrator.web.shop import pages
from migrator.web.shop.answers import WAYS, AnswersForm, address_of
from migrator.web.shop.declaration import OrderForm, new_token
from migrator.web.shop.promises import Duties, duties
from migrator.web.shop.result import Earliest, earliest
from migrator.web.shop.standing import discount_row, visitors_discount, visitors_standing
from migrator.web.shop.visitor import currencies, tax_in, tax_sentence, visitors_country
from migrator.web.shop.wording import LineView, pending_words, price_views

UNFINISHED = "unfinished_order"


@dataclass(frozen=True, slots=True)
class CheckPage:
    """All that is looked at before an order: the answers with the way to change each, the price, the duties.

    :ivar tax_words: what stands in the place of the tax where no line says it
    :ivar tax: the sentence on the tax of the chosen country; empty where none is added
    :ivar pending: what buying now means while an application for the non-profit discount waits; empty without one
    """

    answers: tuple[tuple[str, str, str], ...]
    lines: tuple[LineView, ...]
    total: str
    tax_words: str
    tax: str
    needs_country: bool
    earliest: Earliest
    duties: Duties
    order_url: str
    sign_in_url: str
    sign_up_url: str
    role: Role | None
    pending: str
    pending_id: str


@pages.get("/orders/new/check")
@open_to()
def check() -> tuple[str, int] | Response:
    """This will show everything once more; visitors are asked to sign in and come back to it."""
    selection = _selection()
    if selection is None:
        return redirect(f"{url_for('shop.start')}?{request.query_string.decode()}")
    with reading() as opened:
        country = visitors_country(opened)
    page = _page(selection, country)
    # Who signs up or waits for an answer comes back days later: the list of orders then leads here.
    if visitor() is None or page.pending:
        session[UNFINISHED] = address_of(selection)
    return _shown(page, OrderForm(token=new_token(), country=country)), 200


@pages.post("/orders")
@open_to(Role.CUSTOMER)
def place() -> tuple[str, int] | Response:
    """This will place the order, once however often the button is pressed, and lead on to paying."""
    selection = _selection()
    if selection is None:
        return redirect(url_for("shop.start"), 303)
    form, today = OrderForm(), _today()
    page = _page(selection, form.told_country())
    if not form.validate_on_submit() or form.refuse_future(today):
        return _shown(page, form), 422
    if form.is_old(today) and not form.old_backup_known.data:
        return _shown(page, form, warns=True), 422
    if sentence := _changed(page, form):
        return _shown(page, form, refusal=sentence), 409
    try:
        with transaction() as opened:
            order = place_order(
                opened,
                selection=selection,
                declaration=form.declaration(),
                person=person(),
                token=form.token.data or "",
                now=now(),
            )
    except DomainError as refusal:
        return _shown(page, form, refusal=str(refusal)), 409
    session.pop(UNFINISHED, None)
    return redirect(url_for("payments.pay_page", number=order.number), 303)


def _selection() -> Selection | None:
    """The answers in the address; none when a question is open.

    :raises DomainError: for something that is not sold, or not at a listed price
    """
    answers = AnswersForm(request.args)
    if not answers.validate():
        return None
    selection = answers.selection()
    check_platforms(selection, platforms())
    price(selection, answers.sold())
    return selection


def _today() -> date:
    with reading() as opened:
        return local_time(now(), calendar(opened, migration_desk().calendar).zone).date()


def _changed(page: CheckPage, form: OrderForm) -> str:
    """This will say what is otherwise than on the page whose button was pressed; nothing where all is as it was."""
    if page.pending and form.pending_known.data != page.pending_id:
        return f"{page.pending} You can wait for the answer, or buy anyway."
    if form.shown_total.data and form.shown_total.data != page.total:
        return f"{page.tax}The price is {page.total} now; it was {form.shown_total.data} when you opened this page."
    return ""


def _shown(page: CheckPage, form: OrderForm, *, refusal: str = "", warns: bool = False) -> str:
    form.shown_total.data, form.pending_known.data = page.total, page.pending_id
    form.country.flags.required = page.needs_country
    return render_template("shop/check.html", page=page, form=form, refusal=refusal, warns=warns)


def _page(selection: Selection, country: str) -> CheckPage:
    with reading() as opened:
        tax, needs_country = tax_in(opened, country), is_tax_charged(opened)
        days = calendar(opened, migration_desk().calendar)
        standing = visitors_standing(opened)
    sold = catalogue(currency=selection.currency)
    lines = taxed(price(selection, sold, discount_bp=visitors_discount(standing)), tax.rate_bp)
    waiting = None if standing.is_discounted else standing.pending
    product = product_named(selection.sku, pages=selection.pages, catalogue=sold)
    address = address_of(selection)
    back = url_for("shop.check", **address)
    visiting = visitor()
    return CheckPage(
        answers=(*_answers(selection, product.name), discount_row(standing, days.zone)),
        lines=price_views(lines),
        total=str(total([line.amount for line in lines])),
        tax_words=tax.words,
        tax=tax_sentence(tax),
        needs_country=needs_country,
        earliest=earliest(product, days, now(), viewer_zone()),
        duties=duties(frozen_terms(selection, catalogue=sold, desk=migration_desk()), currency=sold.currency),
        order_url=url_for("shop.place", **address),
        sign_in_url=url_for("security.login", next=back),
        sign_up_url=url_for("security.register", next=back),
        role=visiting.role if visiting else None,
        pending=pending_words(waiting, days.zone) if waiting else "",
        pending_id=str(waiting.id) if waiting else "",
    )


def _answers(selection: Selection, product_name: str) -> tuple[tuple[str, str, str], ...]:
    named = {platform.key: platform.name for platform in platforms().platforms}
    options = [option.name for option in catalogue().options if option.sku in selection.options]
    lines = price(selection, catalogue(currency=selection.currency))
    insurance = next((line.name.partition(": ")[2] for line in lines if line.plan), "No insurance")
    rows = (
        ("From", named[selection.source_platform], "source"),
        ("To", named[selection.target_platform], "target"),
        ("Pages", f"{selection.pages:,}", "pages"),
        ("Who does the work", WAYS[selection.family][0], "who"),
        ("Product", product_name, "result"),
        ("Options", ", ".join(options) or "None", "options"),
        ("Insurance", insurance, "insurance"),
        *((("Currency", selection.currency, "currency"),) if len(currencies()) > 1 else ()),
    )
    return tuple(
        (key, value, url_for("shop.start", **address_of(selection), _anchor=anchor)) for key, value, anchor in rows
    )
