"""A firm's months: the grid of revenue, VAT sales and employees, and the form that takes one month at once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base import errors, independence
from registry.base.errors import FieldError, PeriodRefused, RegistryError
from registry.base.extensions import clock, db
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind, FigureSource
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.figures.forms.months import Month, MonthField, RecordMonth
from registry.figures.pages import corrections
from registry.figures.pages.figures import told
from registry.figures.queries import figures, months
from registry.figures.queries.beside import OTHER
from registry.figures.queries.months import MonthOnFile, MonthRow
from registry.figures.rules import doubts
from registry.figures.rules.crosscheck import LABELS, Agreement
from registry.figures.rules.doubts import Doubt
from registry.figures.services import by_month, recording
from registry.figures.services.by_month import MonthlyFigures
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.reference.queries import parameters, reference
from registry.site.access import actor, concerns, load_or_404
from registry.site.locale import sentence

pages = Blueprint("months", __name__)
Found = dict[str, tuple[FigureKind, list[Doubt]]]
"""By the name of a field: its kind, and what is odd about it."""
TONES = {
    Agreement.MATCHES: "ok",
    Agreement.WITHIN: "ok",
    Agreement.EXPLAINED: "ok",
    Agreement.DIFFERS: "bad",
    Agreement.ONE_SIDED: "plain",
    Agreement.NOTHING: "plain",
}


@pages.get("/firms/<int:firm_id>/months")
@concerns("firm.read")
def listing(firm_id: int) -> ResponseReturnValue:
    """One year: twelve lines, what each figure rests on, whether the two papers agree."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    today = clock.today()
    years = sorted({*months.years(firm), today.year}, reverse=True)
    asked = request.args.get("year", today.year, type=int)
    year = asked if asked in years else today.year
    held = MonthOnFile(figures.figures_of(firm), documents.documents_of(firm), figures.disputes_of(firm))
    return render_template(
        "figures/months/list.html",
        firm=firm,
        year=year,
        years=years,
        rows=months.of_year(held, year),
        labels=LABELS,
        tones=TONES,
        tolerance=parameters.decimal("crosscheck.tolerance", today),
    )


