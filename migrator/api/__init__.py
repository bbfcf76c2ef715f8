"""The interface for programs: orders and their promises as JSON, with the same derivation as the pages."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """This will give the application its interface for programs."""
