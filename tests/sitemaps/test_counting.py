"""Counting the pages of real sites on 127.0.0.1, friendly and hostile."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from migrator.sitemaps import counting
from migrator.sitemaps.counting import count_pages
from migrator.sitemaps.gateway import Network
from migrator.sitemaps.rules import AddressRefused, Limits, NoSitemap, PageCount, SiteUnreachable, TooBusy
from tests.factories.websites import Answer, Website, a_website, index, moved_to, urlset

OPEN = Network(allow_private=True)
PUBLIC = "93.184.216.34"


def counted(answers: dict[str, Answer], *, limits: Limits | None = None, path: str = "") -> PageCount:
    """This will count the pages of a site that answers so."""
    with a_website(answers) as site:
        return count_pages(site.address + path, network=OPEN, limits=limits or Limits())


def behind(site: Website, **names: list[str]) -> tuple[Network, list[str]]:
    """This will return a network in which names lead to addresses of our choice, and public addresses to the site.

    What was dialled is kept beside it: nothing else is ever connected to.
    """
    dialled: list[str] = []

    def dial(address: str, port: int, seconds: float) -> socket.socket:
        dialled.append(f"{address}:{port}")
        return socket.create_connection(("127.0.0.1", site.port), timeout=seconds)

    known = {name.replace("_", "."): found for name, found in names.items()}
    return Network(look_up=lambda host, _port: known.get(host, [host]), dial=dial), dialled


def test_robots_index_and_packed_files_are_counted_each_page_once() -> None:
    pages = urlset("{site}/", "{site}/1", "{site}/1#top", "{site}/2?x=1", "https://cdn.example/9", "not an address")
    found = counted(
        {
            "/robots.txt": "Sitemap: {site}/all.xml\nSitemap: /more.xml",
            "/all.xml": index("{site}/a.xml", "{site}/b.xml.gz", "{site}/a.xml", "{site}/all.xml"),
            "/a.xml": pages,
            "/b.xml.gz": gzip.compress(urlset("http://www.127.0.0.1/3", "http://127.0.0.1/1").encode()),
            "/more.xml": urlset("{site}/4"),
        }
    )
    assert found == PageCount("127.0.0.1", 6, 4, is_whole=True)


@pytest.mark.parametrize("place", ["/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml"])
def test_without_robots_the_usual_places_are_looked_at(place: str) -> None:
    assert counted({place: urlset("{site}/1", "{site}/2")}) == PageCount("127.0.0.1", 2, 1, is_whole=True)


def test_a_sitemap_s_own_address_is_taken_and_no_other_file_asked_for() -> None:
    with a_website({"/shop.xml": urlset("{site}/1")}) as site:
        assert count_pages(f"{site.address}/shop.xml", network=OPEN).pages == 1
        assert [path for _, path, _, _ in site.asked] == ["/shop.xml"]


@pytest.mark.parametrize(
    ("limits", "answers", "least"),
    [
        (Limits(addresses=3), {"/sitemap.xml": urlset(*(f"{{site}}/{n}" for n in range(9)))}, 3),
        (Limits(files=2), {"/sitemap.xml": index(*(f"{{site}}/{n}.xml" for n in range(5))),
                           "/0.xml": urlset("{site}/1", "{site}/2")}, 2),
        (Limits(depth=2), {"/sitemap.xml": index("{site}/a.xml", "{site}/p.xml"), "/p.xml": urlset("{site}/1"),
                           "/a.xml": index("{site}/b.xml"), "/b.xml": urlset("{site}/2")}, 1),
        (Limits(), {"/sitemap.xml": index("{site}/gone.xml", "{site}/p.xml"), "/p.xml": urlset("{site}/1")}, 1),
        (Limits(), {"/sitemap.xml": urlset("{site}/1", "{site}/2").removesuffix("</urlset>")}, 2),
        (Limits(total_bytes=200_000), {"/sitemap.xml": gzip.compress(
            (urlset("http://127.0.0.1/1").removesuffix("</urlset>") + " " * 20_000_000).encode())}, 1),
    ],
    ids=["addresses", "files", "depth", "a missing file", "damage", "a bomb"],
)  # fmt: skip
def test_where_a_limit_ends_the_count_it_is_a_least_number(
    limits: Limits, answers: dict[str, Answer], least: int
) -> None:
    found = counted(answers, limits=limits)
    assert (found.pages, found.is_whole) == (least, False)
    assert str(found).startswith("at least ")


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "We found no sitemap of 127.0.0.1"),
        ({"/sitemap.xml": "<!DOCTYPE html><html></html>"}, "We found no sitemap"),
        ({"/sitemap.xml": urlset()}, "We found no sitemap"),
        ({"/sitemap.xml": urlset("https://www.b.example/1")}, "lists pages of b.example, none of 127.0.0.1"),
        ({"/sitemap.xml": gzip.compress(bytes(2_000_000))}, "We found no sitemap"),
    ],
)
def test_where_nothing_can_be_counted_it_is_said(answers: dict[str, Answer], sentence: str) -> None:
    with pytest.raises(NoSitemap, match=sentence):
        counted(answers)


def drips(*, in_headers: bool) -> Callable[[BaseHTTPRequestHandler], None]:
    """This will answer with a byte now and then, for ever."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\n" + (b"" if in_headers else b"\r\n" + urlset("{site}/1")[:-9].encode())
        )
        while True:
            handler.wfile.write(b"x" if in_headers else b" ")
            handler.wfile.flush()
            time.sleep(0.02)

    return answer


