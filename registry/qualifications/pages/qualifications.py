"""Qualifications in reach: the list on screen, on paper and as a workbook; one of them; the kinds there are."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.base.extensions import clock, db
from registry.documents.services import attachments
from registry.documents.views import sealed_off
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.institutions import queries as institutions
from registry.institutions.models import Institution
from registry.qualifications import forms, views
from registry.qualifications.models import Holder, Qualification
from registry.qualifications.pages.places import all_of
from registry.qualifications.queries import qualifications
from registry.qualifications.queries.kinds import kinds, warning_days
from registry.qualifications.queries.qualifications import QualificationQuery
from registry.qualifications.rules.rights import records
from registry.qualifications.services import exporting
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.sheets.wording import LIST_JOINT
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of

pages = Blueprint("qualifications", __name__)

PRINTED = 1_000
PAPER = "zh_Hans_CN"


@pages.get("/qualifications")
@requires("qualification.list")
def listing() -> ResponseReturnValue:
    form = _query()
    wanted = form.wanted()
    page = page_of(_matching(wanted))
    return render_template(
        "qualifications/list.html",
        form=form,
        page=page,
        rows=views.lines(page.items),
        filtered=wanted != QualificationQuery(),
        export_at=_at("qualifications.export"),
        print_at=_at("qualifications.printed"),
    )


@pages.get("/qualifications/print")
@requires("qualification.list")
def printed() -> ResponseReturnValue:
    """The query's rows on one sheet, up to a bound that the sheet names."""
    form = _query()
    statement = _matching(form.wanted())
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    rows = views.lines(db.session.scalars(statement.limit(PRINTED)).unique())
    return render_template(
        "qualifications/print.html", rows=rows, total=total, words=form.words(), back=_at("qualifications.listing")
    )


@pages.post("/qualifications/export")
@requires("qualification.export")
def export() -> ResponseReturnValue:
    """Exactly what the query shows, every page of it, as the workbook that may be brought back."""
    with force_locale(PAPER):
        words = LIST_JOINT.join(_query().words())
    at, wanted = clock.now(), _query().wanted()
    taken = exporting.take(actor(), wanted, filter_text=words, at=at, on=clock.today())
    exporting.record(actor(), taken, at=at)
    db.session.commit()
    name = _("资质证书_%(day)s.xlsx", day=clock.today().isoformat())
    return send_file(taken.file, mimetype=MEDIA_TYPES[FileKind.XLSX], as_attachment=True, download_name=name)


@pages.get("/qualifications/kinds", endpoint="kinds")
@requires("qualification.list")
def kinds_listing() -> ResponseReturnValue:
    """What kinds there are, by which source, and which of it nobody has verified."""
    return render_template("qualifications/kinds.html", kinds=list(kinds().values()))


@pages.get("/qualifications/<int:qualification_id>")
@concerns("qualification.read")
def show(qualification_id: int) -> ResponseReturnValue:
    """One certificate, what it may test, what it follows and what followed it."""
    row: Qualification = load_or_404(qualifications.one(actor(), qualification_id), "qualification.read")
    query = forms.ItemQuery(request.args)
    text = (query.q.data or "").strip()[:100]
    return render_template(
        "qualifications/show.html",
        line=views.line(row),
        all_at=all_of(row.holder),
        chain=views.lines(qualifications.chain_of(row)),
        query=query,
        searched=text,
        page=page_of(qualifications.items(row, text)),
        until=views.until,
    )


@pages.get("/firms/<int:firm_id>/qualifications", endpoint="of_firm")
@concerns("firm.read")
def firm_listing(firm_id: int) -> ResponseReturnValue:
    """All of one firm, those that ended too."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    return _of_holder(firm)


@pages.get("/institutions/<int:institution_id>/qualifications", endpoint="of_institution")
@concerns("institution.read")
def institution_listing(institution_id: int) -> ResponseReturnValue:
    """All of one institution, those that ended too."""
    row: Institution = load_or_404(institutions.one(actor(), institution_id), "institution.read")
    return _of_holder(row)


def _of_holder(holder: Holder) -> str:
    rows = views.lines(qualifications.of_holder(holder))
    return render_template("qualifications/of_holder.html", holder=holder, rows=rows, add_at=_add_at(holder))


def _add_at(holder: Holder) -> str:
    """Where another is entered; empty for whoever may not."""
    if not records(actor(), holder):
        return ""
    if isinstance(holder, Firm):
        return url_for("qualification_steps.new", firm_id=holder.id)
    return url_for("qualification_steps.institution", institution_id=holder.id)


@pages.get("/qualifications/<int:qualification_id>/paper")
@concerns("qualification.read")
def paper(qualification_id: int) -> ResponseReturnValue:
    """The scan of an institution's certificate; a firm's is one of its papers."""
    row: Qualification = load_or_404(qualifications.one(actor(), qualification_id), "qualification.read")
    if row.paper is None:
        abort(404)
    path = attachments.path(row.paper.stored_name)
    name = row.paper.filename
    return sealed_off(
        send_file(path, mimetype=row.paper.media_type, as_attachment=True, download_name=name, etag=False)
    )


def _query() -> forms.QualificationFilter:
    return forms.QualificationFilter(request.args, states=views.state_choices(clock.today()))


def _matching(wanted: QualificationQuery) -> Any:
    on = clock.today()
    return qualifications.matching(actor(), wanted, on, warning_days(on))


def _at(endpoint: str) -> str:
    """Another page of the same query."""
    query = request.query_string.decode("ascii", "replace")
    return f"{url_for(endpoint)}?{query}" if query else url_for(endpoint)
