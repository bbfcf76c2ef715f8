"""The forms of the tickets' workbench. What the customer reads and what only our people read are never one form."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from migrator.support.categories import CATEGORY_WORDS, CHANNEL_WORDS, DESK_WORDS, Category, Channel, Desk
from migrator.support.request_rules import MISSING_STAFF_WORDS, VERDICT_WORDS, Missing, Verdict
from migrator.web.fields import line_field, text_field, trimmed, visible

NO_ADDRESS = "Enter an e-mail address such as name@example.com"


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """An answer that the customer reads."""

    message = text_field("Message to the customer", empty="Write the message first")
    files = MultipleFileField("Files")


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A note that only our people read."""

    note = text_field("Note for staff", empty="Write the note first")


class VersionedForm(FlaskForm):  # type: ignore[misc]
    """A form that knows which version of the ticket its reader has seen."""

    version = HiddenField()


class ClarifyForm(VersionedForm):
    """One of the three questions for a missing item (RULES C-030)."""

    item = RadioField(
        "What is missing",
        choices=[SelectChoice(item.value, MISSING_STAFF_WORDS[item]) for item in Missing],
        validators=[InputRequired("Choose what is missing")],
    )
    question = text_field("Question to the customer", empty="Write what is missing and what the customer can do")


class AssigneeForm(VersionedForm):
    """Who takes care of the ticket."""

    assignee = SelectField("Takes care of it", validate_choice=False)


class CategoryForm(VersionedForm):
    """What the ticket is about."""

    category = SelectField(
        "About",
        choices=[SelectChoice(category.value, CATEGORY_WORDS[category]) for category in Category],
        validate_choice=True,
    )


class VerdictForm(VersionedForm):
    """What an investigation found (RULES M-026 to M-028)."""

    verdict = RadioField(
        "What is the cause?",
        choices=[SelectChoice(verdict.value, VERDICT_WORDS[verdict]) for verdict in Verdict],
        validators=[InputRequired("Choose what you found")],
    )
    words = TextAreaField("What was changed, or what we recommend", filters=[trimmed], validators=[Length(max=5_000)])


class ReasonForm(VersionedForm):
    """Why the language stands in the way; the customer reads it (RULES M-034)."""

    reason = line_field("Reason, which the customer reads", empty="Give the reason")


class NumberForm(VersionedForm):
    """The migration that a ticket is about."""

    order = line_field("Migration number", empty="Enter a number such as MIG-7F3K-2")


class AddressForm(VersionedForm):
    """The account of a sender whom we did not know (RULES C-026)."""

    email = StringField("E-mail address of the account", filters=[trimmed], validators=[DataRequired(NO_ADDRESS)])


class LogForm(FlaskForm):  # type: ignore[misc]
    """A chat or a call, filed as a ticket (RULES C-002, C-006)."""

    desk = RadioField(
        "Desk",
        choices=[SelectChoice(desk.value, DESK_WORDS[desk]) for desk in Desk],
        validators=[InputRequired("Choose a desk")],
    )
    channel = RadioField(
        "How it reached us",
        choices=[SelectChoice(each.value, CHANNEL_WORDS[each].capitalize()) for each in (Channel.CHAT, Channel.CALL)],
        validators=[InputRequired("Choose how it reached us")],
    )
    category = SelectField(
        "About", choices=[SelectChoice(category.value, CATEGORY_WORDS[category]) for category in Category]
    )
    email = StringField(
        "E-mail address of the person",
        filters=[trimmed],
        validators=[DataRequired(NO_ADDRESS), Email(NO_ADDRESS), Length(max=254, message=NO_ADDRESS)],
    )
    name = StringField("Name", filters=[trimmed], validators=[Optional(), Length(max=200), visible])
    order = StringField("Migration number", filters=[trimmed], validators=[Optional(), Length(max=40)])
    subject = line_field("In a few words", empty="Say in a few words what it is about")
    body = text_field("What was said", empty="Write down what was said")
