"""The months of a year are given in one grid: one paper, one press; what is on record is shown and not asked again."""

from __future__ import annotations

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base import errors
from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.periods import YEARS_BACK, Period
from registry.base.vocabulary import FigureKind, FigureSource
from registry.documents.services import attachments
from registry.figures.forms.figures import filed_as
from registry.figures.forms.year import RecordYear, form_of
from registry.figures.pages.figures import told
from registry.figures.pages.months import pages
from registry.figures.queries import figures
from registry.figures.rules import doubts
from registry.figures.rules.doubts import Doubt
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.services import renewal
from registry.site.access import actor, concerns, load_or_404

KINDS = (FigureKind.REVENUE, FigureKind.VAT_SALES)


@pages.route("/firms/<int:firm_id>/months/year", methods=["GET", "POST"])
@concerns("figure.record")
def year(firm_id: int) -> ResponseReturnValue:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "figure.record")
    kind, number = _asked()
    known = _known(firm, kind, number)
    months = [one for one in range(1, 13) if one not in known and Period(number, one).end <= clock.today()]
    form = form_of(kind, number, months)
    if not form.validate_on_submit():
        return _page(firm, form, known), 422 if request.method == "POST" else 200
    found = {period: figures.doubts(firm, kind, period, amount, on=clock.today()) for period, amount in form.amounts}
    if any(found.values()) and not (form.assurance.data or "").strip():
        form.say("assurance", _(errors.FIGURE_ASSURANCE))
        return _page(firm, form, known, found), 422
    try:
        _record(firm, form, found)
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(firm, form, known, found), 422
    db.session.commit()
    flash(_("已登记 %(count)s 个月。", count=len(form.amounts)), "success")
    return redirect(url_for("months.listing", firm_id=firm_id, year=number))


def _asked() -> tuple[FigureKind, int]:
    this = clock.today().year
    number = request.args.get("year", this, type=int)
    kind = request.args.get("kind", "")
    return (
        FigureKind(kind) if kind in KINDS else FigureKind.REVENUE,
        number if this - YEARS_BACK <= number <= this else this,
    )


def _known(firm: Firm, kind: FigureKind, number: int) -> dict[int, Decimal]:
    lines = [one.line for one in figures.counted_figures(firm) if one.line.kind == kind and one.line.year == number]
    return {line.month: line.amount for line in lines if line.month}


def _page(
    firm: Firm, form: RecordYear, known: dict[int, Decimal], found: dict[Period, list[Doubt]] | None = None
) -> str:
    odd = [sentence for one in (found or {}).values() for sentence in told(one, form.kind)]
    return render_template("figures/months/year.html", firm=firm, form=form, known=known, odd=odd, kinds=KINDS)


def _record(firm: Firm, form: RecordYear, found: dict[Period, list[Doubt]]) -> None:
    """One paper that states each month since the first one given."""
    first, last = form.amounts[0][0], form.amounts[-1][0]
    source = FigureSource(form.source.data)
    paper = attachments.attach(
        actor(), firm, filename=form.file.data.filename or "", content=form.file.data.read(), at=clock.now(),
        material=filed_as(form.kind, source), year=last.year, month=last.month,
        first_month=first.month if first != last else None,
    )  # fmt: skip
    recording.append_all(
        actor(), firm, form.amounts, kind=form.kind, source=source, document=paper, at=clock.now(), on=clock.today(),
        doubts={period: [doubts.noted(one, form.kind) for one in odd] for period, odd in found.items()},
        assurance=form.assurance.data or "",
    )  # fmt: skip
    renewal.renew(firm, on=clock.today(), at=clock.now())
