"""The what-if form; it changes nothing, so it is asked by GET and needs no token."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, Form, IntegerField, TimeField
from wtforms.validators import InputRequired, NumberRange

MOST_DAYS = 500
NO_DATE = "Enter a date that is in the calendar, such as 24 Nov 2026"
NO_TIME = "Enter a time from 00:00 to 23:59, such as 11:00"
NO_NUMBER = f"Enter the working days as a whole number from 1 to {MOST_DAYS}"


class PlainDateField(DateField):
    """A date; anything else is refused in our own words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """This will read the date."""
        _read(super().process_formdata, valuelist, NO_DATE)


class PlainTimeField(TimeField):
    """A time of day; anything else is refused in our own words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """This will read the time."""
        _read(super().process_formdata, valuelist, NO_TIME)


class PlainIntegerField(IntegerField):
    """A whole number; anything else is refused in our own words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """This will read the number."""
        _read(super().process_formdata, valuelist, NO_NUMBER)


class WhatIfForm(Form):
    """From when, and how many working days."""

    start_on = PlainDateField("Start date", validators=[InputRequired(NO_DATE)])
    start_time = PlainTimeField("Start time, in Kyiv", validators=[InputRequired(NO_TIME)])
    working_days = PlainIntegerField(
        "Working days", validators=[InputRequired(NO_NUMBER), NumberRange(1, MOST_DAYS, NO_NUMBER)]
    )


def _read(process: Any, valuelist: list[Any], sentence: str) -> None:
    try:
        process(valuelist)
    except ValueError as error:
        raise ValueError(sentence) from error
