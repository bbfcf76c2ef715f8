"""The demonstration's mailbox: what its mail server kept in `instance/mail`, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from migrator.errors import NotFound

NEWEST = 200


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as the list shows it."""

    name: str
    subject: str
    recipient: str
    date: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A message with its words."""

    envelope: Envelope
    text: str
    html: str


def envelopes(folder: Path) -> list[Envelope]:
    """This will return the newest 200 messages of the folder."""
    newest = sorted(folder.glob("*.eml"), reverse=True)[:NEWEST]
    return [_envelope(path, _message(path)) for path in newest]


def opened(folder: Path, name: str) -> Opened:
    """This will return one message.

    :raises NotFound: when the folder has none of that name
    """
    path = next((path for path in folder.glob("*.eml") if path.stem == name), None)
    if path is None:
        raise NotFound("There is no such message.")
    message = _message(path)
    return Opened(_envelope(path, message), _body(message, "plain"), _body(message, "html"))


def _message(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default)


def _envelope(path: Path, message: EmailMessage) -> Envelope:
    return Envelope(path.stem, str(message["Subject"]), str(message["To"]), str(message["Date"]))


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content() if part is not None else ""
