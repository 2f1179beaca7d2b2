"""Imports: upload a table, look at what it would do, confirm, take it back; the work itself is done by jobs."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.errors import BATCH_NOTHING, BATCH_RECHECKED, BatchUnreasoned, FieldError, FileRefused, RegistryError
from registry.base.extensions import clock, db, queue
from registry.base.vocabulary import BatchState
from registry.imports import forms, queries, views
from registry.imports.models import ColumnChoice, ImportBatch
from registry.imports.services import batches, choosing, columns, returning, undoing
from registry.imports.services.staging import looking
from registry.proposals.views import together
from registry.proposals.views.together import Submittable
from registry.queue.views import queued
from registry.sheets import account
from registry.sheets.guard import refuse_by_name
from registry.sheets.marked import write_marked
from registry.sheets.template import write_template
from registry.site import reading
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of
from registry.site.locale import sentence
from registry.trail.services import trail

pages = Blueprint("imports", __name__)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIECE = 1 << 20
# Order -> the job that carries it out.
_JOBS = {"apply": "apply_batch", "take_back": "apply_batch", "undo": "undo_batch", "recheck": "check_batch"}


@pages.get("/imports")
@requires("import.list")
def listing() -> ResponseReturnValue:
    form = forms.Batches(request.args)
    found = queries.matching(queries.visible_to(actor()), state=form.state.data or "", text=form.q.data or "")
    return render_template("imports/list.html", form=form, page=page_of(found), tones=views.STATE_TONES)


@pages.get("/imports/new")
@requires("import.create")
def new() -> ResponseReturnValue:
    return render_template("imports/new.html", form=forms.Upload(year=clock.today().year))


@pages.post("/imports")
@requires("import.create")
def upload() -> ResponseReturnValue:
    """The file is only written to disk here; a job reads it."""
    form = forms.Upload()
    if form.validate_on_submit():
        try:
            batch_id = _receive(form)
        except RegistryError as error:
            db.session.rollback()
            form.say("file" if isinstance(error, FileRefused) else "year", sentence(error))
        else:
            queue.enqueue("check_batch", batch_id)
            return redirect(url_for("imports.show", batch_id=batch_id))
    return render_template("imports/new.html", form=form), 422


def _receive(form: forms.Upload) -> int:
    """Keep the file, then the batch; where the batch cannot be, nothing of the file stays."""
    given = form.file.data
    who = actor()
    db.session.rollback()  # no lock is held while the file is written
    refuse_by_name(given.filename or "")
    kept = batches.keep(_pieces(given.stream))
    try:
        batch = batches.receive(
            who, current_user.office, kept, filename=given.filename or "", year=form.year.data or 0, at=clock.now()
        )
        batch_id = batch.id
        db.session.commit()
    except BaseException:
        batches.remove_file(kept.stored_name)
        raise
    return batch_id


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


@pages.post("/imports/template")
@requires("import.create")
def template() -> ResponseReturnValue:
    """The empty form, for lists that are made anew; an office's own firms stand in its workbook."""
    file = TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    db.session.rollback()
    with looking():
        office = current_user.office
        write_template(file, reference=returning.reference_lists(office), office_name=office.name)
    return _sent(file, _("企业培育名录库填报表.xlsx"))


@pages.get("/imports/<int:batch_id>")
@concerns("import.read")
def show(batch_id: int) -> ResponseReturnValue:
    batch: ImportBatch = load_or_404(queries.one(actor(), batch_id), "import.read")
    return _page(batch, forms.Applying(correction=batch.reason))


def _page(batch: ImportBatch, applying: forms.Applying, columns_form: forms.Columns | None = None) -> str:
    """`applying`: what was typed to confirm it, where it is not confirmed yet.

    `columns_form`: what was chosen of its columns, where something in it cannot be.
    """
    form = forms.Rows(request.args)
    kind = request.args.get("kind", views.first_kind(batch))
    running = batch.state in queries.RUNNING
    kept = db.session.scalars(queries.kept(batch).limit(views.KEPT_SHOWN)).all()
    described = views.columns(batch)
    page = (
        None
        if running or not views.has_rows(batch)
        else page_of(queries.rows(batch, kind=kind, text=form.q.data or ""))
    )
    return render_template(
        "imports/show.html",
        batch=batch,
        running=running,
        form=form,
        kind=kind,
        page=page,
        lines=views.lines(batch, page.items) if page else [],
        cards=views.cards(batch, kind),
        reading=reading.told({**batch.reading, "columns": ()}),
        columns=described,
        columns_form=columns_form or views.columns_form(described),
        steps=views.steps(batch),
        message=views.message(batch),
        tones=views.STATE_TONES,
        applying=applying,
        doubtful=queries.doubtful(batch) if batch.state == BatchState.CHECKED else 0,
        carrying=queries.carrying(batch) if batch.state == BatchState.CHECKED else 0,
        asked=queries.questions(batch) if batch.state == BatchState.CHECKED else queries.Questions(0, 0, 0),
        left=views.left(batch) if batch.applied_at else [],
        next_step=together.of(queries.firms_of(batch)) if batch.state == BatchState.APPLIED else Submittable(),
        kept=[views.line(row, account.sheets_of(batch.reading)) for row in kept],
        queue=queued.of(_JOBS.values(), batch.id) if running else queued.QueueNotice(),
    )


