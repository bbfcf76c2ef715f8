"""A real PostgreSQL server of the tests' own, started once and ended with them."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


class PostgresqlMissing(RuntimeError):
    """No PostgreSQL server is installed; Debian's package is called `postgresql`."""


def free_port() -> int:
    """This will return a port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class PostgresqlServer:
    """A cluster in a folder of its own, listening on 127.0.0.1; it refuses root, so root hands it to another."""

    def __init__(self) -> None:
        self.programs = _programs()
        self.folder = Path(tempfile.mkdtemp(prefix="migrator-postgresql-"))
        self.port = free_port()
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)
        self.data = self.folder / "data"
        self._call("initdb", "-D", str(self.data), "-U", "migrator", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} {FAST}"
        log = str(self.folder / "log")
        self._call("pg_ctl", "-D", str(self.data), "-w", "-l", log, "-o", options, "start")
        self._copies = 0

    def url(self, database: str) -> str:
        """This will return the address of a database for SQLAlchemy."""
        return f"postgresql+psycopg://migrator@127.0.0.1:{self.port}/{database}"

    def prepare(self, name: str, fill: Callable[[str], None]) -> None:
        """This will make a database that others are copied from; `fill` is given its address."""
        self._administer(f'CREATE DATABASE "{name}"')
        fill(self.url(name))

    def copy(self, prepared: str) -> str:
        """This will return the address of a fresh copy of a prepared database."""
        self._copies += 1
        name = f"{prepared}_{self._copies}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{prepared}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        """This will remove a copy, ending whoever is still connected to it."""
        self._administer(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def stop(self) -> None:
        """This will end the server and remove its folder."""
        self._call("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _administer(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.programs / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            user=self.user,
            group=pwd.getpwnam(self.user).pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        raise PostgresqlMissing("Install a PostgreSQL server first: the tests start one of their own.")
    return Path(elsewhere).parent
