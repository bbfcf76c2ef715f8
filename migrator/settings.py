"""What differs between installations, read once from the environment; a wrong value stops the start."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from migrator.errors import DomainError
from migrator.money import EXPONENTS, Money, parse_money

STRIPE_API_BASE = "https://api.stripe.com"
SALES_EMAIL = "sales@migrator.example"
SALES_PHONE = "+1 (800) 217-8142"
LIVE_KEY_PREFIXES = ("sk_live_", "rk_live_")
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}
CARD_FEES = re.compile(r"[0-9]{1,4}\+[0-9]{1,6}(?:,[0-9]{1,4}\+[0-9]{1,6})*", flags=re.ASCII)


class WrongSetting(DomainError):
    """A setting is missing or cannot be used; the sentence names it and says what it takes."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one installation: they sign sessions, salt passwords and seal access details.

    :param access_keys: Fernet keys, the newest first; the first seals, all of them open (rotation)
    """

    secret_key: str = field(repr=False)
    password_salt: str = field(repr=False)
    access_keys: tuple[str, ...] = field(repr=False)
    webhook_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an operator may set. The README lists each with its meaning.

    :ivar refund_limits: up to which amount one person gives money back; in another currency two always decide
    :ivar uses_sandbox: whether payments go to our own stand-in, because no key of Stripe's was set
    :ivar seller_name: who stands on invoices; with no setting of the seller at all what is known already stays
    :ivar tax_countries: ISO codes of the countries in which we charge tax
    :ivar currencies: in which we sell, the usual one first
    """

    instance: Path
    database_url: str
    base_url: str
    port: int
    keys: Keys
    demo: bool = False
    stripe_api_key: str = field(default="sk_test_sandbox", repr=False)
    stripe_webhook_secret: str = field(default="", repr=False)
    stripe_api_base: str = ""
    uses_sandbox: bool = False
    sandbox_port: int = 0
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_starttls: bool = False
    mail_from: str = "Migrator <support@migrator.example>"
    sales_email: str = SALES_EMAIL
    sales_phone: str = SALES_PHONE
    chat_url: str = ""
    clock_file: Path | None = None
    trusted_proxies: int = 0
    rate_limit: str = "20 per minute"
    sitemap_private: bool = False
    hosting_mail: str = "hosting@migrator.example"
    mail_checker: str = ""
    mail_megabytes: int = 25
    imap_host: str = ""
    imap_port: int = 993
    imap_user: str = ""
    imap_password: str = field(default="", repr=False)
    imap_folder: str = "INBOX"
    seller_name: str = ""
    seller_address: str = ""
    seller_tax_id: str = ""
    tax_countries: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ("USD",)
    decision_limit_minor: int = 50_000
    statement_megabytes: int = 100
    card_fees: str = "290+30"
    dispute_fee_minor: int = 1_500
    attachment_megabytes: int = 10
    attachments: int = 5
    refund_limits: tuple[Money, ...] = (Money(50_000),)

    def refund_limit(self, currency: str) -> Money | None:
        """This will return up to which amount one person gives money back; none where two always decide."""
        return next((limit for limit in self.refund_limits if limit.currency == currency), None)

    @property
    def is_served_securely(self) -> bool:
        """Whether people reach us by HTTPS, so that cookies may be bound to it."""
        return self.base_url.startswith("https://")


