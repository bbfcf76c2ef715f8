"""Websites of the tests' own on 127.0.0.1: each path answers with what the test says."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = bytes | str | Callable[[BaseHTTPRequestHandler], None]


class Website:
    """A site under way. `asked` are the requests so far: host, path, and the cookie and agent that came with them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, str, str | None, str]] = []

    @property
    def address(self) -> str:
        """Where the site is."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def a_website(answers: Mapping[str, Answer], *, tls: ssl.SSLContext | None = None) -> Iterator[Website]:
    """This will serve the answers by path; `{site}` in a text becomes the site's address, other paths are missing."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heads = self.headers
            site.asked.append((heads["Host"], self.path, heads["Cookie"], heads["User-Agent"]))
            answer = answers.get(self.path)
            if callable(answer):
                return answer(self)
            if answer is None:
                return self.send_error(404)
            body = answer.replace("{site}", site.address).encode() if isinstance(answer, str) else answer
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return None

        def log_message(self, *_arguments: object) -> None:
            """Tests say what they look at; the server says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site = Website(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def moved_to(location: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """This will answer with a redirect."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", location)
        handler.send_header("Set-Cookie", "seen=yes")
        handler.end_headers()

    return answer


def urlset(*locations: str) -> str:
    """This will write a sitemap of pages."""
    return "<urlset>" + "".join(f"<url><loc>{each}</loc></url>" for each in locations) + "</urlset>"


def index(*locations: str) -> str:
    """This will write an index of sitemaps."""
    return "<sitemapindex>" + "".join(f"<sitemap><loc>{each}</loc></sitemap>" for each in locations) + "</sitemapindex>"
