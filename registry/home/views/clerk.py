"""A county's or zone's desk: what has to be done until the next window closes, firm by firm, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_
from sqlalchemy.orm import selectinload

from registry.base import requirements
from registry.base.extensions import clock, db
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.sentences import FULL_STOP
from registry.base.vocabulary import Role, Stage
from registry.filings.queries import announced, filings, lineup
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.queries.lineup import Candidate
from registry.filings.queries.readiness import Readiness
from registry.filings.rules.intake import Window
from registry.filings.views import filed
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.views import values
from registry.ledger.forms import MOST
from registry.notices.queries import nudged
from registry.notices.rules import Matter
from registry.pathway.rules.deadlines import Wait
from registry.proposals.models import Proposal
from registry.proposals.queries.nominations import returned_cells
from registry.proposals.queries.pending import ready_leads
from registry.proposals.queries.waiting import to_mend
from registry.proposals.views import cases

SHOWN = 8
"""Firms named of each kind; how many there are is said, and where the rest stand."""
_CELLS = 3
_OF_OTHERS = frozenset({"window", "door", "materials"})
"""Guards of a filing that the firm's office can do nothing about; of the papers, what is left to bring is asked for."""
_OF_FIGURES = frozenset({"statement", "statutory_line", "cross_check"})


@dataclass(frozen=True)
class Mending:
    """What mends one thing, and where."""

    label: str
    href: str


@dataclass(frozen=True)
class FirmWork:
    """A firm with what it waits for: `papers` can be brought where it stands, `acts` have pages of their own."""

    firm: Firm
    said: str
    acts: tuple[Mending, ...] = ()
    papers: tuple[ChecklistRow, ...] = ()
    ready: Readiness | None = None
    wait: Wait | None = None
    more: int = 0
    nudged: int = 0


@dataclass(frozen=True)
class Part:
    """Firms of one kind of work; `href`: where all of them stand."""

    name: str
    label: str
    works: tuple[FirmWork, ...]
    count: int
    href: str


def desk(actor: Actor) -> dict[str, Any] | None:
    """Nothing of it for who nominates for no office."""
    if not actor.holds(Role.CLERK):
        return None
    on = clock.today()
    due = list(db.session.scalars(filings.due(actor).where(Firm.office_id == actor.office_id)).unique())
    lined = lineup.of(due, on=on)
    of = {one.firm.id: one for one in lined}
    window = next(iter(announced.coming(on)), None)
    month = _month(window, on)
    mine = [firm for firm in due if _is_short(of[firm.id])]
    complete = [of[firm.id] for firm in due if firm not in mine]
    parts = (_returned(actor), _filing([of[firm.id] for firm in mine]), _figures(actor, month), _leads(actor))
    return {
        "parts": [part for part in parts if part.count],
        "complete": sorted(complete, key=lambda one: one.sent_back is None),  # some are named, these among them
        "unsealed": sum(one.only_seals for one in complete),
        "sent_back": filed.sent_back,
        "month": month,
    }


def _is_short(one: Candidate) -> bool:
    """Whether something is left for the firm's own office; the seals are for others to look at."""
    return bool(one.ready.to_bring) or any(guard.code not in _OF_OTHERS for guard in one.unmet)


def _month(window: Window | None, on: date) -> Period:
    """The month of the next window's statement; while it is not over, nobody has its figures: the last that is."""
    if window is not None and window.statement is not None and window.statement.end < on:
        return window.statement
    return Period.over_before(on)


def _returned(actor: Actor) -> Part:
    rows = list(db.session.scalars(to_mend(actor).options(selectinload(Proposal.returned_cells))).unique())
    asked = nudged.open_counts((Matter.MEND, row.id) for row in rows[:SHOWN])
    works = tuple(_to_mend(row, asked.get((Matter.MEND, row.id), 0)) for row in rows[:SHOWN])
    return Part("mend", _("退回待补正"), works, len(rows), url_for("proposals.listing", state="returned"))


