"""A workbook of qualifications: brought, looked at row by row, applied or given up."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.people.models import Office
from registry.qualifications import texts, views
from registry.qualifications.models import QualificationLoad
from registry.qualifications.queries import qualifications
from registry.qualifications.services import judging, loading
from registry.qualifications.services.judging import WRITES, RowOutcome
from registry.site import reading
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.cards import DOUBTFUL, of_outcome, outcome_cards
from registry.site.forms.brought import ApplyForm, BringForm, GiveUpForm
from registry.site.listing import page_of
from registry.site.locale import sentence
from registry.site.pagination import ListPages

pages = Blueprint("qualification_loads", __name__)


@pages.route("/qualification-loads", methods=["GET", "POST"])
@requires("qualification.load")
def bring() -> ResponseReturnValue:
    """The form for a workbook, and what this person has brought so far."""
    form = BringForm()
    if form.validate_on_submit():
        office: Office = current_user.office
        content, filename = form.file.data.read(), form.file.data.filename or ""
        try:
            load = loading.bring(actor(), office, content, filename=filename, at=clock.now(), on=clock.today())
            number = load.id
            db.session.commit()
            return redirect(url_for("qualification_loads.show", brought_id=number))
        except RegistryError as error:
            db.session.rollback()
            form.say("file", sentence(error))
    page = page_of(qualifications.loads_of(actor()))
    return render_template("qualifications/bring.html", form=form, page=page), status_of(form)


@pages.route("/qualification-loads/<int:brought_id>", methods=["GET", "POST"])
@concerns("qualification.settle")
def show(brought_id: int) -> ResponseReturnValue:
    """What every row would do now; what was shown is written, and nothing else."""
    load, form = _load(brought_id), ApplyForm()
    if load.outcome is not None:
        return render_template("qualifications/settled.html", load=load, reading=reading.told(load.reading))
    if form.validate_on_submit():
        seen, reason = form.seen.data or "", form.reason.data or ""
        at, on = clock.now(), clock.today()
        if done(form, lambda: loading.apply(actor(), load, seen=seen, reason=reason, at=at, on=on)):
            flash(_("已写入。"), "success")
            return redirect(url_for("qualification_loads.show", brought_id=brought_id))
    return _preview(_load(brought_id), form)


@pages.route("/qualification-loads/<int:brought_id>/give-up", methods=["GET", "POST"])
@concerns("qualification.settle")
def give_up(brought_id: int) -> ResponseReturnValue:
    load, form = _load(brought_id), GiveUpForm()
    if form.validate_on_submit() and done(form, lambda: loading.give_up(actor(), load, at=clock.now())):
        flash(_("已放弃这份工作簿，没有写入任何内容。"), "success")
        return redirect(url_for("qualification_loads.bring"))
    return render_template("qualifications/give_up.html", load=_load(brought_id), form=form), status_of(form)


def _preview(load: QualificationLoad, form: ApplyForm) -> ResponseReturnValue:
    judged = loading.judged(actor(), load, clock.today())
    counts = judging.counts(judged)
    kind, shown = of_outcome(judged, counts)
    page = ListPages(shown)
    form.seen.data = judging.digest(judged)
    rendered = render_template(
        "qualifications/load.html",
        load=load,
        form=form,
        page=page,
        lines=views.load_lines(page.items),
        cards=_cards(load, counts, len(judged), kind),
        writes=sum(counts[outcome] for outcome in WRITES),
        asks=bool(counts[RowOutcome.CORRECTED] + counts[DOUBTFUL]),
        reading=reading.told(load.reading),
        until=views.until,
    )
    return rendered, status_of(form)


def _cards(load: QualificationLoad, counts: dict[str, int], total: int, kind: str) -> list[dict[str, object]]:
    labels = {**texts.OUTCOME_LABELS, DOUBTFUL: texts.DOUBTFUL}
    return outcome_cards(
        labels, counts, total, kind, lambda key: url_for("qualification_loads.show", brought_id=load.id, kind=key)
    )  # fmt: skip


def _load(brought_id: int) -> QualificationLoad:
    load: QualificationLoad = load_or_404(qualifications.load(actor(), brought_id), "qualification.settle")
    return load
