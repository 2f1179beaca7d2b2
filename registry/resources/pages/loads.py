"""A workbook of resources: an empty one to fill in; brought, looked at row by row, applied or given up."""

from __future__ import annotations

import tempfile

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.people.models import Office
from registry.resources import sheets, texts, views
from registry.resources.models import ResourceLoad
from registry.resources.pages.resources import PAPER
from registry.resources.queries import resources
from registry.resources.services import exporting, judging, loading
from registry.resources.services.judging import WRITES, ResourceOutcome
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.site import reading
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.cards import DOUBTFUL, of_outcome, outcome_cards
from registry.site.forms.brought import ApplyForm, BringForm, GiveUpForm
from registry.site.listing import page_of
from registry.site.locale import sentence
from registry.site.pagination import ListPages
from registry.trail.services import trail

pages = Blueprint("resource_loads", __name__)


@pages.route("/resource-loads", methods=["GET", "POST"])
@requires("resource.load")
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
            return redirect(url_for("resource_loads.show", resource_load_id=number))
        except RegistryError as error:
            db.session.rollback()
            form.say("file", sentence(error))
    page = page_of(resources.loads_of(actor()))
    return render_template("resources/bring.html", form=form, page=page), status_of(form)


@pages.post("/resource-loads/template")
@requires("resource.load")
def template() -> ResponseReturnValue:
    """The workbook without a row."""
    file = tempfile.TemporaryFile(prefix="registry-")  # noqa: SIM115 - whoever sends it closes it
    as_of = f"{clock.now():%Y-%m-%d %H:%M}"
    sheets.write_book(file, [], exporting.offered_words(), filter_text="", as_of=as_of)
    file.seek(0)
    name = _("科技资源填报表.xlsx")
    return send_file(file, mimetype=MEDIA_TYPES[FileKind.XLSX], as_attachment=True, download_name=name)


@pages.route("/resource-loads/<int:resource_load_id>", methods=["GET", "POST"])
@concerns("resource.settle")
def show(resource_load_id: int) -> ResponseReturnValue:
    """What every row would do now; what was shown is written, and nothing else."""
    load, form = _load(resource_load_id), ApplyForm()
    if load.outcome is not None:
        return render_template("resources/settled.html", load=load, reading=reading.told(load.reading))
    if form.validate_on_submit():
        seen, reason = form.seen.data or "", form.reason.data or ""
        at, on = clock.now(), clock.today()
        if done(form, lambda: loading.apply(actor(), load, seen=seen, reason=reason, at=at, on=on)):
            flash(_("已写入。"), "success")
            return redirect(url_for("resource_loads.show", resource_load_id=resource_load_id))
    return _preview(_load(resource_load_id), form)


@pages.post("/resource-loads/<int:resource_load_id>/refused")
@concerns("resource.settle")
def refused(resource_load_id: int) -> ResponseReturnValue:
    """The rows that are not taken, with what is wrong of each, to be mended and brought again; on the trail."""
    load = _load(resource_load_id)
    judged = loading.judged(actor(), load, clock.today())
    with force_locale(PAPER):
        rows = [(one.row, views.faults_of(one)) for one in judged if one.outcome is ResourceOutcome.REFUSED]
    file = tempfile.TemporaryFile(prefix="registry-")  # noqa: SIM115 - whoever sends it closes it
    count = sheets.write_refused(file, rows, as_of=f"{clock.now():%Y-%m-%d %H:%M}")
    file.seek(0)
    trail.record(actor(), "export", load, at=clock.now(), after={"rows": count})
    db.session.commit()
    name = _("科技资源_未收的行.xlsx")
    return send_file(file, mimetype=MEDIA_TYPES[FileKind.XLSX], as_attachment=True, download_name=name)


@pages.route("/resource-loads/<int:resource_load_id>/give-up", methods=["GET", "POST"])
@concerns("resource.settle")
def give_up(resource_load_id: int) -> ResponseReturnValue:
    load, form = _load(resource_load_id), GiveUpForm()
    if form.validate_on_submit() and done(form, lambda: loading.give_up(actor(), load, at=clock.now())):
        flash(_("已放弃这份工作簿，没有写入任何内容。"), "success")
        return redirect(url_for("resource_loads.bring"))
    return render_template("resources/give_up.html", load=_load(resource_load_id), form=form), status_of(form)


def _preview(load: ResourceLoad, form: ApplyForm) -> ResponseReturnValue:
    judged = loading.judged(actor(), load, clock.today())
    counts = judging.counts(judged)
    kind, shown = of_outcome(judged, counts)
    page = ListPages(shown)
    form.seen.data = judging.digest(judged)
    rendered = render_template(
        "resources/load.html",
        load=load,
        form=form,
        page=page,
        lines=views.load_lines(page.items),
        cards=_cards(load, counts, len(judged), kind),
        writes=sum(counts[outcome] for outcome in WRITES),
        refused=counts[ResourceOutcome.REFUSED],
        asks=bool(counts[ResourceOutcome.CORRECTED] + counts[DOUBTFUL]),
        reading=reading.told(load.reading),
        until=views.until,
    )
    return rendered, status_of(form)


def _cards(load: ResourceLoad, counts: dict[str, int], total: int, kind: str) -> list[dict[str, object]]:
    labels = {**texts.OUTCOME_LABELS, DOUBTFUL: texts.DOUBTFUL}
    return outcome_cards(
        labels, counts, total, kind, lambda key: url_for("resource_loads.show", resource_load_id=load.id, kind=key)
    )  # fmt: skip


def _load(resource_load_id: int) -> ResourceLoad:
    load: ResourceLoad = load_or_404(resources.load(actor(), resource_load_id), "resource.settle")
    return load
