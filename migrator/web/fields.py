"""Fields that several forms share: trimmed, bounded, and without characters that nobody can see."""

from __future__ import annotations

import unicodedata

from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

LINE_LENGTH = 200
TEXT_LENGTH = 5_000
REVERSING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def line_field(label: str, *, empty: str) -> StringField:
    """This will make a field for one line of words that must be there.

    :param empty: what is said when it is not
    """
    return StringField(label, filters=[trimmed], validators=[InputRequired(empty), _at_most(LINE_LENGTH), visible])


def optional_line_field(label: str) -> StringField:
    """This will make a field for one line of words that may be left empty."""
    return StringField(label, filters=[trimmed], validators=[Optional(), _at_most(LINE_LENGTH), visible])


def text_field(label: str, *, empty: str) -> TextAreaField:
    """This will make a field for several lines of words that must be there.

    :param empty: what is said when they are not
    """
    return TextAreaField(label, filters=[trimmed], validators=[InputRequired(empty), _at_most(TEXT_LENGTH), visible])


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
