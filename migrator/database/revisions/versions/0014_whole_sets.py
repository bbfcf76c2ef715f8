"""what many rows promise is held by looking at all rows of a statement at once, not at each by itself."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Whose rows a match names, by its columns.
NAMED = {
    "transaction_id": "provider_transactions",
    "payment_id": "payments",
    "refund_id": "refunds",
    "dispute_id": "disputes",
    "payout_id": "provider_payouts",
    "run_id": "reconciliation_runs",
}
NOTHING = "A match names what is not there."


def upgrade() -> None:
    """This will let sets of matches and postings be written fast, with the same promises about each row."""
    if op.get_bind().dialect.name == "sqlite":
        for table in ("matches", "journal_entries", "postings"):
            _write_anew(table)
        _hold_matches_on_sqlite()
    else:
        for column, target in NAMED.items():
            op.drop_constraint(op.f(f"fk_matches_{column}_{target}"), "matches", type_="foreignkey")
        _hold_matches_on_postgresql()
        _hold_months_on_postgresql()


def _write_anew(table: str) -> None:
    # SQLite builds a list of values anew for each row that it checks; alternatives cost a tenth of that.
    connection = op.get_bind()
    kept = "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL AND type {}"
    made = connection.scalar(sa.text(kept.format("= 'table'")), {"table": table})
    others = connection.scalars(sa.text(kept.format("IN ('index', 'trigger')")), {"table": table}).all()
    made = re.sub(r"(\w+) IN \(([^()]*)\)", _alternatives, made)
    for column in NAMED if table == "matches" else ():
        made = re.sub(rf",\s*CONSTRAINT fk_matches_{column}_\w+ FOREIGN KEY\(\w+\) REFERENCES \w+ \(id\)", "", made)
    # What refers to the table by its name is left as it is while the new one takes the place of the old.
    op.execute("PRAGMA legacy_alter_table=ON")
    op.execute(re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_anew", made))
    op.execute(f"INSERT INTO {table}_anew SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_anew RENAME TO {table}")
    op.execute("PRAGMA legacy_alter_table=OFF")
    for statement in others:
        connection.exec_driver_sql(statement)


def _alternatives(found: re.Match[str]) -> str:
    return " OR ".join(f"{found[1]} = {value.strip()}" for value in found[2].split(","))


def _hold_matches_on_sqlite() -> None:
    missing = " OR ".join(
        f"(NEW.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {target} WHERE id = NEW.{column}))"
        for column, target in NAMED.items()
    )
    for deed, name in (("INSERT", "made"), (f"UPDATE OF {', '.join(NAMED)}", "changed")):
        op.execute(
            f"CREATE TRIGGER matches_name_rows_when_{name} BEFORE {deed} ON matches WHEN {missing} "
            f"BEGIN SELECT RAISE(ABORT, '{NOTHING}'); END"
        )
    for table in NAMED.values():
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'What is in {table} is never deleted.'); END"
        )


def _hold_matches_on_postgresql() -> None:
    missing = " OR ".join(
        f"EXISTS (SELECT FROM (SELECT DISTINCT {column} AS id FROM made WHERE {column} IS NOT NULL) AS named "
        f"WHERE NOT EXISTS (SELECT FROM {target} WHERE {target}.id = named.id))"
        for column, target in NAMED.items()
    )
    op.execute(
        "CREATE FUNCTION refuse_match_of_nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {missing} THEN RAISE EXCEPTION '{NOTHING}' USING ERRCODE = 'foreign_key_violation'; END IF; "
        "RETURN NULL; END $$"
    )
    for deed, name in (("INSERT", "made"), ("UPDATE", "changed")):
        op.execute(
            f"CREATE TRIGGER matches_name_rows_when_{name} AFTER {deed} ON matches REFERENCING NEW TABLE AS made "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_match_of_nothing()"
        )
    # Nothing that a match may name ever goes, so no row has to be locked for it.
    op.execute(
        "CREATE FUNCTION refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'What is in % is never deleted.', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in NAMED.values():
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_deletion()"
        )


def _hold_months_on_postgresql() -> None:
    for table in ("journal_entries", "postings"):
        op.execute(f"DROP TRIGGER {table}_open_month ON {table}")
    op.execute("DROP FUNCTION refuse_posting_in_locked_month")
    # Who locks a month waits for those who are writing into it, and they for the lock: `finance.months.operations`.
    op.execute(
        "CREATE FUNCTION refuse_locked_months() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE named text; BEGIN "
        "FOR named IN SELECT DISTINCT to_char(happened_on, 'YYYY-MM') FROM made ORDER BY 1 LOOP "
        "PERFORM pg_advisory_xact_lock_shared(hashtext('accounting_month ' || named)); "
        "IF EXISTS (SELECT FROM accounting_months WHERE month = named AND state = 'locked') THEN "
        "RAISE EXCEPTION 'The month is locked.' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "END LOOP; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER journal_entries_open_month AFTER INSERT ON journal_entries REFERENCING NEW TABLE AS made "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_locked_months()"
    )
    op.execute(
        "CREATE FUNCTION refuse_postings_in_locked_months() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT FROM accounting_months WHERE state = 'locked') AND EXISTS (SELECT FROM made "
        "JOIN journal_entries ON journal_entries.id = made.entry_id "
        "JOIN accounting_months ON month = to_char(happened_on, 'YYYY-MM') AND state = 'locked') THEN "
        "RAISE EXCEPTION 'The month is locked.' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER postings_open_month AFTER INSERT ON postings REFERENCING NEW TABLE AS made "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_postings_in_locked_months()"
    )


def downgrade() -> None:
    raise RuntimeError("What was posted cannot be undone by forgetting it; restore a backup instead.")
