"""Static files under addresses that change with their content, so that browsers may keep them for a year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, request

KEPT_FOR_A_YEAR = "public, max-age=31536000, immutable"
FINGERPRINT_LENGTH = 8


class UnknownAsset(LookupError):
    """A template names a static file that does not exist; a mistake of ours, found by the first render."""


def fingerprints(folder: Path) -> dict[str, str]:
    """This will return the first eight hex digits of each file's SHA-256, by its path relative to `folder`."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()[:FINGERPRINT_LENGTH]
        for path in files
    }


def asset_url(name: str, known: Mapping[str, str], *, prefix: str = "/static") -> str:
    """This will return the address of a static file with its fingerprint: `/static/base.css?v=1f2e3d4c`.

    :raises UnknownAsset: if `known` has no such file
    """
    if name not in known:
        raise UnknownAsset(f"There is no static file {name}.")
    return f"{prefix}/{quote(name)}?v={known[name]}"


def register_assets(app: Flask) -> None:
    """This will give templates `asset_url(name)` and let answers to fingerprinted addresses be kept.

    Fingerprints are taken once, here; in debug mode nothing is kept, so that an edited file shows at once.
    """
    known = fingerprints(Path(app.static_folder or ""))
    app.jinja_env.globals["asset_url"] = cache(partial(asset_url, known=known, prefix=app.static_url_path or ""))

    @app.after_request
    def keep_fingerprinted(response: Response) -> Response:
        name = (request.view_args or {}).get("filename", "")
        wanted = request.args.get("v")
        if request.endpoint == "static" and wanted and wanted == known.get(name) and not app.debug:
            response.headers["Cache-Control"] = KEPT_FOR_A_YEAR
        return response
