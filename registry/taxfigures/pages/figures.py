"""Tax-authorised figures in reach: a list, on screen, on paper, as a workbook; those of one firm with their history."""

from __future__ import annotations

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.sheets.wording import LIST_JOINT
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of
from registry.taxfigures import forms, texts, views
from registry.taxfigures.queries import figures
from registry.taxfigures.queries.figures import TaxQuery
from registry.taxfigures.services import exporting

pages = Blueprint("tax_figures", __name__)

PAPER = "zh_Hans_CN"


@pages.get("/tax-figures")
@requires("taxfigure.list")
def listing() -> ResponseReturnValue:
    form = forms.TaxFilter(request.args)
    wanted = form.wanted()
    page = page_of(figures.matching(actor(), wanted))
    query = request.query_string.decode("ascii", "replace")
    export_at = url_for("tax_figures.export") + (f"?{query}" if query else "")
    return render_template(
        "taxfigures/list.html",
        form=form,
        page=page,
        rows=views.lines(page.items),
        filtered=wanted != TaxQuery(),
        export_at=export_at,
        neutral=_(texts.NEUTRAL),
    )


@pages.post("/tax-figures/export")
@requires("taxfigure.export")
def export() -> ResponseReturnValue:
    """Exactly what the query shows, every page of it."""
    with force_locale(PAPER):
        words = LIST_JOINT.join(forms.TaxFilter(request.args).words())
    at, wanted = clock.now(), forms.TaxFilter(request.args).wanted()
    taken = exporting.take(actor(), wanted, filter_text=words, at=at, on=clock.today())
    exporting.record(actor(), taken, at=at)
    db.session.commit()
    name = _("税务授权数据_%(day)s.xlsx", day=clock.today().isoformat())
    return send_file(taken.file, mimetype=MEDIA_TYPES[FileKind.XLSX], as_attachment=True, download_name=name)


@pages.get("/firms/<int:firm_id>/tax-figures", endpoint="of_firm")
@concerns("firm.read")
def firm_listing(firm_id: int) -> ResponseReturnValue:
    """All of one firm, those that a later file corrected too."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    rows = views.firm_lines(firm)
    return render_template("taxfigures/of_firm.html", firm=firm, rows=rows, neutral=_(texts.NEUTRAL))
