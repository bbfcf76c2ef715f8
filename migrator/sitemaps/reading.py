"""What stands in a sitemap or in robots.txt: read piece by piece, packed or not, entities refused. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from enum import StrEnum
from xml.parsers import expat

from migrator.errors import DomainError

PACKED = b"\x1f\x8b"
PACKED_TWICE = 2
PIECE_BYTES = 65_536
LONGEST_LOCATION = 4_096
DEEPEST = 16


class Malformed(DomainError):
    """The file is no sitemap, or is damaged from here on."""


class Kind(StrEnum):
    """What a file of the sitemap protocol is, by its first element."""

    PAGES = "urlset"
    INDEX = "sitemapindex"


ENTRIES = {Kind.PAGES: "url", Kind.INDEX: "sitemap"}


class SitemapReader:
    """Takes a file in pieces and gives the locations that each piece completes.

    A document type is refused as a whole, and with it every entity: none is ever expanded or fetched.
    """

    def __init__(self) -> None:
        self.kind: Kind | None = None
        self._open: list[str] = []
        self._text: list[str] | None = None
        self._length = 0
        self._found: list[str] = []
        self._began = False
        self._damage: Malformed | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._say
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse

    def feed(self, piece: bytes, *, is_last: bool = False) -> list[str]:
        """This will return the locations that are complete now.

        :raises Malformed: when this is no sitemap or goes on wrongly; what stood before the damage is returned first
        """
        if self._damage is not None:
            raise self._damage
        if not self._began:
            piece = piece.lstrip()
            self._began = bool(piece)
        try:
            self._parser.Parse(piece, is_last)
        except (Malformed, expat.ExpatError, LookupError, ValueError) as error:
            self._damage = error if isinstance(error, Malformed) else Malformed("The sitemap is damaged.")
            if not self._found:
                raise self._damage from error
        found, self._found = self._found, []
        return found

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if self.kind is None:
            if local not in set(Kind):
                raise Malformed("This is no sitemap.")
            self.kind = Kind(local)
        if len(self._open) >= DEEPEST:
            raise Malformed("The sitemap is damaged.")
        self._open.append(local)
        if self._open[1:] == [ENTRIES[self.kind], "loc"]:
            self._text, self._length = [], 0

    def _end(self, _name: str) -> None:
        if self._text is not None and self._length <= LONGEST_LOCATION:
            location = "".join(self._text).strip()
            self._found += [location] if location else []
        self._text = None
        self._open.pop()

    def _say(self, text: str) -> None:
        if self._text is None:
            return
        self._length += len(text)
        if self._length <= LONGEST_LOCATION:
            self._text.append(text)

    def _refuse(self, *_details: object) -> None:
        raise Malformed("This is no sitemap.")


class Unpacker:
    """Unpacks gzip in small pieces, so that no small file becomes a huge one at once; other files pass as they are."""

    def __init__(self) -> None:
        self._head = b""
        self._is_packed: bool | None = None
        self._stream = zlib.decompressobj(wbits=31)

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """This will return the piece unpacked, at most 64 kB at a time.

        :raises Malformed: when what is packed is damaged
        """
        if self._is_packed is None:
            self._head += piece
            if len(self._head) < len(PACKED):
                return
            piece, self._head = self._head, b""
            self._is_packed = piece.startswith(PACKED)
        if not self._is_packed:
            yield piece
            return
        yield from self._unpacked(piece)

    def _unpacked(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            try:
                yield self._stream.decompress(piece, PIECE_BYTES)
            except zlib.error as error:
                raise Malformed("The packed sitemap is damaged.") from error
            piece = self._stream.unconsumed_tail
            if self._stream.eof:
                piece = self._stream.unused_data
                self._stream = zlib.decompressobj(wbits=31)
                if not piece.startswith(PACKED):
                    return


def unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """This will unpack a file that was packed once or, once by the site and once on the way, twice.

    :raises Malformed: when what is packed is damaged
    """
    for _ in range(PACKED_TWICE):
        pieces = _once(pieces)
    return pieces


def sitemaps_in_robots(text: str) -> list[str]:
    """This will return the addresses that robots.txt names as sitemaps, each once, in order."""
    named = (line.partition(":") for line in text.splitlines())
    found = (value.partition(" #")[0].strip() for name, _, value in named if name.strip().lower() == "sitemap")
    return list(dict.fromkeys(address for address in found if address))


def _once(pieces: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = Unpacker()
    for piece in pieces:
        yield from unpacker.feed(piece)
