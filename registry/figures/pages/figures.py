"""A figure is transcribed from a paper, corrected with a reason, and doubted by other offices."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from registry.base import errors, independence
from registry.base.errors import FieldError, FigureMoved, PeriodRefused, RegistryError
from registry.base.extensions import clock, db
from registry.base.faults import Notice
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.figures import views
from registry.figures.forms.figures import DisputeFigure, RecordFigure, SettleFigure, amount_in, described
from registry.figures.models import Figure
from registry.figures.pages import corrections
from registry.figures.queries import figures
from registry.figures.rules import doubts
from registry.figures.rules.doubts import Doubt
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404
from registry.site.locale import sentence

pages = Blueprint("figures", __name__)


@pages.get("/firms/<int:firm_id>/figures")
@concerns("firm.read")
def listing(firm_id: int) -> ResponseReturnValue:
    """Every figure with what it replaced and what was said against it."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    rows = views.figure_rows(firm, figures.figures_of(firm), figures.disputes_of(firm), documents.documents_of(firm))
    return render_template("figures/list.html", firm=firm, rows=rows)


@pages.route("/firms/<int:firm_id>/figures/new", methods=["GET", "POST"])
@concerns("figure.record")
def new(firm_id: int) -> ResponseReturnValue:
    """Record a figure, or correct the one that stands; the amount is never filled in."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "figure.record")
    form = _form(firm)
    if request.method == "GET":
        return _page(firm, form)
    if not form.validate():
        return _again(firm, form)
    if rows := _moved(firm, form):
        return _conflict(firm, form, rows)
    found = _doubts(firm, form)
    odd = told(found, form.kind.data)
    if found and not (form.assurance.data or "").strip():
        form.say("assurance", _(errors.FIGURE_ASSURANCE))
        return _again(firm, form, odd)
    try:
        _record(firm, form, found)
    except FigureMoved:  # between the look above and the lock of the firm
        db.session.rollback()
        return _conflict(firm, form, _moved(firm, form))
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _again(firm, form, odd)
    db.session.commit()
    flash(_("已登记 %(period)s。", period=form.period.label), "success")
    if not _is_proven(firm, form):
        flash(_("该数没有同类、同期的凭证为证，按未证列示，不作达标和申报的依据。"), "warning")
    return redirect(url_for("firms.show", firm_id=firm_id, _anchor="figures"))


def _form(firm: Firm) -> RecordFigure:
    """Of a correction, kind and period are taken from the address; nothing else is filled in."""
    kind = request.args.get("kind")
    return RecordFigure(
        kind=kind if kind in set(FigureKind) else FigureKind.REVENUE.value,
        year=request.args.get("year", clock.today().year, type=int),
        month=request.args.get("month", ""),
        on=clock.today(),
        papers=list(db.session.scalars(documents.usable(firm))),
        materials={code: material.name for code, material in reference.materials().items()},
    )


def _page(firm: Firm, form: RecordFigure, odd: list[str] | None = None) -> str:
    standing = _standing(firm, form)
    _carry(form, standing)
    return render_template(
        "figures/new.html", firm=firm, form=form, odd=odd or [], standing=described(standing) if standing else ""
    )


def _carry(form: RecordFigure, last: Figure | None) -> None:
    """The line the page shows goes with the form; one that was shown before stays named, until it is compared."""
    if not form.month.data or not form.month.data.isdigit():
        return
    kind, period = form.figure_kind, form.period
    if corrections.corrects(form.seen.data, kind, period) is None:
        form.seen.data = corrections.seen(kind, period, last)


def _moved(firm: Firm, form: RecordFigure) -> list[corrections.CorrectionRow]:
    """Original, theirs, mine, where somebody gave this figure since the page was opened."""
    if form.given is None:
        return []
    line = corrections.corrects(form.seen.data, form.figure_kind, form.period)
    return corrections.compared(firm, form.figure_kind, form.period, line, form.given)


def _conflict(firm: Firm, form: RecordFigure, rows: list[corrections.CorrectionRow]) -> ResponseReturnValue:
    _keep_paper(firm, form)
    form.seen.data = corrections.seen(form.figure_kind, form.period, _standing(firm, form))
    return render_template("figures/conflict.html", firm=firm, form=form, rows=rows), 409


def _is_proven(firm: Firm, form: RecordFigure) -> bool:
    """Whether what was just recorded counts as proven."""
    last = _standing(firm, form)
    return any(one.proven and one.line == last for one in figures.counted_figures(firm))


def _again(firm: Firm, form: RecordFigure, odd: list[str] | None = None) -> ResponseReturnValue:
    """Ask again with all that was typed; a paper that was sent along is kept, for no browser sends it twice."""
    _keep_paper(firm, form)
    return _page(firm, form, odd), 422


def _keep_paper(firm: Firm, form: RecordFigure) -> None:
    """A paper of a figure that was not recorded names no period yet, so that it proves no other amount meanwhile."""
    kept = form.source.data not in ("", None, independence.SOURCE)
    if form.file.data and not form.file.errors and kept and form.month.data:
        try:
            document = _paper(firm, form, kept=True)
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            db.session.commit()
            form.choose(document)


def _standing(firm: Firm, form: RecordFigure) -> Figure | None:
    """The figure that this one would correct."""
    try:
        return recording.current(firm, form.figure_kind, form.period)
    except (RegistryError, ValueError, TypeError):
        return None


def _doubts(firm: Firm, form: RecordFigure) -> list[Doubt]:
    """What to look at again before recording."""
    if form.given is None:
        return []
    return figures.doubts(firm, form.figure_kind, form.period, form.given, on=clock.today())


def told(found: Iterable[Doubt], kind: str) -> list[str]:
    """In the reader's words."""
    return [sentence(Notice(f"figure_{doubt.kind}", doubts.values(doubt, kind))) for doubt in found]


