"""A filing and a re-check as cases of a queue: who waits beside it, and what about it is doubted since it was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.permissions import can
from registry.documents.models import Document
from registry.documents.views import Beside, beside
from registry.filings.models import Filing
from registry.filings.queries import announced, filings, readiness, rechecks
from registry.filings.queries.readiness import Readiness
from registry.filings.rules import chain
from registry.filings.views.filed import papers
from registry.firms.models.firms import Firm
from registry.reference.queries import reference
from registry.site.access import actor
from registry.site.display import day, wan
from registry.site.walks import Walk, rows_of, walk_of

STATEMENT = "M04"
"""The paper that the figure of a filing stands on."""


@dataclass(frozen=True)
class WaitingLine:
    """As components/case_queue.html wants it."""

    id: int
    title: str
    office: str
    days: str
    note: str = ""
    wait: Any = None


# -- a filing ----------------------------------------------------------------------------------------
def waits_for(filing: Filing) -> str:
    """The level whose word comes next, or the confirmation; empty where it is over."""
    if filing.outcome is not None:
        return ""
    level = chain.next_level(filing.results)
    return level.value if level else filings.CONFIRMING


def walk(level: str, current: int | None) -> Walk:
    """Through the filings that wait for the same word."""
    return walk_of(filings.at_level(filings.under_way(actor()), level), Filing.id, current)


def going(filing: Filing) -> dict[str, Any]:
    """The queue beside it, for those who have such a list."""
    level = waits_for(filing)
    if not can(actor(), "filing.list") or not level:
        return {"walk": None, "lines": ()}
    on = walk(level, filing.id)
    places = reference.division_names()
    rows = rows_of(filings.under_way(actor()), Filing.id, on)
    beside_it = [
        WaitingLine(
            row.id, row.firm.name, places.get(row.firm.division or "", "--"),
            _("%(day)s 申报", day=day(row.filed_on)),
        )
        for row in rows
    ]  # fmt: skip
    return {"walk": on, "lines": beside_it, "leads": lambda number: url_for("filings.show", filing_id=number)}


def paper(firm: Firm, year: int, month: int) -> Beside | None:
    """The statement of the period, beside the case; the firm's other papers a press away."""

    def first(held: list[Document]) -> Document | None:
        of_kind = [one for one in held if one.material == STATEMENT]
        return next((one for one in of_kind if (one.year, one.month) == (year, month)), next(iter(of_kind), None))

    return beside(firm, first)


def doubts(filing: Filing) -> tuple[Readiness, list[str]]:
    """How it stands for its window now, and what of that is not as it was when it was filed."""
    ready = readiness.of(filing.firm, announced.value_of(filing.window), on=clock.today())
    told: list[str] = []
    then, now = filing.verdict.get("amount"), ready.verdict["amount"]
    if then != now:
        told.append(
            _("累计营业收入申报时为 %(then)s 万元，现登记为 %(now)s 万元。", then=_amount(then), now=_amount(now))
        )
    if not ready.statement_known:
        told.append(_("%(period)s 累计营业收入现在没有凭证。", period=ready.statement.label))
    if not ready.reaches_line:
        told.append(_("按现登记的数，未达到四上标准。"))
    if not ready.agrees:
        told.append(_("利润表与增值税申报表未能核对，或不一致且无说明。"))
    if ready.lacking:
        told.append(_("材料现在不齐：%(papers)s。", papers=papers(ready.lacking)))
    return ready, told


def _amount(yuan: str | None) -> str:
    return wan(Decimal(yuan)) if yuan else "--"


# -- a re-check --------------------------------------------------------------------------------------
def recheck_walk(year: int, current: int | None) -> Walk:
    """Through the firms of a year that nobody has decided about."""
    return walk_of(rechecks.undecided(actor(), year), Firm.id, current)


def rechecking(firm: Firm, year: int) -> dict[str, Any]:
    on = recheck_walk(year, firm.id)
    places = reference.division_names()
    rows: Sequence[Firm] = rows_of(rechecks.firms_of(actor(), year), Firm.id, on)
    beside_it = [
        WaitingLine(one.firm.id, one.firm.name, places.get(one.firm.division or "", "--"), _suggested(one))
        for one in rechecks.lines(rows, year)
    ]
    leads: Callable[[int], str] = lambda number: url_for("rechecks.record", firm_id=number, year=year)  # noqa: E731
    return {"walk": on, "lines": beside_it, "leads": leads}


def _suggested(one: rechecks.RecheckLine) -> str:
    return str(_(chain.RECHECK_OUTCOME_LABELS[one.suggested]))
