"""How products, verdicts and ways onward are called on pages."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.money import Money
from migrator.policy.loading import catalogue
from migrator.policy.scope import Covered, Instead, Profile, ScopeVerdict, profile_of
from migrator.policy.types import Tier

PRODUCTS = {
    Covered.SELF_SERVICE: "Self-service migration",
    Covered.ASSISTED_BASIC: "Assisted Basic",
    Covered.ASSISTED_STANDARD: "Assisted Standard",
    Covered.ASSISTED_PREMIUM: "Assisted Premium",
    Covered.PACKAGE: "A package",
    Covered.HOSTING: "Magento hosting",
}
SHORT = {
    ScopeVerdict.SUPPORTED: ("Yes", "done"),
    ScopeVerdict.NOT_SUPPORTED: ("No", "neutral"),
    ScopeVerdict.CONDITIONAL: ("On one condition", "info"),
    ScopeVerdict.BEST_EFFORT: ("We try", "info"),
    ScopeVerdict.ASK: ("Ask us", "attention"),
}
BANNERS = {
    ScopeVerdict.SUPPORTED: "done",
    ScopeVerdict.NOT_SUPPORTED: "neutral",
    ScopeVerdict.CONDITIONAL: "info",
    ScopeVerdict.BEST_EFFORT: "info",
    ScopeVerdict.ASK: "attention",
}
POLICY_NAMES = {Profile.MIGRATION: "migration desk", Profile.HOSTING: "hosting desk"}


@dataclass(frozen=True, slots=True)
class Onward:
    """What somebody can do instead, and where; without a label there is no page for it."""

    text: str
    label: str = ""
    url: str = ""


ONWARD = {
    Instead.CHANGES: Onward(
        "Ask for it on the page of your order, which shows the hours that are left.", "My orders", "/orders"
    ),
    Instead.DEVELOPER: Onward("Your developer or agency can do this. Send them what we have told you."),
    Instead.DNS_CHECKLIST: Onward(
        "Four steps take you through the switch.", "Checklist for DNS", "/do-you-do-this/by-yourself#dns"
    ),
    Instead.FIND_PRICE: Onward("Four questions lead to product, price and date.", "Find your price", "/start"),
    Instead.FIREWALL_HINT: Onward(
        "Let our addresses through first.", "What to allow in a firewall", "/do-you-do-this/by-yourself#firewall"
    ),
    Instead.FREE_MIGRATION: Onward("Start it from the page of the new instance.", "My hosting", "/hosting"),
    Instead.HELP: Onward("Our help and the pages of your platform’s makers explain it.", "Contact", "/contact"),
    Instead.HOSTING: Onward("We do this for shops that we host.", "Ask about hosting", "/contact"),
    Instead.HOSTING_TICKET: Onward("Write to us from the page of your instance.", "My hosting", "/hosting"),
    Instead.PACKAGE: Onward(
        "A package stays for changes after the migration.", "See the packages", "/start?who=package"
    ),
    Instead.PERFORMANCE_REVIEW: Onward("Ask for a review on the page of your instance.", "My hosting", "/hosting"),
    Instead.REPORT_RESULT: Onward("The page of your order has the review, with its last day.", "My orders", "/orders"),
    Instead.RESTORE: Onward("Ask for it on the page of your instance.", "My hosting", "/hosting"),
    Instead.YOUR_HOST: Onward("Ask the company that hosts your site."),
}


def onward(instead: Instead, product: Covered) -> Onward | None:
    """This will return what to do instead; the price difference of an upgrade is today's (RULES C-038)."""
    if instead is Instead.ASSISTED_STANDARD:
        return Onward(_upgrade_words(product), "See Assisted Standard", "/start?who=assisted")
    return ONWARD.get(instead)


def policy_name(product: Covered) -> str:
    """This will return whose policy answers for a product."""
    return POLICY_NAMES[profile_of(product)]


def _upgrade_words(product: Covered) -> str:
    fees = {entry.tier: entry.fee for entry in catalogue().assisted}
    paid = fees[Tier.BASIC] if product is Covered.ASSISTED_BASIC else 0
    more = Money(fees[Tier.STANDARD] - paid, catalogue().currency)
    return f"Assisted Standard installs the plug-ins that your data needs, for {more} more. An order can be upgraded."
