"""The yearly re-check of enrolled firms: the list of a year, the word on one of them, and delisting."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.vocabulary import Action
from registry.entries.services import entries
from registry.filings.forms.filings import FilingFilter, RecordRecheck
from registry.filings.queries import rechecks
from registry.filings.rules.chain import RECHECK_OUTCOME_LABELS
from registry.filings.services import rechecking
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.pathway.forms import Leave
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of

pages = Blueprint("rechecks", __name__)


@pages.get("/rechecks")
@requires("recheck.list")
def listing() -> ResponseReturnValue:
    year, form = _year(), FilingFilter(request.args)
    form.validate()
    text = "" if form.q.errors else (form.q.data or "").strip()
    page = page_of(rechecks.firms_of(actor(), year, text=text))
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
        counties=reference.division_names(),
        outcomes=RECHECK_OUTCOME_LABELS,
    )


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
        try:
            rechecking.record(
                actor(), firm, year, form.outcome.data, at=clock.now(), on=clock.today(), note=form.note.data or ""
            )
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            db.session.commit()
            flash(_("已登记复核结果。"), "success")
            return redirect(url_for("rechecks.listing", year=year))
    page = render_template(
        "filings/rechecks/record.html",
        firm=firm,
        form=form,
        year=year,
        line=rechecks.line(firm, year),
        rounds=rechecks.rounds_of(firm, year),
        leave_by=rechecks.leave_by(year),
        outcomes=RECHECK_OUTCOME_LABELS,
    )
    return page, 422 if request.method == "POST" else 200


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
