"""The house keeps its order: who imports whom, what is closed, what is written down."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from migrator import tables
from migrator.database.base import db
from migrator.web.audience import audience_of
from tests.conftest import BACKENDS

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    "pyproject.toml", "migrator", "templates", "static", "tests", "instance", "README.md",
    "Makefile", "constraints.txt", "bench",
}  # fmt: skip
CLOCK_READERS = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
MAY_READ_THE_CLOCK = {"migrator/clock/source.py"}


def source_files() -> list[Path]:
    return sorted(path for path in (ROOT / "migrator").rglob("*.py") if "versions" not in path.parts)


def test_every_room_imports_only_what_lies_below_it() -> None:
    outcome = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_types_are_strict_everywhere() -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_style_is_kept() -> None:
    for command in (["check", "--quiet"], ["format", "--check", "--quiet"]):
        outcome = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "migrator", "tests", "bench"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_only_the_clock_source_reads_the_present_moment() -> None:
    readers = {
        str(path.relative_to(ROOT)) for path in source_files() if CLOCK_READERS.search(path.read_text(encoding="utf-8"))
    }
    assert readers <= MAY_READ_THE_CLOCK


def test_every_package_opens_with_a_sentence_on_what_belongs_in_it() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in source_files()
        if path.name == "__init__.py" and not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_no_file_outgrows_one_head() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in sorted([*(ROOT / "migrator").rglob("*.py"), *(ROOT / "tests").rglob("*.py")])
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_the_owner_s_top_level_names_are_kept() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = {line.split("/")[0] for line in listed.splitlines()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL
    assert {line for line in listed.splitlines() if line.startswith("instance/")} == {"instance/README.md"}


def test_every_page_names_its_audience(app: Flask) -> None:
    unnamed = [rule.endpoint for rule in app.url_map.iter_rules() if audience_of(app, rule.endpoint) is None]
    assert unnamed == []


def test_every_template_compiles(app: Flask) -> None:
    for name in app.jinja_env.list_templates():
        if name.endswith((".html", ".txt")):
            app.jinja_env.get_template(name)


@pytest.mark.parametrize("backend", BACKENDS, indirect=True)
def test_the_newest_revision_equals_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_every_setting_is_in_the_readme() -> None:
    named = set(re.findall(r'"((?:MIGRATOR_|STRIPE_)[A-Z_]+|DATABASE_URL)"', _text("migrator/settings.py")))
    assert named
    readme = _text("README.md")
    assert {name for name in named if f"`{name}`" not in readme} == set()


@pytest.mark.parametrize("folder", ["migrator", "templates"])
def test_no_word_of_staff_tongue_reaches_customers(folder: str) -> None:
    told = re.compile(r">[^<{]*\b(SLA|ETA)\b[^<]*<")
    guilty = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / folder).rglob("*.html"))
        if told.search(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
