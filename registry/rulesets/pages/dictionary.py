"""Reference data with valid dates: what is in force, coming and ended; rows in a draft that a second person checks."""

from __future__ import annotations

import tempfile
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.reference.queries import dated, reference
from registry.reference.rules.versions import STATE_LABELS, RuleSetKind
from registry.rulesets.forms.dictionary import HolidayNotice, ReferenceFilter, row_form
from registry.rulesets.forms.rulesets import DraftAction
from registry.rulesets.models import RuleDraft
from registry.rulesets.pages.rulesets import draft_of, step
from registry.rulesets.queries import drafts as rulesets
from registry.rulesets.rules.files import ReferenceFile
from registry.rulesets.services import drafting, taking
from registry.rulesets.texts.columns import COLUMN_LABELS, FILE_LABELS, NOTES, SHOWN
from registry.rulesets.views import dictionary as views
from registry.rulesets.views.dictionary import ReferenceLine
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.site.access import actor, concerns, requires
from registry.site.acting import done
from registry.site.pagination import ListPages

pages = Blueprint("dictionary", __name__)
_FIRST = "holidays"


@pages.get("/reference")
@requires("reference.read")
def listing() -> ResponseReturnValue:
    """One kind of reference data, as the query asks: every version, with its days on the day asked for."""
    file, form = _file(request.args.get("kind", _FIRST)), _filter()
    found = _found(file, form)
    return render_template(
        "rulesets/dictionary/list.html",
        file=file.name,
        kind=_kind(file),
        kinds={name.removesuffix(".csv"): label for name, label in FILE_LABELS.items()},
        note=NOTES[file.name],
        form=form,
        on=form.on.data or clock.today(),
        page=ListPages(found),
        filtered=bool(form.q.data or form.state.data),
        heads=views.heads(file.name),
        states=STATE_LABELS,
        years=reference.calendar().years if file.name == "holidays.csv" else (),
        draft=_open_draft(),
        export_at=_export_at(file),
    )


@pages.get("/reference/<dataset>/history")
@requires("reference.read")
def history(dataset: str) -> ResponseReturnValue:
    """One row: every version there was, is and will be."""
    file = _file(dataset)
    known = dated.editions(file.name)
    key = request.args.get("key", next(iter(known), ""))
    if key not in known:
        abort(404)
    versions = list(views.history(file.name, key, clock.today()))
    return render_template(
        "rulesets/dictionary/history.html",
        file=file.name,
        kind=dataset,
        key=key,
        label=FILE_LABELS[file.name],
        name=views.title_of(file.name, key),
        versions=versions[::-1],
        heads=views.heads(file.name),
        whole=views.labelled(file.name, key, versions[-1].one.contents),
        states=STATE_LABELS,
        over=versions[-1].one.valid_to is not None,
    )


@pages.post("/reference/<dataset>/export")
@requires("reference.export")
def export(dataset: str) -> ResponseReturnValue:
    """What the query shows, every page of it, as CSV; who took it is on the trail."""
    file, form = _file(dataset), _filter()
    found, on = _found(file, form), form.on.data or clock.today()
    stream = tempfile.TemporaryFile(prefix="registry-")  # noqa: SIM115 - the answer closes it
    columns = [*SHOWN[file.name], "valid_from", "valid_to", "state", "source", "clause", "checked_on"]
    taking.write(stream, columns, [_exported(file, line) for line in found])
    taking.record(actor(), file.name, len(found), on=on, at=clock.now())
    db.session.commit()
    name = _("%(kind)s_%(day)s", kind=_(FILE_LABELS[file.name]), day=on.isoformat())
    return send_file(stream, mimetype=MEDIA_TYPES[FileKind.CSV], as_attachment=True, download_name=f"{name}.csv")


def _exported(file: ReferenceFile, line: ReferenceLine) -> dict[str, str]:
    row = dict(zip(SHOWN[file.name], line.cells, strict=True))
    day = {"valid_from": line.one.valid_from, "valid_to": line.one.valid_to}
    row |= {name: value.isoformat() if value else "" for name, value in day.items()}
    row |= {"state": _(STATE_LABELS[line.state]), "source": line.one.source}
    if line.check:
        row |= {"clause": line.check.clause, "checked_on": line.check.checked_on.isoformat()}
    return row


# -- drafts ---------------------------------------------------------------------------------------
@pages.post("/reference/drafts")
@requires("reference.draft")
def prepare() -> ResponseReturnValue:
    """The open draft of this person, or a new one; then the row that was asked for."""
    file = _file(request.form.get("kind", _FIRST))
    draft = _open_draft()
    if draft is None:
        title = _("基础数据改动")
        at, on = clock.now(), clock.today()
        draft = drafting.prepare(actor(), RuleSetKind.REFERENCE, title=title, at=at, on=on)
        db.session.commit()
    if "key" in request.form:
        return redirect(url_for("dictionary.row", draft_id=draft.id, kind=_kind(file), key=request.form["key"]))
    if request.form.get("add") == "row":
        return redirect(url_for("dictionary.row", draft_id=draft.id, kind=_kind(file)))
    where = "dictionary.notice" if request.form.get("add") == "notice" else "rulesets.show"
    return redirect(url_for(where, draft_id=draft.id))


