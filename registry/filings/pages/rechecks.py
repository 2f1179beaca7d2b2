"""The yearly re-check of enrolled firms: the list of a year, the word on one of them, and delisting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.base.vocabulary import Action, Stage
from registry.entries.services import entries
from registry.filings.forms.filings import FilingFilter, RecheckTogether, RecordRecheck
from registry.filings.queries import rechecks
from registry.filings.queries.rechecks import RecheckLine
from registry.filings.rules import chain
from registry.filings.rules.chain import RECHECK_OUTCOME_LABELS, RecheckOutcome
from registry.filings.services import rechecking
from registry.filings.views import case
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.pathway.forms import Leave
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.display import wan
from registry.site.listing import page_of
from registry.site.many import Act, Line, together
from registry.site.walks import Walk

pages = Blueprint("rechecks", __name__)


@pages.get("/rechecks")
@requires("recheck.list")
def listing() -> ResponseReturnValue:
    year, form = _year(), FilingFilter(request.args)
    form.validate()
    text = "" if form.q.errors else (form.q.data or "").strip()
    page = page_of(rechecks.firms_of(actor(), year, text=text), usual=100)
    return render_template(
        "filings/rechecks/list.html",
        year=year,
        years=rechecks.years(actor(), clock.today()),
        form=form,
        page=page,
        lines=rechecks.lines(page.items, year),
        leave_by=rechecks.leave_by(year),
        waiting=rechecks.outstanding(actor(), year),
        over=clock.today().year > year,
        places=reference.division_names(),
        outcomes=RECHECK_OUTCOME_LABELS,
    )


@pages.post("/rechecks/ticked")
@requires("window.manage")
def record_ticked() -> ResponseReturnValue:
    """For every ticked firm the word that its December figure says; where there is none, it is left out."""
    year, form = _year(), RecheckTogether()
    at, on = clock.now(), clock.today()

    def do(line: Line) -> None:
        found: RecheckLine = line.row
        rechecking.record(actor(), found.firm, year, found.suggested, at=at, on=on, note=form.note.data or "")

    act = Act(
        lambda numbers: _judged(numbers, year), do, title=_("%(year)s 年度复核", year=year), done=_("已登记复核结果")
    )
    back = url_for("rechecks.listing", year=year)
    return together(act, form=form, template="filings/rechecks/ticked.html", back=back)


def _judged(numbers: list[int], year: int) -> Iterator[Line]:
    rows = db.session.scalars(rechecks.firms_of(actor(), year).where(Firm.id.in_(numbers))).unique()
    held = [firm for firm in rows if can(actor(), "recheck.record", firm)]
    for one in rechecks.lines(held, year):
        firm = one.firm
        address = url_for("rechecks.record", firm_id=firm.id, year=year)
        known = Line(firm.id, firm.name, one, address, firm.credit_code or "")
        said = one.recheck is not None and one.recheck.outcome != RecheckOutcome.OPEN
        if clock.today().year <= year:
            yield replace(known, why=_(chain.RECHECK_EARLY, year=year))
        elif firm.stage != Stage.ENROLLED:
            yield replace(known, why=_(chain.RECHECK_STAGE))
        elif said:
            yield replace(known, why=_(chain.RECHECK_SAID))
        elif one.rule is None or one.suggested is RecheckOutcome.OPEN:
            yield replace(known, why=_(chain.RECHECK_NO_FIGURE))
        else:
            told = {"outcome": _(RECHECK_OUTCOME_LABELS[one.suggested]), "amount": wan(one.amount)}
            line = wan(one.rule.amount_yuan)
            will = _("%(outcome)s：12月累计 %(amount)s 万元，当年四上标准 %(line)s 万元", line=line, **told)
            yield replace(known, will=will, mark=str(one.recheck.round if one.recheck else 0))


def _year() -> int:
    """The year that is over, unless another is asked for."""
    last = clock.today().year - 1
    year = request.args.get("year", last, type=int)
    return year if last - 50 <= year <= last + 1 else last


@pages.route("/firms/<int:firm_id>/recheck", methods=["GET", "POST"])
@concerns("recheck.record")
def record(firm_id: int) -> ResponseReturnValue:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "recheck.record")
    year, form = _year(), RecordRecheck()
    if form.validate_on_submit():
        name, on = firm.name, case.recheck_walk(year, firm_id)
        try:
            rechecking.record(
                actor(), firm, year, form.outcome.data, at=clock.now(), on=clock.today(), note=form.note.data or ""
            )
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            db.session.commit()
            return _onward(on, firm_id, year, _("%(name)s：已登记复核结果。", name=name))
    page = render_template(
        "filings/rechecks/record.html",
        firm=firm,
        form=form,
        year=year,
        line=rechecks.line(firm, year),
        rounds=rechecks.rounds_of(firm, year),
        leave_by=rechecks.leave_by(year),
        outcomes=RECHECK_OUTCOME_LABELS,
        beside_case=case.paper(firm, year, 12),
        **case.rechecking(firm, year),
    )
    return page, 422 if request.method == "POST" else 200


def _onward(on: Walk, firm_id: int, year: int, said: str) -> ResponseReturnValue:
    """To the next firm that nobody has decided about; where none is left, the list."""
    flash(said, "success")
    following = on.onward([number for number in on.numbers if number != firm_id])
    if following is None:
        return redirect(url_for("rechecks.listing", year=year))
    return redirect(url_for("rechecks.record", firm_id=following, year=year))


@pages.route("/firms/<int:firm_id>/delisting", methods=["GET", "POST"])
@concerns("firm.delist")
def delist(firm_id: int) -> ResponseReturnValue:
    """退库, with a coded reason; the firm may come back, and is then not a first one."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.delist")
    form = Leave(Action.DELIST)
    if form.validate_on_submit():
        try:
            entries.delist(
                actor(), firm, at=clock.now(), on=clock.today(),
                exit_reason=form.exit_reason.data or "", reason=form.reason.data or "",
            )  # fmt: skip
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            db.session.commit()
            flash(_("已登记退库，资料和记录都保留。"), "success")
            return redirect(url_for("firms.show", firm_id=firm_id))
    status = 422 if request.method == "POST" else 200
    return render_template("filings/rechecks/delist.html", firm=firm, form=form), status
