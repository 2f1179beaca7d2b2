"""A file of the tax office: brought, looked at row by row, applied or given up."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.people.models import Office
from registry.site import reading
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.cards import DOUBTFUL, of_outcome, outcome_cards
from registry.site.listing import page_of
from registry.site.locale import sentence
from registry.site.pagination import ListPages
from registry.taxfigures import forms, texts, views
from registry.taxfigures.models import TaxLoad
from registry.taxfigures.queries import figures
from registry.taxfigures.services import judging, loading
from registry.taxfigures.services.judging import WRITES, TaxOutcome

pages = Blueprint("tax_loads", __name__)


@pages.route("/tax-loads", methods=["GET", "POST"])
@requires("taxfigure.load")
def bring() -> ResponseReturnValue:
    """The form for a file, and what this person has brought so far."""
    form = forms.TaxFileForm()
    if form.validate_on_submit():
        office: Office = current_user.office
        content, filename = form.file.data.read(), form.file.data.filename or ""
        try:
            load = loading.bring(actor(), office, content, filename=filename, at=clock.now(), on=clock.today())
            number = load.id
            db.session.commit()
            return redirect(url_for("tax_loads.show", tax_load_id=number))
        except RegistryError as error:
            db.session.rollback()
            form.say("file", sentence(error))
    page = page_of(figures.loads_of(actor()))
    return render_template("taxfigures/bring.html", form=form, page=page, neutral=_(texts.NEUTRAL)), status_of(form)


@pages.route("/tax-loads/<int:tax_load_id>", methods=["GET", "POST"])
@concerns("taxfigure.settle")
def show(tax_load_id: int) -> ResponseReturnValue:
    """What every row would add now; what was shown is written, and nothing else."""
    load, form = _load(tax_load_id), forms.ApplyForm()
    if load.outcome is None and form.validate_on_submit():
        seen, reason = form.seen.data or "", form.reason.data or ""
        at, on = clock.now(), clock.today()
        if done(form, lambda: loading.apply(actor(), load, seen=seen, reason=reason, at=at, on=on)):
            flash(_("已写入。"), "success")
            return redirect(url_for("tax_loads.show", tax_load_id=tax_load_id))
    return _preview(_load(tax_load_id), form)


@pages.route("/tax-loads/<int:tax_load_id>/give-up", methods=["GET", "POST"])
@concerns("taxfigure.settle")
def give_up(tax_load_id: int) -> ResponseReturnValue:
    load, form = _load(tax_load_id), forms.GiveUpForm()
    if form.validate_on_submit() and done(form, lambda: loading.give_up(actor(), load, at=clock.now())):
        flash(_("已放弃这份文件，没有写入任何内容。"), "success")
        return redirect(url_for("tax_loads.bring"))
    return render_template("taxfigures/give_up.html", load=_load(tax_load_id), form=form), status_of(form)


def _preview(load: TaxLoad, form: forms.ApplyForm) -> ResponseReturnValue:
    judged = loading.judged(load, clock.today()) if load.outcome is None else []
    counts = judging.counts(judged)
    kind, shown = of_outcome(judged, counts)
    page = ListPages(shown)
    form.seen.data = judging.digest(judged)
    rendered = render_template(
        "taxfigures/load.html",
        load=load,
        form=form,
        page=page,
        lines=views.load_lines(page.items),
        cards=_cards(load, counts, len(judged), kind),
        labels={**texts.OUTCOME_LABELS, DOUBTFUL: texts.DOUBTFUL},
        writes=sum(counts[outcome] for outcome in WRITES),
        asks=bool(counts[TaxOutcome.CORRECTED] + counts[DOUBTFUL]),
        reading=reading.told(load.reading),
        neutral=_(texts.NEUTRAL),
    )
    return rendered, status_of(form)


def _cards(load: TaxLoad, counts: dict[str, int], total: int, kind: str) -> list[dict[str, object]]:
    labels = {**texts.OUTCOME_LABELS, DOUBTFUL: texts.DOUBTFUL}
    return outcome_cards(
        labels, counts, total, kind, lambda key: url_for("tax_loads.show", tax_load_id=load.id, kind=key)
    )  # fmt: skip


def _load(tax_load_id: int) -> TaxLoad:
    load: TaxLoad = load_or_404(figures.load(actor(), tax_load_id), "taxfigure.settle")
    return load
