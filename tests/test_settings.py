"""A wrong setting stops the start with a sentence; the first start makes its keys, once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from migrator.money import Money
from migrator.settings import WrongSetting, settings_from

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def test_the_first_start_makes_keys_that_later_starts_keep(tmp_path: Path) -> None:
    environment = {"MIGRATOR_INSTANCE": str(tmp_path)}
    first = settings_from(environment)
    assert settings_from(environment).keys == first.keys
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_the_keys(tmp_path: Path) -> None:
    environment = {"MIGRATOR_INSTANCE": str(tmp_path)}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: settings_from(environment).keys.secret_key, range(16)))
    assert len(set(found)) == 1


def test_secrets_are_not_shown_when_settings_are(tmp_path: Path) -> None:
    settings = settings_from({"MIGRATOR_INSTANCE": str(tmp_path), "MIGRATOR_SMTP_PASSWORD": "hush hush"})
    for secret in (settings.keys.secret_key, settings.keys.access_keys[0], "hush hush", settings.stripe_webhook_secret):
        assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"MIGRATOR_PORT": "eighty"}, "MIGRATOR_PORT takes a whole number"),
        ({"MIGRATOR_PORT": "-1"}, "MIGRATOR_PORT takes a whole number"),
        ({"MIGRATOR_PORT": "70000"}, "MIGRATOR_PORT takes a whole number"),
        ({"MIGRATOR_DEMO": "perhaps"}, "MIGRATOR_DEMO takes 1 or 0"),
        ({"MIGRATOR_REFUND_APPROVAL_LIMIT": "much"}, "takes amounts such as 500.00 USD"),
        ({"MIGRATOR_REFUND_APPROVAL_LIMIT": "500.001 USD"}, "takes amounts such as 500.00 USD"),
        ({"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL must begin with"),
        ({"MIGRATOR_ACCESS_KEYS": "short"}, "MIGRATOR_ACCESS_KEYS takes Fernet keys"),
        ({"STRIPE_API_KEY": "sk_test_1"}, "set STRIPE_WEBHOOK_SECRET"),
        (
            {"STRIPE_API_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "w", "STRIPE_API_BASE": "http://127.0.0.1:1"},
            "Remove STRIPE_API_BASE",
        ),
        (
            {"STRIPE_API_KEY": "rk_live_1", "STRIPE_WEBHOOK_SECRET": "w", "MIGRATOR_CLOCK_FILE": "clock"},
            "Remove MIGRATOR_CLOCK_FILE",
        ),
        ({"STRIPE_API_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "w", "MIGRATOR_DEMO": "1"}, "Set MIGRATOR_DEMO=0"),
    ],
)
def test_a_wrong_setting_stops_the_start(tmp_path: Path, environment: dict[str, str], words: str) -> None:
    with pytest.raises(WrongSetting, match=words):
        settings_from({"MIGRATOR_INSTANCE": str(tmp_path), **environment})


def test_a_damaged_key_file_is_named_and_not_replaced(tmp_path: Path) -> None:
    damaged = tmp_path / "keys.json"
    damaged.write_text("{", encoding="utf-8")
    with pytest.raises(WrongSetting, match="restore it from your backup"):
        settings_from({"MIGRATOR_INSTANCE": str(tmp_path)})
    assert damaged.read_text(encoding="utf-8") == "{"


def test_with_stripe_s_key_the_product_speaks_to_stripe(tmp_path: Path) -> None:
    environment = {"MIGRATOR_INSTANCE": str(tmp_path), "STRIPE_API_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "w"}
    settings = settings_from(environment)
    assert not settings.uses_sandbox
    assert settings.stripe_webhook_secret == "w"


def test_the_stand_in_starts_only_where_no_key_is_set(tmp_path: Path) -> None:
    ours = {"MIGRATOR_INSTANCE": str(tmp_path)}
    theirs = {"STRIPE_API_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "w", "STRIPE_API_BASE": "http://127.0.0.1:1"}
    assert settings_from(ours).uses_sandbox
    assert not settings_from({**ours, **theirs}).uses_sandbox


def test_several_access_keys_are_read_newest_first(tmp_path: Path) -> None:
    settings = settings_from({"MIGRATOR_INSTANCE": str(tmp_path), "MIGRATOR_ACCESS_KEYS": f"{KEY}, {KEY}"})
    assert settings.keys.access_keys == (KEY, KEY)


def test_above_which_amount_two_people_give_money_back_is_read_by_currency(tmp_path: Path) -> None:
    settings = settings_from({"MIGRATOR_INSTANCE": str(tmp_path)})
    assert (settings.refund_limit("USD"), settings.refund_limit("EUR")) == (Money(50_000), None)
    limits = {"MIGRATOR_REFUND_APPROVAL_LIMIT": "90.50 USD, 75000 JPY"}
    settings = settings_from({"MIGRATOR_INSTANCE": str(tmp_path), **limits})
    assert (settings.refund_limit("USD"), settings.refund_limit("JPY")) == (Money(9_050), Money(75_000, "JPY"))
