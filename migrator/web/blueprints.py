"""The list of page folders."""

from __future__ import annotations

from flask import Blueprint

from migrator.web import (
    access,
    account,
    admin,
    demo,
    desk,
    documents,
    extras,
    finance,
    hosting,
    ideas,
    invoices,
    links,
    news,
    orders,
    payments,
    policies,
    public,
    reports,
    results,
    review,
    scope,
    shop,
    support,
    tickets,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    access.pages,
    account.pages,
    admin.pages,
    demo.pages,
    desk.pages,
    documents.pages,
    extras.pages,
    finance.pages,
    hosting.pages,
    ideas.pages,
    invoices.pages,
    links.pages,
    news.pages,
    orders.pages,
    payments.pages,
    policies.pages,
    public.pages,
    reports.pages,
    results.pages,
    review.pages,
    scope.pages,
    shop.pages,
    support.pages,
    tickets.pages,
)
