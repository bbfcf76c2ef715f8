"""Every page that the demonstration's people can reach by links opens, also on PostgreSQL."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urldefrag

import pytest
from flask import Flask
from flask.testing import FlaskClient

from migrator.database.session import transaction
from migrator.demo.people import PASSWORD, PEOPLE
from migrator.settings import Settings
from tests.conftest import NOW
from tests.runtime.test_demo import load_at

LINK = re.compile(r'href="(/[^"]*)"')
AS_MANY_OF_ONE_KIND = 3
LEFT_ALONE = ("/static/",)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_every_link_that_somebody_can_follow_leads_to_a_page(app: Flask, settings: Settings) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        load_at(session, NOW, settings.instance)
    wrong = {}
    for person in (None, *PEOPLE):
        visitor = app.test_client()
        if person is not None:
            visitor.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        opened = walk(app, visitor)
        assert len(opened) > 5
        wrong |= {(person and person.email, path): status for path, status in opened.items() if status >= 400}
    assert wrong == {}


def walk(app: Flask, visitor: FlaskClient) -> dict[str, int]:
    """This will follow links from the first page on, a few of each kind of page, and return what each answered."""
    waiting, opened, kinds = deque(["/"]), {}, Counter[str]()
    routes = app.url_map.bind("localhost")
    while waiting:
        path = waiting.popleft()
        if path in opened or path.startswith(LEFT_ALONE) or not routes.test(path.partition("?")[0], "GET"):
            continue
        kind = str(routes.match(path.partition("?")[0], "GET", return_rule=True)[0])
        kinds[kind] += 1
        if kinds[kind] > AS_MANY_OF_ONE_KIND:
            continue
        answer = visitor.get(path, follow_redirects=True)
        opened[path] = answer.status_code
        if "html" in answer.content_type:
            waiting.extend(urldefrag(unescape(link)).url for link in LINK.findall(answer.text))
    return opened
