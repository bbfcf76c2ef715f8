"""A real PostgreSQL server of the tests' own, started once and ended with them."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, NullPool, create_engine, text

FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# Its statements are planned once for each connection. Rows are few in most tests and then quicker deleted; after many,
# whole tables are quicker emptied.
RESTORE = """
CREATE FUNCTION kept.restore() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$ BEGIN
    IF (SELECT max(pg_relation_size(oid)) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) > 262144 THEN
        TRUNCATE {listed} RESTART IDENTITY CASCADE;
    ELSE
        {deleted};
    END IF;
    {filled};
    {numbered};
END $$"""
SEQUENCES = """
SELECT sequencename, COALESCE(last_value, 1) AS last, last_value IS NOT NULL AS used
FROM pg_sequences WHERE schemaname = 'public'"""


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
        self._keeper: psycopg.Connection[tuple[object, ...]] | None = None

    def url(self, database: str) -> str:
        """This will return the address of a database for SQLAlchemy."""
        return f"postgresql+psycopg://migrator@127.0.0.1:{self.port}/{database}"

    def prepare(self, name: str, fill: Callable[[str], None]) -> None:
        """This will make a database that tests start from; `fill` is given its address."""
        self._run("postgres", f'CREATE DATABASE "{name}"')
        fill(self.url(name))
        with self._connected(name) as connection:
            tables = connection.scalars(text(TABLES)).all()
            filled = [table for table in tables if connection.scalar(text(f'SELECT EXISTS (TABLE "{table}")'))]
            numbers = [tuple(row) for row in connection.execute(text(SEQUENCES))]
        self._run(name, *_keeping(tables, filled, numbers))

    def restore(self, name: str) -> str:
        """This will bring a prepared database back to its beginning, ending whoever is still connected to it.

        Emptying the tables and filling a few again takes a twentieth of the time that a copy of the database takes.
        """
        if self._keeper is None:
            self._keeper = psycopg.connect(self.url(name).replace("+psycopg", ""), autocommit=True)
        self._keeper.execute(END_OTHERS)
        self._keeper.execute("SELECT kept.restore()")
        return self.url(name)

    def stop(self) -> None:
        """This will end the server and remove its folder."""
        if self._keeper is not None:
            self._keeper.close()
        self._call("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, database: str, *statements: str) -> None:
        with self._connected(database) as connection:
            for statement in statements:
                connection.execute(text(statement))

    @contextmanager
    def _connected(self, database: str) -> Iterator[Connection]:
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

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


def _keeping(tables: Sequence[str], filled: Sequence[str], numbers: Sequence[tuple[str, int, bool]]) -> list[str]:
    restore = RESTORE.format(
        listed=", ".join(f'public."{table}"' for table in tables),
        deleted=";\n".join(f'DELETE FROM public."{table}"' for table in tables),
        filled=";\n".join(f'INSERT INTO public."{table}" TABLE kept."{table}"' for table in filled),
        numbered=";\n".join(f"PERFORM setval('public.{name}', {last}, {used})" for name, last, used in numbers),
    )
    return [
        "CREATE SCHEMA kept",
        *(f'CREATE TABLE kept."{table}" AS TABLE public."{table}"' for table in filled),
        restore,
    ]


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        raise PostgresqlMissing("Install a PostgreSQL server first: the tests start one of their own.")
    return Path(elsewhere).parent