def _to_mend(row: Proposal, nudged_times: int) -> FirmWork:
    """Each cell that came back, with the page that opens at it."""
    cells = returned_cells(row)
    acts = [Mending(str(values.label(cell.field)), cases.edit(row.firm, cell.field)) for cell in cells[:_CELLS]]
    acts.append(Mending(_("查看并重新提交"), url_for("proposals.show", proposal_id=row.id)))
    wait = cases.wait_of(row.waiting_since, Matter.MEND) if row.waiting_since else None
    said = _("退回 %(count)s 处，补正后重新提交", count=len(cells))
    return FirmWork(row.firm, said, tuple(acts), wait=wait, more=max(0, len(cells) - _CELLS), nudged=nudged_times)


def _filing(found: Sequence[Candidate]) -> Part:
    """Firms that reached the line and cannot be filed yet; the fewest things first."""
    short = sorted(found, key=lambda one: (not one.ready.fits, len(one.ready.to_bring), one.firm.id))
    works = tuple(map(_to_file, short[:SHOWN]))
    return Part("papers", _("达标应入，材料未齐"), works, len(short), _all_of([one.firm for one in short]))


def _to_file(one: Candidate) -> FirmWork:
    firm, ready = one.firm, one.ready
    acts, said = [], [filed.sent_back(one)] if one.sent_back else []
    if ready.to_bring:
        said.append(_("缺 %(count)s 份材料", count=len(ready.to_bring)))
    if not ready.statement_known:
        said.append(_("没有 %(period)s 已证的营业收入", period=ready.statement.label))
        acts.append(_figure(firm, ready.statement))
    elif not ready.reaches_line:
        said.append(_("%(period)s 的数未达四上标准", period=ready.statement.label))
    elif not ready.agrees:
        said.append(_("利润表与增值税不一致，需说明"))
        acts.append(Mending(_("按月核对"), url_for("months.listing", firm_id=firm.id)))
    for guard in one.unmet:
        if guard.code not in _OF_OTHERS | _OF_FIGURES:
            said.append(str(_(guard.sentence)).rstrip(FULL_STOP))
            acts += [
                Mending(str(values.label(field)), cases.edit(firm, field))
                for field in requirements.fields_of(guard.code)[:1]
            ]
    if ready.window is not None and not ready.fits:
        said.append(_("不适用当前申报通道"))
    acts.append(Mending(_("材料清单"), url_for("checklists.listing", firm_id=firm.id, month=ready.month.label)))
    return FirmWork(firm, _("；").join(said), tuple(acts), ready.to_bring, ready)


def _figures(actor: Actor, month: Period) -> Part:
    """Firms in the directory without the figure of the month, the nearest to their line first."""
    behind = or_(Firm.standing_year.is_distinct_from(month.year), Firm.to_month.is_(None), Firm.to_month < month.month)
    rows = firms.visible_to(actor).where(Firm.office_id == actor.office_id, Firm.stage == Stage.ADMITTED, behind)
    found = list(db.session.scalars(rows.order_by(Firm.rate.desc().nulls_last(), Firm.id)).unique())
    works = tuple(
        FirmWork(firm, _("%(period)s 的营业收入未登记", period=month.label), (_figure(firm, month),))
        for firm in found[:SHOWN]
    )
    return Part("figure", _("本期数据未登记"), works, len(found), _all_of(found))


def _all_of(found: Sequence[Firm]) -> str:
    """The ledger with exactly these, as many as it takes by number."""
    return url_for("ledger.listing", tick=[firm.id for firm in found[:MOST]])


def _figure(firm: Firm, month: Period) -> Mending:
    href = url_for("figures.new", firm_id=firm.id, year=month.year, month=month.month)
    return Mending(_("登记 %(month)s 月营业收入", month=month.month), href)


def _leads(actor: Actor) -> Part:
    statement = ready_leads(actor)
    found = list(db.session.scalars(statement).unique()) if statement is not None else []
    works = tuple(
        FirmWork(
            firm, _("资料已齐，可以提交"), (Mending(_("核对并提交"), url_for("proposals.check", firm_id=firm.id)),)
        )
        for firm in found[:SHOWN]
    )
    return Part("lead", _("可提交的线索"), works, len(found), url_for("home.waiting", list="lead"))
