"""One machine whose files are put back to where they were, so that the same work is killed again and again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from flask import Flask

from migrator.database.base import db
from tests.factories.mortal import dies

# When which task ran is no part of what it did, and each letter has an id that is made up.
TABLES = """
SELECT tables.name, group_concat('"' || columns.name || '"') FROM sqlite_master AS tables
JOIN pragma_table_info(tables.name) AS columns ON columns.name <> 'message_id'
WHERE tables.type = 'table' AND tables.name <> 'task_states' GROUP BY tables.name ORDER BY tables.name
"""
DIFFERENT = """SELECT EXISTS (SELECT {1} FROM main."{0}" EXCEPT SELECT {1} FROM undisturbed."{0}")
    OR EXISTS (SELECT {1} FROM undisturbed."{0}" EXCEPT SELECT {1} FROM main."{0}")"""
MORE_STEPS_THAN_ANY = 200


class Machine:
    """An installation on SQLite."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.database = folder / "migrator.sqlite"
        self.before, self.undisturbed = folder / "before.sqlite", folder / "undisturbed.sqlite"

    def killed_everywhere(self, door: Callable[[], object], *, writes: bool = True) -> int:
        """This will kill some work at each of its steps, begin it again, and count the steps.

        After each of them the database has to hold row for row what it holds after the work was never disturbed.

        :param writes: whether each statement that changes something is a step, beside commits and calls
        """
        self._copy_to(self.before)
        door()
        self._copy_to(self.undisturbed)
        for step in count(1):
            self._go_back()
            alive = not dies(self.app, door, at_step=step, writes=writes)
            if not alive:
                door()
            different = self._different()
            assert different == [], f"killed at step {step}: {different}"
            if alive:
                return step - 1
            assert step < MORE_STEPS_THAN_ANY
        raise AssertionError

    def _copy_to(self, path: Path) -> None:
        self._let_go()
        shutil.copyfile(self.database, path)

    def _go_back(self) -> None:
        self._let_go()
        for beside in ("-wal", "-shm"):
            self.database.with_name(self.database.name + beside).unlink(missing_ok=True)
        shutil.copyfile(self.before, self.database)

    def _different(self) -> list[str]:
        with closing(sqlite3.connect(self.database)) as connection:
            connection.execute("ATTACH ? AS undisturbed", (str(self.undisturbed),))
            tables = connection.execute(TABLES).fetchall()
            return [table[0] for table in tables if connection.execute(DIFFERENT.format(*table)).fetchone()[0]]

    def _let_go(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
