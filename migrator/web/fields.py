"""Fields that several forms share: trimmed, bounded, and without characters that nobody can see."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from wtforms import DateTimeLocalField, Field, Form, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from migrator.clock.instants import read_instant, zone_named
from migrator.clock.wording import local_time

LINE_LENGTH = 200
TEXT_LENGTH = 5_000
MOMENT_FORMATS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
NO_MOMENT = "Enter a date and a time, such as 24 Nov 2026, 11:00"
FAR_MOMENT = "Enter a year from 2000 to 2099"
CENTURY = 20
REVERSING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def line_field(label: str, *, empty: str) -> StringField:
    """This will make a field for one line of words that must be there.

    :param empty: what is said when it is not
    """
    return StringField(label, filters=[trimmed], validators=[DataRequired(empty), _at_most(LINE_LENGTH), visible])


def text_field(label: str, *, empty: str) -> TextAreaField:
    """This will make a field for several lines of words that must be there.

    :param empty: what is said when they are not
    """
    return TextAreaField(label, filters=[trimmed], validators=[DataRequired(empty), _at_most(TEXT_LENGTH), visible])


def optional_text_field(label: str) -> TextAreaField:
    """This will make a field for several lines of words that may be left empty."""
    return TextAreaField(label, filters=[trimmed], validators=[Optional(), _at_most(TEXT_LENGTH), visible])


class MomentField(DateTimeLocalField):
    """A date and a time of day as the desk's clocks show it; anything else is refused in our own words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """This will read what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(NO_MOMENT) from error
        if self.data is not None and self.data.year // 100 != CENTURY:
            raise ValueError(FAR_MOMENT)


def moment_field(label: str) -> MomentField:
    """This will make a field for a moment that must be given, in desk time."""
    return MomentField(label, format=MOMENT_FORMATS, validators=[InputRequired(NO_MOMENT)])


def as_instant(typed: datetime | None, zone: str, *, shown: datetime | None = None) -> datetime:
    """This will return the instant, in UTC, of a moment that was typed by the clocks in `zone`.

    :param shown: the instant that the field showed; when its text came back as it was, that very instant is meant
    """
    if typed is None:
        raise ValueError(NO_MOMENT)
    if shown and typed == as_shown(shown, zone):
        return shown
    return read_instant(typed.isoformat(), zone_named(zone))


def as_shown(at: datetime, zone: str) -> datetime:
    """This will return an instant as a moment field shows it: by the clocks in `zone`, in whole seconds."""
    return local_time(at, zone).replace(tzinfo=None, microsecond=0)


def trimmed(text: str | None) -> str:
    """This will cut spaces from both ends and end lines in one way."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def visible(_form: Form, field: Field) -> None:
    """This will refuse control characters, other than line ends and tabs in a text of several lines.

    :raises ValidationError: when there are any
    """
    allowed = {"\n", "\t"} if isinstance(field, TextAreaField) else set()
    if any(_is_hidden(character) for character in field.data or "" if character not in allowed):
        raise ValidationError("This holds characters that cannot be seen. Type it instead of copying it")


def _is_hidden(character: str) -> bool:
    return character in REVERSING or unicodedata.category(character) in {"Cc", "Cs"}


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"Use {length:,} characters or less")
