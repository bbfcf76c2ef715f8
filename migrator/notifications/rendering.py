"""Making the words of a message from its templates in `templates/emails/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from migrator.policy.loading import migration_desk

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
SUBJECT = "Subject:"
SUBJECT_LENGTH = 250


class NoSubject(ValueError):
    """A message's text does not begin with a line `Subject: …`; a mistake of ours, found by the first rendering."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says."""

    subject: str
    text: str
    html: str


def words(kind: str, context: Mapping[str, object]) -> Words:
    """This will render `emails/<kind>.txt` and `emails/<kind>.html`; the text's first line is the subject.

    :param context: names of the templates; `promise` and the desk's allow-list (RULES C-027) need not be given
    :raises NoSubject: when the text does not begin with `Subject: …`
    """
    known = {"promise": None, "stop_url": "", "allow_list": migration_desk().allow_list, **context}
    first, _, text = _templates().get_template(f"emails/{kind}.txt").render(known).strip().partition("\n")
    subject = one_line(first.removeprefix(SUBJECT))
    if not first.startswith(SUBJECT) or not subject:
        raise NoSubject(f"emails/{kind}.txt does not begin with a subject.")
    html = _templates().get_template(f"emails/{kind}.html").render(known)
    return Words(subject, re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n", html)


def one_line(text: str) -> str:
    """This will make one printable line that a header can hold: no line ends, no control characters, not too long."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:SUBJECT_LENGTH]


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
    )
