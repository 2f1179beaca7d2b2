"""How values look on a page: filters for money, rates, days, contacts and stages, and links that keep the query."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from urllib.parse import quote, urlencode

from babel import Locale
from babel.dates import format_date, get_month_names
from flask import Flask, request
from flask_babel import get_locale
from flask_babel import gettext as _

from registry.base import credit_code
from registry.base.money import in_capitals
from registry.base.vocabulary import NO_DATA, FigureKind, Stage
from registry.people.models import Office
from registry.reference.queries import reference
from registry.site.charts import revenue_chart

YUAN_PER_WAN = Decimal(10_000)
STAGE_TONES = {
    Stage.LEAD: "plain",
    Stage.PROPOSED: "info",
    Stage.UNDER_REVIEW: "warn",
    Stage.RETURNED: "bad",
    Stage.WITHDRAWN: "plain",
    Stage.REJECTED: "bad",
    Stage.ADMITTED: "info",
    Stage.QUALIFIED: "ok",
    Stage.FILED: "ok",
    Stage.IN_CHAIN: "ok",
    Stage.ENROLLED: "ok",
    Stage.REMOVED: "plain",
    Stage.DELISTED: "plain",
    Stage.MERGED: "plain",
}


def install(app: Flask) -> None:
    """Put the filters and globals of this module where templates, and the macros they import, find them."""
    for function in (
        wan, wan_exact, percent, count, day, day_long, moment, month_name, age_days, stage_tone,
        quantity, bare, wan_about, setting, called_then,
        in_capitals,
    ):  # fmt: skip
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.tests["wrongly_checked"] = lambda code: credit_code.check(code).is_wrongly_checked
    app.jinja_env.globals.update(here=here, html_lang=html_lang, revenue_chart=revenue_chart)


def wan(yuan: Decimal | None) -> str:
    """Yuan as 万元 with two decimals and thousands separators; no data is '--'."""
    if yuan is None:
        return NO_DATA
    return f"{(Decimal(yuan) / YUAN_PER_WAN).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def quantity(amount: Decimal | None, kind: str) -> str:
    """A figure with its unit: persons for employees, 万元 for money."""
    if amount is None:
        return NO_DATA
    if kind == FigureKind.EMPLOYEES:
        return str(_("%(count)s 人", count=f"{int(amount):,}"))
    return str(_("%(amount)s 万元", amount=wan(amount)))


def bare(amount: Decimal | None, kind: str) -> str:
    """As `quantity`, for a column whose heading or sentence names the unit."""
    return NO_DATA if amount is None else f"{int(amount):,}" if kind == FigureKind.EMPLOYEES else wan(amount)


def wan_about(yuan: Decimal | None) -> str:
    """Yuan as whole 万元: a forecast is no more exact than that."""
    return NO_DATA if yuan is None else f"{(yuan / YUAN_PER_WAN).quantize(Decimal(1), ROUND_HALF_UP):,}"


def wan_exact(yuan: Decimal | None) -> str:
    """Yuan as 万元 to the fen, with at least two decimals: for a gap that must not read 0.00 while it is open."""
    if yuan is None:
        return NO_DATA
    whole, _, fraction = f"{Decimal(yuan) / YUAN_PER_WAN:,.6f}".partition(".")
    return f"{whole}.{fraction[:2]}{fraction[2:].rstrip('0')}"


def percent(ratio: Decimal | float | None, places: int = 0) -> str:
    """A ratio as per cent, cut and never rounded up: 99.6 % of a line is below it and must not read 100 %."""
    if ratio is None:
        return NO_DATA
    value = (Decimal(str(ratio)) * 100).quantize(Decimal(1).scaleb(-places), ROUND_DOWN)
    return f"{value:,}%"


def setting(value: str, key: str) -> str:
    """A setting as people read it: a share as per cent, to its last digit, so that no change is lost."""
    if not key.startswith("tier.") and not key.endswith((".share", ".tolerance")):
        return value
    return f"{(Decimal(value) * 100).normalize():f}%"


def count(number: int | None) -> str:
    return NO_DATA if number is None else f"{number:,}"


def day(value: date | None) -> str:
    """2021-09-30; of a moment, its day."""
    return NO_DATA if value is None else f"{value:%Y-%m-%d}"


def day_long(value: date | None) -> str:
    """The day as the reader's language writes it in full."""
    return NO_DATA if value is None else format_date(value, "long", locale=_locale())


def moment(value: datetime | None) -> str:
    """2021-09-30 16:20, in the zone the value carries."""
    return NO_DATA if value is None else f"{value:%Y-%m-%d %H:%M}"


def month_name(month: int) -> str:
    """The month 1..12 in the reader's language, short."""
    return str(get_month_names("abbreviated", locale=_locale())[month])


def age_days(since: date, today: date) -> int:
    """Whole days from `since` to `today`; of moments, their days."""
    return (_day_of(today) - _day_of(since)).days


def stage_tone(stage: str) -> str:
    """The tone of a stage's tag (components/tag.html)."""
    return STAGE_TONES.get(Stage(stage), "plain")


def here(**changes: object) -> str:
    """The address of this page with parts of its query changed; None takes a part away.

    The answer starts with the path from the root, and never with two slashes: a browser would read those as a host.
    """
    query = request.args.to_dict(flat=False)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = [str(value)]
    path = "/" + quote(request.path.lstrip("/\\"))
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def html_lang() -> str:
    """The language of the page as HTML names it."""
    locale = _locale()
    return "zh-CN" if locale.language == "zh" else str(locale.language)


def _locale() -> Locale:
    return get_locale() or Locale("zh", "CN")


def _day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def called_then(office: Office | str, at: datetime) -> str:
    """What an office (or the one with this code) was called in short when something was said for it."""
    return reference.office_name(office if isinstance(office, str) else office.code, at.date())
