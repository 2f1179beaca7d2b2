"""Filings: who should file and what is in the way, what is under way, what is over; only statistics moves any of it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select

from registry.base import requirements
from registry.base.errors import Blocked, RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.base.vocabulary import DOOR_LABELS, Action
from registry.filings.forms.filings import Confirm, FilingFilter, MakeFiling, RecordLevel
from registry.filings.models import Filing
from registry.filings.queries import announced, filings, lineup, readiness
from registry.filings.queries.readiness import Readiness
from registry.filings.rules import chain
from registry.filings.rules.intake import Window, fits, open_windows
from registry.filings.services import filing
from registry.filings.views import case, filed
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.pathway.rules.facts import ConditionCode
from registry.pathway.rules.transitions import Guard
from registry.pathway.services import pathway
from registry.pathway.views.explained import rule_name, sentence_of
from registry.reference.queries import reference
from registry.sheets.csv_out import write_table
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.forms.refusable import Refusable
from registry.site.listing import page_of
from registry.site.pagination import ListPages
from registry.site.unverified import note
from registry.site.walks import Walk
from registry.trail.services import trail
from registry.trail.services.trail import Act

pages = Blueprint("filings", __name__)


@dataclass(frozen=True)
class Obstacle:
    """A guard that does not hold, and the page on which it is put right."""

    code: str
    sentence: str
    href: str


@pages.get("/filings")
@requires("filing.list")
def listing() -> ResponseReturnValue:
    view, form, asked = _filter()
    words = {
        "view": view,
        "form": form,
        "asked": any(asked.values()),
        "carried": {"view": view, "q": asked["text"] or None, "county": asked["county"] or None},
        "places": reference.division_names(),
        **_WORDS,
    }
    if view == "due":
        return _due(asked, words)
    level = request.args.get("level", "") if view == "open" else ""
    page = page_of(filings.at_level(_found(view, asked), level), usual=LONG)
    return render_template(
        "filings/list.html",
        page=page,
        level=level if level in filings.LEVELS else "",
        levels_counted=filings.levels_counted(actor()) if view == "open" else {},
        next_level=chain.next_level,
        reasons=reference.return_reasons(),
        **words,
    )


def _due(asked: dict[str, str], words: dict[str, Any]) -> str:
    """Who can file first: all of them are judged, so that none that is ready stands on a later page."""
    candidates = lineup.of(list(db.session.scalars(_found("due", asked)).unique()), on=clock.today())
    counts, state = lineup.counted(candidates), request.args.get("state", "")
    shown = [one for one in candidates if one.state == state] if state in counts else candidates
    return render_template(
        "filings/list.html",
        page=ListPages(shown, usual=LONG),
        state=state if state in counts else "",
        states_counted=counts,
        lineup_labels=lineup.LINEUP_LABELS,
        lineup_tones=lineup.LINEUP_TONES,
        in_the_way=filed.in_the_way,
        sent_back=filed.sent_back,
        **words,
    )


@pages.post("/filings/export")
@requires("filing.export")
def export() -> ResponseReturnValue:
    """Exactly what the filter shows, as CSV; who took it is on the trail."""
    view, _form, asked = _filter()
    found = list(db.session.scalars(_found(view, asked)).unique())
    lines = filed.due(found, _ready(found)) if view == "due" else filed.filed(found)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    headings = [_(heading) for heading in (filed.DUE if view == "due" else filed.FILED)]
    rows, digest = write_table(file, headings, lines)
    facts = {"rows": rows, "filter": {"view": view, **asked}, "sha256": digest}
    trail.record_all(actor(), [Act("export", "filing", subject_label="csv", after=facts)], at=clock.now())
    db.session.commit()
    file.seek(0)
    name = _("纳统申报_%(view)s_%(day)s.csv", view=_(filed.VIEWS[view]), day=clock.today().isoformat())
    return send_file(file, mimetype="text/csv; charset=utf-8", as_attachment=True, download_name=name)


def _filter() -> tuple[str, FilingFilter, dict[str, str]]:
    """Which list, and the filter with what of it could be read."""
    view = request.args.get("view", "due")
    form = FilingFilter(request.args)
    form.validate()
    text = "" if form.q.errors else (form.q.data or "").strip()
    return view if view in filings.VIEWS else "due", form, {"text": text, "county": form.county.data or ""}


def _found(view: str, asked: dict[str, str]) -> Select[Any]:
    select = {"due": filings.due, "open": filings.under_way, "closed": filings.closed}[view]
    return filings.narrowed(select(actor()), **asked)


def _ready(found: list[Firm]) -> dict[int, Readiness]:
    """Each firm beside the next window it may use."""
    return readiness.of_next(found, on=clock.today())


@pages.route("/firms/<int:firm_id>/filing", methods=["GET", "POST"])
@concerns("filing.file")
def new(firm_id: int) -> ResponseReturnValue:
    """Choose an open window; everything in the way is listed, each with where it is mended."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "filing.file")
    offered = open_windows(announced.coming(clock.today()), clock.today())
    form = MakeFiling(
        choices=[("", ""), *((str(one.id), _named(one)) for one in offered)], window=_asked(firm, offered)
    )
    if request.method == "POST" and form.validate():
        try:
            row = filing.file(
                actor(), firm, form.window_id, at=clock.now(), on=clock.today(), note=form.note.data or ""
            )
        except RegistryError as error:
            db.session.rollback()
            _refuse(form, error)
        else:
            filing_id = row.id
            db.session.commit()
            flash(_("已登记申报，等待逐级审核。"), "success")
            return redirect(url_for("filings.show", filing_id=filing_id))
    window = next((one for one in offered if str(one.id) == form.window.data), None)
    ready = readiness.of(firm, window, on=clock.today())
    page = render_template(
        "filings/new.html",
        firm=firm,
        form=form,
        cross=sentence_of(ready.position.condition(ConditionCode.CROSS_CHECK)),
        ready=ready,
        offered=offered,
        obstacles=_obstacles(firm, ready),
        coming=announced.next_for(firm, clock.today()),
        earlier=filings.of_firm(firm),
        **_WORDS,
    )
    return page, 422 if request.method == "POST" else 200


