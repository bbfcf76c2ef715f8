"""Pages that take a file; all others refuse one, and none reads more than it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

from migrator.settings import Settings
from migrator.wiring import wiring

View = TypeVar("View", bound=Callable[..., object])
MEGABYTE = 1_000_000
# What a form has around its file.
FORM_BYTES = 100_000


def takes_a_file(megabytes: Callable[[Settings], int]) -> Callable[[View], View]:
    """This will let a page take a file of so many megabytes, as the settings say."""

    def mark(view: View) -> View:
        view.takes_megabytes = megabytes  # type: ignore[attr-defined]
        return view

    return mark


def register(app: Flask) -> None:
    """This will hold each page to the files that it takes."""
    # Before anything else looks into the request: the form's token stands behind the file.
    app.url_value_preprocessor(_allow_size)
    app.before_request(_take_no_other_files)


def _allow_size(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    megabytes = _megabytes(endpoint)
    if megabytes:
        request.max_content_length = megabytes(wiring().settings) * MEGABYTE + FORM_BYTES


def _take_no_other_files() -> None:
    # No other page asks for a file, and a form would find one where it expects words.
    if _megabytes(request.endpoint) is None and request.mimetype == "multipart/form-data" and request.files:
        abort(400)


def _megabytes(endpoint: str | None) -> Callable[[Settings], int] | None:
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "takes_megabytes", None)
