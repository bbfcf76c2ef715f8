"""Static files: addresses that change with the content, long memory for them only, and vendored files untouched."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.web.assets import KEPT_FOR_A_YEAR, UnknownAsset, asset_url, fingerprints, register_assets

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
SPRITE = STATIC / "vendor" / "lucide-1.62.0" / "sprite.svg"
EVERYWHERE = ["base", "forms", "status", "promise", "lists"]
ICON_NAMES = re.compile(r"""icon(?:_name=|\()"([a-z0-9-]+)\"""")


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__, static_folder=str(STATIC))
    register_assets(app)
    return app.test_client()


def current_url(name: str) -> str:
    return asset_url(name, fingerprints(STATIC))


def own_bytes(pattern: str) -> int:
    return sum(path.stat().st_size for path in STATIC.rglob(pattern) if "vendor" not in path.parts)


def test_the_address_changes_when_the_content_does(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text("a")
    before = asset_url("page.css", fingerprints(tmp_path))
    (tmp_path / "page.css").write_text("b")
    assert before != asset_url("page.css", fingerprints(tmp_path))


def test_the_address_of_a_file_in_a_folder_is_escaped() -> None:
    assert asset_url("a b/c.svg", {"a b/c.svg": "12345678"}) == "/static/a%20b/c.svg?v=12345678"


def test_a_file_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownAsset, match=r"nowhere\.css"):
        asset_url("nowhere.css", {})


def test_a_fingerprinted_answer_may_be_kept_for_a_year(client: FlaskClient) -> None:
    answer = client.get(current_url("base.css"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == KEPT_FOR_A_YEAR


@pytest.mark.parametrize("address", ["/static/base.css", "/static/base.css?v=00000000", "/static/gone.css?v=00000000"])
def test_any_other_answer_is_asked_for_again(client: FlaskClient, address: str) -> None:
    assert "immutable" not in client.get(address).headers.get("Cache-Control", "")


@pytest.mark.parametrize("folder", [STATIC / "vendor", ROOT / "tests" / "vendor"])
def test_vendored_files_are_the_ones_that_were_taken_in(folder: Path) -> None:
    lines = (folder / "checksums.sha256").read_text().splitlines()
    written = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in folder.glob("*/*")}
    assert found == written


@pytest.mark.parametrize("folder", [STATIC / "vendor", ROOT / "tests" / "vendor"])
def test_every_vendored_part_carries_its_licence(folder: Path) -> None:
    assert all((part / "LICENSE").is_file() for part in folder.iterdir() if part.is_dir())


def test_our_own_style_and_script_stay_small() -> None:
    on_every_page = own_bytes("tokens.css") + sum(own_bytes(f"{name}.css") for name in EVERYWHERE)
    assert on_every_page <= 25_000
    assert own_bytes("*.css") <= 40_000
    assert own_bytes("*.js") <= 5_000


def test_every_page_loads_the_same_few_style_sheets() -> None:
    loop = re.search(r"for name in \(([^)]+)\)", (TEMPLATES / "base.html").read_text())
    assert loop
    loaded = re.findall(r'"(?:components/)?([a-z]+)"', loop[1])
    assert loaded == ["tokens", *EVERYWHERE]


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
    named = {name for path in TEMPLATES.rglob("*.html") for name in ICON_NAMES.findall(path.read_text())}
    assert named
    assert named <= drawn


def test_no_page_has_script_or_style_of_its_own() -> None:
    pages = [path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts]
    forbidden = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)")
    assert [path.name for path in pages if forbidden.search(path.read_text())] == []
