"""Asking other people's hosts, one file at a time: the name is looked up once, all its addresses are checked, and the
connection goes to the very address that was checked. The only part of the house that opens such connections."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException
from threading import Timer
from time import monotonic

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from migrator.sitemaps.rules import SiteUnreachable, WebAddress, check_hosts, follow

PIECE_BYTES = 65_536
SLOWEST_STEP_SECONDS = 5.0
REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
FOUND = 200
HEADERS = {
    "User-Agent": "Migrator page count (reads robots.txt and sitemaps; asked for by the site's owner)",
    "Accept": "application/xml, text/xml, text/plain, */*;q=0.1",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}


class OutOfTime(SiteUnreachable):
    """The time for one count is over."""


class Missing(SiteUnreachable):
    """The site answers, but has no such file."""


class Clock:
    """How much time is left, in seconds that no clock change touches."""

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    def left(self) -> float:
        """This will return the seconds that are left.

        :raises OutOfTime: when there are none
        """
        left = self._ends - monotonic()
        if left <= 0:
            raise OutOfTime("The site answers too slowly.")
        return left


def look_up(host: str, port: int) -> Sequence[str]:
    """This will return all addresses that a name leads to."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def dial(address: str, port: int, seconds: float) -> socket.socket:
    """This will connect to an IP address."""
    return socket.create_connection((address, port), timeout=seconds)


@cache
def usual_trust() -> ssl.SSLContext:
    """This will return what makes certificates believed: the machine's own list."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Network:
    """How the outside is reached; tests give their own look-up and lines.

    :ivar allow_private: leaves the check of addresses out, for tests and demonstrations alone
    """

    allow_private: bool = False
    look_up: Callable[[str, int], Sequence[str]] = look_up
    dial: Callable[[str, int, float], socket.socket] = dial
    tls: ssl.SSLContext = field(default_factory=usual_trust)

    @contextmanager
    def opened(self, address: WebAddress, *, clock: Clock, redirects: int) -> Iterator[Iterator[bytes]]:
        """This will open a file and give its bytes as they come, following redirects, each checked anew.

        :raises AddressRefused: when the address, or one that the site sends us on to, is not public
        :raises Missing: when the site answers that there is no such file
        :raises OutOfTime: when the clock has run out
        :raises SiteUnreachable: for any other failure on the way
        """
        for _ in range(redirects + 1):
            with self._asked(address, clock) as answer:
                location = answer.headers.get("Location")
                if answer.status in REDIRECTIONS and location:
                    address = follow(address, location, allow_private=self.allow_private)
                    continue
                if answer.status != FOUND:
                    raise Missing(f"{address.host} answers with {answer.status}.")
                yield _pieces(answer, address.host, clock)
                return
        raise SiteUnreachable(f"{address.host} sends us on and on. Enter the address at which the site ends up.")

    @contextmanager
    def _asked(self, address: WebAddress, clock: Clock) -> Iterator[BaseHTTPResponse]:
        connection = self._connection(address, self._checked(address, clock), clock)
        watch = None
        try:
            with _failures(address.host, clock):
                connection.connect()
            line = connection.sock
            # A site that sends a byte now and then never times out by itself, also in its headers.
            watch = Timer(clock.left(), _hang_up, [line])
            watch.daemon = True
            watch.start()
            with _failures(address.host, clock):
                connection.request("GET", address.path, headers=HEADERS, preload_content=False, decode_content=False)
                answer = connection.getresponse()
            yield answer
        finally:
            if watch:
                watch.cancel()
            connection.close()

    def _checked(self, address: WebAddress, clock: Clock) -> str:
        looking = ThreadPoolExecutor(1)
        try:
            found = looking.submit(self.look_up, address.host, address.port).result(timeout=clock.left())
        except (OSError, UnicodeError, TimeoutError) as error:
            raise SiteUnreachable(f"We cannot find {address.host}. Check the address.") from error
        finally:
            looking.shutdown(wait=False)
        if not found:
            raise SiteUnreachable(f"We cannot find {address.host}. Check the address.")
        if not self.allow_private:
            check_hosts(found, address.host)
        return found[0]

    def _connection(self, address: WebAddress, checked: str, clock: Clock) -> HTTPConnection:
        seconds = min(SLOWEST_STEP_SECONDS, clock.left())

        def line() -> socket.socket:
            return self.dial(checked, address.port, seconds)

        if address.scheme == "https":
            return _SecureLine(line, address, seconds, self.tls)
        return _Line(line, address, seconds)


class _Line(HTTPConnection):
    """A connection over a line that was opened to a checked address; the name is only said to the host."""

    def __init__(self, line: Callable[[], socket.socket], address: WebAddress, seconds: float) -> None:
        super().__init__(address.host, address.port, timeout=seconds)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line()


class _SecureLine(HTTPSConnection):
    """The same, encrypted; the certificate must be that of the name."""

    def __init__(
        self, line: Callable[[], socket.socket], address: WebAddress, seconds: float, tls: ssl.SSLContext
    ) -> None:
        super().__init__(address.host, address.port, timeout=seconds, ssl_context=tls)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line()


def _pieces(answer: BaseHTTPResponse, host: str, clock: Clock) -> Iterator[bytes]:
    while True:
        clock.left()
        with _failures(host, clock):
            piece = answer.read1(PIECE_BYTES)
        if not piece:
            clock.left()
            return
        yield piece


@contextmanager
def _failures(host: str, clock: Clock) -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPError, HTTPException, ValueError) as error:
        clock.left()
        raise SiteUnreachable(f"{host} does not answer as a website should. Check the address.") from error


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)