def settings_from(environment: Mapping[str, str]) -> Settings:
    """This will read all settings from the environment, making the keys of `instance/` on the first start.

    :raises WrongSetting: for a value that cannot be used, naming the setting
    """
    instance = Path(environment.get("MIGRATOR_INSTANCE", "instance")).resolve()
    keys = _keys(instance, environment)
    port = _number(environment, "MIGRATOR_PORT", 8000)
    sandbox_port = _number(environment, "MIGRATOR_SANDBOX_PORT", port + 1)
    settings = Settings(
        instance=instance,
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{instance / 'migrator.sqlite'}",
        base_url=environment.get("MIGRATOR_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        port=port,
        keys=keys,
        demo=_switch(environment, "MIGRATOR_DEMO", default=False),
        sandbox_port=sandbox_port,
        smtp_host=environment.get("MIGRATOR_SMTP_HOST", "127.0.0.1"),
        smtp_port=_number(environment, "MIGRATOR_SMTP_PORT", port + 2),
        smtp_user=environment.get("MIGRATOR_SMTP_USER", ""),
        smtp_password=environment.get("MIGRATOR_SMTP_PASSWORD", ""),
        smtp_starttls=_switch(environment, "MIGRATOR_SMTP_STARTTLS", default=False),
        mail_from=environment.get("MIGRATOR_MAIL_FROM", "Migrator <support@migrator.example>"),
        sales_email=environment.get("MIGRATOR_SALES_EMAIL", SALES_EMAIL),
        sales_phone=environment.get("MIGRATOR_SALES_PHONE", SALES_PHONE),
        chat_url=_web_address(environment, "MIGRATOR_CHAT_URL"),
        clock_file=Path(environment["MIGRATOR_CLOCK_FILE"]) if environment.get("MIGRATOR_CLOCK_FILE") else None,
        trusted_proxies=_number(environment, "MIGRATOR_TRUSTED_PROXIES", 0),
        rate_limit=environment.get("MIGRATOR_RATE_LIMIT", "20 per minute"),
        sitemap_private=_switch(environment, "MIGRATOR_SITEMAP_PRIVATE", default=False),
        hosting_mail=environment.get("MIGRATOR_HOSTING_MAIL", "hosting@migrator.example"),
        mail_checker=environment.get("MIGRATOR_MAIL_CHECKER", ""),
        mail_megabytes=_number(environment, "MIGRATOR_MAIL_MEGABYTES", 25),
        imap_host=environment.get("MIGRATOR_IMAP_HOST", ""),
        imap_port=_number(environment, "MIGRATOR_IMAP_PORT", 993),
        imap_user=environment.get("MIGRATOR_IMAP_USER", ""),
        imap_password=environment.get("MIGRATOR_IMAP_PASSWORD", ""),
        imap_folder=environment.get("MIGRATOR_IMAP_FOLDER", "INBOX"),
        seller_name=environment.get("MIGRATOR_SELLER_NAME", "").strip(),
        seller_address="\n".join(_listed(environment, "MIGRATOR_SELLER_ADDRESS", ";")),
        seller_tax_id=environment.get("MIGRATOR_SELLER_TAX_ID", "").strip(),
        tax_countries=tuple(code.upper() for code in _listed(environment, "MIGRATOR_TAX_COUNTRIES", ",")),
        currencies=tuple(code.upper() for code in _listed(environment, "MIGRATOR_CURRENCIES", ",")) or ("USD",),
        decision_limit_minor=_amount(environment, "MIGRATOR_DECISION_LIMIT", 50_000),
        statement_megabytes=_number(environment, "MIGRATOR_STATEMENT_MEGABYTES", 100),
        card_fees=_card_fees(environment),
        dispute_fee_minor=_amount(environment, "MIGRATOR_DISPUTE_FEE", 1_500),
        attachment_megabytes=_number(environment, "MIGRATOR_ATTACHMENT_MEGABYTES", 10),
        attachments=_number(environment, "MIGRATOR_ATTACHMENTS", 5),
        refund_limits=_amounts(environment, "MIGRATOR_REFUND_APPROVAL_LIMIT", "500.00 USD"),
        **_stripe(environment, keys, sandbox_port),
    )
    _refuse_contradictions(settings)
    return settings


def _stripe(environment: Mapping[str, str], keys: Keys, sandbox_port: int) -> dict[str, Any]:
    api_key = environment.get("STRIPE_API_KEY", "")
    if not api_key:
        return {
            "stripe_webhook_secret": keys.webhook_secret,
            "stripe_api_base": f"http://127.0.0.1:{sandbox_port}",
            "uses_sandbox": True,
        }
    secret = environment.get("STRIPE_WEBHOOK_SECRET", "")
    if not secret:
        raise WrongSetting("STRIPE_API_KEY is set: set STRIPE_WEBHOOK_SECRET to your endpoint's signing secret too.")
    return {
        "stripe_api_key": api_key,
        "stripe_webhook_secret": secret,
        "stripe_api_base": environment.get("STRIPE_API_BASE", STRIPE_API_BASE).rstrip("/"),
    }


def _refuse_contradictions(settings: Settings) -> None:
    is_live = settings.stripe_api_key.startswith(LIVE_KEY_PREFIXES)
    if is_live and settings.stripe_api_base != STRIPE_API_BASE:
        raise WrongSetting("STRIPE_API_KEY is a live key: it is sent to Stripe alone. Remove STRIPE_API_BASE.")
    if is_live and settings.clock_file is not None:
        raise WrongSetting("STRIPE_API_KEY is a live key: real money needs the real time. Remove MIGRATOR_CLOCK_FILE.")
    if is_live and settings.demo:
        raise WrongSetting("STRIPE_API_KEY is a live key: the demonstration takes no real money. Set MIGRATOR_DEMO=0.")
    if is_live and settings.sitemap_private:
        raise WrongSetting(
            "STRIPE_API_KEY is a live key: pages are counted on public sites alone. Set MIGRATOR_SITEMAP_PRIVATE=0."
        )
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise WrongSetting("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    for key in settings.keys.access_keys:
        _refuse_unusable_key(key)
    if unknown := set(settings.currencies) - set(EXPONENTS):
        raise WrongSetting(f"MIGRATOR_CURRENCIES knows {', '.join(EXPONENTS)}, not {', '.join(sorted(unknown))}.")


def _refuse_unusable_key(key: str) -> None:
    try:
        Fernet(key)
    except ValueError as error:
        raise WrongSetting("MIGRATOR_ACCESS_KEYS takes Fernet keys, the newest first, with commas between.") from error


def _keys(instance: Path, environment: Mapping[str, str]) -> Keys:
    stored = _stored_keys(instance)
    access = environment.get("MIGRATOR_ACCESS_KEYS") or stored["access_keys"]
    return Keys(
        secret_key=environment.get("MIGRATOR_SECRET_KEY") or stored["secret_key"],
        password_salt=environment.get("MIGRATOR_PASSWORD_SALT") or stored["password_salt"],
        access_keys=tuple(part.strip() for part in access.split(",") if part.strip()),
        webhook_secret=stored["webhook_secret"],
    )


def _stored_keys(instance: Path) -> dict[str, str]:
    path = instance / "keys.json"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        _write_keys(path)
    try:
        stored: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WrongSetting(
            f"{path} cannot be read: restore it from your backup; access details need its keys."
        ) from error
    return stored


def _write_keys(path: Path) -> None:
    draft = path.with_name(f"keys.{secrets.token_hex(4)}.draft")
    fresh = {
        "secret_key": secrets.token_urlsafe(48),
        "password_salt": secrets.token_urlsafe(24),
        "access_keys": Fernet.generate_key().decode(),
        "webhook_secret": f"whsec_{secrets.token_hex(24)}",
    }
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(fresh, indent=1), encoding="utf-8")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "") or str(default)
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise WrongSetting(f"{name} takes a whole number from 0 to 65535, not {text!r}.")
    return int(text)