@pages.route("/reference/drafts/<int:draft_id>/row", methods=["GET", "POST"])
@concerns("ruleset.edit")
def row(draft_id: int) -> ResponseReturnValue:
    """A row of the draft (`number`), the next version of a published one (`key`), or a new one."""
    draft = _reference_draft(draft_id)
    number = request.args.get("number", type=int)
    items = draft.contents["rows"]
    if number is not None and not 1 <= number <= len(items):
        abort(404)
    item = items[number - 1] if number is not None else {}
    file = _file(_stem(item["file"]) if item else request.args.get("kind", _FIRST))
    key = _key_of(file, item)
    before = dated.editions(file.name).get(key) if key is not None else None
    newest = before[-1] if before else None
    start = item or (views.as_item(newest) if newest else {})
    form = row_form(draft, file, start, is_new=newest is None, on=clock.today())
    if form.validate_on_submit():
        at, parts = clock.now(), views.key_parts(file, key) if newest else {}
        wanted = form.item(file, parts, newest)
        if done(form, lambda: drafting.write_row(actor(), draft, wanted, seen=form.seen, at=at, number=number)):
            flash(_("草稿已保存。"), "success")
            return redirect(url_for("rulesets.show", draft_id=draft_id))
    status = 422 if form.errors or form.form_errors else 200
    draft = _reference_draft(draft_id)
    name = views.title_of(file.name, key) if newest and key is not None else _("新增一条")
    return render_template(
        "rulesets/dictionary/row.html",
        draft=draft, form=form, label=FILE_LABELS[file.name], name=name, newest=newest, names=COLUMN_LABELS,
    ), status  # fmt: skip


def _key_of(file: ReferenceFile, item: dict[str, str]) -> str | None:
    if item:
        return dated.key_of(item, file.key) if item["base"] else None
    key = request.args.get("key")
    if key is not None and key not in dated.editions(file.name):
        abort(404)
    return key


@pages.post("/reference/drafts/<int:draft_id>/row/removal")
@concerns("ruleset.edit")
def drop(draft_id: int) -> ResponseReturnValue:
    draft, form = _reference_draft(draft_id), DraftAction()
    number, at = request.form.get("number", type=int) or 0, clock.now()
    if not 1 <= number <= len(draft.contents["rows"]):
        abort(404)
    return step(
        draft_id, form, lambda: drafting.drop_row(actor(), draft, number, seen=form.seen, at=at), _("草稿已保存。")
    )


@pages.route("/reference/drafts/<int:draft_id>/notice", methods=["GET", "POST"])
@concerns("ruleset.edit")
def notice(draft_id: int) -> ResponseReturnValue:
    """The days of a year's notice, all at once."""
    draft = _reference_draft(draft_id)
    form = HolidayNotice(data={"version": draft.version})
    if form.validate_on_submit():
        at, items = clock.now(), form.items(clock.today())
        if done(form, lambda: drafting.write_rows(actor(), draft, items, seen=form.seen, at=at)):
            flash(_("已从通知读出 %(count)s 天，列入草稿，请逐条核对。", count=len(items)), "success")
            return redirect(url_for("rulesets.show", draft_id=draft_id))
    status = 422 if form.errors or form.form_errors else 200
    draft = _reference_draft(draft_id)
    return render_template("rulesets/dictionary/notice.html", draft=draft, form=form), status


# -- what was asked for ---------------------------------------------------------------------------
def _file(kind: str) -> ReferenceFile:
    if f"{kind}.csv" not in FILE_LABELS:
        abort(404)
    return views.BY_NAME[f"{kind}.csv"]


def _kind(file: ReferenceFile) -> str:
    return _stem(file.name)


def _stem(name: str) -> str:
    return name.removesuffix(".csv")


def _export_at(file: ReferenceFile) -> str:
    asked = {name: request.args[name] for name in ("on", "state", "q") if request.args.get(name)}
    return f"{url_for('dictionary.export', dataset=_kind(file))}?{urlencode(asked)}"


def _filter() -> ReferenceFilter:
    form = ReferenceFilter(request.args)
    form.offer()
    form.validate()
    return form


def _found(file: ReferenceFile, form: ReferenceFilter) -> list[ReferenceLine]:
    return views.lines(file.name, form.on.data or clock.today(), form.q.data or "", form.state.data or "")


def _open_draft() -> RuleDraft | None:
    """The draft of this very person that is still being written."""
    if not can(actor(), "reference.draft"):
        return None
    return db.session.scalars(rulesets.own_open(actor(), RuleSetKind.REFERENCE)).first()


def _reference_draft(draft_id: int) -> RuleDraft:
    draft = draft_of(draft_id, "ruleset.edit")
    if draft.kind != RuleSetKind.REFERENCE:
        abort(redirect(url_for("rulesets.show", draft_id=draft_id)))  # it has no rows
    return draft