@pages.route("/firms/<int:firm_id>/months/new", methods=["GET", "POST"])
@concerns("figure.record")
def new(firm_id: int) -> ResponseReturnValue:
    """Take what is not held of one month; no amount is ever filled in."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "figure.record")
    period = _period()
    row = months.of_month(MonthOnFile(figures.figures_of(firm), documents.documents_of(firm)), period)
    form = RecordMonth(
        row=row,
        papers=list(db.session.scalars(documents.usable(firm))),
        materials={code: material.name for code, material in reference.materials().items()},
    )
    if request.method == "GET":
        return _page(firm, row, form)
    odd: dict[str, list[str]] = {}
    if not form.validate():
        return _again(firm, row, form, odd)
    if moved := _moved(firm, period, form):
        return _again(firm, row, form, odd, moved)
    found = _doubts(firm, period, form)
    odd = {name: told(of, kind) for name, (kind, of) in found.items()}
    if found and not (form.assurance.data or "").strip():
        form.say("assurance", _(errors.FIGURE_ASSURANCE))
        return _again(firm, row, form, odd)
    try:
        count = _record(firm, period, form, found)
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _again(firm, row, form, odd, _moved(firm, period, form))
    db.session.commit()
    flash(_("已登记 %(period)s 的 %(count)s 项。", period=period.label, count=count), "success")
    return redirect(url_for("months.listing", firm_id=firm_id, year=period.year))


def _period() -> Period:
    """The month asked for; without one, or for one that is not over, the last that is."""
    today = clock.today()
    last = Period.over_before(today)
    try:
        asked = Period(request.args.get("year", last.year, type=int), request.args.get("month", last.month, type=int))
    except PeriodRefused:
        return last
    return asked if asked.end <= today else last


def _moved(firm: Firm, period: Period, form: RecordMonth) -> dict[str, list[corrections.CorrectionRow]]:
    """Original, theirs and mine of the cells that somebody else gave since the page was opened, by their field."""
    found = {}
    for cell in form.cells():
        line = corrections.corrects(cell.seen.data, cell.kind, period)
        if cell.given is not None and (rows := corrections.compared(firm, cell.kind, period, line, cell.given)):
            found[cell.amount.name] = rows
            cell.seen.data = corrections.seen(cell.kind, period, recording.current(firm, cell.kind, period))
    return found


def _page(
    firm: Firm, row: MonthRow, form: RecordMonth, odd: dict[str, list[str]] | None = None,
    moved: dict[str, list[corrections.CorrectionRow]] | None = None,
) -> str:  # fmt: skip
    for cell in form.cells():
        if not cell.seen.data:
            cell.seen.data = corrections.seen(cell.kind, row.period, recording.current(firm, cell.kind, row.period))
    which = Month(year=row.period.year, month=row.period.month)
    which.offer(clock.today())
    return render_template(
        "figures/months/new.html",
        firm=firm,
        row=row,
        form=form,
        which=which,
        odd=odd or {},
        moved=moved or {},
        cells=list(form.cells()),
    )


def _again(
    firm: Firm, row: MonthRow, form: RecordMonth, odd: dict[str, list[str]],
    moved: dict[str, list[corrections.CorrectionRow]] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Ask again with all that was typed; papers sent along are kept, and name no period before their figure stands."""
    for cell in form.cells():
        if cell.file.data and not cell.file.errors and cell.source.data not in ("", None, independence.SOURCE):
            try:
                document = _paper(firm, row.period, cell, kept=True)
            except RegistryError as error:
                db.session.rollback()
                form.say(cell.file.name, sentence(error))
            else:
                db.session.commit()
                if document is not None:
                    form.keep(cell, document)
    return _page(firm, row, form, odd, moved), 409 if moved else 422


def _doubts(firm: Firm, period: Period, form: RecordMonth) -> Found:
    """What to look at again, by the field it is about; income statement and VAT return are held against each other."""
    found: Found = {}
    for cell in form.cells():
        if cell.given is None:
            continue
        other = form.given.get(OTHER[cell.kind]) if cell.kind in OTHER else None
        odd = figures.doubts(firm, cell.kind, period, cell.given, on=clock.today(), other=other)
        if odd:
            found[cell.amount.name] = cell.kind, odd
    return found


def _record(firm: Firm, period: Period, form: RecordMonth, found: Found) -> int:
    """Every cell with an amount, in one transaction."""
    cells = []
    for cell in form.cells():
        if cell.given is None:
            continue
        try:
            document = _paper(firm, period, cell)
        except FieldError as error:
            raise FieldError(f"{cell.kind}_{error.field}", error.template, **error.values) from error
        reason = str(cell.reason.data or "") if cell.reason else ""
        line = corrections.corrects(cell.seen.data, cell.kind, period)
        odd = [doubts.noted(doubt, cell.kind) for doubt in found.get(cell.amount.name, ("", []))[1]]
        source, assurance = FigureSource(cell.source.data), form.assurance.data or ""
        cells.append(MonthlyFigures(cell.kind, cell.given, source, document, reason, line, odd, assurance))
    by_month.record(actor(), firm, period, cells, at=clock.now(), on=clock.today())
    return len(cells)


def _paper(firm: Firm, period: Period, cell: MonthField, *, kept: bool = False) -> Document | None:
    """The paper uploaded with the cell, else the one chosen among the firm's own."""
    upload = cell.file.data
    if upload:
        upload.stream.seek(0)
        return attachments.attach(
            actor(), firm, filename=upload.filename or "", content=upload.read(), material=cell.material,
            at=clock.now(), year=None if kept else period.year, month=None if kept else period.month,
        )  # fmt: skip
    usable = db.session.scalars(documents.usable(firm))
    return next((one for one in usable if str(one.id) == cell.document.data), None)
