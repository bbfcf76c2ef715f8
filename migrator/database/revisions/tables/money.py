"""What is sold, paid, asked for, told and kept secret."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrator.database.revisions.columns import BIG, DOCUMENT, MOMENT, add_partial_index, one_of, refers


def add_money() -> None:
    """This will add lines, payments, quotes, letters, notes, pauses and secrets."""
    op.create_table(
        "order_lines",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("kind", one_of("kind", "migration", "assisted_fee", "option", "insurance"), nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("base_minor", sa.BigInteger(), nullable=True),
        sa.Column("rate_bp", sa.Integer(), nullable=True),
        sa.Column("plan", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'insurance') = (base_minor IS NOT NULL AND rate_bp IS NOT NULL AND plan IS NOT NULL)",
            name=op.f("ck_order_lines_insurance_keeps_its_calculation"),
        ),
        sa.CheckConstraint(
            "kind <> 'insurance' OR amount_minor = (base_minor * rate_bp + 5000) / 10000",
            name=op.f("ck_order_lines_premium_half_up"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_order_lines_amount_not_negative")),
        refers("order_lines", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
    )
    op.create_index("ix_order_lines_order_id", "order_lines", ["order_id", "id"])
    op.create_table(
        "order_placements",
        sa.Column("id", BIG, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        refers("order_placements", "order_id", "orders"),
        refers("order_placements", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_placements")),
        sa.UniqueConstraint("token", "person_id", name=op.f("uq_order_placements_token_person_id")),
    )
    op.create_table(
        "owed_messages",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("cause", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("text_body", sa.Text(), nullable=False),
        sa.Column("html_body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state", one_of("state", "owed", "sending", "sent", "given_up"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_owed_messages_sent_has_its_time")),
        refers("owed_messages", "order_id", "orders"),
        refers("owed_messages", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_owed_messages_message_id")),
    )
    add_partial_index(
        "ix_owed_messages_due", "owed_messages", ["next_try_at", "id"], where="state IN ('owed', 'sending')"
    )
    add_partial_index("ix_owed_messages_given_up", "owed_messages", ["id"], where="state = 'given_up'")
    op.create_index(op.f("ix_owed_messages_order_id"), "owed_messages", ["order_id"])
    op.create_index(op.f("ix_owed_messages_person_id"), "owed_messages", ["person_id"])
    add_partial_index("ix_owed_messages_sent", "owed_messages", ["id"], where="state = 'sent'")
    op.create_index("uq_owed_messages_once", "owed_messages", ["kind", "cause", "address"], unique=True)
    op.create_table(
        "payment_attempts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("state", one_of("state", "prepared", "open", "paid", "expired", "failed"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("parameters", DOCUMENT, nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("session_id", sa.String(length=120), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state = 'prepared' OR state = 'failed' OR session_id IS NOT NULL",
            name=op.f("ck_payment_attempts_known_once_opened"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_attempts_amount_positive")),
        refers("payment_attempts", "order_id", "orders"),
        refers("payment_attempts", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempts")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_attempts_idempotency_key")),
        sa.UniqueConstraint("session_id", name=op.f("uq_payment_attempts_session_id")),
    )
    op.create_index("ix_payment_attempts_order_id", "payment_attempts", ["order_id", "id"])
    add_partial_index(
        "ix_payment_attempts_sweep", "payment_attempts", ["expires_at"], where="state IN ('prepared', 'open')"
    )
    add_partial_index(
        "uq_payment_attempts_open", "payment_attempts", ["order_id"], where="state IN ('prepared', 'open')", unique=True
    )
    op.create_table(
        "quotes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("requested_by_id", BIG, nullable=False),
        sa.Column("answered_by_id", BIG, nullable=True),
        sa.Column("state", one_of("state", "requested", "offered", "accepted", "declined", "expired"), nullable=False),
        sa.Column("selection", DOCUMENT, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("answer_by_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("page_ceiling", sa.Integer(), nullable=True),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("offer_words", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'accepted') = (order_id IS NOT NULL)", name=op.f("ck_quotes_accepted_has_its_order")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'declined') OR (price_minor IS NOT NULL AND page_ceiling IS NOT NULL "
            "AND agreed_at IS NOT NULL AND expires_at IS NOT NULL)",
            name=op.f("ck_quotes_an_offer_is_whole"),
        ),
        sa.CheckConstraint("price_minor IS NULL OR price_minor > 0", name=op.f("ck_quotes_price_positive")),
        refers("quotes", "answered_by_id", "people"),
        refers("quotes", "order_id", "orders"),
        refers("quotes", "organisation_id", "organisations"),
        refers("quotes", "requested_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("number", name=op.f("uq_quotes_number")),
        sa.UniqueConstraint("order_id", name=op.f("uq_quotes_order_id")),
        sa.UniqueConstraint("token", name=op.f("uq_quotes_token")),
    )
    add_partial_index("ix_quotes_open", "quotes", ["answer_by_at", "id"], where="state = 'requested'")
    op.create_index("ix_quotes_organisation_id_id", "quotes", ["organisation_id", "id"])
    op.create_table(
        "staff_notes",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        refers("staff_notes", "author_id", "people"),
        refers("staff_notes", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notes")),
    )
    op.create_index("ix_staff_notes_order_id_id", "staff_notes", ["order_id", "id"])
    op.create_table(
        "pauses",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("reason", one_of("reason", "access_wrong", "information_missing"), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_pauses_not_reversed")),
        refers("pauses", "item_id", "access_items"),
        refers("pauses", "message_id", "customer_messages"),
        refers("pauses", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
    )
    op.create_index("ix_pauses_order_id", "pauses", ["order_id", "started_at"])
    add_partial_index("uq_pauses_open", "pauses", ["item_id"], where="ended_at IS NULL", unique=True)
    op.create_table(
        "payments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("payment_intent_id", sa.String(length=120), nullable=False),
        sa.Column("charge_id", sa.String(length=120), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "disposition",
            one_of("disposition", "applied", "paid_late", "paid_twice", "paid_after_cancel", "amount_mismatch"),
            nullable=False,
        ),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payments_amount_positive")),
        refers("payments", "attempt_id", "payment_attempts"),
        refers("payments", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_payments_attempt_id")),
        sa.UniqueConstraint("payment_intent_id", name=op.f("uq_payments_payment_intent_id")),
    )
    op.create_index(op.f("ix_payments_order_id"), "payments", ["order_id"])
    op.create_table(
        "secrets",
        sa.Column("id", BIG, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("saved_by_id", BIG, nullable=False),
        sa.Column("destroyed_at", MOMENT, nullable=True),
        sa.Column("destroyed_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(sealed IS NULL) = (destroyed_at IS NOT NULL)", name=op.f("ck_secrets_destroyed_means_gone")
        ),
        refers("secrets", "item_id", "access_items"),
        refers("secrets", "saved_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secrets")),
    )
    op.create_index(op.f("ix_secrets_item_id"), "secrets", ["item_id"])
    add_partial_index("uq_secrets_standing", "secrets", ["item_id", "field"], where="destroyed_at IS NULL", unique=True)
    op.create_table(
        "payment_exceptions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("payment_id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column(
            "code",
            one_of("code", "applied", "paid_late", "paid_twice", "paid_after_cancel", "amount_mismatch"),
            nullable=False,
        ),
        sa.Column("proposed_refund_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        refers("payment_exceptions", "order_id", "orders"),
        refers("payment_exceptions", "payment_id", "payments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_exceptions")),
    )
    add_partial_index("ix_payment_exceptions_open", "payment_exceptions", ["id"], where="resolved_at IS NULL")
    op.create_index(op.f("ix_payment_exceptions_order_id"), "payment_exceptions", ["order_id"])
    op.create_index("uq_payment_exceptions_payment", "payment_exceptions", ["payment_id", "code"], unique=True)
    op.create_table(
        "reveals",
        sa.Column("id", BIG, nullable=False),
        sa.Column("secret_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revealed_at", MOMENT, nullable=False),
        sa.Column("hidden_at", MOMENT, nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_reveals_a_look_has_its_reason")),
        refers("reveals", "person_id", "people"),
        refers("reveals", "secret_id", "secrets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveals")),
    )
    op.create_index(op.f("ix_reveals_secret_id"), "reveals", ["secret_id"])
