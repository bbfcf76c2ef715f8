"""Cancelling a paid order before its full migration, with its money going back (RULES X-12)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from wtforms import HiddenField

from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.history.actor import Role
from migrator.journeys.cancel_order import cancel_order, refundable_of, why_not_cancellable
from migrator.money import Money
from migrator.orders.queries import order_for_staff
from migrator.payments.refunds.lifecycle import RefundState
from migrator.web.audience import open_to
from migrator.web.finance import pages
from migrator.web.finance.refund_forms import ReasonForm
from migrator.web.finance.refunds import Answer
from migrator.web.refusals import status_of
from migrator.web.request import now, person
from migrator.web.shop.declaration import new_token
from migrator.wiring import wiring

MAY_CANCEL = (Role.ACCOUNT_MANAGER, Role.FINANCE, Role.ADMINISTRATOR)


class CancelForm(ReasonForm):
    """Why an order is cancelled; the token makes a second press the first."""

    token = HiddenField()


@dataclass(frozen=True, slots=True)
class CancelPage:
    """What cancelling would do; `why_not` says why it cannot be done now."""

    number: str
    product: str
    customer: str
    back: Money
    why_not: str
    back_url: str
    limit: Money | None


@pages.get("/finance/orders/<number>/cancel")
@open_to(*MAY_CANCEL)
def cancelling(number: str) -> str:
    """This will say what cancelling does, and ask for the reason."""
    return _shown(number, CancelForm(formdata=None, data={"token": new_token()}))


@pages.post("/finance/orders/<number>/cancel")
@open_to(*MAY_CANCEL)
def cancel_paid_order(number: str) -> Answer:
    """This will cancel the order and ask for the refund of all that was paid for it."""
    form = CancelForm()
    if not form.validate_on_submit():
        return _shown(number, form), 422
    try:
        with transaction() as session:
            order = order_for_staff(session, number, for_update=True)
            limit = wiring().settings.refund_limit(order.currency)
            refunds = cancel_order(
                session,
                order,
                reason=form.reason.data or "",
                token=(form.token.data or new_token())[:40],
                person=person(),
                limit=limit,
                now=now(),
            )
            waits = any(refund.state is RefundState.AWAITING_APPROVAL for refund in refunds)
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(number, form, refusal=refusal), status_of(refusal)
    money = "Its money waits for a second person." if waits else "Its money is on the way back."
    flash(f"Order {number} is cancelled. {money}")
    return redirect(_back_url(number), 303)


def _shown(number: str, form: CancelForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        page = CancelPage(
            number=order.number,
            product=order.terms.product_name,
            customer=order.organisation.name,
            back=refundable_of(session, order),
            why_not=why_not_cancellable(session, order),
            back_url=_back_url(order.number),
            limit=wiring().settings.refund_limit(order.currency),
        )
    return render_template("finance/cancelling.html", page=page, form=form, refusal=refusal)


def _back_url(number: str) -> str:
    is_manager = person().role is Role.ACCOUNT_MANAGER
    return url_for("desk.workbench" if is_manager else "finance.sheet", number=number)
