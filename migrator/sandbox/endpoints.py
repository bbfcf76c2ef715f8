"""The doors of Stripe's API: the key, the parameters, the idempotency key, then one verb or one reading."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from secrets import compare_digest
from typing import Any

import stripe.params as of
import stripe.params.checkout as of_checkout
from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from migrator.sandbox.checkouts import expire, open_checkout
from migrator.sandbox.expansion import expanded, listed_lines
from migrator.sandbox.parameters import conformed, decoded
from migrator.sandbox.refusals import ApiRefusal
from migrator.sandbox.resources import RESOURCES, Resource, listed
from migrator.sandbox.reversals import refund
from migrator.sandbox.state import Body, Records, new_id
from migrator.sandbox.wiring import sandbox, wants_page

KEYS_REMEMBERED_SECONDS = 24 * 60 * 60

api = Blueprint("api", __name__, url_prefix="/v1")


@api.before_request
def _check_key() -> None:
    given = request.authorization
    key = (given.token or given.username or "") if given else ""
    if not compare_digest(key.encode(), sandbox().api_key.encode()):
        raise ApiRefusal("This is not the API key of these test payments.", status=401)
    sandbox().courier.expire()


@api.after_request
def _mark_answer(response: Response) -> Response:
    response.headers["Request-Id"] = new_id("req")
    return response


@api.post("/checkout/sessions")
def create_checkout_session() -> Response:
    """This will open a checkout session."""
    return _once(of_checkout.SessionCreateParams, partial(open_checkout, base_url=request.host_url.rstrip("/")))


@api.post("/checkout/sessions/<session_id>/expire")
def expire_checkout_session(session_id: str) -> Response:
    """This will close an open checkout session."""

    def operation(records: Records, parameters: Body, *, at: int) -> Body:
        return expire(records, session_id, at=at)

    return _once(of_checkout.SessionExpireParams, operation)


@api.get("/checkout/sessions/<session_id>/line_items")
def checkout_line_items(session_id: str) -> Response:
    """This will return the lines of a session, all on one page."""
    with sandbox().state.reading() as records:
        return jsonify(listed_lines(records.load("checkout.session", session_id)))


@api.post("/refunds")
def create_refund() -> Response:
    """This will give a charge back."""
    return _once(of.RefundCreateParams, refund)


def _list(resource: Resource) -> Response:
    parameters = conformed(decoded(request.args.items(multi=True)), resource.list_parameters)
    with sandbox().state.reading() as records:
        return jsonify(listed(records, resource, parameters, url=request.path))


def _retrieve(resource: Resource, object_id: str) -> Response:
    parameters = conformed(decoded(request.args.items(multi=True)), resource.retrieve_parameters)
    with sandbox().state.reading() as records:
        return jsonify(expanded(records, records.load(resource.kind, object_id), parameters.get("expand", [])))


for _path, _resource in RESOURCES.items():
    api.add_url_rule(f"/{_path}", f"list {_path}", partial(_list, _resource))
    api.add_url_rule(f"/{_path}/<object_id>", f"retrieve {_path}", partial(_retrieve, _resource))


def answer_refusal(refusal: ApiRefusal) -> tuple[Response | str, int]:
    """This will give a program the refusal in Stripe's shape, and a person a page."""
    if not request.path.startswith("/v1/") and wants_page():
        return render_template("refusal.html", refusal=refusal), refusal.status
    return jsonify(error=refusal.error), refusal.status


def answer_http_error(error: HTTPException) -> tuple[Response | str, int] | HTTPException:
    """This will tell a program in JSON, and a person in a page, that there is nothing at the address."""
    if not request.path.startswith("/v1/"):
        return error
    return answer_refusal(ApiRefusal(f"There is no {request.method} {request.path}.", status=error.code or 500))


def _once(hint: Any, operation: Callable[..., Body]) -> Response:
    parameters = conformed(decoded(request.form.items(multi=True)), hint)
    key = request.headers.get("Idempotency-Key")
    at = sandbox().present()
    with sandbox().state.writing() as records:
        remembered = _remembered(records, key, at) if key else None
        body = remembered or expanded(records, operation(records, parameters, at=at), parameters.get("expand", []))
        if key and not remembered:
            _remember(records, key, body, at)
    sandbox().courier.wake()
    response = jsonify(body)
    if key:
        response.headers["Idempotency-Key"] = key
    if remembered:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _remembered(records: Records, key: str, at: int) -> Body | None:
    records.connection.execute("DELETE FROM answers WHERE answered_at <= ?", (at - KEYS_REMEMBERED_SECONDS,))
    row = records.connection.execute("SELECT request, body FROM answers WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    if row[0] != _fingerprint():
        raise ApiRefusal(
            f"The idempotency key {key} was used with other parameters before. Use a new key for a new request.",
            kind="idempotency_error",
        )
    body: Body = json.loads(row[1])
    return body


def _remember(records: Records, key: str, body: Body, at: int) -> None:
    records.connection.execute(
        "INSERT INTO answers (key, request, body, answered_at) VALUES (?, ?, ?, ?)",
        (key, _fingerprint(), json.dumps(body), at),
    )


def _fingerprint() -> str:
    parts = [request.path, sorted(request.form.items(multi=True))]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
