"""The forms of the workbench. What the customer will read and what only staff read are never the same form."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, ValidationError

from migrator.errors import StaleEdit
from migrator.web.fields import line_field, moment_field, text_field

CHANGED = "This was changed since you opened the page. Look at what it says now, then decide again."
READ_BY_CUSTOMER = "Reason, which the customer reads"


class VersionedForm(FlaskForm):  # type: ignore[misc]
    """A form that knows which version of a row its reader has seen."""

    version = HiddenField()


class MessageForm(FlaskForm):  # type: ignore[misc]
    """A message that the customer reads."""

    message = text_field("Message to the customer", empty="Write the message first")


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A note that only staff read."""

    note = text_field("Note for staff", empty="Write the note first")


class PersonField(SelectField):
    """A person by id; anybody who is not in the list is refused in our own words."""

    def pre_validate(self, form: BaseForm) -> None:
        """This will refuse a person who is not in the list.

        :raises ValidationError: when that is so
        """
        try:
            super().pre_validate(form)
        except ValidationError as error:
            raise ValidationError("Choose a person from the list") from error


class AssignForm(VersionedForm):
    """Who looks after the order."""

    account_manager = PersonField("Account manager", validators=[InputRequired("Choose a person from the list")])


class PauseForm(VersionedForm):
    """The message that a pause begins with."""

    message = text_field("Message to the customer", empty="Write what is missing and what the customer can do")


class QuestionForm(VersionedForm):
    """A pause for something that no access item covers."""

    label = line_field("What is missing", empty="Say in a few words what is missing")
    message = text_field("Message to the customer", empty="Write what is missing and what the customer can do")


class AnswerForm(VersionedForm):
    """How an answer came that did not come by the access page."""

    reason = line_field(READ_BY_CUSTOMER, empty="Say how the answer came")


class VerificationForm(VersionedForm):
    """When the access details were really found right."""

    verified_at = moment_field("Access details found right, in desk time")
    reason = line_field(READ_BY_CUSTOMER, empty="Give the reason for the correction")


class PauseTimesForm(VersionedForm):
    """When a pause really began and ended."""

    started_at = moment_field("The pause began, in desk time")
    ended_at = moment_field("The pause ended, in desk time")
    reason = line_field(READ_BY_CUSTOMER, empty="Give the reason for the correction")


class ProposalForm(VersionedForm):
    """A date that the customer is asked to accept."""

    proposed_at = moment_field("Ready by, in desk time")


class RevealForm(FlaskForm):  # type: ignore[misc]
    """Why somebody looks at a secret."""

    reason = line_field("Why do you need to see it? The customer reads this", empty="Give the reason")


def refuse_stale(form: VersionedForm, current: int) -> None:
    """This will refuse what was decided by looking at an older version of the row.

    :raises StaleEdit: when the row has changed since
    """
    if form.version.data != str(current):
        raise StaleEdit(CHANGED)
