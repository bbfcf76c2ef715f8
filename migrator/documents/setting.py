"""Setting a document: plain data and the name of a template become an accessible PDF. The only place that knows typst.

What people typed reaches a template as JSON and never as markup, so that no name can run anything in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from migrator.clock.wording import day_text, local_time

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "documents"
ACCESSIBLE: Literal["ua-1"] = "ua-1"
NO_LETTERS = "could not be displayed"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a template sets.

    :ivar number: the order's number, at the head of every page
    :ivar made_at: the instant of the last fact that it tells; the same facts give the same bytes
    :ivar facts: plain data, by the names that the template uses
    """

    title: str
    number: str
    made_at: datetime
    zone: str
    facts: Mapping[str, Any]


def pdf(template: str, sheet: Sheet) -> bytes:
    """This will set a sheet as PDF/UA-1 with the letters that typst brings: Latin, Greek and Cyrillic.

    Other scripts take the machine's letters. Where it has none either, signs stand for them, and the PDF is tagged
    without claiming the standard.
    """
    refused: typst.TypstError | None = None
    for letters, standard in _ways():
        try:
            return _set(template, sheet, letters=letters, standard=standard)
        except typst.TypstError as error:
            if NO_LETTERS not in str(error):
                raise
            refused = error
    raise refused or AssertionError("there is always a way")


def _set(template: str, sheet: Sheet, *, letters: typst.Fonts, standard: Literal["ua-1"] | None) -> bytes:
    compiler = typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=letters,
        sys_inputs={"sheet": json.dumps(_data(sheet), ensure_ascii=False)},
    )
    made = compiler.compile(format="pdf", pdf_standards=standard, timestamp=int(sheet.made_at.timestamp()))
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def _data(sheet: Sheet) -> dict[str, Any]:
    on = local_time(sheet.made_at, sheet.zone).date()
    return {
        "title": sheet.title,
        "number": sheet.number,
        "dated": day_text(on),
        "date": [on.year, on.month, on.day],
        "facts": sheet.facts,
    }


def _ways() -> Iterator[tuple[typst.Fonts, Literal["ua-1"] | None]]:
    yield _own_letters(), ACCESSIBLE
    yield _all_letters(), ACCESSIBLE
    yield _all_letters(), None


@cache
def _own_letters() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


@cache
def _all_letters() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True)
