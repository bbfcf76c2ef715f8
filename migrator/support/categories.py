"""What a ticket is about, which desk and team take it, and what it must contain (RULES C-004 to C-006, C-028). Pure."""

from __future__ import annotations

from enum import StrEnum


class Desk(StrEnum):
    """The two desks; each answers under a policy of its own (RULES D-1)."""

    MIGRATION = "migration"
    HOSTING = "hosting"


class Team(StrEnum):
    """The three departments that the policy covers (RULES C-004)."""

    SERVICE_MANAGEMENT = "service_management"
    SUPPORT = "support"
    TECHNICAL = "technical"


class Channel(StrEnum):
    """How a ticket reached us (RULES C-002, C-006, M-014)."""

    WEB = "web"
    EMAIL = "email"
    CHAT = "chat"
    CALL = "call"
    PORTAL = "portal"


class Category(StrEnum):
    """What a ticket is about: C-005 and its companions, then what the hosting desk takes (RULES M-022 to M-030)."""

    SERVICE_QUESTION = "service_question"
    INTERRUPTION = "interruption"
    ASSISTED = "assisted"
    REQUEST = "request"
    TROUBLESHOOTING = "troubleshooting"
    BILLING = "billing"
    REFUND = "refund"
    MODIFICATION = "modification"
    RESTART = "restart"
    IDEA = "idea"
    FORUM = "forum"
    SALES = "sales"
    TECHNICAL = "technical"
    PANEL = "panel"
    PERFORMANCE = "performance"
    RESTORE = "restore"


CATEGORY_WORDS = {
    Category.SERVICE_QUESTION: "A question about the service",
    Category.INTERRUPTION: "My migration was interrupted",
    Category.ASSISTED: "My assisted migration",
    Category.REQUEST: "A request",
    Category.TROUBLESHOOTING: "Something does not work",
    Category.BILLING: "Payments and receipts",
    Category.REFUND: "A refund",
    Category.MODIFICATION: "A change after the migration",
    Category.RESTART: "A restart of the migration",
    Category.IDEA: "An idea",
    Category.FORUM: "A question in the forum",
    Category.SALES: "Before I buy",
    Category.TECHNICAL: "A problem with my site or server",
    Category.PANEL: "The panel, its settings or the website",
    Category.PERFORMANCE: "A performance review",
    Category.RESTORE: "Restore a backup",
}
TEAMS = {
    Category.SERVICE_QUESTION: Team.SERVICE_MANAGEMENT,
    Category.INTERRUPTION: Team.TECHNICAL,
    Category.ASSISTED: Team.SUPPORT,
    Category.REQUEST: Team.SUPPORT,
    Category.TROUBLESHOOTING: Team.TECHNICAL,
    Category.BILLING: Team.SERVICE_MANAGEMENT,
    Category.REFUND: Team.SERVICE_MANAGEMENT,
    Category.MODIFICATION: Team.TECHNICAL,
    Category.RESTART: Team.TECHNICAL,
    Category.IDEA: Team.SERVICE_MANAGEMENT,
    Category.FORUM: Team.SUPPORT,
    Category.SALES: Team.SERVICE_MANAGEMENT,
    Category.TECHNICAL: Team.TECHNICAL,
    Category.PANEL: Team.SUPPORT,
    Category.PERFORMANCE: Team.TECHNICAL,
    Category.RESTORE: Team.TECHNICAL,
}
TEAM_WORDS = {
    Team.SERVICE_MANAGEMENT: "Service management",
    Team.SUPPORT: "Support",
    Team.TECHNICAL: "Technical",
}
DESK_WORDS = {Desk.MIGRATION: "Migration desk", Desk.HOSTING: "Hosting desk"}
CHANNEL_WORDS = {
    Channel.WEB: "web form",
    Channel.EMAIL: "e-mail",
    Channel.CHAT: "chat",
    Channel.CALL: "call",
    Channel.PORTAL: "portal",
}
# What a customer chooses from, in the order of the form; forum questions come from elsewhere (RULES C-014).
OFFERED = {
    Desk.MIGRATION: (
        Category.SERVICE_QUESTION,
        Category.INTERRUPTION,
        Category.ASSISTED,
        Category.REQUEST,
        Category.TROUBLESHOOTING,
        Category.MODIFICATION,
        Category.RESTART,
        Category.BILLING,
        Category.REFUND,
        Category.IDEA,
        Category.SALES,
    ),
    Desk.HOSTING: (
        Category.TECHNICAL,
        Category.PANEL,
        Category.PERFORMANCE,
        Category.RESTORE,
        Category.BILLING,
        Category.SALES,
    ),
}
TAKEN = {
    Desk.MIGRATION: frozenset({*OFFERED[Desk.MIGRATION], Category.FORUM}),
    Desk.HOSTING: frozenset(OFFERED[Desk.HOSTING]),
}
# Without an order these make sense all the same (RULES C-028); what is asked before buying has none yet.
WITHOUT_ORDER = frozenset({Category.SERVICE_QUESTION, Category.BILLING, Category.IDEA, Category.FORUM, Category.SALES})
# Looking into these ends with a verdict: is the hosting the cause or not (RULES M-026)?
INVESTIGATED = frozenset({Category.TECHNICAL})


def needs_order(desk: Desk, category: Category, *, has_orders: bool) -> bool:
    """This will tell whether a ticket must name its migration (RULES C-028).

    :param has_orders: whether the customer has any order to name
    """
    return desk is Desk.MIGRATION and has_orders and category not in WITHOUT_ORDER


def needs_verdict(desk: Desk, category: Category) -> bool:
    """This will tell whether a ticket can only be closed with a verdict (RULES M-026)."""
    return desk is Desk.HOSTING and category in INVESTIGATED
