"""Which files we take: by what they hold as well as by their name, up to a size and a number. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from migrator.errors import DomainError

MEGABYTE = 1024 * 1024
NAME_LENGTH = 100
NAMELESS = "file"
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]+')
NOT_IN_TEXTS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0c\x1b")
TEXTS = frozenset({"txt", "log", "csv", "json"})
# The first bytes of what is not text; a WebP names itself after the length of the whole.
BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)
MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "zip": "application/zip",
    **dict.fromkeys(TEXTS, "text/plain"),
}
TAKEN_WORDS = "pictures (PNG, JPEG, GIF, WebP), PDF, ZIP, and plain text (TXT, LOG, CSV, JSON)"


class FileNotTaken(DomainError):
    """The file is of a kind, a size or a number that we do not take."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it reached us."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AttachmentLimits:
    """How large a file may be, and how many come with one message."""

    bytes_each: int
    files: int


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that we take: its cleaned name, what it is, and its bytes."""

    name: str
    media_type: str
    content: bytes


def checked_files(uploads: tuple[Upload, ...], limits: AttachmentLimits) -> tuple[CheckedFile, ...]:
    """This will return the files ready to be kept.

    :raises FileNotTaken: for the first one that we do not take, saying why and what we take
    """
    if len(uploads) > limits.files:
        raise FileNotTaken(f"Send at most {limits.files} files with one message. You chose {len(uploads)}.")
    return tuple(_checked(upload, limits) for upload in uploads)


def clean_name(name: str) -> str:
    """This will return a file's name without folders, without what cannot be seen, and short, its ending kept."""
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(character for character in unicodedata.normalize("NFC", last) if _is_visible(character))
    plain = " ".join(NOT_IN_NAMES.sub("_", seen).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:NAME_LENGTH] or NAMELESS
    return f"{stem[: NAME_LENGTH - len(ending[:10]) - 1] or NAMELESS}.{ending[:10]}"


def media_type_of(content: bytes) -> str:
    """This will return what the bytes are; empty for what we do not know. Text is text whatever it is named."""
    for beginning, media_type in BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "text/plain" if _is_text(content) else ""


def size_text(size: int) -> str:
    """This will return a size as people read it: `1.4 MB`, `12 kB`."""
    if size >= MEGABYTE:
        return f"{size * 10 // MEGABYTE / 10:.1f} MB".replace(".0 ", " ")
    return f"{max(1, size // 1024)} kB"


def _checked(upload: Upload, limits: AttachmentLimits) -> CheckedFile:
    name = clean_name(upload.name)
    if not upload.content:
        raise FileNotTaken(f"“{name}” is empty. Choose another file.")
    if len(upload.content) > limits.bytes_each:
        most = size_text(limits.bytes_each)
        raise FileNotTaken(f"“{name}” is larger than {most}. Send a smaller one, or a part of it.")
    wanted = MEDIA_TYPES.get(name.rpartition(".")[2].lower())
    if wanted is None:
        raise FileNotTaken(f"We do not take files like “{name}”. We take {TAKEN_WORDS}.")
    if media_type_of(upload.content) != wanted:
        raise FileNotTaken(f"“{name}” does not hold what its name says. Send it as it was made.")
    return CheckedFile(name, wanted, upload.content)


def _is_visible(character: str) -> bool:
    return character == " " or unicodedata.category(character)[0] not in "CZ"


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(content, "utf-16")
    if len(content.translate(None, NOT_IN_TEXTS)) < len(content):
        return False
    return _decodes(content, "utf-8") or _decodes(content, "cp1252")


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
