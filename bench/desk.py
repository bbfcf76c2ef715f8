"""What the desk's list, its search, the workbench and the tracker cost, beside two bare pages.

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
from dataclasses import dataclass
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
WARMING = 40
AGENT = "bench"
YARDSTICKS = {"barest page": "barest", "bare page": "bare"}
PAGES = {
    "barest page": "/",
    "bare page": "/",
    "desk": "/desk",
    "search": "/desk?q=bakery",
    "workbench": "/desk/orders/{number}",
    "tracker": "/orders/{number}",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page costs: pages a second by the clock, and milliseconds of processor time for each."""

    a_second: float
    milliseconds: float


def main(sizes: list[int]) -> None:
    """This will fill both databases at each size, then measure all of them, and print a table for each."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        server = PostgresqlServer()
        try:
            for size in sizes:
                server._run("postgres", f"CREATE DATABASE bench_{size}")
            postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
            databases = (
                ("PostgreSQL", {size: server.url(f"bench_{size}") for size in sizes}, postmaster),
                ("SQLite", {size: f"sqlite:///{folder}/{size}.sqlite" for size in sizes}, None),
            )
            numbers = {url: _filled(folder, url, size) for _, urls, _ in databases for size, url in urls.items()}
            _say("All databases are filled; what follows is to be measured on a quiet machine.")
            for name, urls, database_pid in databases:
                costs = {}
                for size, url in urls.items():
                    _say(f"{name}, {size:,} orders:")
                    costs[size] = costs_of(folder, url, numbers[url], database_pid=database_pid)
                report(name, costs)
        finally:
            server.stop()


def costs_of(folder: Path, url: str, number: str, *, database_pid: int | None) -> dict[str, Cost]:
    """This will serve one database with gunicorn and ask each page for a few seconds with wrk.

    :param database_pid: whose children answer the questions, where that is a server of its own
    """
    cookies = _cookies(folder, url, number)
    costs = {}
    served = [(application, [page]) for page, application in YARDSTICKS.items()]
    for application, pages in (*served, ("real", [page for page in PAGES if page not in YARDSTICKS])):
        with _served(application, folder, url) as (port, server_pid):
            for page in pages:
                who = "customer" if page == "tracker" else "manager"
                address = f"http://127.0.0.1:{port}{PAGES[page].format(number=number)}"
                costs[page] = _wrk(address, cookies[who], working={server_pid, database_pid})
                _say(f"  {page}: {costs[page].a_second:.0f} a second, {costs[page].milliseconds:.2f} ms each")
    return costs


def report(name: str, costs: dict[int, dict[str, Cost]]) -> None:
    """This will print the processor time of each page for each size, its growth, and its ratio to the yardsticks."""
    sizes = " | ".join(f"{size:,}, ms (pages/s)" for size in costs)
    ratios = " | ".join(f"times the {yardstick}" for yardstick in YARDSTICKS)
    print(f"\n| {name} | {sizes} | growth | {ratios} |\n|---|{'---:|' * (len(costs) + 1 + len(YARDSTICKS))}")
    first, last = next(iter(costs.values())), next(reversed(costs.values()))
    for page in PAGES:
        cells = " | ".join(f"{found[page].milliseconds:.2f} ({found[page].a_second:.0f})" for found in costs.values())
        growth = last[page].milliseconds / first[page].milliseconds
        times = " | ".join(f"{last[page].milliseconds / last[name].milliseconds:.1f}" for name in YARDSTICKS)
        print(f"| {page} | {cells} | {growth:.2f} | {times} |")


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def _filled(folder: Path, url: str, size: int) -> str:
    began = time.monotonic()
    number = fill(create_app(settings_of(folder, url), wake=lambda: None), size, datetime.now(UTC))
    _say(f"{size:,} orders filled in {time.monotonic() - began:.0f} s")
    return number


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
def _served(application: str, folder: Path, url: str) -> Iterator[tuple[int, int]]:
    port = free_port()
    environment = {**os.environ, "BENCH_FOLDER": str(folder), "BENCH_DATABASE_URL": url, "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-m", "gunicorn", "-w", str(WORKERS), "-b", f"127.0.0.1:{port}", "--log-level", "error"]
    with Path(os.devnull).open("w") as nowhere:
        server = subprocess.Popen([*command, f"bench.desk_pages:{application}()"], env=environment, stdout=nowhere)
        try:
            _wait(port)
            yield port, server.pid
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


def _wrk(address: str, cookie: str, *, working: set[int | None]) -> Cost:
    headers = ["-H", f"Cookie: session={cookie}", "-H", f"User-Agent: {AGENT}"]
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), *headers]
    _warm(address, cookie)
    before = _worked(working)
    told = subprocess.run([*command, "-d", f"{SECONDS}s", address], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told:
        raise RuntimeError(f"{address} does not answer well:\n{told}")
    worked = _worked(working) - before
    rate, count = re.search(r"Requests/sec:\s+([\d.]+)", told), re.search(r"(\d+) requests in", told)
    assert rate
    assert count
    if count.group(1) == "0":
        raise RuntimeError(f"{address} did not answer within {SECONDS} s: the machine is too busy to measure anything.")
    return Cost(float(rate.group(1)), 1_000 * worked / int(count.group(1)))


def _warm(address: str, cookie: str) -> None:
    # The first pages of each worker compile templates and statements.
    page = urllib.request.Request(address, headers={"Cookie": f"session={cookie}", "User-Agent": AGENT})
    for _ in range(WARMING):
        urllib.request.urlopen(page, timeout=60).close()


def _worked(parents: set[int | None]) -> float:
    """This will return the processor time in seconds that the children of these processes have taken so far."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(facts[1]) in parents:
            ticks += int(facts[11]) + int(facts[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 100_000])
