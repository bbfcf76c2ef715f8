"""Checkout sessions: opened with Stripe's own limits, expired by hand or by the clock."""

from __future__ import annotations

import re

from migrator.money import EXPONENTS
from migrator.sandbox.events import announce
from migrator.sandbox.refusals import ApiRefusal
from migrator.sandbox.state import Body, Records, new_id

SHORTEST_LIFE_SECONDS = 30 * 60
LONGEST_LIFE_SECONDS = 24 * 60 * 60
MINIMUMS = {"usd": 50, "eur": 50, "gbp": 30, "jpy": 50, "uah": 2500}
LARGEST_AMOUNT = 99_999_999
MOST_LINES = 100

# What the stand-in acts upon. All else that Stripe knows is refused, so that no test passes on a pretence.
SUPPORTED = {
    "mode", "client_reference_id", "customer_email", "line_items", "metadata", "payment_intent_data",
    "adaptive_pricing", "allowed_payment_method_types", "success_url", "cancel_url", "expires_at", "expand",
}  # fmt: skip
SUPPORTED_INTENT_DATA = {"metadata", "description"}
SUPPORTED_LINE = {"price_data", "quantity", "metadata"}


def open_checkout(records: Records, parameters: Body, *, base_url: str, at: int) -> Body:
    """This will open a checkout session.

    :param base_url: where the hosted page is reached
    :raises ApiRefusal: as Stripe does, for anything that it would not take
    """
    _refuse_unsupported(parameters)
    lines = [_line(line, f"line_items[{position}]") for position, line in enumerate(parameters.get("line_items", []))]
    currency = _currency(lines)
    total = _total(lines, currency)
    session_id = new_id("cs_test")
    return records.add(
        {
            "id": session_id,
            "object": "checkout.session",
            "adaptive_pricing": parameters.get("adaptive_pricing", {"enabled": False}),
            "amount_subtotal": total,
            "amount_total": total,
            "cancel_url": _url(parameters, "cancel_url"),
            "client_reference_id": _short(parameters.get("client_reference_id"), "client_reference_id", 200),
            "created": at,
            "currency": currency,
            "customer": None,
            "customer_details": None,
            "customer_email": _email(parameters.get("customer_email")),
            "expires_at": _expires_at(parameters.get("expires_at"), at),
            "livemode": False,
            "metadata": _metadata(parameters, "metadata"),
            "mode": "payment",
            "payment_intent": None,
            "payment_method_types": ["card"],
            "payment_status": "unpaid",
            "status": "open",
            "success_url": _required_url(parameters, "success_url"),
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
            "ui_mode": "hosted_page",
            "url": f"{base_url}/c/pay/{session_id}",
            "_lines": lines,
            "_intent_data": {
                "description": parameters.get("payment_intent_data", {}).get("description"),
                "metadata": _metadata(parameters.get("payment_intent_data", {}), "payment_intent_data[metadata]"),
            },
        }
    )


def expire(records: Records, session_id: str, *, at: int) -> Body:
    """This will close an open session to payment.

    :raises ApiRefusal: for a session that is complete or expired already
    """
    session = records.load("checkout.session", session_id)
    if session["status"] != "open":
        raise ApiRefusal(f"Only an open session can be expired; this one is {session['status']}.")
    return _expired(records, session, at=at)


def expire_due(records: Records, *, at: int) -> int:
    """This will expire every open session whose time is over, and say how many there were."""
    due = records.overdue_checkouts(at)
    for session in due:
        _expired(records, session, at=at)
    return len(due)


def _expired(records: Records, session: Body, *, at: int) -> Body:
    session |= {"status": "expired", "url": None}
    records.save(session)
    if session["payment_intent"]:
        intent = records.load("payment_intent", session["payment_intent"])
        intent |= {"status": "canceled", "canceled_at": at, "cancellation_reason": "automatic", "next_action": None}
        announce(records, "payment_intent.canceled", records.save(intent), at=at)
    announce(records, "checkout.session.expired", session, at=at)
    return session


