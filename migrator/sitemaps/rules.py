"""Which addresses we ask, which hosts we connect to, and how much we take. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urljoin, urlsplit

from migrator.clock.wording import counted_text
from migrator.errors import DomainError

LONGEST_ADDRESS = 2_000
USUAL_PORTS = {"http": 80, "https": 443}
INNER_NAMES = ("localhost", "internal", "local", "lan", "home.arpa", "intranet", "corp")
# What carries an IPv4 address inside leads wherever that address leads: NAT64, 6to4 and Teredo.
TUNNELS = tuple(ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
EXAMPLE = "Enter the address of the site, such as https://www.your-site.example."


class AddressRefused(DomainError):
    """We do not ask this address."""


class SiteUnreachable(DomainError):
    """The site does not answer as it should."""


class NoSitemap(DomainError):
    """There is nothing to count by."""


class TooBusy(DomainError):
    """Others are counting just now."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken of one site, so that nobody can make us work for ever.

    :ivar total_bytes: of all answers together, unpacked; `addresses` bounds what is kept in memory
    :ivar seconds: for all of it, from the first look-up of a name
    """

    total_bytes: int = 50_000_000
    robots_bytes: int = 500_000
    files: int = 200
    addresses: int = 250_000
    depth: int = 3
    redirects: int = 5
    seconds: float = 15


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address that we may ask; the host is in the form of the name system."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, as the start of an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == USUAL_PORTS[self.scheme] else f":{self.port}")

    def __str__(self) -> str:
        return f"{self.origin}{self.path}"


@dataclass(frozen=True, slots=True)
class PageCount:
    """What a site's sitemaps list.

    :ivar pages: different addresses of the site itself
    :ivar sitemaps: how many files were read
    :ivar is_whole: false where a limit or a damaged file ended the count, which then says `at least`
    """

    site: str
    pages: int
    sitemaps: int
    is_whole: bool

    def __str__(self) -> str:
        least = "" if self.is_whole else "at least "
        addresses = f"{self.pages:,} address{'' if self.pages == 1 else 'es'}"
        return f"{least}{addresses} in {counted_text(self.sitemaps, 'sitemap')} of {self.site}"


def read_address(text: str, *, allow_private: bool = False) -> WebAddress:
    """This will read an address that a person typed or a site named; without a scheme it is https.

    :param allow_private: also takes other ports and inner names
    :raises AddressRefused: for anything that we do not ask
    """
    text = text.strip()
    if not text or len(text) > LONGEST_ADDRESS or any(not letter.isprintable() or letter == " " for letter in text):
        raise AddressRefused(EXAMPLE)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        scheme, port = parts.scheme.lower(), parts.port
        host = _host(parts.hostname or "")
    except ValueError as error:
        raise AddressRefused(EXAMPLE) from error
    if scheme not in USUAL_PORTS or not host:
        raise AddressRefused(EXAMPLE)
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("Leave user name and password out of the address.")
    if not allow_private:
        _refuse_inner(host, port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return WebAddress(scheme, host, USUAL_PORTS[scheme] if port is None else port, path)


def follow(address: WebAddress, location: str, *, allow_private: bool = False) -> WebAddress:
    """This will read where a site sends us on to, or names a file by, with the same care as what was typed.

    :raises AddressRefused: for anything that we do not ask
    """
    try:
        return read_address(urljoin(str(address), location.strip()), allow_private=allow_private)
    except ValueError as error:
        raise AddressRefused(EXAMPLE) from error


def is_public(text: str) -> bool:
    """This will tell whether an IP address belongs to the public internet, and to no network that only we can reach."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or address.teredo
        if inside or address.is_site_local or any(address in network for network in TUNNELS):
            return False
    is_special = address.is_multicast or address.is_reserved or address.is_loopback or address.is_unspecified
    return address.is_global and not is_special and not address.is_private and not address.is_link_local


def check_hosts(found: Sequence[str], host: str) -> None:
    """This will refuse a name that leads, even once, to an address which is not public.

    :raises AddressRefused: when that is so
    """
    if not all(is_public(address) for address in found):
        raise AddressRefused(f"{host} does not lead to a public site, so we do not ask it. Enter its public address.")


def site_of(host: str) -> str:
    """This will return the site that a host belongs to: itself, without `www.`."""
    return host.lower().rstrip(".").removeprefix("www.")


def _host(name: str) -> str:
    name = name.rstrip(".")
    if not name or ":" in name:
        return name
    return name.encode("idna").decode().lower()


def _refuse_inner(host: str, port: int | None) -> None:
    if port is not None and port not in USUAL_PORTS.values():
        raise AddressRefused("We ask websites at their usual ports alone. Leave the port out.")
    if "." not in host and ":" not in host:
        raise AddressRefused(EXAMPLE)
    if any(host == name or host.endswith(f".{name}") for name in INNER_NAMES):
        raise AddressRefused(f"{host} does not lead to a public site, so we do not ask it. Enter its public address.")
