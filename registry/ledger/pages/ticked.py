"""What may be done to the firms that are ticked on the wall: each act is looked at before it is done (site/many.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.base.vocabulary import OPEN_STAGES, STAGE_LABELS, Action, Stage
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.ledger import forms
from registry.ledger.queries.ledger import DIRECTORY
from registry.notices.rules import Matter
from registry.notices.services.nudges import refuse_twice
from registry.nudges.services import nudging
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations, waiting
from registry.proposals.services import proposals
from registry.proposals.views import cases
from registry.proposals.views.together import BEFORE
from registry.site.access import actor, requires
from registry.site.locale import sentence
from registry.site.many import Act, Line, Sure, ticked, together

pages = Blueprint("ledger_ticked", __name__)
_SHOWING_ALL = ("", *BEFORE)


def offered(stage: str) -> list[tuple[str, str]]:
    """The acts that make sense in the stage that is shown, for whoever reads: words and address."""
    who, query = actor(), request.query_string.decode("ascii", "replace")
    files = stage in ("", DIRECTORY, Stage.QUALIFIED) and can(who, "window.manage")
    acts = [
        (_("提交提名…"), "ledger_ticked.submit", stage in _SHOWING_ALL and can(who, "firm.create")),
        (_("催办…"), "ledger_ticked.nudge", stage in ("", *OPEN_STAGES) and can(who, "nudge.list")),
        (_("申报纳统…"), "filings.file_ticked", files),
        (_("申报材料包…"), "packets.take_of_firms", stage == Stage.QUALIFIED and can(who, "filing.export")),
    ]
    found = [(words, url_for(endpoint)) for words, endpoint, makes_sense in acts if makes_sense]
    for words, endpoint, permission in (
        (_("导出所选…"), "ledger_ticked.export", "firm.export"),
        (_("打印所选"), "ledger_ticked.printed", "firm.list"),
    ):
        if can(who, permission):
            found.append((words, f"{url_for(endpoint)}?{query}" if query else url_for(endpoint)))
    return found


@pages.post("/firms/ticked/export")
@requires("firm.export")
def export() -> ResponseReturnValue:
    """To the page of an export, of the ticked firms alone."""
    return _of_ticked("ledger.export")


@pages.post("/firms/ticked/print")
@requires("firm.list")
def printed() -> ResponseReturnValue:
    """To the sheet, with the ticked firms alone."""
    return _of_ticked("ledger.printed")


def _of_ticked(endpoint: str) -> ResponseReturnValue:
    kept = {key: values for key, values in request.args.to_dict(flat=False).items() if key not in ("tick", "page")}
    numbers = ticked()[: forms.MOST]
    return redirect(url_for(endpoint, **{**kept, **({"tick": numbers} if numbers else {})}))  # type: ignore[arg-type]


@pages.post("/firms/ticked/submission")
@requires("firm.create")
def submit() -> ResponseReturnValue:
    """提交 for every ticked lead, or returned case, of which nothing is in the way."""
    at, on = clock.now(), clock.today()
    act = Act(
        _to_submit,
        lambda line: proposals.submit(actor(), line.row, at=at, on=on, note=""),
        title=_("批量提交提名"),
        done=_("已提交，由各牵头部门核查"),
    )
    return together(act, form=Sure(), template="ledger/ticked_submit.html", back=url_for("ledger.listing"))


def _to_submit(numbers: list[int]) -> Iterator[Line]:
    for firm in _reached(numbers):
        yield _judged(firm, _why_not_submitted(firm), will=_office_of)


def _why_not_submitted(firm: Firm) -> str:
    if firm.stage not in BEFORE:
        return str(_("阶段为“%(stage)s”，不是待提交的。", stage=_(STAGE_LABELS[Stage(firm.stage)])))
    if not can(actor(), "proposal.submit", firm):
        return str(_("由填报单位提交。"))
    found = cases.obstacles(firm, nominations.open_of(firm), Action.SUBMIT)
    return str(_("；")).join(one.sentence for one in found)


def _office_of(firm: Firm) -> str:
    return str(_("提交给%(office)s核查", office=proposals.reviewing_office(firm).short_name))


@pages.post("/firms/ticked/nudge")
@requires("nudge.list")
def nudge() -> ResponseReturnValue:
    """催办 of every ticked firm's nomination that waits for another office."""
    at, on = clock.now(), clock.today()
    act = Act(
        _to_nudge,
        lambda line: nudging.nudge_case(actor(), line.row, at=at, on=on),
        title=_("批量催办"),
        done=_("已催办"),
    )
    return together(act, form=Sure(), template="ledger/ticked_nudge.html", back=url_for("ledger.listing"))


def _to_nudge(numbers: list[int]) -> Iterator[Line]:
    reached = _reached(numbers)
    rows = nominations.visible_to(actor()).where(
        Proposal.firm_id.in_([firm.id for firm in reached]), Proposal.outcome.is_(None)
    )
    open_of = {proposal.firm_id: proposal for proposal in db.session.scalars(rows).unique()}
    for firm in reached:
        proposal = open_of.get(firm.id)
        matter = waiting.matter_of(proposal) if proposal else None
        why = _why_not_nudged(proposal, matter)
        line = _judged(firm, why, will=lambda _, about=proposal, of=matter: _asked(about, of))  # type: ignore[misc]
        yield replace(line, row=proposal)


def _why_not_nudged(proposal: Proposal | None, matter: Matter | None) -> str:
    if proposal is None or matter is None:
        return str(_("没有等待办理的提名。"))
    if not can(actor(), "proposal.nudge", proposal):
        return str(_("由本单位办理，或不归本单位催办。"))
    try:
        refuse_twice(matter, proposal.id, actor().office_id, clock.today())
    except RegistryError as error:
        return sentence(error)
    return ""


def _asked(proposal: Proposal | None, matter: Matter | None) -> str:
    """Whom the nudge goes to, and how long the case has been there."""
    if proposal is None:
        return ""
    office = proposal.reviewing_office if matter is Matter.REVIEW else proposal.office
    wait = waiting.wait_of(proposal, clock.today())
    name = office.short_name if office else ""
    if wait is None:
        return str(_("催办%(office)s", office=name))
    return str(_("催办%(office)s，已等 %(days)s 个工作日", office=name, days=wait.days))


def _reached(numbers: list[int]) -> list[Firm]:
    rows = firms.visible_to(actor()).where(Firm.id.in_(numbers)).order_by(Firm.id)
    return list(db.session.scalars(rows).unique())


def _judged(firm: Firm, why: str, *, will: Callable[[Firm], str]) -> Line:
    href = url_for("firms.show", firm_id=firm.id)
    return Line(
        firm.id, firm.name, firm, href, firm.credit_code or "", "" if why else will(firm), why, mark=str(firm.version)
    )
