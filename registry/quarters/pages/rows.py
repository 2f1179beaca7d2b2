"""The firms of a quarter, those behind each of its numbers, and lists to take away as CSV."""

from __future__ import annotations

import tempfile
from typing import IO, Any

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.quarters.forms import DIFFERENCE_LABELS, RowFilter
from registry.quarters.pages.quarters import firm_href, whole
from registry.quarters.queries import comparison, quarters, snapshots
from registry.quarters.queries.comparison import QuarterDifference
from registry.quarters.services import exporting
from registry.quarters.sheets.summaries import QuarterBook
from registry.sheets.csv_out import write_csv, write_table
from registry.site.access import actor, requires
from registry.site.pagination import ListPages

pages = Blueprint("quarter_rows", __name__)
CSV = "text/csv; charset=utf-8"


@pages.get("/quarters/<label>/firms")
@requires("quarter.read")
def listing(label: str) -> ResponseReturnValue:
    """Those that the address asks for: behind each number of the quarter's page stand such an address and its rows."""
    quarter, book, form = _asked(label)
    asked = form.asked()
    return render_template(
        "quarters/rows.html",
        quarter=quarter,
        book=book,
        form=form,
        page=ListPages(form.chosen(book)),
        filtered=bool(asked),
        asked=asked,
        whole=whole(),
        firm_href=firm_href,
    )


@pages.post("/quarters/<label>/firms/export")
@requires("firm.export")
def export(label: str) -> ResponseReturnValue:
    """Exactly what the filter shows, with the columns of the workbook."""
    quarter, book, form = _asked(label)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    rows = write_csv(file, book.columns, form.chosen(book))
    exporting.record_list(actor(), quarter.label, rows, form.asked(), at=clock.now())
    db.session.commit()
    name = _("企业培育名录_%(quarter)s.csv", quarter=quarter.label)
    if book.draft:
        name = _("企业培育名录_%(quarter)s_未冻结.csv", quarter=quarter.label)
    return _sent(file, name)


@pages.post("/quarters/diff/export")
@requires("firm.export")
def export_diff() -> ResponseReturnValue:
    """The differences of two closed quarters that the page shows."""
    before, after = (request.args.get(name, "") for name in ("from", "to"))
    found = comparison.between(Quarter.parse(before), Quarter.parse(after), actor())
    lines = found.of(request.args.get("kind", ""))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    headings = (
        _("变化"), _("企业名称"), _("统一社会信用代码"), _("县区"), _("事项"), before, after, _("日期"), _("原因"),
    )  # fmt: skip
    rows, _digest = write_table(file, headings, map(_cells, lines))
    exporting.record_list(actor(), f"{before} {after}", rows, {"kind": request.args.get("kind", "")}, at=clock.now())
    db.session.commit()
    return _sent(file, _("两季比较_%(before)s_%(after)s.csv", before=before, after=after))


def _cells(line: comparison.ComparisonLine) -> tuple[object, ...]:
    kind = _(DIFFERENCE_LABELS[QuarterDifference(line.kind)])
    known = (line.name, line.credit_code or "", line.division or "", _(line.what))
    on = line.on.isoformat() if line.on else ""
    return kind, *known, _(line.before), _(line.told_after), on, line.reason


def _asked(label: str) -> tuple[Quarter, QuarterBook, RowFilter]:
    quarter = exporting.over(label, clock.today())
    book = quarters.shown(quarter, snapshots.of(quarter), None if whole() else actor())
    form = RowFilter(request.args)
    form.offer(book)
    return quarter, book, form


def _sent(file: IO[Any], name: str) -> ResponseReturnValue:
    file.seek(0)
    return send_file(file, mimetype=CSV, as_attachment=True, download_name=name)