def _asked(firm: Firm, offered: tuple[Window, ...]) -> str:
    """The window named in the address, else the first one the firm may use."""
    asked = request.args.get("window", "")
    usable = (one for one in offered if fits(one, announced.opened(firm), clock.today()))
    return asked or next((str(one.id) for one in usable), "")


def _named(window: Window) -> str:
    statement = window.statement.label if window.statement else ""
    door = _(DOOR_LABELS[window.door])
    name: str = _(
        "%(year)s 年 %(door)s（%(statement)s 报表，%(closes)s 截止）",
        year=window.year, door=door if window.batch in door else f"{door} {window.batch}", statement=statement,
        closes=window.closes_on.isoformat(),
    )  # fmt: skip
    if not window.verified:
        note(_("%(year)s 年申报窗口的起止日期", year=window.year), "windows.listing")
    return name


def _refuse(form: Refusable, error: RegistryError) -> None:
    """Of a blocked filing the page itself lists every guard with its link."""
    if not isinstance(error, Blocked):
        form.refuse(error)


def _obstacles(firm: Firm, ready: Readiness) -> list[Obstacle]:
    guards = pathway.unmet(actor(), firm, Action.FILE, on=clock.today(), grounds=ready.grounds)
    return [Obstacle(guard.code, _(guard.sentence), _mending(firm, ready, guard)) for guard in guards]


def _mending(firm: Firm, ready: Readiness, guard: Guard) -> str:
    if guard.code in ("materials", "cross_check"):
        return url_for("checklists.listing", firm_id=firm.id, month=ready.month.label)
    if guard.code in ("statement", "statutory_line"):
        return url_for("firms.show", firm_id=firm.id, _anchor="figures")
    if guard.code == "window":
        return url_for("windows.listing")
    fields = [field for field in requirements.fields_of(guard.code) if hasattr(firm, field)]
    if fields and can(actor(), "firm.edit", firm):
        return url_for("firms.edit", firm_id=firm.id, _anchor=fields[0])
    return url_for("firms.show", firm_id=firm.id, _anchor="why")


