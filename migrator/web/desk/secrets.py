"""Looking at a secret: with a reason that the customer reads, for a minute, and on no page that stays."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for

from migrator.access.operations import reveal
from migrator.access.queries import secret_of
from migrator.access.vault import Vault
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.bench import secret_noun
from migrator.web.desk.forms import RevealForm
from migrator.web.desk.workbench import DESK
from migrator.web.refusals import status_of
from migrator.web.request import actor, now
from migrator.wiring import wiring


@pages.get("/desk/orders/<number>/secrets/<int:secret_id>")
@open_to(*DESK)
def reveal_secret(number: str, secret_id: int) -> str:
    """This will ask why somebody needs to see a secret."""
    return _asked(number, secret_id, RevealForm(formdata=None))


@pages.post("/desk/orders/<number>/secrets/<int:secret_id>")
@open_to(*DESK)
def show_secret(number: str, secret_id: int) -> Response | tuple[str, int]:
    """This will show a secret on a page that leaves by itself; the look is kept before the secret is sent."""
    form = RevealForm()
    if not form.validate_on_submit():
        return _asked(number, secret_id, form), 422
    vault = Vault(wiring().settings.keys.access_keys)
    try:
        with transaction() as session:
            order = order_for_staff(session, number)
            secret = secret_of(session, order.id, secret_id)
            revealed = reveal(session, secret, reason=form.reason.data or "", actor=actor(), now=now(), vault=vault)
            label, name = secret.item.label, secret_noun(secret.item.kind, secret.field)
    except DomainError as refusal:
        return _asked(number, secret_id, form, refusal=refusal), status_of(refusal)
    seconds = max(0, round((revealed.hidden_at - now()).total_seconds()))
    answer = make_response(
        render_template(
            "desk/secret.html", number=number, label=label, name=name, value=revealed.value, seconds=seconds
        )
    )
    answer.headers["Refresh"] = f"{seconds}; url={url_for('desk.workbench', number=number)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked(number: str, secret_id: int, form: RevealForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        secret = secret_of(session, order.id, secret_id)
        label, name = secret.item.label, secret_noun(secret.item.kind, secret.field)
    return render_template(
        "desk/reveal.html",
        number=number,
        secret_id=secret_id,
        label=label,
        name=name,
        form=form,
        refusal=refusal,
    )
