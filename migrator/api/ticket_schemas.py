"""The shapes of what is answered about requests, and their descriptions."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from migrator.api.schemas import MOST_ROWS, DaySchema, said


class AnswerSchema(Schema):
    """By when we answer."""

    line = fields.String(allow_none=True, metadata=said("The promise line, as pages and e-mails say it"))
    sentence = fields.String(metadata=said("What is to be said beside the line, or instead of it"))
    due_at = fields.DateTime(allow_none=True, metadata=said("The last instant at which an answer is in time"))
    is_late = fields.Boolean(metadata=said("Whether that has passed"))
    explanation = fields.List(fields.String(), metadata=said("The whole count in sentences"))
    days = fields.List(fields.Nested(DaySchema), metadata=said("The whole count day by day"))


class TicketMessageSchema(Schema):
    """One message of the thread."""

    side = fields.String(metadata=said("customer or staff"))
    author = fields.String(metadata=said("Who wrote it"))
    body = fields.String(metadata=said("The words"))
    clarification = fields.Integer(allow_none=True, metadata=said("Which of our three questions it is"))
    sent_at = fields.DateTime(metadata=said("When it was sent"))


class TicketSchema(Schema):
    """One request in the list."""

    number = fields.String(metadata=said("Such as TIC-7F3K-2"))
    subject = fields.String(metadata=said("What it is about, in a few words"))
    desk = fields.String(metadata=said("migration or hosting"))
    category = fields.String(metadata=said("The category’s key"))
    state = fields.String(metadata=said("The state’s key"))
    state_words = fields.String(metadata=said("The state in words"))
    opened_at = fields.DateTime(metadata=said("When it was sent"))
    answer_by_at = fields.DateTime(allow_none=True, metadata=said("By when we answer; none while nothing is owed"))
    closes_at = fields.DateTime(allow_none=True, metadata=said("When it closes unless we hear from you"))
    url = fields.String(metadata=said("The request in this interface"))


class TicketDetailSchema(TicketSchema):
    """One request with its thread."""

    order = fields.String(allow_none=True, metadata=said("The migration that it is about"))
    firmness = fields.String(metadata=said("guaranteed, target, aim or none"))
    first_answered_at = fields.DateTime(allow_none=True, metadata=said("When a person first answered"))
    reopen_until_at = fields.DateTime(allow_none=True, metadata=said("Until when a closed request can be reopened"))
    clarification = fields.String(metadata=said("Which question waits for you; empty without one"))
    answer = fields.Nested(AnswerSchema)
    messages = fields.List(fields.Nested(TicketMessageSchema))


class TicketsSchema(Schema):
    """A page of requests, the newest first."""

    tickets = fields.List(fields.Nested(TicketSchema))
    next = fields.String(allow_none=True, metadata=said("The next page’s address; none on the last page"))


class TicketPageSchema(Schema):
    """Which page is asked for."""

    after = fields.String(
        load_default="", validate=validate.Length(max=40), metadata=said("The number that the page before ended with")
    )
    limit = fields.Integer(
        load_default=50, validate=validate.Range(1, MOST_ROWS), metadata=said("How many requests, up to 100")
    )
