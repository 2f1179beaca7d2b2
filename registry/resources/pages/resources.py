"""Resources in reach or released: the list on screen, on paper and as a workbook; one of them; the kinds there are."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from registry.base.extensions import clock, db
from registry.base.permissions import Actor, can
from registry.cases.models import Case
from registry.institutions.models import Institution
from registry.resources import forms, texts, views
from registry.resources.models import Resource
from registry.resources.queries import resources, uses
from registry.resources.queries.kinds import kinds
from registry.resources.rules.rights import ResourceOwner
from registry.resources.services import exporting
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.sheets.wording import LIST_JOINT
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of
from registry.site.sections import PanelTable
from registry.trail.texts import VERB_LABELS

pages = Blueprint("resources", __name__)

PRINTED = 1_000
PAPER = "zh_Hans_CN"


@pages.get("/resources")
@requires("resource.list")
def listing() -> ResponseReturnValue:
    form = _query()
    wanted = form.wanted()
    page = page_of(_matching(form))
    return render_template(
        "resources/list.html",
        form=form,
        page=page,
        rows=views.lines(actor(), page.items),
        columns=views.columns(wanted),
        filtered=wanted.is_narrowed,
        export_at=_at("resources.export"),
        print_at=_at("resources.printed"),
    )


@pages.get("/resources/print")
@requires("resource.list")
def printed() -> ResponseReturnValue:
    """The query's rows on one sheet, up to a bound that the sheet names."""
    form = _query()
    statement = _matching(form)
    rows = views.lines(actor(), db.session.scalars(statement.limit(PRINTED)).unique())
    return render_template(
        "resources/print.html",
        rows=rows,
        total=resources.count(statement),
        words=form.words(),
        back=_at("resources.listing"),
    )


@pages.post("/resources/export")
@requires("resource.export")
def export() -> ResponseReturnValue:
    """Exactly what the query shows, every page of it, as the workbook that may be brought back."""
    with force_locale(PAPER):
        words = LIST_JOINT.join(_query().words())
    at, wanted = clock.now(), _query().wanted()
    taken = exporting.take(actor(), wanted, filter_text=words, at=at, on=clock.today())
    exporting.record(actor(), taken, at=at)
    db.session.commit()
    name = _("科技资源_%(day)s.xlsx", day=clock.today().isoformat())
    return send_file(taken.file, mimetype=MEDIA_TYPES[FileKind.XLSX], as_attachment=True, download_name=name)


@pages.get("/resources/kinds", endpoint="kinds")
@requires("resource.list")
def kinds_listing() -> ResponseReturnValue:
    """What kinds there are, by which source, and which of it nobody has verified."""
    labels = texts.CATEGORY_LABELS
    return render_template("resources/kinds.html", kinds=list(kinds().values()), categories=labels)


@pages.get("/resources/<int:resource_id>")
@concerns("resource.read")
def show(resource_id: int) -> ResponseReturnValue:
    """One resource; whoever sees it only because it is released reads what is released, and no history."""
    row: Resource = load_or_404(resources.one(actor(), resource_id), "resource.read")
    line = views.line(actor(), row)
    return render_template(
        "resources/show.html",
        line=line,
        row=row,
        contact=views.contact_of(row),
        twins=views.twins(actor(), row) if line.own else [],
        used=uses.of_resource(actor(), row),
        acts=views.history(row) if line.own else [],
        until=views.until,
        categories=texts.CATEGORY_LABELS,
        verbs=VERB_LABELS,
    )


# -- what other pages say of them -----------------------------------------------------------------
def of_case(case: Case) -> Markup | None:
    """Which resources a voucher case paid for, as far as the reader may see them."""
    every = uses.of_case(case)
    if not every:
        return None
    found = [use for use in every if can(actor(), "resource.read", use.resource)]
    return Markup(  # noqa: S704 - a template of ours, which escapes what it is given
        render_template("resources/case_panel.html", used=found, beyond=len(every) - len(found), kinds=kinds())
    )


def of_institution(who: Actor, institution: Institution) -> list[PanelTable]:
    """What it offers, with the way to offer more."""
    owner = ResourceOwner(institution=institution)
    rows = [
        (
            (line.row.name, url_for("resources.show", resource_id=line.row.id)),
            line.kind.name,
            line.row.price,
            line.label,
        )
        for line in views.lines(who, resources.of_owner(owner))
    ]
    heads = (str(_("资源")), str(_("种类")), str(_("收费标准")), str(_("状态")))
    more = None
    if can(who, "resource.record", owner):
        more = (str(_("登记科技资源")), url_for("resource_steps.new", owner=institution.name))
    return [PanelTable(str(_("科技资源")), heads, rows, more)]


def _query() -> forms.ResourceFilter:
    return forms.ResourceFilter(request.args)


def _matching(form: forms.ResourceFilter) -> Any:
    return resources.matching(actor(), form.wanted(), clock.today())


def _at(endpoint: str) -> str:
    """Another page of the same query."""
    query = request.query_string.decode("ascii", "replace")
    return f"{url_for(endpoint)}?{query}" if query else url_for(endpoint)
