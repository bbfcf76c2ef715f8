"""The forms of the review page."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, TextAreaField  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from migrator.fulfilment.previews.models import Verdict
from migrator.fulfilment.previews.rules import REMARK_LENGTH, Mark
from migrator.web.backup import BackupForm
from migrator.web.fields import optional_text_field, trimmed, visible
from migrator.web.review.page import VERDICT_WORDS, PairView
from migrator.web.shop.declaration import NO_BACKUP

CHOICES = [SelectChoice(verdict.value, words) for verdict, (words, _tone) in VERDICT_WORDS.items()]
SHORT = 10
REMARK = Length(max=REMARK_LENGTH, message=f"Use {REMARK_LENGTH:,} characters or less")


class VerdictField(RadioField):
    """What the customer says of a page; a problem needs its words."""

    def pre_validate(self, form: object) -> None:
        """This will refuse what is no choice, and a problem without words.

        :raises ValidationError: when that is so
        """
        if self.data not in {choice.value for choice in CHOICES}:
            raise ValidationError("Choose one of the three")
        remark = form[self.short_name.replace("verdict_", "remark_", 1)]  # type: ignore[index]
        if self.data == Verdict.WRONG and not trimmed(remark.data):
            raise ValidationError(f"Say what is wrong: {self.label.text}")


class MarksForm(FlaskForm):  # type: ignore[misc]
    """A mark for each page, and what is wrong beside them; `seen` are the marks that the page showed."""

    number = HiddenField()
    seen = HiddenField()
    words = optional_text_field("Anything else that is wrong")

    def marks(self, pairs: Sequence[PairView]) -> dict[int, Mark]:
        """This will return the marks by the pairs' ids; only for a valid form. What is right needs no remark."""
        given = {pair.pair_id: self[f"verdict_{pair.pair_id}"].data for pair in pairs}
        remarks = {pair.pair_id: self[f"remark_{pair.pair_id}"].data or "" for pair in pairs}
        return {
            pair_id: Mark(Verdict(verdict), remarks[pair_id] if verdict == Verdict.WRONG else "")
            for pair_id, verdict in given.items()
        }


class StartForm(BackupForm):
    """The own backup, said before the full migration starts (RULES M-006)."""

    number = HiddenField()
    has_backup = BooleanField("I have my own backup of both sites", validators=[InputRequired(NO_BACKUP)])


def seen_number(form: MarksForm | StartForm) -> int:
    """This will return the number of the preview that the form was shown with; 0 for none that can be."""
    typed = form.number.data or ""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < SHORT else 0


def marks_form_of(pairs: Sequence[PairView]) -> type[MarksForm]:
    """This will return the form with a mark and a remark for each page."""
    fields: dict[str, object] = {}
    for pair in pairs:
        fields[f"verdict_{pair.pair_id}"] = VerdictField(pair.title, choices=CHOICES, default=Verdict.UNSEEN.value)
        remark = f"What is wrong with “{pair.title}”?"
        fields[f"remark_{pair.pair_id}"] = TextAreaField(
            remark, filters=[trimmed], validators=[Optional(), REMARK, visible]
        )
    return type("PairsForm", (MarksForm,), fields)


def begun(pairs: Sequence[PairView], *, number: int, seen: str) -> MarksForm:
    """This will return the form as it stands before anything is typed."""
    values = {f"verdict_{pair.pair_id}": pair.verdict.value for pair in pairs}
    values |= {f"remark_{pair.pair_id}": pair.remark for pair in pairs}
    return marks_form_of(pairs)(formdata=None, number=number, seen=seen, **values)
