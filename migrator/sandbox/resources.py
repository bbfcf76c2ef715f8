"""What can be read through Stripe's API: one row for each kind of object, with the filters that we use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import stripe.params as of
import stripe.params.checkout as of_checkout

from migrator.sandbox.expansion import expanded
from migrator.sandbox.refusals import ApiRefusal
from migrator.sandbox.state import Body, Condition, Page, Records

PAGING = {"limit", "starting_after", "ending_before", "expand"}
RANGES = {"created", "arrival_date"}
COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of object: the library's parameters, and which filter compares which member."""

    kind: str
    list_parameters: Any
    retrieve_parameters: Any
    filters: dict[str, str] = field(default_factory=dict)


RESOURCES = {
    "checkout/sessions": Resource(
        "checkout.session",
        of_checkout.SessionListParams,
        of_checkout.SessionRetrieveParams,
        {"payment_intent": "payment_intent", "status": "status"},
    ),
    "payment_intents": Resource("payment_intent", of.PaymentIntentListParams, of.PaymentIntentRetrieveParams),
    "charges": Resource("charge", of.ChargeListParams, of.ChargeRetrieveParams, {"payment_intent": "payment_intent"}),
    "refunds": Resource(
        "refund",
        of.RefundListParams,
        of.RefundRetrieveParams,
        {"charge": "charge", "payment_intent": "payment_intent"},
    ),
    "disputes": Resource(
        "dispute",
        of.DisputeListParams,
        of.DisputeRetrieveParams,
        {"charge": "charge", "payment_intent": "payment_intent"},
    ),
    "balance_transactions": Resource(
        "balance_transaction",
        of.BalanceTransactionListParams,
        of.BalanceTransactionRetrieveParams,
        {"currency": "currency", "payout": "_payout", "source": "source", "type": "type"},
    ),
    "payouts": Resource("payout", of.PayoutListParams, of.PayoutRetrieveParams, {"status": "status"}),
    "events": Resource("event", of.EventListParams, of.EventRetrieveParams, {"type": "type"}),
}


def listed(records: Records, resource: Resource, parameters: Body, *, url: str) -> Body:
    """This will return one page of objects, newest first, as Stripe's list object.

    :raises ApiRefusal: for a filter that the stand-in does not know, or a limit outside 1 to 100
    """
    limit = parameters.get("limit", 10)
    if not 1 <= limit <= LARGEST_PAGE:
        raise ApiRefusal("A page holds 1 to 100 objects.", code="parameter_invalid_integer", param="limit")
    page = Page(limit, parameters.get("starting_after"), parameters.get("ending_before"))
    bodies, has_more = records.page(resource.kind, _conditions(resource, parameters), page)
    paths = [_inside_data(path) for path in parameters.get("expand", [])]
    data = [expanded(records, body, paths) for body in bodies]
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def _conditions(resource: Resource, parameters: Body) -> list[Condition]:
    conditions = []
    for name in parameters.keys() - PAGING:
        if name in RANGES:
            conditions += _range(name, parameters[name])
        elif name in resource.filters:
            conditions.append(Condition(resource.filters[name], "=", parameters[name]))
        else:
            raise ApiRefusal(f"Stripe knows {name}; these test payments do not filter by it.", param=name)
    return conditions


def _range(name: str, wanted: int | dict[str, int]) -> list[Condition]:
    if isinstance(wanted, int):
        return [Condition(name, "=", wanted)]
    return [Condition(name, COMPARISONS[bound], value) for bound, value in wanted.items()]


def _inside_data(path: str) -> str:
    if not path.startswith("data."):
        raise ApiRefusal(f"In a list, expand data.{path}.", param="expand")
    return path.removeprefix("data.")