@pages.post("/imports/<int:batch_id>/columns")
@concerns("import.change")
def direct(batch_id: int) -> ResponseReturnValue:
    """What a person says of the file's headings: remembered for the office, and the file is read again by it."""
    batch: ImportBatch = load_or_404(queries.one(actor(), batch_id), "import.change")
    lines = views.columns(batch)
    form = views.columns_form(lines)
    if batch.state != BatchState.CHECKED or not batch.stored_name:
        return _order(batch_id, "recheck")  # which refuses it, with the state
    if form.validate_on_submit() and views.columns_fit(form, lines):
        try:
            _remember(batch, form, lines)
        except FieldError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            return _order(batch_id, "recheck")
    batch = load_or_404(queries.one(actor(), batch_id), "import.change")
    return _page(batch, forms.Applying(correction=batch.reason), form), 422


def _remember(batch: ImportBatch, form: forms.Columns, lines: list[views.ColumnLine]) -> None:
    """What is chosen otherwise than it stands. Raises FieldError on the field of the column."""
    who, at = actor(), clock.now()
    for line in lines:
        if line.name not in form or form[line.name].data == line.choice:
            continue
        try:
            columns.say(who, batch.office, line.heading, forms.choice_of(form[line.name].data), at=at)
        except FieldError as error:
            raise FieldError(line.name, error.template, **error.values) from error


@pages.route("/imports/columns", methods=["GET", "POST"])
@requires("import.create")
def column_list() -> ResponseReturnValue:
    """What the office has said of headings; one may be said before any file, too."""
    form = forms.HeadingGiven()
    if form.validate_on_submit():
        heading, choice = form.heading.data or "", forms.choice_of(form.way.data or "")
        try:
            columns.say(actor(), current_user.office, heading, choice, at=clock.now())
        except FieldError as error:
            db.session.rollback()
            form.refuse(FieldError({"key": "way"}.get(error.field, error.field), error.template, **error.values))
        else:
            db.session.commit()
            flash(_("已记住，本单位今后的文件都照此读取。"), "success")
            return redirect(url_for("imports.column_list"))
    page = page_of(queries.columns_of(actor()))
    lines = [views.given(row) for row in page.items]
    return render_template("imports/columns.html", form=form, page=page, lines=lines), 422 if form.errors else 200


@pages.post("/imports/columns/<int:choice_id>/withdrawal")
@concerns("column.withdraw")
def withdraw_column(choice_id: int) -> ResponseReturnValue:
    row: ColumnChoice = load_or_404(queries.column_of(actor(), choice_id), "column.withdraw")
    heading = row.heading
    columns.withdraw(actor(), row, at=clock.now())
    db.session.commit()
    flash(_("“%(heading)s”已撤回指定，今后照表头本身读取。", heading=heading), "success")
    return redirect(url_for("imports.column_list"))


@pages.get("/imports/<int:batch_id>/progress")
@concerns("import.read")
def progress(batch_id: int) -> ResponseReturnValue:
    batch: ImportBatch = load_or_404(queries.one(actor(), batch_id), "import.read")
    return {
        "done": batch.done,
        "total": batch.total,
        "text": f"{views.progress_text(batch)} {queued.of(_JOBS.values(), batch_id).text}".strip(),
        "finished": batch.state not in queries.RUNNING,
    }


@pages.post("/imports/<int:batch_id>/application")
@concerns("import.change")
def apply(batch_id: int) -> ResponseReturnValue:
    """Keep what was chosen in the rows; doubts are ticked as checked with a reason, corrections have their own."""
    batch: ImportBatch = load_or_404(queries.one(actor(), batch_id), "import.change")
    form = forms.Applying()
    if batch.state == BatchState.CHECKED and not confirm(batch, form):
        db.session.commit()  # what was chosen in the rows is kept
        return _page(batch, form), 422
    return _order(batch_id, "apply")


