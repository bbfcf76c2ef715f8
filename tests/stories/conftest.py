"""A real house and a real browser for each story."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import NOW
from tests.stories.house import PASSWORD, House

CHROMIUM = "/usr/bin/chromium"
PATIENCE_MILLISECONDS = 20_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AXE = sorted((Path(__file__).resolve().parents[1] / "vendor").glob("axe-core-*/axe.min.js"))[-1]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        yield chromium
        chromium.close()


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    place = House(tmp_path, database_url)
    place.clock.set(NOW)
    try:
        place.open()
        yield place
    finally:
        place.close()


@pytest.fixture
def window(browser: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """Opens a window of somebody's own: fresh cookies, any size, with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def open_window(**options: object) -> Page:
        context = browser.new_context(base_url=house.url, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


def sign_in_by_hand(page: Page, address: str) -> None:
    """This will type address and password into the sign-in page."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def complaints(page: Page, *, within: str = "html") -> list[str]:
    """This will return what axe finds wrong with the page, or a part of it, by WCAG 2.2 AA, each with its place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "place => axe.run(place, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})",
        within,
    )
    return [
        f"{issue['id']}: {json.dumps([node['target'] for node in issue['nodes']])}" for issue in found["violations"]
    ]