@pages.get("/filings/<int:filing_id>")
@concerns("filing.read")
def show(filing_id: int) -> ResponseReturnValue:
    return _page(_load(filing_id, "filing.read"))


@pages.post("/filings/<int:filing_id>/levels")
@concerns("filing.decide")
def record_level(filing_id: int) -> ResponseReturnValue:
    row, form = _load(filing_id, "filing.decide"), RecordLevel()
    if not form.validate_on_submit():
        return _page(row, level=form), 422
    passed, name, on = form.result.data == "passed", row.firm.name, case.walk(case.waits_for(row), filing_id)
    try:
        filing.record_level(
            actor(), row, form.level.data or "", passed=passed, day=form.day.data or clock.today(), at=clock.now(),
            on=clock.today(), reference_no=form.reference.data or "", reason_code=form.reason_code.data or None,
            note=form.note.data or "",
        )  # fmt: skip
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_load(filing_id, "filing.decide"), level=form), 422
    db.session.commit()
    said = _("已登记通过") if passed else _("已登记退回，企业回到“达标应入”，窗口未截止的可重新申报")
    return _onward(on, filing_id, f"{name}{_('：')}{said}{_('。')}")


@pages.post("/filings/<int:filing_id>/confirmation")
@concerns("filing.decide")
def confirm(filing_id: int) -> ResponseReturnValue:
    row, form = _load(filing_id, "filing.decide"), Confirm(on=clock.today())
    if not form.validate_on_submit():
        return _page(row, confirmation=form), 422
    name, on = row.firm.name, case.walk(case.waits_for(row), filing_id)
    try:
        filing.confirm(
            actor(), row, form.effective, reference_no=form.reference.data or "", at=clock.now(), on=clock.today()
        )
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_load(filing_id, "filing.decide"), confirmation=form), 422
    db.session.commit()
    return _onward(on, filing_id, _("%(name)s：已确认入库（四上）。", name=name))


def _onward(on: Walk, filing_id: int, said: str) -> ResponseReturnValue:
    """To the next that waits for the same word; where none is left, the filing itself."""
    flash(said, "success")
    following = on.onward([number for number in on.numbers if number != filing_id])
    return redirect(url_for("filings.show", filing_id=following or filing_id))


def _load(filing_id: int, permission: str) -> Filing:
    row: Filing = load_or_404(filings.one(actor(), filing_id), permission)
    return row


def _page(row: Filing, *, level: RecordLevel | None = None, confirmation: Confirm | None = None) -> str:
    expected = chain.next_level(row.results) if row.outcome is None else None
    ready, doubts = case.doubts(row) if row.outcome is None else (None, [])
    passing, returning = (RecordLevel(None, level=expected, day=clock.today()) for _each in range(2))
    if level is not None and level.result.data == "returned":
        returning = level
    for item in returning:
        item.id = f"returning-{item.id}"  # both stand on one page
    return render_template(
        "filings/show.html",
        filing=row,
        form=level or confirmation,
        expected=expected,
        level=passing if level is None or level is returning else level,
        returning=returning,
        confirmation=confirmation or Confirm(on=clock.today(), year=clock.today().year),
        reasons=reference.return_reasons(),
        ready=ready,
        doubts=doubts,
        beside_case=case.paper(row.firm, row.year, row.month),
        **case.going(row),
        **_WORDS,
    )


LONG = 100
"""Lines of a page of these lists: what is done to many is done from one page."""
_WORDS: dict[str, Any] = {
    "rule_name": rule_name,
    "level_labels": chain.LEVEL_LABELS,
    "outcome_labels": chain.FILING_OUTCOME_LABELS,
    "paper_labels": chain.PAPER_STATUS_LABELS,
    "requirement_labels": chain.REQUIREMENT_LABELS,
    "levels": tuple(chain.ChainLevel),
}
