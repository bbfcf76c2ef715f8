"""Money by month as drawings of the server's, each with its table: revenue, premiums, losses, what is deferred."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import render_template, request, url_for

from migrator.database.session import reading
from migrator.finance.desk_days import MONTH_NAMES, desk_day, first_day, month_of
from migrator.finance.months.figures import months_between
from migrator.finance.months.queries import first_month
from migrator.finance.months.series import MonthSeries, currencies_posted, series_of
from migrator.history.actor import Role
from migrator.money import EXPONENTS, Money, rate_text
from migrator.policy.types import Family
from migrator.web.audience import open_to
from migrator.web.finance import pages
from migrator.web.plots import Plot, Series, columns, lines
from migrator.web.request import now

MONTHS_DRAWN = 12
FAMILIES = {Family.SELF_SERVICE: "Self-service", Family.ASSISTED: "Assisted", Family.PACKAGE: "Packages"}
MAJOR_GRAIN = 100


@pages.get("/finance/reports")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def reports() -> str:
    """This will draw the last twelve months in one currency."""
    last = month_of(desk_day(now()))
    with reading() as session:
        months = list(months_between(first_month(session) or last, last))[-MONTHS_DRAWN:]
        posted = currencies_posted(session)
        currency = _chosen(posted)
        plots = _plots(series_of(session, months, currency), months, currency) if posted else ()
    return render_template(
        "finance/reports.html",
        plots=plots,
        currency=currency,
        others=[(code, url_for("finance.reports", currency=code)) for code in posted if code != currency],
    )


def _chosen(posted: Sequence[str]) -> str:
    asked = request.args.get("currency", "")
    usual = "USD" if "USD" in posted else next(iter(posted), "USD")
    return asked if asked in posted else usual


def _plots(found: MonthSeries, months: Sequence[str], currency: str) -> tuple[Plot, ...]:
    labels = [_label(month) for month in months]
    money = _money_text(currency)
    grain = MAJOR_GRAIN if EXPONENTS[currency] else 1
    return (
        columns(
            "revenue",
            "Revenue by family",
            labels=labels,
            series=[Series(words, found.revenue[family]) for family, words in FAMILIES.items()],
            value_text=money,
            grain=grain,
            first_header="Month",
        ),
        columns(
            "premiums",
            "Premiums sold and earned",
            labels=labels,
            series=[Series("Sold", found.sold), Series("Earned", found.earned)],
            value_text=money,
            grain=grain,
            first_header="Month",
        ),
        lines(
            "losses",
            "Loss ratio: restarts used, at the insured price, against premiums earned",
            labels=labels,
            series=[Series("Loss ratio", found.loss_bp)],
            value_text=rate_text,
            grain=100,
            first_header="Month",
        ),
        columns(
            "restarts",
            "Restarts used",
            labels=labels,
            series=[Series("Restarts", found.restarts)],
            first_header="Month",
        ),
        lines(
            "deferred",
            "Premiums paid and not earned, at the end of the month",
            labels=labels,
            series=[Series("Deferred", found.deferred)],
            value_text=money,
            grain=grain,
            first_header="Month",
        ),
    )


def _label(month: str) -> str:
    on = first_day(month)
    return f"{MONTH_NAMES[on.month - 1][:3]} {on.year}"


def _money_text(currency: str) -> Callable[[int], str]:
    def text(minor: int) -> str:
        return str(Money(minor, currency)).removesuffix(".00")

    return text
