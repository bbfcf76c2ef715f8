"""What a message that came by mail says: who, to whom, in answer to what, which words, which files. Pure.

Nothing that a stranger wrote is trusted: what cannot be decoded is replaced, what is nested without end is left, HTML
is cleaned before its words are taken, and pictures from elsewhere are never asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

import inscriptis
import nh3
from inscriptis.model.config import ParserConfig
from mailparser_reply import EmailReplyParser

from migrator.errors import DomainError
from migrator.support.attachment_rules import Upload

MOST_PARTS = 200
MOST_CHARACTERS = 100_000
SUBJECT_LENGTH = 200
ADDRESS_LENGTH = 254
REPLY_LANGUAGES = ["en", "de", "fr", "es", "pl", "uk"]
HTML_TAGS = {
    "a", "b", "blockquote", "br", "div", "em", "h1", "h2", "h3", "h4", "i", "li", "ol", "p", "pre", "strong", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
WITH_LINKS = ParserConfig(display_links=True)
LINK = re.compile(r"\[(?P<words>[^\[\]]{1,500})\]\((?P<address>[^()\s]{1,2000})\)")
PACKED_BY_OUTLOOK = "application/ms-tnef"
CANNOT_UNPACK = (
    "“winmail.dat” was left out: the mail program packed its files in a form that others cannot open. "
    "Send them again as ordinary files."
)


class Unreadable(DomainError):
    """This is no message of mail that can be read."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it was read.

    :ivar message_id: in angle brackets; empty where it has none
    :ivar sender_address: in lower case; empty where nobody says who it is from
    :ivar recipients: all addresses that it names as its own, in lower case
    :ivar answers: the Message-IDs that it answers, the nearest first
    :ivar body: what the sender has written, without the history below it
    :ivar uploads: the files that came with it, not checked yet
    :ivar left_out: sentences on what could not be read
    :ivar checks: what the receiving mail server found of the sender (Authentication-Results), one a line
    :ivar automatic: why it counts as written by a machine; empty for people
    """

    message_id: str
    sender_name: str
    sender_address: str
    recipients: tuple[str, ...]
    answers: tuple[str, ...]
    subject: str
    body: str
    uploads: tuple[Upload, ...]
    left_out: tuple[str, ...]
    checks: tuple[str, ...]
    automatic: str


def read_message(raw: bytes) -> Incoming:
    """This will read a message of mail.

    :raises Unreadable: when it has neither headers nor words, or is nested without end
    """
    try:
        message = message_from_bytes(raw, policy=policy.default)
        leaves = tuple(_leaves(message))
    except (RecursionError, ValueError, IndexError) as error:
        raise Unreadable("This is not a message that can be read.") from error
    if not isinstance(message, EmailMessage) or not message.keys():
        raise Unreadable("This is not a message: it has no headers.")
    name, address = _sender(message)
    words, rest, left_out = _words(leaves)
    return Incoming(
        message_id=next(iter(MESSAGE_ID.findall(_header(message, "Message-ID"))), ""),
        sender_name=name,
        sender_address=address,
        recipients=_recipients(message),
        answers=_answers(message),
        subject=_header(message, "Subject")[:SUBJECT_LENGTH].strip(),
        body=_own_words(words)[:MOST_CHARACTERS],
        uploads=tuple(upload for part in rest if (upload := _upload(part)) is not None),
        left_out=left_out,
        checks=tuple(_plain(value) for value in message.get_all("Authentication-Results", [])),
        automatic=_automatic(message),
    )


def text_of_html(html: str) -> str:
    """This will return the words of HTML that was cleaned first: no scripts, no styles, nothing from elsewhere.

    Where a word leads stands behind it in brackets: “this page” alone would not say which.
    """
    cleaned = nh3.clean(html, tags=HTML_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
    return LINK.sub(_link, _visible(inscriptis.get_text(cleaned, WITH_LINKS))).strip()


def _link(found: re.Match[str]) -> str:
    words, address = found["words"].strip(), found["address"]
    is_said = not address.startswith("http") or words.rstrip("/") == address.rstrip("/")
    return words if is_said else f"{words} ({address})"


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS:
            raise ValueError("too many parts")
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting[:0] = [each for each in part.iter_parts() if isinstance(each, EmailMessage)]
        else:
            yield part


def _words(leaves: tuple[EmailMessage, ...]) -> tuple[str, tuple[EmailMessage, ...], tuple[str, ...]]:
    """This will divide the parts into the words, the files, and what is left out with its sentence."""
    packed = tuple(part for part in leaves if part.get_content_type() == PACKED_BY_OUTLOOK or _is_winmail(part))
    said = [part for part in leaves if part not in packed and _is_words(part)]
    plain = "\n\n".join(text for part in said if _kind(part) == "plain" and (text := _text(part).strip()))
    html = "\n\n".join(text for part in said if _kind(part) == "html" and (text := text_of_html(_text(part))))
    rest = tuple(part for part in leaves if part not in packed and part not in said)
    return plain or html, rest, (CANNOT_UNPACK,) * bool(packed)


def _is_words(part: EmailMessage) -> bool:
    is_file = part.get_content_disposition() == "attachment" or _file_name(part)
    return _kind(part) in {"plain", "html"} and not is_file


def _kind(part: EmailMessage) -> str:
    kinds = {"text/plain": "plain", "text/html": "html"}
    return kinds.get(part.get_content_type(), "")


def _is_winmail(part: EmailMessage) -> bool:
    return _file_name(part).lower() == "winmail.dat"


def _text(part: EmailMessage) -> str:
    content = _bytes(part)
    named = part.get_content_charset() or "utf-8"
    for charset in (named, "utf-8", "cp1252"):
        try:
            return _visible(content.decode(charset))
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return _visible(content.decode("utf-8", "replace"))


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _upload(part: EmailMessage) -> Upload | None:
    if part.get_content_type() == "message/rfc822":
        return _forwarded(part)
    content = _bytes(part)
    return Upload(_file_name(part) or f"file.{part.get_content_subtype()}", content) if content else None


def _forwarded(part: EmailMessage) -> Upload | None:
    inner = part.get_payload(0) if part.is_multipart() else None
    if not isinstance(inner, EmailMessage):
        return None
    words, _, _ = _words(tuple(_leaves(inner)))
    subject = _header(inner, "Subject") or "message"
    said = f"From: {_header(inner, 'From')}\nSubject: {subject}\n\n{words}\n"
    return Upload(f"{subject[:60]}.txt", said.encode())


def _file_name(part: EmailMessage) -> str:
    try:
        return _decoded(part.get_filename() or "")
    except (ValueError, LookupError):
        return ""


def _sender(message: EmailMessage) -> tuple[str, str]:
    name, address = parseaddr(_header(message, "From"))
    if "@" not in address:
        return _decoded(name)[:SUBJECT_LENGTH], ""
    return _decoded(name)[:SUBJECT_LENGTH].strip(), address.lower()[:ADDRESS_LENGTH]


def _recipients(message: EmailMessage) -> tuple[str, ...]:
    # An empty header among them makes newer versions of Python refuse all the others.
    named = [value for name in ("Delivered-To", "X-Original-To", "To", "Cc") if (value := _header(message, name))]
    return tuple(dict.fromkeys(address.lower() for _, address in getaddresses(named) if "@" in address))


def _answers(message: EmailMessage) -> tuple[str, ...]:
    nearest = MESSAGE_ID.findall(_header(message, "In-Reply-To"))
    further = reversed(MESSAGE_ID.findall(_header(message, "References")))
    return tuple(dict.fromkeys((*nearest, *further)))[:MOST_PARTS]


def _automatic(message: EmailMessage) -> str:
    submitted = _header(message, "Auto-Submitted").lower().partition(";")[0].strip()
    if submitted not in {"", "no"}:
        return "It says that a machine wrote it (Auto-Submitted)."
    if _header(message, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}:
        return "It was sent to many (Precedence)."
    if any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress-Reply")):
        return "It is an automatic answer."
    if message.get("X-Loop"):
        return "It has passed a machine that answers mail (X-Loop)."
    if message.get_content_type() == "multipart/report" or _header(message, "Return-Path").strip() == "<>":
        return "It reports that mail could not be delivered."
    return ""


def _header(message: EmailMessage, name: str) -> str:
    try:
        return _plain(message.get(name, ""))
    except (ValueError, LookupError, IndexError, AttributeError):
        # The parser of headers breaks over what nobody should send; the raw words are better than none.
        raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return _plain(_decoded(str(raw)))


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError):
        return text


def _plain(value: object) -> str:
    return _visible(" ".join(str(value).split()))


def _visible(text: str) -> str:
    without_marks = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
    return "".join(each for each in without_marks if each in "\n\t" or unicodedata.category(each) not in {"Cc", "Cf"})


def _own_words(text: str) -> str:
    """This will leave out the history below what was written; where nothing else is there, all of it stays."""
    own = EmailReplyParser(languages=REPLY_LANGUAGES).parse_reply(text=text) if text else ""
    return str(own or text).strip()