@pytest.mark.parametrize("in_headers", [True, False])
def test_a_site_that_drips_is_left_when_the_time_is_over(in_headers: bool) -> None:
    began = time.monotonic()
    answers: dict[str, Answer] = {"/sitemap.xml": drips(in_headers=in_headers)}
    if in_headers:
        with pytest.raises(SiteUnreachable, match="too slowly"):
            counted(answers, limits=Limits(seconds=0.4))
    else:
        assert str(counted(answers, limits=Limits(seconds=0.4))) == "at least 1 address in 1 sitemap of 127.0.0.1"
    assert time.monotonic() - began < 2


def test_endless_redirects_end_and_few_are_followed() -> None:
    with pytest.raises(SiteUnreachable, match="sends us on and on"):
        counted({"/sitemap.xml": moved_to("/sitemap.xml")})
    with a_website({"/sitemap.xml": moved_to("/new.xml"), "/new.xml": urlset("{site}/1")}) as site:
        assert count_pages(site.address, network=OPEN).pages == 1
        assert all(cookie is None and agent.startswith("Migrator page count") for _, _, cookie, agent in site.asked)


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/x.xml", "http://169.254.169.254/latest", "http://[::1]/x.xml", "http://inner.example/x.xml",
     "http://mixed.example/x.xml", "http://site.example:8080/x.xml", "file:///etc/passwd", "http://me@site.example/",
     "http://metadata.internal/"],
)  # fmt: skip
def test_no_redirect_and_no_index_leads_to_an_inner_address(location: str) -> None:
    names = {"site_example": [PUBLIC], "inner_example": ["10.0.0.7"], "mixed_example": [PUBLIC, "127.0.0.1"]}
    answers = {"/robots.txt": f"Sitemap: {location}", "/moved.xml": moved_to(location), "/index.xml": index(location)}
    with a_website(answers) as site:
        network, dialled = behind(site, **names)
        for path in ("", "/moved.xml", "/index.xml"):
            with pytest.raises((AddressRefused, NoSitemap)):
                count_pages(f"http://site.example{path}", network=network)
        assert set(dialled) == {f"{PUBLIC}:80"}


@pytest.mark.parametrize("typed", ["http://127.0.0.1", "http://inner.example", "http://[::ffff:127.0.0.1]", "http://0"])
def test_an_inner_address_is_never_connected_to(typed: str) -> None:
    with a_website({"/sitemap.xml": urlset("{site}/1")}) as site:
        network, dialled = behind(site, inner_example=["192.168.1.1"])
        with pytest.raises(AddressRefused):
            count_pages(typed, network=network)
        assert (dialled, site.asked) == ([], [])


def test_the_connection_goes_to_the_address_that_was_checked_though_the_name_turns_elsewhere() -> None:
    turns = [[PUBLIC], [PUBLIC], ["127.0.0.1"]]
    with a_website({"/sitemap_index.xml": urlset("http://site.example/1")}) as site:
        network, dialled = behind(site)
        turning = Network(look_up=lambda *_: turns.pop(0) if turns[1:] else turns[0], dial=network.dial)
        with pytest.raises(AddressRefused):
            count_pages("http://site.example", network=turning)
        assert dialled == [f"{PUBLIC}:80"] * 2
        assert {host for host, *_ in site.asked} == {"site.example"}


def test_an_encrypted_site_must_show_the_certificate_of_its_name(tmp_path: Path) -> None:
    serving, trusting = certified("site.example", tmp_path)
    with a_website({"/sitemap.xml": urlset("https://site.example/1")}, tls=serving) as site:
        network, dialled = behind(site)
        named = {"look_up": lambda _host, _port: [PUBLIC], "dial": network.dial, "tls": trusting}
        assert count_pages("site.example", network=Network(**named)).pages == 1  # type: ignore[arg-type]
        assert set(dialled) == {f"{PUBLIC}:443"}
        with pytest.raises(SiteUnreachable):
            count_pages("https://other.example", network=Network(**named))  # type: ignore[arg-type]


def test_a_site_without_encryption_is_found_when_no_scheme_was_typed() -> None:
    with a_website({"/sitemap.xml": urlset("http://site.example/1")}) as site:
        network, dialled = behind(site, site_example=[PUBLIC])
        assert count_pages("site.example", network=network).pages == 1
        assert dialled[:2] == [f"{PUBLIC}:443", f"{PUBLIC}:80"]


def test_a_name_that_leads_nowhere_is_said() -> None:
    def nowhere(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(SiteUnreachable, match="We cannot find gone"):
        count_pages("http://gone.example", network=Network(look_up=nowhere))


def test_only_a_few_counts_run_at_once() -> None:
    for _ in range(counting.MOST_AT_ONCE):
        assert counting.places.acquire(blocking=False)
    try:
        with pytest.raises(TooBusy, match="in a minute"):
            counted({})
    finally:
        counting.places.release(counting.MOST_AT_ONCE)


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """This will return what serves a certificate of that name, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    since = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(private + pem)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "both.pem")
    return serving, ssl.create_default_context(cadata=pem.decode())
