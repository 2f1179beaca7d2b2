"""The trail: who did what, when, to which subject; checked and exported by those who answer for it."""

from __future__ import annotations

import tempfile

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.audit import forms, queries
from registry.audit.queries import TrailLine
from registry.audit.views import recorded
from registry.audit.views.health import last_recount
from registry.base.extensions import clock, db, queue
from registry.base.labels import N_
from registry.base.permissions import can
from registry.base.steady import steady_view
from registry.reference.queries import reference
from registry.sheets.csv_out import write_table
from registry.site.access import actor, load_or_404, requires
from registry.site.listing import page_of
from registry.trail.services import trail
from registry.trail.texts import FAULT_LABELS, ROW_FAULT_LABELS, SUBJECT_LABELS, VERB_LABELS

pages = Blueprint("trail", __name__)
HEADINGS = (
    N_("序号"), N_("时间"), N_("操作人"), N_("单位"), N_("操作"), N_("对象"), N_("对象编号"), N_("对象名称"),
    N_("内容"), N_("理由"), N_("来源"), N_("摘要"),
)  # fmt: skip


@pages.get("/trail")
@requires("trail.read")
def listing() -> ResponseReturnValue:
    form = _filter()
    page = page_of(queries.search(actor(), form.wanted()))
    shown = [queries.line(actor(), entry) for entry in page.items]
    return render_template("audit/list.html", form=form, page=page, lines=shown, brief=recorded.brief, **_words())


@pages.get("/trail/<int:seq>")
@requires("trail.read")
def show(seq: int) -> ResponseReturnValue:
    entry = load_or_404(queries.one(actor(), seq), "trail.read")
    line = queries.line(actor(), entry)
    return render_template(
        "audit/show.html", line=line, previous=entry.previous_hash, fields=recorded.fields(line), **_words()
    )


@pages.route("/trail/verification", methods=["GET", "POST"])
@requires("trail.verify")
def verification() -> ResponseReturnValue:
    """Check the chain; the answer itself shows the head, which belongs on paper and not in this database."""
    form = forms.Verification()
    if not form.validate_on_submit():
        page = render_template("audit/verification.html", form=form, result=None, **_recounted())
        return page, 422 if form.errors else 200
    with steady_view():
        result = trail.verify(anchor=form.value())
    facts = {"rows": result.rows, "head": result.anchor, "fault": result.fault or None, "broken": result.broken}
    trail.record(actor(), "verify", "trail", at=clock.now(), after=facts)
    db.session.commit()
    return render_template(
        "audit/verification.html", form=form, result=result, faults=FAULT_LABELS, checked_at=clock.now(),
        **_recounted(),
    )  # fmt: skip


def _recounted() -> dict[str, object]:
    """What the last check of every row found, each finding with its words."""
    last = last_recount()
    told = (last.after or {}).get("fields", ()) if last is not None else ()
    found = [(*one.split(" ", 1)[:1], *one.split(" ", 1)[1].rsplit(" ", 2)) for one in told]
    return {
        "recount": last, "found": found, "kinds": SUBJECT_LABELS, "row_faults": ROW_FAULT_LABELS,
        "chain_faults": FAULT_LABELS,
    }  # fmt: skip


@pages.post("/trail/recount")
@requires("trail.verify")
def recount() -> ResponseReturnValue:
    """Hold every row against its seal; of a large city it takes minutes, so the worker does it."""
    db.session.commit()
    queue.enqueue("recount")
    flash(_("已开始逐行核对，完成后结果显示在本页。"), "success")
    return redirect(url_for("trail.verification"))


@pages.post("/trail/export")
@requires("trail.export")
def export() -> ResponseReturnValue:
    """Exactly what the filter shows, as CSV; the export is an act of its own and not in the file."""
    form = _filter()
    wanted = form.wanted()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with steady_view():
        rows, digest = write_table(file, [_(one) for one in HEADINGS], map(_cells, queries.lines(actor(), wanted)))
    facts = {"rows": rows, "filter": dict(request.args.items()), "sha256": digest}
    trail.record(actor(), "export", "trail", at=clock.now(), after=facts)
    db.session.commit()
    file.seek(0)
    name = _("操作留痕_%(day)s.csv", day=clock.today().isoformat())
    return send_file(file, mimetype="text/csv; charset=utf-8", as_attachment=True, download_name=name)


def _filter() -> forms.TrailFilter:
    form = forms.TrailFilter(request.args)
    form.offer(reference.offices().values(), business=can(actor(), "trail.read_business"))
    return form


def _words() -> dict[str, object]:
    return {"verbs": VERB_LABELS, "kinds": SUBJECT_LABELS, "reason": recorded.reason}


def _cells(line: TrailLine) -> tuple[str, ...]:
    return (
        str(line.seq),
        f"{line.at:%Y-%m-%d %H:%M:%S}",
        line.actor,
        line.office,
        _(VERB_LABELS.get(line.verb, line.verb)),
        _(SUBJECT_LABELS.get(line.subject_kind, line.subject_kind)),
        str(line.subject_id or ""),
        line.label,
        recorded.in_full(line),
        recorded.reason(line),
        line.source,
        line.hash,
    )
