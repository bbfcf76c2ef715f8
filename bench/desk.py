"""Pages a second of the desk's list, its search, the workbench and the tracker, beside a bare page.

python bench/desk.py 1000 100000 1000000
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench.desk_data import fill
from bench.desk_pages import settings_of
from migrator.accounts.models import Person
from migrator.app import create_app
from migrator.database.session import reading
from migrator.orders.queries import order_for_staff
from tests.factories.people import sign_in
from tests.factories.postgresql import PostgresqlServer, free_port

WORKERS = 2
CONNECTIONS = 4
SECONDS = 4
AGENT = "bench"
PAGES = {
    "bare page": "/",
    "desk": "/desk",
    "search": "/desk?q=bakery",
    "workbench": "/desk/orders/{number}",
    "tracker": "/orders/{number}",
}


def main(sizes: list[int]) -> None:
    """This will measure both databases at each size and print a table for each."""
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresqlServer()
        try:
            for size in sizes:
                server._run("postgres", f"CREATE DATABASE bench_{size}")
            measure("PostgreSQL", Path(folder), {size: server.url(f"bench_{size}") for size in sizes})
        finally:
            server.stop()
        measure("SQLite", Path(folder), {size: f"sqlite:///{folder}/{size}.sqlite" for size in sizes})


def measure(name: str, folder: Path, addresses: dict[int, str]) -> None:
    """This will fill the databases, ask every page of each, and print pages a second with their ratios."""
    numbers = {size: _filled(folder, url, size) for size, url in addresses.items()}
    rates = {size: pages_a_second(folder, url, numbers[size]) for size, url in addresses.items()}
    report(name, rates)


def pages_a_second(folder: Path, url: str, number: str) -> dict[str, float]:
    """This will serve one database with gunicorn and ask each page for a few seconds with wrk."""
    cookies = _cookies(folder, url, number)
    rates = {}
    for application, pages in (("bare", ["bare page"]), ("real", [page for page in PAGES if page != "bare page"])):
        with _served(application, folder, url) as port:
            for page in pages:
                who = "customer" if page == "tracker" else "manager"
                address = f"http://127.0.0.1:{port}{PAGES[page].format(number=number)}"
                rates[page] = _wrk(address, cookies[who])
    return rates


def report(name: str, rates: dict[int, dict[str, float]]) -> None:
    """This will print pages a second for each size, the growth of their cost, and the cost beside the bare page."""
    print(f"\n## {name}\n\n| | {' | '.join(f'{size:,}' for size in rates)} | growth | times the bare page |")
    print(f"|---|{'---:|' * (len(rates) + 2)}")
    first, last = next(iter(rates.values())), next(reversed(rates.values()))
    for page in PAGES:
        cells = " | ".join(f"{found[page]:.0f}" for found in rates.values())
        print(f"| {page} | {cells} | {first[page] / last[page]:.2f} | {last['bare page'] / last[page]:.1f} |")


def _filled(folder: Path, url: str, size: int) -> str:
    app = create_app(settings_of(folder, url), wake=lambda: None)
    return fill(app, size, datetime.now(UTC))


def _cookies(folder: Path, url: str, number: str) -> dict[str, str]:
    app = create_app(settings_of(folder, url), wake=lambda: None)
    with app.app_context(), reading() as session:
        order = order_for_staff(session, number)
        people = {"manager": order.account_manager_id, "customer": order.placed_by_id}
        found = {who: session.scalars(select(Person).where(Person.id == key)).one() for who, key in people.items()}
    return {who: _cookie(app, person) for who, person in found.items()}


def _cookie(app: Flask, person: Person) -> str:
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = AGENT
    sign_in(client, person)
    # One page first, so that the cookie holds the token of the forms, as a browser's does.
    client.get("/account")
    cookie = client.get_cookie("session")
    assert cookie
    return cookie.value


@contextmanager
def _served(application: str, folder: Path, url: str) -> Iterator[int]:
    port = free_port()
    environment = {**os.environ, "BENCH_FOLDER": str(folder), "BENCH_DATABASE_URL": url, "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-m", "gunicorn", "-w", str(WORKERS), "-b", f"127.0.0.1:{port}", "--log-level", "error"]
    with Path(os.devnull).open("w") as nowhere:
        server = subprocess.Popen([*command, f"bench.desk_pages:{application}()"], env=environment, stdout=nowhere)
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()
            server.wait()


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("The server did not start.")


def _wrk(address: str, cookie: str) -> float:
    headers = ["-H", f"Cookie: session={cookie}", "-H", f"User-Agent: {AGENT}"]
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), *headers]
    subprocess.run([*command, "-d", "1s", address], check=True, stdout=subprocess.DEVNULL)
    told = subprocess.run([*command, "-d", f"{SECONDS}s", address], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told:
        raise RuntimeError(f"{address} does not answer well:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert rate
    return float(rate.group(1))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 100_000])
