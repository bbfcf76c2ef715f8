"""Counting a site's pages: robots.txt names the sitemaps, or they lie at the usual places (RULES C-069).

Never inside a transaction: this waits for other people's hosts.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import BoundedSemaphore
from urllib.parse import urljoin, urlsplit

from migrator.sitemaps.gateway import Clock, Missing, Network, OutOfTime
from migrator.sitemaps.reading import Kind, Malformed, SitemapReader, sitemaps_in_robots, unpacked
from migrator.sitemaps.rules import (
    AddressRefused,
    Limits,
    NoSitemap,
    PageCount,
    SiteUnreachable,
    TooBusy,
    WebAddress,
    follow,
    read_address,
    site_of,
)

USUAL_PLACES = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")
ENDINGS = (".xml", ".xml.gz", ".gz")
NO_LIMITS_OF_OURS = Limits()
# A count can take all of its seconds; the other threads go on serving pages.
MOST_AT_ONCE = 2
places = BoundedSemaphore(MOST_AT_ONCE)


class _Enough(Exception):
    """A limit is reached: what was counted until here stands as a least number."""


def count_pages(text: str, *, network: Network, limits: Limits = NO_LIMITS_OF_OURS) -> PageCount:
    """This will count the pages that a site's sitemaps list, as far as the limits go.

    :param text: the site's address as a person typed it, or that of a sitemap
    :raises AddressRefused: for an address that we do not ask
    :raises SiteUnreachable: when the site does not answer
    :raises NoSitemap: when there is nothing to count by
    :raises TooBusy: when others are counting just now
    """
    address = read_address(text, allow_private=network.allow_private)
    with _place():
        return _Count(address, network, limits, may_be_plain="://" not in text).result()


class _Count:
    """One count on its way: what was found, and what is left of the limits."""

    def __init__(self, address: WebAddress, network: Network, limits: Limits, *, may_be_plain: bool) -> None:
        self.address, self.network, self.limits = address, network, limits
        self.may_be_plain = may_be_plain
        self.clock = Clock(limits.seconds)
        self.site = site_of(address.host)
        self.pages: set[int] = set()
        self.others: Counter[str] = Counter()
        self.asked: set[str] = set()
        self.sitemaps = self.bytes = 0
        self.is_whole = True
        self.problem: Exception | None = None

    def result(self) -> PageCount:
        """This will count, and say what was found or why nothing was."""
        try:
            self._count()
        except (_Enough, OutOfTime) as end:
            self.is_whole = False
            self._note(end)
        if self.pages:
            return PageCount(self.site, len(self.pages), self.sitemaps, self.is_whole)
        if self.others:
            other = self.others.most_common(1)[0][0]
            raise NoSitemap(f"The sitemap lists pages of {other}, none of {self.site}. Enter that address instead.")
        if self.sitemaps == 0 and self.problem is not None:
            raise self.problem
        raise NoSitemap(f"We found no sitemap of {self.site} that lists pages. Count in one of the other ways.")

    def _count(self) -> None:
        if self.address.path.split("?")[0].endswith(ENDINGS):
            return self._read_all([self.address])
        named = self._named_in_robots()
        if named:
            return self._read_all(named)
        for place in USUAL_PLACES:
            # Nothing at the place before says nothing about the file at this one.
            self.is_whole = True
            self._read_all([replace(self.address, path=place)])
            if self.sitemaps:
                return None
        return None

    def _named_in_robots(self) -> list[WebAddress]:
        try:
            text = self._robots()
        except Missing:
            return []
        except SiteUnreachable:
            if not self.may_be_plain:
                raise
            self.address, self.may_be_plain = replace(self.address, scheme="http", port=80), False
            return self._named_in_robots()
        return self._followed(self.address, sitemaps_in_robots(text))

    def _robots(self) -> str:
        robots = bytearray()
        try:
            for piece in self._file(replace(self.address, path="/robots.txt")):
                robots += piece
                if len(robots) > self.limits.robots_bytes:
                    break
        except Malformed:
            return ""
        return robots[: self.limits.robots_bytes].decode("utf-8-sig", errors="ignore")

    def _read_all(self, roots: Sequence[WebAddress]) -> None:
        waiting = deque((address, 1) for address in roots)
        while waiting:
            address, depth = waiting.popleft()
            if str(address) in self.asked:
                continue
            if len(self.asked) >= self.limits.files:
                raise _Enough
            self.asked.add(str(address))
            inner = self._read(address)
            if inner and depth >= self.limits.depth:
                self.is_whole = False
                continue
            waiting.extend((each, depth + 1) for each in inner)

    def _read(self, address: WebAddress) -> list[WebAddress]:
        """This will count one file and return those that it names; a damaged or missing one leaves the count open."""
        inner: list[WebAddress] = []
        reader = SitemapReader()
        try:
            for piece in self._file(address):
                inner += self._take(reader, address, reader.feed(piece))
            inner += self._take(reader, address, reader.feed(b"", is_last=True))
        except OutOfTime:
            raise
        except (Malformed, SiteUnreachable, AddressRefused) as problem:
            self._note(problem)
            self.is_whole = False
        finally:
            self.sitemaps += reader.kind is not None
        return inner

    def _take(self, reader: SitemapReader, address: WebAddress, locations: list[str]) -> list[WebAddress]:
        if reader.kind is Kind.INDEX:
            return self._followed(address, locations)
        for location in locations:
            self._add(address, location)
        return []

    def _add(self, address: WebAddress, location: str) -> None:
        try:
            parts = urlsplit(urljoin(str(address), location))
            host = (parts.hostname or "").encode("idna").decode() if not location.isascii() else parts.hostname or ""
        except ValueError:
            return
        if site_of(host) != self.site:
            self.others[site_of(host)[:100]] += len(self.others) < self.limits.files
            return
        self.pages.add(hash((parts.path or "/", parts.query)))
        if len(self.pages) >= self.limits.addresses:
            raise _Enough

    def _followed(self, address: WebAddress, locations: list[str]) -> list[WebAddress]:
        found: list[WebAddress] = []
        for location in locations[: self.limits.files + 1]:
            try:
                found.append(follow(address, location, allow_private=self.network.allow_private))
            except AddressRefused as problem:
                self._note(problem)
                self.is_whole = False
        return found

    def _note(self, problem: Exception) -> None:
        is_serious = isinstance(problem, (AddressRefused, SiteUnreachable)) and not isinstance(problem, Missing)
        if is_serious and self.problem is None:
            self.problem = problem

    def _file(self, address: WebAddress) -> Iterator[bytes]:
        opened = self.network.opened(address, clock=self.clock, redirects=self.limits.redirects)
        with opened as pieces:
            for piece in unpacked(pieces):
                self.bytes += len(piece)
                if self.bytes > self.limits.total_bytes:
                    raise _Enough
                yield piece


@contextmanager
def _place() -> Iterator[None]:
    if not places.acquire(blocking=False):
        raise TooBusy("We are counting other sites just now. Try again in a minute.")
    try:
        yield
    finally:
        places.release()
