"""Reading sitemaps and robots.txt, whole and damaged."""

from __future__ import annotations

import gzip
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.sitemaps.reading import Kind, Malformed, SitemapReader, sitemaps_in_robots, unpacked

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
PAGES = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACE} xmlns:image="http://www.google.com/image">'
    "<url><loc> https://a.example/1 </loc><image:image><image:loc>https://a.example/1.png</image:loc></image:image></url>"
    "<url><lastmod>2026-11-01</lastmod><loc>https://a.example/2?x=1&amp;y=2</loc></url><url><loc></loc></url></urlset>"
)
FOUND = ["https://a.example/1", "https://a.example/2?x=1&y=2"]
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def read(*pieces: bytes) -> tuple[Kind | None, list[str]]:
    """This will read a file that comes in pieces."""
    reader = SitemapReader()
    found = [location for piece in pieces for location in reader.feed(piece)]
    return reader.kind, found + reader.feed(b"", is_last=True)


@pytest.mark.parametrize(
    "text",
    [PAGES, "\n \n" + PAGES, PAGES.replace(NAMESPACE, ""), PAGES.replace(NAMESPACE, 'xmlns="https://other.example/x"')],
)
def test_the_locations_of_pages_are_found_and_those_of_pictures_are_not(text: str) -> None:
    assert read(text.encode()) == (Kind.PAGES, FOUND)


def test_other_encodings_are_read() -> None:
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?><urlset><url><loc>https://a.example/é</loc></url></urlset>'
    assert read(latin.encode("latin-1"))[1] == ["https://a.example/é"]
    assert read(PAGES.replace("UTF-8", "UTF-16").encode("utf-16"))[1] == FOUND
    assert read(b"\xef\xbb\xbf" + PAGES.encode())[1] == FOUND


@given(st.lists(st.integers(1, 600), max_size=20), st.integers(0, 2))
def test_however_a_file_is_cut_and_packed_it_reads_the_same(cuts: list[int], packings: int) -> None:
    whole = PAGES.encode()
    for _ in range(packings):
        whole = gzip.compress(whole)
    edges = [0, *sorted(cut % len(whole) for cut in cuts), len(whole)]
    pieces = [whole[start:end] for start, end in pairwise(edges)]
    assert read(*unpacked(iter(pieces))) == (Kind.PAGES, FOUND)


def test_an_index_names_its_files() -> None:
    text = "<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap><url><loc>x</loc></url></sitemapindex>"
    assert read(text.encode()) == (Kind.INDEX, ["https://a.example/1.xml"])


@pytest.mark.parametrize(
    "text",
    [
        "", "no sitemap", "<!DOCTYPE html><html><body>404</body></html>", "<html></html>", "<urlset>",
        "<urlset></url>",
        "<urlset><url><loc>x</urlset>", LAUGHS + "<urlset><url><loc>&b;</loc></url></urlset>",
        OUTSIDE + "<urlset><url><loc>&a;</loc></url></urlset>", "<urlset><url><loc>&unknown;</loc></url></urlset>",
        "<urlset>" + "<a>" * 100, '<?xml version="1.0" encoding="made-up"?><urlset/>', "<urlset>\x00</urlset>",
    ],
)  # fmt: skip
def test_what_is_no_sitemap_or_is_damaged_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read(text.encode())


def test_what_stood_before_the_damage_is_kept_and_a_huge_location_is_not() -> None:
    reader = SitemapReader()
    assert reader.feed(PAGES.removesuffix("</urlset>").encode()) == FOUND
    assert reader.feed(b"<url><loc>https://a.example/" + b"x" * 10_000 + b"</loc></url>") == []
    with pytest.raises(Malformed):
        reader.feed(b"</wrong>")


def test_a_damaged_packing_is_refused() -> None:
    with pytest.raises(Malformed):
        list(unpacked(iter([b"\x1f\x8bnothing that was packed"])))


def test_a_bomb_comes_in_small_pieces() -> None:
    pieces = unpacked(iter([gzip.compress(bytes(5_000_000))]))
    assert max(len(piece) for piece in pieces) <= 65_536


def test_robots_names_sitemaps_in_any_case_each_once() -> None:
    text = "User-agent: *\nSitemap: https://a.example/1.xml\r\nSITEMAP:https://a.example/2.xml # two\n"
    text += "sitemap: https://a.example/1.xml\nSitemap:\n"
    assert sitemaps_in_robots(text) == ["https://a.example/1.xml", "https://a.example/2.xml"]
