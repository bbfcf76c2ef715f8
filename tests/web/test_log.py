"""The log says which page was asked for, and nothing of what people typed."""

from __future__ import annotations

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from migrator.web.audience import open_to


def test_a_request_is_one_line_with_the_id_that_its_answer_carries(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get("/sign-in?next=/orders/MIG-2222-2", headers={"User-Agent": "secret agent"})
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "event=request" in line]
    assert f"request_id={answer.headers['X-Request-ID']}" in line
    assert "page=security.login" in line
    assert "status=200" in line
    assert "MIG-2222-2" not in line
    assert "secret agent" not in line


def test_a_failure_is_told_with_its_number_and_logged_with_its_way(
    app: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @open_to()
    def breaks() -> str:
        typed = request.args["typed"]
        raise RuntimeError(f"{len(typed)} characters")

    monkeypatch.setitem(app.view_functions, "public.contact", breaks)
    app.testing = False
    answer = app.test_client().get("/contact?typed=swordfish")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    logged = capsys.readouterr().out
    assert "RuntimeError: 9 characters" in logged
    assert "swordfish" not in logged
