"""How every form of the workbench is answered: kept with its sentence when something is wrong, else on to the order."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.database.session import transaction
from migrator.errors import DomainError
from migrator.web.refusals import status_of

Answer = Response | str | tuple[str, int]


def answered(
    form: FlaskForm,
    deed: Callable[[Session], str],
    *,
    number: str,
    shown: Callable[[DomainError | None], str],
    back_to: str = "desk.workbench",
) -> Answer:
    """This will do a deed in one transaction and go back to the order with the sentence that the deed returns.

    :param shown: the page with the form as it was typed, and the refusal where there is one
    :param back_to: the order's page where the sentence is read
    """
    if not form.validate_on_submit():
        return shown(None), 422
    try:
        with transaction() as session:
            sentence = deed(session)
    except DomainError as refusal:
        return shown(refusal), status_of(refusal)
    flash(sentence)
    return redirect(url_for(back_to, number=number), 303)