@pages.get("/firms/<int:firm_id>/figures/reading")
@concerns("figure.record")
def reading(firm_id: int) -> ResponseReturnValue:
    """What is typed, read aloud and held against the firm, while it is typed; a fragment."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "figure.record")
    kind = request.args.get("kind", FigureKind.REVENUE.value)
    amount, _fault = amount_in(kind, request.args.get("amount", ""))
    if amount is None or kind not in set(FigureKind):
        return ""
    period = _period_of(request.args.get("year", ""), request.args.get("month", ""))
    return _read(firm, FigureKind(kind), period, amount)


@pages.get("/firms/<int:firm_id>/months/<int:year>/<int:month>/<kind>/reading")
@concerns("figure.record")
def reading_of_month(firm_id: int, year: int, month: int, kind: str) -> ResponseReturnValue:
    """The same for a cell of the page of a month."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "figure.record")
    if kind not in set(FigureKind):
        abort(404)
    amount, _fault = amount_in(kind, request.args.get(f"{kind}_amount", ""))
    return "" if amount is None else _read(firm, FigureKind(kind), _period_of(str(year), str(month)), amount)


def _period_of(year: str, month: str) -> Period | None:
    try:
        return Period(int(year), int(month))
    except (PeriodRefused, ValueError):
        return None


def _read(firm: Firm, kind: FigureKind, period: Period | None, amount: Decimal) -> str:
    found = figures.doubts(firm, kind, period, amount, on=clock.today()) if period else []
    lines = views.amount_reading(firm, kind, period or Period.of(clock.today()), amount)
    return render_template("figures/_reading.html", lines=lines, odd=told(found, kind))


def _record(firm: Firm, form: RecordFigure, found: Iterable[Doubt]) -> None:
    if form.given is None:
        raise FieldError("amount")
    recording.record(
        actor(),
        firm,
        form.period,
        form.given,
        kind=form.figure_kind,
        source=form.figure_source,
        document=_paper(firm, form),
        at=clock.now(),
        on=clock.today(),
        reason=form.reason.data or "",
        corrects=corrections.corrects(form.seen.data, form.figure_kind, form.period),
        doubts={form.period: [doubts.noted(doubt, form.kind.data) for doubt in found]},
        assurance=form.assurance.data or "",
    )


def _paper(firm: Firm, form: RecordFigure, *, kept: bool = False) -> Document | None:
    """The paper uploaded with the figure, else the one chosen among the firm's own."""
    upload: FileStorage | None = form.file.data
    if upload:
        period: Period = form.period
        upload.stream.seek(0)
        return attachments.attach(
            actor(), firm, filename=upload.filename or "", content=upload.read(), material=form.material,
            at=clock.now(), year=None if kept else period.year, month=None if kept else period.month,
        )  # fmt: skip
    usable = db.session.scalars(documents.usable(firm))
    return next((paper for paper in usable if str(paper.id) == form.document.data), None)


def _firm_and_figure(firm_id: int, figure_id: int, permission: str) -> tuple[Firm, Figure]:
    """The firm, and a figure of it; 404 where either is out of reach."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), permission)
    statement = figures.one(actor(), figure_id).where(Figure.firm_id == firm.id)
    figure: Figure = load_or_404(statement, permission, subject=lambda _row: firm)
    return firm, figure


@pages.route("/firms/<int:firm_id>/figures/<int:figure_id>/dispute", methods=["GET", "POST"])
@concerns("figure.dispute")
def dispute(firm_id: int, figure_id: int) -> ResponseReturnValue:
    """Say why a figure is doubted; it stays as it is until its own office corrects it."""
    firm, figure = _firm_and_figure(firm_id, figure_id, "figure.dispute")
    form = DisputeFigure()
    if not form.validate_on_submit():
        return _dispute_page(firm, figure, form), 422 if request.method == "POST" else 200
    try:
        recording.dispute(actor(), figure, at=clock.now(), reason=form.reason.data or "")
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _dispute_page(firm, figure, form), 422
    db.session.commit()
    flash(_("异议已登记，填报单位会看到。"), "success")
    return redirect(url_for("firms.show", firm_id=firm_id, _anchor="figures"))


def _dispute_page(firm: Firm, figure: Figure, form: DisputeFigure) -> str:
    period = Period(figure.year, figure.month)
    return render_template("figures/dispute.html", firm=firm, figure=figure, period=period, form=form)


@pages.route("/firms/<int:firm_id>/figures/<int:figure_id>/settle", methods=["GET", "POST"])
@concerns("figure.settle")
def settle(firm_id: int, figure_id: int) -> ResponseReturnValue:
    """Another office has held a doubtful figure against its paper."""
    firm, figure = _firm_and_figure(firm_id, figure_id, "figure.settle")
    form = SettleFigure()
    if not form.validate_on_submit():
        return _settle_page(firm, figure, form), 422 if request.method == "POST" else 200
    try:
        recording.settle(actor(), figure, at=clock.now(), on=clock.today(), note=form.note.data or "")
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _settle_page(firm, figure, form), 422
    db.session.commit()
    flash(_("已核实，该数不再列为存疑。"), "success")
    return redirect(url_for("firms.show", firm_id=firm_id, _anchor="figures"))


def _settle_page(firm: Firm, figure: Figure, form: SettleFigure) -> str:
    period = Period(figure.year, figure.month)
    odd = [sentence(doubt) for doubt in figure.told]
    return render_template("figures/settle.html", firm=firm, figure=figure, period=period, form=form, odd=odd)
