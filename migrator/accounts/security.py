"""Sign-up, sign-in and all around it: Flask-Security on our people, with our pages, words and outbox.

Flask-Security works in `db.session`; nothing else does. Its changes are kept when its page answers well.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn

from flask import Flask, Request, Response, abort, make_response, redirect, render_template, request, session
from flask_login import current_user
from flask_security import Security
from flask_security.core import _user_loader
from flask_security.recoverable import generate_reset_password_token
from flask_security.utils import set_request_attr
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse

from migrator.accounts import recording
from migrator.accounts.configuration import HASHING, PAGES, configuration
from migrator.accounts.forms import FORMS
from migrator.accounts.models import Person
from migrator.accounts.passwords import OwnPasswordRule
from migrator.accounts.post import OweToAddress, post_office
from migrator.accounts.queries import person_named
from migrator.accounts.second_factor import OneTimeCodes
from migrator.accounts.store import PeopleStore
from migrator.database.base import WRITES, db
from migrator.database.session import one_question
from migrator.settings import Settings

BLUEPRINT = "security"
CLOSED = ("two_factor_rescue", "tf_select")
CODE_PAGE = "security.two_factor_token_validation"
LINKS_THAT_WRITE = {"security.confirm_email", "security.change_email_confirm"}
# They check a password, which takes long by design, and change nothing: others must not wait for that.
FORMS_THAT_READ = {"security.login", "security.verify", "security.logout"}


def register(app: Flask, settings: Settings, *, now: Callable[[], datetime], owe: OweToAddress) -> None:
    """This will let people sign up and in.

    :param now: the clock
    :param owe: writes a message into the outbox
    """
    app.config.update(configuration(settings, now=now))
    security = Security(
        app,
        PeopleStore(now),
        mail_util_cls=post_office(owe, now=now),
        password_util_cls=OwnPasswordRule,
        totp_cls=OneTimeCodes,
        render_template=_render,  # type: ignore[arg-type]
        **FORMS,
    )
    security.hashing_context.update(**HASHING)
    security.want_json(lambda _request: False)
    security.login_manager.user_loader(_signed_in)
    # Tokens are not given to anybody, and one in an address would end up in logs.
    security.login_manager.request_loader(_nobody)
    # It would load the person on every request, static files too, for permissions that we do not use.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.before_request_funcs.setdefault(BLUEPRINT, []).extend([_refuse_json, _send_home, _take_the_lock])
    app.after_request_funcs.setdefault(BLUEPRINT, []).append(_keep)
    app.error_handler_spec[BLUEPRINT][None][IntegrityError] = _answer_as_before
    for page in CLOSED:
        app.view_functions[f"{BLUEPRINT}.{page}"] = _not_here
    recording.register(app, now=now, owe=owe)


def set_password_path(person: Person) -> str:
    """This will return the path at which the person sets a password, once and within a day."""
    return f"/reset-password/{generate_reset_password_token(person)}"  # type: ignore[no-untyped-call]


def _signed_in(uniquifier: str) -> Person | None:
    """This will load the signed-in person: for the pages here to work on, for all others to look at."""
    if request.blueprint == BLUEPRINT:
        person: Person | None = _user_loader(uniquifier)  # type: ignore[no-untyped-call]
        return person
    with one_question() as connection:
        seen = person_named(connection, uniquifier)
    if seen is None or not seen.active:
        return None
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return seen


def _nobody(_request: Request) -> None:
    """This will sign nobody in by what a request brings beside its session."""


def _render(template: str, **context: Any) -> Response:
    forms = [value for name, value in context.items() if name.endswith("_form")]
    form = next((form for form in forms if form.errors), forms[0])
    return make_response(render_template(template, form=form, **context), 422 if form.errors else 200)


def _refuse_json() -> None:
    if request.is_json:
        abort(400)


def _send_home() -> BaseResponse | None:
    # Flask-Security would sign out whoever comes back to the page of the code, as “Back” in a browser does.
    is_pending = "tf_state" in session
    if request.endpoint == CODE_PAGE and request.method == "GET" and not is_pending and current_user.is_authenticated:
        return redirect(PAGES["POST_LOGIN_VIEW"])
    return None


def _take_the_lock() -> None:
    if request.endpoint in LINKS_THAT_WRITE or (request.method == "POST" and request.endpoint not in FORMS_THAT_READ):
        db.session.connection(execution_options={WRITES: True})


def _keep(response: Response) -> Response:
    if response.status_code < 400:
        db.session.commit()
    return response


def _answer_as_before(error: IntegrityError) -> BaseResponse:
    # Two sign-ups with one address at the same moment: the second is told what the first was told.
    if request.endpoint != "security.register":
        raise error
    db.session.rollback()
    return redirect(PAGES["POST_REGISTER_VIEW"])


def _not_here(**_arguments: str) -> NoReturn:
    abort(404)
