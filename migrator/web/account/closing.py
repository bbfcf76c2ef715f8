"""Taking along all that we keep about somebody, and closing their account (RULES X-14)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, url_for
from flask_security import logout_user
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField
from wtforms.validators import InputRequired

from migrator.accounts.forms import EnterPasswordAgain
from migrator.database.session import reading, transaction
from migrator.documents.personal_data import personal_data
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.journeys.close_account import Fate, OpenOrder, close_account, consequences
from migrator.policy.loading import tax
from migrator.web.account import pages
from migrator.web.audience import open_to
from migrator.web.refusals import status_of
from migrator.web.request import now, person, visitor
from migrator.wiring import wiring


class CloseForm(EnterPasswordAgain):
    """That it is meant, by the person who signed in."""

    understood = BooleanField(
        "I understand that this cannot be undone", validators=[InputRequired("Tick this to say that you mean it.")]
    )


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """What closing would do: to each open order, or that colleagues keep them all."""

    colleagues: tuple[str, ...]
    orders: tuple[tuple[str, str, str], ...]
    years: int


@pages.get("/account/data.json")
@open_to(Role.CUSTOMER)
def data() -> Response:
    """This will hand over all that we keep about the person."""
    with reading() as session:
        found = personal_data(session, person(), now=now())
    answer = make_response(json.dumps(found, ensure_ascii=False, indent=1))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@pages.get("/account/close")
@open_to(Role.CUSTOMER)
def closing() -> str:
    """This will say what closing the account does, and ask for the password."""
    return _shown(CloseForm(formdata=None, user=person()))


@pages.post("/account/close")
@open_to(Role.CUSTOMER)
def close() -> AnyResponse | tuple[str, int]:
    """This will close the account for good."""
    form = CloseForm(user=person())
    if not form.validate_on_submit():
        return _shown(form), 422
    try:
        with transaction() as session:
            close_account(session, person().id, limit_of=wiring().settings.refund_limit, now=now())
    except DomainError as refusal:
        return _shown(form, refusal=refusal), status_of(refusal)
    logout_user()
    return redirect(url_for("account.closed"), 303)


@pages.get("/account/closed")
@open_to()
def closed() -> AnyResponse | str:
    """This will say that an account is closed, to whoever is signed out by that."""
    if visitor():
        return redirect(url_for("account.account"))
    return render_template("account/closed.html", years=tax().documents_kept_years)


def _shown(form: CloseForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        done = consequences(session, person())
        orders = tuple(_words(entry) for entry in done.orders)
    page = ClosingPage(done.colleagues, orders, tax().documents_kept_years)
    return render_template("account/close.html", page=page, form=form, refusal=refusal)


def _words(entry: OpenOrder) -> tuple[str, str, str]:
    order = entry.order
    sentences = {
        Fate.ENDED_UNPAID: "ends; nothing was paid for it",
        Fate.CANCELLED: f"is cancelled, and {entry.back} goes back to whoever paid",
        Fate.FINISHED: "is finished as promised; after that it ends by itself, and nobody can change anything any more",
    }
    return order.number, order.terms.product_name, sentences[entry.fate]