def confirm(batch: ImportBatch, form: forms.Applying, *, alone: bool = True) -> bool:
    """Take the choices and reasons of the form along; whether the batch may be applied, else the form says why not.

    `alone`: nothing else is confirmed with it, so there has to be something in it to write.
    """
    sound = form.validate()
    kept = choosing.choose(batch, views.chosen(request.form), run=request.form.get("run"))
    for error in kept.refused:
        form.say("", sentence(error))
    if kept.stale:
        form.say("", _(BATCH_RECHECKED))
    if correction := (form.correction.data or "").strip():
        batches.give_reason(batch, correction)
    if (corrected := queries.corrected(batch)) and not batch.reason:
        form.refuse(BatchUnreasoned(count=corrected))
    doubtful, reason = queries.doubtful(batch), (form.reason.data or "").strip()
    if doubtful and not (form.checked.data and reason):
        form.say("reason", _("有存疑的行，请核对后勾选并写明理由，再确认导入。"))
    if alone and not (batch.new + batch.changed or queries.carrying(batch)):
        form.say("", _(BATCH_NOTHING))
    if not sound or form.errors:
        return False
    if doubtful:
        batches.accept_doubts(actor(), batch, reason, count=doubtful, at=clock.now())
    return True


@pages.post("/imports/<int:batch_id>/choices")
@concerns("import.change")
def choose(batch_id: int) -> ResponseReturnValue:
    """Keep what was chosen in the rows; nothing is imported yet."""
    batch: ImportBatch = load_or_404(queries.one(actor(), batch_id), "import.change")
    kept = choosing.choose(batch, views.chosen(request.form), run=request.form.get("run"))
    db.session.commit()
    if kept.stale:
        flash(_(BATCH_RECHECKED), "warning")
        return redirect(url_for("imports.show", batch_id=batch.id, kind=request.args.get("kind")))
    flash(_("已记下 %(count)s 行的选择，尚未导入。", count=kept.moved), "success")
    for error in kept.refused:
        flash(sentence(error), "warning")
    return redirect(url_for("imports.show", batch_id=batch_id, kind=request.args.get("kind")))


@pages.post("/imports/<int:batch_id>/check")
@concerns("import.change")
def recheck(batch_id: int) -> ResponseReturnValue:
    return _order(batch_id, "recheck")


@pages.post("/imports/<int:batch_id>/withdrawal")
@concerns("import.change")
def take_back(batch_id: int) -> ResponseReturnValue:
    """Stop applying and take back all that was written, before anybody saw it."""
    return _order(batch_id, "take_back")


@pages.get("/imports/<int:batch_id>/undoing")
@concerns("import.change")
def confirm_undo(batch_id: int) -> ResponseReturnValue:
    """What undoing will do, counted by the very condition it asks."""
    batch: ImportBatch = load_or_404(queries.one(actor(), batch_id), "import.change")
    foreseen = undoing.forecast(batch, named=views.KEPT_SHOWN)
    sheets = account.sheets_of(batch.reading)
    kept = [views.line(row, sheets) for row in foreseen.named]
    return render_template("imports/undo.html", batch=batch, foreseen=foreseen, kept=kept)


@pages.post("/imports/<int:batch_id>/undoing")
@concerns("import.change")
def undo(batch_id: int) -> ResponseReturnValue:
    return _order(batch_id, "undo")


@pages.post("/imports/<int:batch_id>/discarding")
@concerns("import.change")
def discard(batch_id: int) -> ResponseReturnValue:
    answer = _order(batch_id, "discard")
    flash(_("已放弃该批次，没有导入任何内容。"), "success")
    return answer


@pages.post("/imports/<int:batch_id>/errors")
@concerns("import.change")
def errors(batch_id: int) -> ResponseReturnValue:
    """The rows that go back as they came, with the faulty cells marked: contacts in full, to their own office."""
    batch = load_or_404(queries.one(actor(), batch_id), "import.change")
    who, file = actor(), TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    db.session.rollback()
    with looking():
        write_marked(
            file,
            reference=returning.reference_lists(batch.office),
            rows=returning.returned_rows(batch),
            office_name=batch.office.name,
            columns=returning.columns_of(batch.reading),
            further=returning.further(batch.reading.get("columns", ())),
        )
    trail.record(who, "download", batch, at=clock.now(), after={"contacts": True}, source=batch.filename)
    db.session.commit()
    stem = batch.filename.rsplit(".", 1)[0]
    return _sent(file, _("%(name)s_待改正.xlsx", name=stem))


def _order(batch_id: int, what: str) -> ResponseReturnValue:
    batch: ImportBatch = load_or_404(queries.one(actor(), batch_id), "import.change")
    batches.order(actor(), batch, what, at=clock.now())
    stored_name, discarded = batch.stored_name, batch.state == BatchState.DISCARDED
    db.session.commit()
    if discarded:
        batches.remove_file(stored_name)
    if what in _JOBS:
        queue.enqueue(_JOBS[what], batch_id)
    return redirect(url_for("imports.show", batch_id=batch_id))


def _sent(file: IO[bytes], name: str) -> ResponseReturnValue:
    file.seek(0)
    return send_file(file, mimetype=WORKBOOK, as_attachment=True, download_name=name)