def _listed(environment: Mapping[str, str], name: str, separator: str) -> list[str]:
    return [part.strip() for part in environment.get(name, "").split(separator) if part.strip()]


def _web_address(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(name, "").strip()
    if text and not text.startswith(("https://", "http://")):
        raise WrongSetting(f"{name} takes an address that begins with https://, not {text!r}.")
    return text


def _amount(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "") or str(default)
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise WrongSetting(f"{name} takes a whole number of cents, not {text!r}.")
    return int(text)


def _card_fees(environment: Mapping[str, str]) -> str:
    text = environment.get("MIGRATOR_CARD_FEES", "") or "290+30"
    if not CARD_FEES.fullmatch(text):
        raise WrongSetting("MIGRATOR_CARD_FEES takes basis points and a fixed part in cents, such as 290+30,440+30.")
    return text


def _amounts(environment: Mapping[str, str], name: str, default: str) -> tuple[Money, ...]:
    text = environment.get(name) or default
    try:
        parts = [part.split() for part in text.split(",")]
        return tuple(parse_money(amount, currency) for amount, currency in parts)
    except (ValueError, DomainError) as error:
        raise WrongSetting(f"{name} takes amounts such as 500.00 USD, with commas between, not {text!r}.") from error


def _switch(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = (environment.get(name) or str(default)).strip().lower()
    if text not in TRUE_WORDS | FALSE_WORDS:
        raise WrongSetting(f"{name} takes 1 or 0, not {text!r}.")
    return text in TRUE_WORDS
