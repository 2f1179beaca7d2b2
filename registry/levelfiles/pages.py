"""The file of an upper level: brought, looked at row by row, recorded or given up."""

from __future__ import annotations

import tempfile

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.errors import FieldError, RegistryError
from registry.base.extensions import clock, db
from registry.filings.rules.chain import LEVEL_LABELS
from registry.levelfiles import queries, sheets, texts, views
from registry.levelfiles.forms import ApplyLevelForm, LevelFileForm
from registry.levelfiles.models import LevelLoad
from registry.levelfiles.services import judging, loading
from registry.levelfiles.services.judging import WRITES, LevelOutcome
from registry.people.models import Office
from registry.reference.queries import reference
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.site import reading
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.cards import DOUBTFUL, of_outcome, outcome_cards
from registry.site.forms.brought import GiveUpForm
from registry.site.listing import page_of
from registry.site.locale import sentence
from registry.site.pagination import ListPages
from registry.trail.services import trail

pages = Blueprint("level_loads", __name__)
PAPER = "zh_Hans_CN"


@pages.route("/level-loads", methods=["GET", "POST"])
@requires("levelfile.load")
def bring() -> ResponseReturnValue:
    """The form for a file, and what this person has brought so far."""
    form = LevelFileForm(level=request.args.get("level", ""))
    if form.validate_on_submit():
        office: Office = current_user.office
        content, filename = form.file.data.read(), form.file.data.filename or ""
        try:
            load = loading.bring(
                actor(), office, content, filename=filename, level=form.level.data, day=form.day.data,
                reference=form.reference.data or "", at=clock.now(), on=clock.today(),
            )  # fmt: skip
            number = load.id
            db.session.commit()
            return redirect(url_for("level_loads.show", level_load_id=number))
        except RegistryError as error:
            db.session.rollback()
            form.say(error.field if isinstance(error, FieldError) else "file", sentence(error))
    page = page_of(queries.loads_of(actor()))
    return render_template("levelfiles/bring.html", form=form, page=page), status_of(form)


@pages.route("/level-loads/<int:level_load_id>", methods=["GET", "POST"])
@concerns("levelfile.settle")
def show(level_load_id: int) -> ResponseReturnValue:
    """What every row would record now; what was shown is recorded, and nothing else."""
    load, form = _load(level_load_id), ApplyLevelForm()
    if load.outcome is None and form.validate_on_submit():
        seen, reason, code = form.seen.data or "", form.reason.data or "", form.reason_code.data or None
        at, on = clock.now(), clock.today()
        if done(form, lambda: loading.apply(actor(), load, seen=seen, reason=reason, reason_code=code, at=at, on=on)):
            flash(_("已登记。"), "success")
            return redirect(url_for("level_loads.show", level_load_id=level_load_id))
    return _preview(_load(level_load_id), form)


@pages.post("/level-loads/<int:level_load_id>/refused")
@concerns("levelfile.settle")
def refused(level_load_id: int) -> ResponseReturnValue:
    """The rows that are not taken, with what is wrong of each, to be mended and brought again; on the trail."""
    load = _load(level_load_id)
    judged = loading.judged(actor(), load, clock.today())
    with force_locale(PAPER):
        rows = [(one.row, views.faults_of(one)) for one in judged if one.outcome is LevelOutcome.REFUSED]
    file = tempfile.TemporaryFile(prefix="registry-")  # noqa: SIM115 - whoever sends it closes it
    count = sheets.write_refused(file, rows, as_of=f"{clock.now():%Y-%m-%d %H:%M}")
    file.seek(0)
    trail.record(actor(), "export", load, at=clock.now(), after={"rows": count})
    db.session.commit()
    name = _("上级审核结果_未收的行.xlsx")
    return send_file(file, mimetype=MEDIA_TYPES[FileKind.XLSX], as_attachment=True, download_name=name)


@pages.route("/level-loads/<int:level_load_id>/give-up", methods=["GET", "POST"])
@concerns("levelfile.settle")
def give_up(level_load_id: int) -> ResponseReturnValue:
    load, form = _load(level_load_id), GiveUpForm()
    if form.validate_on_submit() and done(form, lambda: loading.give_up(actor(), load, at=clock.now())):
        flash(_("已放弃这份文件，没有登记任何结果。"), "success")
        return redirect(url_for("level_loads.bring"))
    return render_template("levelfiles/give_up.html", load=_load(level_load_id), form=form), status_of(form)


def _preview(load: LevelLoad, form: ApplyLevelForm) -> ResponseReturnValue:
    judged = loading.judged(actor(), load, clock.today()) if load.outcome is None else []
    counts = judging.counts(judged)
    kind, shown = of_outcome(judged, counts)
    page = ListPages(shown)
    form.seen.data = judging.digest(judged)
    labels = {**texts.OUTCOME_LABELS, DOUBTFUL: texts.DOUBTFUL}
    rendered = render_template(
        "levelfiles/load.html",
        load=load,
        form=form,
        page=page,
        lines=views.lines(page.items),
        cards=outcome_cards(labels, counts, len(judged), kind, lambda key: _at(load, key)),
        labels=labels,
        writes=sum(counts[outcome] for outcome in WRITES),
        refused=load.counts.get("refused", 0) if load.outcome else counts[LevelOutcome.REFUSED],
        asks=bool(counts[DOUBTFUL]),
        uncoded=sum(one.uncoded for one in judged),
        level=LEVEL_LABELS[load.level],
        reasons=reference.return_reasons(),
        reading=reading.told(load.reading),
        reset=_at(load, None),
    )
    return rendered, status_of(form)


def _at(load: LevelLoad, kind: str | None) -> str:
    return url_for("level_loads.show", level_load_id=load.id, kind=kind)


def _load(level_load_id: int) -> LevelLoad:
    load: LevelLoad = load_or_404(queries.load(actor(), level_load_id), "levelfile.settle")
    return load
