"""What is asked for each kind of access item, and which answers can be used. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from migrator.access.lifecycle import ItemKind
from migrator.errors import DomainError

ADDRESS_LENGTH = 300
HOST_LENGTH = 253
TEXT_LENGTH = 200
SECRET_LENGTH = 2_000
LONG_LENGTH = 5_000
HIGHEST_PORT = 65_535
HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII | re.IGNORECASE)
REVERSING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
USUAL_PORTS = {"sftp": "22", "ftp": "21"}


class FieldKind(StrEnum):
    """What a field takes."""

    ADDRESS = "address"
    HOST = "host"
    PORT = "port"
    CHOICE = "choice"
    TEXT = "text"
    SECRET = "secret"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of an item: what people call it, and how it is checked. `choices` are (value, label)."""

    name: str
    label: str
    kind: FieldKind
    hint: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def is_secret(self) -> bool:
        """Whether the answer is sealed and never shown again."""
        return self.kind is FieldKind.SECRET

    @property
    def noun(self) -> str:
        """The label inside a sentence: `password`, `API token`."""
        return self.label if self.label[:2].isupper() else self.label[:1].lower() + self.label[1:]


class UnusableDetails(DomainError):
    """At least one answer cannot be used; `sentences` holds one for each field concerned."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences = dict(sentences)


ADDRESS = FieldSpec("address", "Address", FieldKind.ADDRESS, "Such as https://www.your-site.example")
USER_NAME = FieldSpec("user_name", "User name", FieldKind.TEXT)
PASSWORD = FieldSpec("password", "Password", FieldKind.SECRET)

FIELDS: dict[ItemKind, tuple[FieldSpec, ...]] = {
    ItemKind.SITE_ADDRESS: (ADDRESS,),
    ItemKind.FTP: (
        FieldSpec(
            "protocol",
            "Protocol",
            FieldKind.CHOICE,
            "Choose SFTP if your host offers it: it sends the password and the files encrypted, FTP does not.",
            choices=(("sftp", "SFTP"), ("ftp", "FTP")),
        ),
        FieldSpec("host", "Server", FieldKind.HOST, "Such as ftp.your-site.example"),
        FieldSpec("port", "Port", FieldKind.PORT, "Leave it empty for the usual one: 22 for SFTP, 21 for FTP.", False),
        USER_NAME,
        PASSWORD,
    ),
    ItemKind.ADMIN_LOGIN: (
        FieldSpec("address", "Sign-in address", FieldKind.ADDRESS, "The page on which administrators sign in"),
        USER_NAME,
        PASSWORD,
    ),
    ItemKind.BRIDGE: (
        FieldSpec("address", "Bridge address", FieldKind.ADDRESS, "Where you put the connection bridge on the site"),
    ),
    ItemKind.API_TOKEN: (FieldSpec("token", "API token", FieldKind.SECRET),),
    ItemKind.DATABASE_DUMP: (
        FieldSpec("address", "Where we can download it", FieldKind.ADDRESS, "A link to the file"),
        FieldSpec("password", "Password of the file", FieldKind.SECRET, required=False),
    ),
    ItemKind.INFORMATION: (FieldSpec("answer", "Your answer", FieldKind.LONG, "Please put no passwords here."),),
}


def cleaned(kind: ItemKind, values: Mapping[str, str], *, standing: frozenset[str] = frozenset()) -> dict[str, str]:
    """This will return the answers as they are kept, without those that were left empty.

    :param standing: the secrets that are saved already; they may be left empty and stay as they are
    :raises UnusableDetails: with one sentence for each answer that cannot be used
    """
    kept: dict[str, str] = {}
    sentences: dict[str, str] = {}
    for spec in FIELDS[kind]:
        try:
            value = _cleaned(spec, values.get(spec.name) or "")
        except ValueError as error:
            sentences[spec.name] = str(error)
            continue
        if value:
            kept[spec.name] = value
        elif spec.required and spec.name not in standing:
            sentences[spec.name] = f"Enter the {spec.noun}."
    if sentences:
        raise UnusableDetails(sentences)
    return _with_usual_port(kept)


def to_show_again(kept: Mapping[str, str]) -> dict[str, str]:
    """This will return kept answers for a form; the usual port stays empty, so that it follows the protocol."""
    is_usual = "port" in kept and kept["port"] == USUAL_PORTS.get(kept.get("protocol", ""))
    return {name: value for name, value in kept.items() if not (is_usual and name == "port")}


def _cleaned(spec: FieldSpec, typed: str) -> str:
    value = typed if spec.is_secret else typed.strip()
    if spec.kind is FieldKind.LONG:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    if _has_controls(value.replace("\n", "").replace("\t", "") if spec.kind is FieldKind.LONG else value):
        raise ValueError(f"The {spec.noun} holds characters that cannot be seen. Type it instead of copying it.")
    if len(value) > LENGTHS[spec.kind]:
        raise ValueError(f"The {spec.noun} must be {LENGTHS[spec.kind]:,} characters or less.")
    return CHECKS[spec.kind](spec, value) if value else ""


def _has_controls(text: str) -> bool:
    return any(letter in REVERSING or unicodedata.category(letter) in {"Cc", "Cs"} for letter in text)


def _as_typed(_spec: FieldSpec, value: str) -> str:
    return value


def _choice(spec: FieldSpec, value: str) -> str:
    if value not in {choice for choice, _label in spec.choices}:
        raise ValueError(f"Choose the {spec.noun}.")
    return value


def _port(_spec: FieldSpec, value: str) -> str:
    if not (value.isascii() and value.isdecimal() and len(value) <= 5 and 1 <= int(value) <= HIGHEST_PORT):
        raise ValueError(f"The port must be a whole number from 1 to {HIGHEST_PORT}, such as 22.")
    return str(int(value))


def _host(spec: FieldSpec, value: str) -> str:
    if not _is_host(value):
        raise ValueError(f"Enter the {spec.noun} as a name alone, such as ftp.your-site.example, or as an IP address.")
    return value


def _address(spec: FieldSpec, value: str) -> str:
    address = value if "://" in value else f"https://{value}"
    parts = _parts(address)
    if parts is None or parts.scheme not in {"http", "https"} or any(letter.isspace() for letter in address):
        raise ValueError(f"Enter the {spec.noun} like https://www.your-site.example, without spaces.")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"Leave the user name and the password out of the {spec.noun}.")
    return address


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        usable = parts.port != 0 and _is_host(parts.hostname or "")
    except ValueError:
        return None
    return parts if usable else None


def _is_host(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        pass
    try:
        ascii_name = name.removesuffix(".").encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return len(ascii_name) <= HOST_LENGTH and all(HOST_LABEL.fullmatch(label) for label in ascii_name.split("."))


def _with_usual_port(kept: dict[str, str]) -> dict[str, str]:
    if "protocol" in kept:
        kept.setdefault("port", USUAL_PORTS[kept["protocol"]])
    return kept


LENGTHS = {
    FieldKind.ADDRESS: ADDRESS_LENGTH,
    FieldKind.HOST: HOST_LENGTH,
    FieldKind.PORT: TEXT_LENGTH,
    FieldKind.CHOICE: TEXT_LENGTH,
    FieldKind.TEXT: TEXT_LENGTH,
    FieldKind.SECRET: SECRET_LENGTH,
    FieldKind.LONG: LONG_LENGTH,
}
CHECKS: dict[FieldKind, Callable[[FieldSpec, str], str]] = {
    FieldKind.ADDRESS: _address,
    FieldKind.HOST: _host,
    FieldKind.PORT: _port,
    FieldKind.CHOICE: _choice,
    FieldKind.TEXT: _as_typed,
    FieldKind.SECRET: _as_typed,
    FieldKind.LONG: _as_typed,
}
