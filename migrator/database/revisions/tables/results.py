"""What is bought later, and what follows from a preview."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, DOCUMENT, MOMENT, add_partial_index, one_of, refers


def add_results() -> None:
    """This will add supplements, timers, runs, changes, windows and hours."""
    op.create_table(
        "supplements",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("kind", one_of("kind", "upgrade", "overage", "hours", "change", "insurance"), nullable=False),
        sa.Column("state", one_of("state", "offered", "paid", "declined", "withdrawn", "expired"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("lines", DOCUMENT, nullable=False),
        sa.Column("details", DOCUMENT, nullable=False),
        sa.Column("offered_by_id", BIG, nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("accepted_by_id", BIG, nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'offered') = (ended_at IS NULL)", name=op.f("ck_supplements_ended_has_its_time")),
        sa.CheckConstraint("state <> 'paid' OR accepted_at IS NOT NULL", name=op.f("ck_supplements_paid_was_accepted")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_supplements_amount_positive")),
        refers("supplements", "accepted_by_id", "people"),
        refers("supplements", "offered_by_id", "people"),
        refers("supplements", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplements")),
    )
    add_partial_index("ix_supplements_expiry", "supplements", ["expires_at", "id"], where="state = 'offered'")
    op.create_index("ix_supplements_order_id", "supplements", ["order_id", "id"])
    add_partial_index(
        "uq_supplements_open",
        "supplements",
        ["order_id", "kind"],
        where="state = 'offered' AND kind <> 'change'",
        unique=True,
    )
    op.create_table(
        "timers",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        refers("timers", "order_id", "orders"),
        refers("timers", "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_timers")),
    )
    op.create_index(op.f("ix_timers_order_id"), "timers", ["order_id"])
    op.create_table(
        "moves",
        sa.Column("recount_id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("order_version", sa.Integer(), nullable=False),
        sa.Column("check_by_at", MOMENT, nullable=True),
        sa.Column("agree_by_at", MOMENT, nullable=True),
        sa.Column("old_due_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("promise_at", MOMENT, nullable=True),
        sa.Column("old_insurance_ends_at", MOMENT, nullable=True),
        sa.Column("insurance_ends_at", MOMENT, nullable=True),
        sa.Column("moved_business_days", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("facts", DOCUMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        refers("moves", "order_id", "orders"),
        refers("moves", "recount_id", "recounts"),
        sa.PrimaryKeyConstraint("recount_id", "order_id", name=op.f("pk_moves")),
    )
    op.create_index("ix_moves_order_id", "moves", ["order_id"])
    add_partial_index("ix_moves_untold", "moves", ["recount_id", "order_id"], where="told_at IS NULL")
    op.create_table(
        "preview_counts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("preview_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("skipped = 0 OR reason <> ''", name=op.f("ck_preview_counts_skipped_has_its_reason")),
        sa.CheckConstraint("expected = moved + skipped", name=op.f("ck_preview_counts_everything_is_accounted_for")),
        sa.CheckConstraint(
            "expected >= 0 AND moved >= 0 AND skipped >= 0", name=op.f("ck_preview_counts_counts_not_negative")
        ),
        refers("preview_counts", "preview_id", "previews"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview_counts")),
        sa.UniqueConstraint("preview_id", "position", name=op.f("uq_preview_counts_preview_id_position")),
    )
    op.create_table(
        "preview_pairs",
        sa.Column("id", BIG, nullable=False),
        sa.Column("preview_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("old_address", sa.String(length=500), nullable=False),
        sa.Column("new_address", sa.String(length=500), nullable=False),
        sa.Column("verdict", one_of("verdict", "unseen", "right", "wrong"), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("judged_by_id", BIG, nullable=True),
        sa.Column("judged_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(verdict = 'unseen') = (judged_at IS NULL)", name=op.f("ck_preview_pairs_judged_has_its_time")
        ),
        sa.CheckConstraint("verdict <> 'wrong' OR remark <> ''", name=op.f("ck_preview_pairs_wrong_says_what")),
        refers("preview_pairs", "judged_by_id", "people"),
        refers("preview_pairs", "preview_id", "previews"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview_pairs")),
        sa.UniqueConstraint("preview_id", "position", name=op.f("uq_preview_pairs_preview_id_position")),
    )
    op.create_table(
        "runs",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("preview_id", BIG, nullable=False),
        sa.Column("kind", one_of("kind", "full", "restart"), nullable=False),
        sa.Column("state", one_of("state", "requested", "running", "done", "failed", "withdrawn"), nullable=False),
        sa.Column("requested_by_id", BIG, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("backup_on", sa.Date(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("is_our_fault", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'failed') = (failure <> '')", name=op.f("ck_runs_a_failure_has_its_words")),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name=op.f("ck_runs_finished_has_its_time")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'withdrawn') OR started_at IS NOT NULL", name=op.f("ck_runs_started_has_its_time")
        ),
        sa.CheckConstraint("finished_at IS NULL OR finished_at >= started_at", name=op.f("ck_runs_not_reversed")),
        refers("runs", "order_id", "orders"),
        refers("runs", "preview_id", "previews"),
        refers("runs", "requested_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_order_id", "runs", ["order_id", "id"])
    add_partial_index("uq_runs_active", "runs", ["order_id"], where="state IN ('requested', 'running')", unique=True)
    add_partial_index("uq_runs_full", "runs", ["order_id"], where="kind = 'full' AND state <> 'failed'", unique=True)
    op.create_table(
        "change_requests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("kind", one_of("kind", "preview_problem", "problem", "change"), nullable=False),
        sa.Column(
            "state", one_of("state", "raised", "quoted", "in_work", "done", "declined", "withdrawn"), nullable=False
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("pair_id", BIG, nullable=True),
        sa.Column("is_included", sa.Boolean(), nullable=False),
        sa.Column("supplement_id", BIG, nullable=True),
        sa.Column("raised_by_id", BIG, nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('done', 'declined', 'withdrawn')) = (ended_at IS NOT NULL)",
            name=op.f("ck_change_requests_ended_in_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('done', 'declined') OR answer <> ''", name=op.f("ck_change_requests_an_end_has_its_words")
        ),
        refers("change_requests", "order_id", "orders"),
        refers("change_requests", "pair_id", "preview_pairs"),
        refers("change_requests", "raised_by_id", "people"),
        refers("change_requests", "supplement_id", "supplements"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_requests")),
        sa.UniqueConstraint("supplement_id", name=op.f("uq_change_requests_supplement_id")),
    )
    add_partial_index(
        "ix_change_requests_open", "change_requests", ["order_id"], where="state IN ('raised', 'quoted', 'in_work')"
    )
    op.create_index("ix_change_requests_order_id", "change_requests", ["order_id", "id"])
    op.create_table(
        "windows",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("kind", one_of("kind", "review", "changes", "insurance", "access"), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("extended_to_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column(
            "outcome",
            one_of(
                "outcome",
                "accepted",
                "accepted_by_silence",
                "problem_reported",
                "begun_anew",
                "lapsed",
                "used_up",
                "destroyed",
            ),
            nullable=True,
        ),
        sa.Column("next_notice_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_windows_closed_has_its_outcome")),
        sa.CheckConstraint("ends_at > opened_at", name=op.f("ck_windows_not_reversed")),
        refers("windows", "order_id", "orders"),
        refers("windows", "run_id", "runs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_windows")),
    )
    add_partial_index("ix_windows_ends", "windows", ["ends_at", "id"], where="closed_at IS NULL")
    add_partial_index("ix_windows_notices", "windows", ["next_notice_at", "id"], where="next_notice_at IS NOT NULL")
    op.create_index("ix_windows_order_id", "windows", ["order_id", "id"])
    add_partial_index("uq_windows_open", "windows", ["order_id", "kind"], where="closed_at IS NULL", unique=True)
    op.create_table(
        "time_entries",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("change_request_id", BIG, nullable=True),
        sa.Column("kind", one_of("kind", "support", "customisation", "change", "rework"), nullable=False),
        sa.Column("state", one_of("state", "draft", "posted"), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("posted_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'posted') = (posted_at IS NOT NULL)", name=op.f("ck_time_entries_posted_has_its_time")
        ),
        sa.CheckConstraint("minutes > 0 AND minutes % 6 = 0", name=op.f("ck_time_entries_tenths_of_an_hour")),
        refers("time_entries", "change_request_id", "change_requests"),
        refers("time_entries", "order_id", "orders"),
        refers("time_entries", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_entries")),
    )
    op.create_index(op.f("ix_time_entries_change_request_id"), "time_entries", ["change_request_id"])
    op.create_index("ix_time_entries_order_id", "time_entries", ["order_id", "id"])