def _refuse_unsupported(parameters: Body) -> None:
    _refuse_others(parameters, SUPPORTED, "")
    _refuse_others(parameters.get("payment_intent_data", {}), SUPPORTED_INTENT_DATA, "payment_intent_data.")
    for line in parameters.get("line_items", []):
        _refuse_others(line, SUPPORTED_LINE, "line_items.")
    if parameters.get("mode") != "payment":
        raise ApiRefusal("These test payments take the mode payment only.", param="mode")
    if parameters.get("allowed_payment_method_types", ["card"]) != ["card"]:
        raise ApiRefusal("These test payments take cards only.", param="allowed_payment_method_types")
    if parameters.get("adaptive_pricing", {}).get("enabled"):
        raise ApiRefusal("These test payments have no adaptive pricing.", param="adaptive_pricing[enabled]")


def _refuse_others(given: Body, supported: set[str], place: str) -> None:
    for name in sorted(given.keys() - supported):
        raise ApiRefusal(f"Stripe knows {place}{name}; these test payments do not act upon it.", param=name)


def _line(line: Body, param: str) -> Body:
    price = line.get("price_data", {})
    if "product_data" not in price or "unit_amount" not in price:
        raise ApiRefusal("Give each line a name and a unit amount.", code="parameter_missing", param=param)
    if price["unit_amount"] < 0 or line.get("quantity", 0) < 1:
        raise ApiRefusal("Amounts are never negative, quantities at least 1.", param=param)
    amount = price["unit_amount"] * line["quantity"]
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": price["product_data"]["name"],
        "metadata": line.get("metadata", {}),
        "price": {
            "id": new_id("price"),
            "object": "price",
            "currency": price["currency"],
            "metadata": price["product_data"].get("metadata", {}),
            "unit_amount": price["unit_amount"],
        },
        "quantity": line["quantity"],
    }


def _currency(lines: list[Body]) -> str:
    if not 1 <= len(lines) <= MOST_LINES:
        raise ApiRefusal(f"Give 1 to {MOST_LINES} lines.", code="parameter_missing", param="line_items")
    currencies = sorted({str(line["currency"]).lower() for line in lines})
    if len(currencies) > 1:
        raise ApiRefusal("All lines of a session share one currency.", param="line_items")
    if currencies[0].upper() not in EXPONENTS:
        raise ApiRefusal(f"These test payments do not know {currencies[0]}.", param="currency")
    return currencies[0]


def _total(lines: list[Body], currency: str) -> int:
    total: int = sum(line["amount_total"] for line in lines)
    if total < MINIMUMS[currency]:
        raise ApiRefusal("The total is below the smallest charge in this currency.", code="amount_too_small")
    if total > LARGEST_AMOUNT:
        raise ApiRefusal("The total is above the largest charge.", code="amount_too_large")
    return total


def _expires_at(wanted: int | None, at: int) -> int:
    expires_at = at + LONGEST_LIFE_SECONDS if wanted is None else wanted
    if not at + SHORTEST_LIFE_SECONDS <= expires_at <= at + LONGEST_LIFE_SECONDS:
        raise ApiRefusal("A session expires 30 minutes to 24 hours after it is made.", param="expires_at")
    return expires_at


def _metadata(parameters: Body, param: str) -> dict[str, str]:
    metadata: dict[str, str] = parameters.get("metadata", {})
    if len(metadata) > 50:
        raise ApiRefusal("Metadata holds at most 50 keys.", param=param)
    for key, value in metadata.items():
        _short(key, param, 40)
        _short(value, param, 500)
    return metadata


def _short(text: str | None, param: str, longest: int) -> str | None:
    if text is not None and len(text) > longest:
        raise ApiRefusal(f"This holds at most {longest} characters.", code="parameter_invalid_string", param=param)
    return text


def _email(text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ApiRefusal("This is not an e-mail address.", code="email_invalid", param="customer_email")
    return text


def _url(parameters: Body, param: str) -> str | None:
    url: str | None = parameters.get(param)
    if url is not None and not re.match(r"https?://[^\s/]+", url):
        raise ApiRefusal("Give a whole address with https:// or http://.", code="url_invalid", param=param)
    return url


def _required_url(parameters: Body, param: str) -> str | None:
    if param not in parameters:
        raise ApiRefusal(f"A hosted session needs {param}.", code="parameter_missing", param=param)
    return _url(parameters, param)
