"""The countries of ISO 3166 with their usual English names, as the zone database lists them."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def countries() -> dict[str, str]:
    """This will return all countries, the code with its name, in the order of the names."""
    text = (resources.files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return dict(sorted(((code, name) for code, name in pairs), key=lambda pair: pair[1]))


def country_name(code: str) -> str:
    """This will return a country's name; empty for a code that is none."""
    return countries().get(code, "")
