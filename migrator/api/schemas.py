"""The shapes of what is answered, and their descriptions."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

MOST_ROWS = 100


def said(description: str) -> dict[str, str]:
    """This will return a field's description as OpenAPI shows it."""
    return {"description": description}


class DaySchema(Schema):
    """One day of a count."""

    on = fields.Date(metadata=said("The day at the desk"))
    kind = fields.String(
        metadata=said("counted, partly_paused, paused, weekend, holiday, substitute, announced, unused")
    )
    sentence = fields.String(metadata=said("The day in words"))
    counted_seconds = fields.Integer(metadata=said("Working time that counted on the day"))
    paused_seconds = fields.Integer(metadata=said("Working time in which the count stood still"))
    running_seconds = fields.Integer(metadata=said("Working time counted up to the end of the day"))
    completes_day = fields.Integer(allow_none=True, metadata=said("The working day that became whole on this day"))


class PromiseSchema(Schema):
    """The promise that counts now."""

    kind = fields.String(metadata=said("none, check, agree or delivery"))
    line = fields.String(allow_none=True, metadata=said("The promise line, as pages and e-mails say it"))
    sentence = fields.String(metadata=said("What is to be said beside the line, or instead of it"))
    due_at = fields.DateTime(allow_none=True, metadata=said("The promised instant; while paused, if answered now"))
    before_pause_at = fields.DateTime(allow_none=True, metadata=said("The promised instant without the open pause"))
    late_seconds = fields.Integer(metadata=said("Working time by which the promise is missed"))
    expected_at = fields.DateTime(allow_none=True, metadata=said("The missed date moved by later waiting"))
    explanation = fields.List(fields.String(), metadata=said("The whole count in sentences"))
    days = fields.List(fields.Nested(DaySchema), metadata=said("The whole count day by day"))


class OrderSchema(Schema):
    """One order in the list."""

    number = fields.String(metadata=said("Such as MIG-7F3K-2"))
    product = fields.String(metadata=said("What was bought"))
    state = fields.String(metadata=said("The state's key"))
    state_words = fields.String(metadata=said("The state in words"))
    turn = fields.String(metadata=said("Whose turn it is: customer, us or nobody"))
    placed_at = fields.DateTime(metadata=said("When it was ordered"))
    due_at = fields.DateTime(allow_none=True, metadata=said("The promised instant by closed pauses"))
    url = fields.String(metadata=said("The order in this interface"))


class OrderDetailSchema(OrderSchema):
    """One order with its promise."""

    source_address = fields.String(metadata=said("The old site"))
    target_address = fields.String(metadata=said("The new site"))
    total_minor = fields.Integer(metadata=said("The price in the smallest unit of its currency"))
    currency = fields.String(metadata=said("ISO 4217 code"))
    paid_at = fields.DateTime(allow_none=True, metadata=said("When it was paid"))
    verified_at = fields.DateTime(allow_none=True, metadata=said("When the count started"))
    calendar = fields.String(metadata=said("The calendar that dates are counted by"))
    promise = fields.Nested(PromiseSchema)


class OrdersSchema(Schema):
    """A page of orders, the newest first."""

    orders = fields.List(fields.Nested(OrderSchema))
    next = fields.String(allow_none=True, metadata=said("The next page's address; none on the last page"))


class PageSchema(Schema):
    """Which page is asked for."""

    after = fields.String(
        load_default="", validate=validate.Length(max=40), metadata=said("The number that the page before ended with")
    )
    limit = fields.Integer(
        load_default=50, validate=validate.Range(1, MOST_ROWS), metadata=said("How many orders, up to 100")
    )
