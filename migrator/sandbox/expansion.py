"""Objects inside objects: `expand` puts the object where Stripe otherwise gives its id."""

from __future__ import annotations

from migrator.sandbox.refusals import ApiRefusal
from migrator.sandbox.state import Body, Records, presented

EXPANDABLE = {"payment_intent", "latest_charge", "balance_transaction", "charge", "source", "line_items"}
DEEPEST = 4
KINDS = {
    "pi": "payment_intent",
    "ch": "charge",
    "txn": "balance_transaction",
    "re": "refund",
    "du": "dispute",
    "po": "payout",
}


def expanded(records: Records, body: Body, paths: list[str]) -> Body:
    """This will return the object as the outside sees it, with each dotted path filled in.

    :raises ApiRefusal: for a path that Stripe cannot expand, or one deeper than four levels
    """
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST or not EXPANDABLE.issuperset(steps):
            raise ApiRefusal(f"{path} cannot be expanded.", param="expand")
        body = _filled(records, body, steps)
    return presented(body)


def listed_lines(session: Body) -> Body:
    """This will return the lines of a checkout session as a list object."""
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return {"object": "list", "data": session["_lines"], "has_more": False, "url": url}


def _filled(records: Records, body: Body, steps: list[str]) -> Body:
    first, *rest = steps
    if first == "line_items" and "_lines" in body:
        return body | {first: listed_lines(body)}
    inner = body.get(first)
    if isinstance(inner, str):
        inner = records.load(KINDS[inner.partition("_")[0]], inner)
    if inner is None:
        return body
    return body | {first: presented(_filled(records, inner, rest) if rest else inner)}
