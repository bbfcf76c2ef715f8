"""The words of messages, from their templates."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import TemplateNotFound

from migrator.notifications.rendering import TEMPLATES, NoSubject, _templates, words

BASES = {"base", "message_to_customer", "message_to_staff", "moved_orders"}
KINDS = sorted({path.stem for path in (TEMPLATES / "emails").iterdir()} - BASES)
QUOTE = {"number": "QUO-1", "person": "<b>Inês</b>", "product": "P", "pages": "41,000", "answer_by": "Mon"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_twice_and_names_its_subject_in_a_block(kind: str) -> None:
    for suffix in ("txt", "html"):
        source = (TEMPLATES / "emails" / f"{kind}.{suffix}").read_text(encoding="utf-8")
        assert source.startswith('{% extends "emails/'), "what stands before `extends` would be said twice"
        _templates().get_template(f"emails/{kind}.{suffix}")


def test_the_subject_is_the_first_line_and_not_part_of_the_text() -> None:
    said = words("quote_requested", {"base_url": "http://localhost", **QUOTE})
    assert said.subject == "QUO-1: a price for 41,000 pages, promised by Mon"
    assert "Subject:" not in said.text
    assert "\n\n\n" not in said.text


def test_what_a_customer_typed_is_text_in_text_and_escaped_in_html() -> None:
    said = words("quote_requested", {"base_url": "http://localhost", **QUOTE})
    assert "<b>Inês</b>" in said.text
    assert "&lt;b&gt;Inês&lt;/b&gt;" in said.html


def test_a_kind_without_templates_or_subject_is_a_mistake_that_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TemplateNotFound):
        words("nothing", {})
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "bare.txt").write_text("Dear customer,")
    monkeypatch.setattr("migrator.notifications.rendering.TEMPLATES", tmp_path)
    _templates.cache_clear()
    with pytest.raises(NoSubject):
        words("bare", {})
    _templates.cache_clear()
