"""Which addresses are asked, and which hosts are connected to."""

from __future__ import annotations

import pytest

from migrator.sitemaps.rules import AddressRefused, PageCount, check_hosts, is_public, read_address


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("example.com", "https://example.com/"),
        (" http://WWW.Example.com:80/shop?x=1#top ", "http://www.example.com/shop?x=1"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://93.184.216.34/", "https://93.184.216.34/"),
        ("https://example.com./", "https://example.com/"),
        ("http://example.com:443/", "http://example.com:443/"),
    ],
)
def test_an_address_is_read_as_people_type_it(typed: str, expected: str) -> None:
    assert str(read_address(typed)) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "my site", "ftp://example.com", "file:///etc/passwd", "javascript:alert(1)", "gopher://x.example",
        "https://me:secret@example.com", "https://me@example.com", "https://example.com:8080", "https://example.com:x",
        "https://example.com:99999", "localhost", "https://db.internal/", "https://printer.local", "https://x.localhost",
        "2130706433", "https://[::1", "https://exa\u0000mple.com", "https://example.com/\u202egpj",
        "https://" + "a" * 70 + ".example",
        "https://example.com/" + "a" * 3_000, "https:///path",
    ],
)  # fmt: skip
def test_what_is_no_public_site_is_refused_in_words(typed: str) -> None:
    with pytest.raises(AddressRefused, match=r"\.$"):
        read_address(typed)


def test_the_setting_opens_ports_and_inner_names() -> None:
    assert str(read_address("http://localhost:8123/", allow_private=True)) == "http://localhost:8123/"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False), ("127.8.9.1", False), ("0.0.0.0", False), ("10.0.0.1", False), ("172.16.5.4", False),
        ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False),
        ("240.0.0.1", False), ("255.255.255.255", False), ("192.0.2.1", False), ("198.18.0.1", False),
        ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fc00::1", False), ("fd12:3456::1", False),
        ("ff02::1", False), ("fec0::1", False), ("::ffff:127.0.0.1", False), ("::ffff:93.184.216.34", False),
        ("64:ff9b::7f00:1", False), ("64:ff9b::5db8:d822", False), ("64:ff9b:1::1", False), ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False), ("2001:db8::1", False), ("::127.0.0.1", False),
        ("not an address", False),
    ],
)  # fmt: skip
def test_only_public_addresses_are_connected_to(address: str, expected: bool) -> None:
    assert is_public(address) is expected


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    check_hosts(["93.184.216.34"], "mixed.example")
    with pytest.raises(AddressRefused, match=r"mixed\.example does not lead to a public site"):
        check_hosts(["93.184.216.34", "127.0.0.1"], "mixed.example")


def test_a_count_says_how_it_was_found() -> None:
    assert str(PageCount("a.example", 1_214, 3, is_whole=True)) == "1,214 addresses in 3 sitemaps of a.example"
    assert str(PageCount("a.example", 1, 1, is_whole=False)) == "at least 1 address in 1 sitemap of a.example"
