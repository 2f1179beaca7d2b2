"""The workbook round trip: an office takes its workbook, sends it back, chooses by cell and by row, confirms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.errors import FieldError, RegistryError
from registry.base.extensions import clock, db, queue
from registry.base.periods import Period
from registry.base.permissions import Actor, can
from registry.base.vocabulary import BatchState
from registry.imports import queries as imported
from registry.imports import views as imports_views
from registry.imports.forms import Applying
from registry.imports.models import ImportBatch
from registry.imports.pages import WORKBOOK, confirm
from registry.imports.services import batches
from registry.people.models import Office
from registry.proposals.views import together
from registry.proposals.views.together import Submittable
from registry.queue.views import queued
from registry.sheets.guard import refuse_by_name
from registry.site import reading
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.addresses import LARGEST
from registry.site.listing import page_of
from registry.site.locale import sentence
from registry.trail.services import trail
from registry.workbooks import forms, queries, rules, views
from registry.workbooks.models import IssuedWorkbook, ReturnedValue, WorkbookReturn
from registry.workbooks.rules import RUNNING, CellKind, ReturnState
from registry.workbooks.services import issuing, newcomers, returns
from registry.workbooks.services.returns import ChoicesNeeded

pages = Blueprint("workbooks", __name__)
_PIECE = 1 << 20
SHOWN_ISSUED = 8
SHOWN_NEWCOMERS = 100
_CHOICE = "choice-"
_JOBS = ("compare_workbook", "apply_workbook")


@pages.get("/workbooks")
@requires("workbook.list")
def listing() -> ResponseReturnValue:
    return _page()


def _page(issue: forms.Issue | None = None, sent: forms.Return | None = None) -> str:
    """What was issued and what came back, with the two forms for whoever may use them."""
    mine = can(actor(), "workbook.issue")
    issued = queries.issued_to(actor()).limit(SHOWN_ISSUED)
    return render_template(
        "workbooks/list.html",
        issue=(issue or forms.Issue(on=clock.today())) if mine else None,
        sent=(sent or forms.Return()) if mine else None,
        issued=db.session.scalars(issued).unique().all(),
        page=page_of(queries.visible_to(actor())),
        tones=views.STATE_TONES,
        words=rules,
    )


@pages.post("/workbooks")
@requires("workbook.issue")
def issue() -> ResponseReturnValue:
    """A new workbook with everything as it stands now; taking it is an export and recorded as one."""
    form = forms.Issue(on=clock.today())
    if form.validate_on_submit():
        try:
            return _issued(form.given, contacts=form.contacts.data)
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(issue=form), 422


def _issued(period: Period | None, *, contacts: bool) -> ResponseReturnValue:
    if period is None:
        raise FieldError("period", rules.MONTH_OPEN)
    office: Office = current_user.office
    book = issuing.issue(actor(), office, period, contacts=contacts, at=clock.now(), on=clock.today())
    return _file(book)


def _file(
    book: IssuedWorkbook, overlay: issuing.Overlay | None = None, back: Sequence[issuing.Newcomer] = ()
) -> ResponseReturnValue:
    file = TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    issuing.write(book, file, overlay, back)
    name = _(
        "%(office)s工作簿_%(month)s_%(number)s.xlsx", office=book.office.short_name, month=_month(book), number=book.id
    )
    db.session.commit()
    return _sent(file, name)


def _month(book: IssuedWorkbook) -> str:
    return Period(book.year, book.month).label


@pages.post("/workbooks/<int:workbook_id>/file")
@concerns("workbook.fetch")
def fetch(workbook_id: int) -> ResponseReturnValue:
    """The same workbook once more, as it was issued."""
    book: IssuedWorkbook = load_or_404(queries.issued(actor(), workbook_id), "workbook.fetch")
    trail.record(actor(), "download", book, at=clock.now(), after={"rows": book.rows, "contacts": book.contacts})
    return _file(book)


@pages.post("/workbooks/returns")
@requires("workbook.return")
def give_back() -> ResponseReturnValue:
    """The file is only written to disk here; a job reads it."""
    form = forms.Return()
    if form.validate_on_submit():
        try:
            return_id = _receive(form)
        except RegistryError as error:
            db.session.rollback()
            form.say("file", sentence(error))
        else:
            queue.enqueue("compare_workbook", return_id)
            return redirect(url_for("workbooks.show", return_id=return_id))
    return _page(sent=form), 422


def _receive(form: forms.Return) -> int:
    """Keep the file, then the return; where that cannot be, nothing of the file stays."""
    given, who, former = form.file.data, actor(), _former(form.instead.data or "")
    db.session.rollback()  # no lock is held while the file is written
    refuse_by_name(given.filename or "")
    kept = batches.keep(iter(lambda: given.stream.read(_PIECE), b""))
    try:
        row = returns.receive(who, current_user.office, kept, filename=given.filename or "", at=clock.now())
        return_id = row.id
        gone = _give_up(who, former)
        db.session.commit()
    except BaseException:
        batches.remove_file(kept.stored_name)
        raise
    batches.remove_file(gone)
    return return_id


def _former(number: str) -> int | None:
    """The return that is given up for the new one, if this person may."""
    if not number.isascii() or not number.isdigit() or int(number) > LARGEST:
        return None
    row: WorkbookReturn = load_or_404(queries.one(actor(), int(number)), "workbook.apply")
    return row.id


def _give_up(who: Actor, former: int | None) -> str:
    """Nothing was written of it; the name of its stored file. One that was confirmed meanwhile stays."""
    row = db.session.get(WorkbookReturn, former) if former else None
    if row is None or row.state != ReturnState.COMPARED:
        return ""
    returns.order(who, row, "discard", at=clock.now())
    return row.stored_name


@pages.get("/workbooks/returns/<int:return_id>")
@concerns("workbook.read")
def show(return_id: int) -> ResponseReturnValue:
    row: WorkbookReturn = load_or_404(queries.one(actor(), return_id), "workbook.read")
    return _show(row, Applying(correction=row.batch.reason if row.batch else ""))


def _show(row: WorkbookReturn, applying: Applying, *, unanswered: Collection[int] = ()) -> str:
    """`applying`: what was typed to confirm the rows of new firms; `unanswered`: cells that still wait for a choice."""
    running, batch = row.state in RUNNING, row.batch
    kind = request.args.get("kind", views.first_kind(row))
    kind = kind if kind in set(CellKind) else views.first_kind(row)
    asking = row.state == ReturnState.COMPARED
    asked = list(db.session.scalars(queries.values_of(row, *returns.CHOSEN)).unique()) if asking else []
    page = None if running else page_of(queries.values_of(row, CellKind(kind)))
    return render_template(
        "workbooks/show.html",
        row=row,
        running=running,
        kind=kind,
        page=page,
        lines=[views.line(cell) for cell in page.items] if page else [],
        conflicts=views.conflicts(asked),
        missing=views.withdrawable(asked),
        ready=returns.is_something_to_apply(row),
        unanswered=unanswered or (_unanswered(asked) if "ask" in request.args else []),
        batch=batch,
        newcomers=_newcomers(batch, running=running),
        batch_asks=imported.questions(batch) if batch and asking else imported.Questions(0, 0, 0),
        doubtful=imported.doubtful(batch) if batch and asking else 0,
        applying=applying,
        again=forms.Return(None, instead=str(row.id)),
        next_step=_next_step(row),
        choice_form="application",
        batch_tones=imports_views.STATE_TONES,
        cards=views.cards(row, kind),
        steps=views.steps(row),
        message=views.message(row),
        reading=reading.told(row.reading),
        newer=queries.newer_than(row.workbook) if row.workbook else 0,
        month=_month(row.workbook) if row.workbook else "",
        tones=views.STATE_TONES,
        words=rules,
        queue=queued.of(_JOBS, row.id) if running else queued.QueueNotice(),
    )


def _next_step(row: WorkbookReturn) -> Submittable:
    """Once it is written: which of the firms in it can be submitted, held ones and new ones."""
    if row.state != ReturnState.APPLIED:
        return Submittable()
    new = [imported.firms_of(row.batch)] if row.batch and row.batch.state == BatchState.APPLIED else []
    return together.of(queries.firms_of(row), *new)


def _unanswered(asked: Sequence[ReturnedValue]) -> list[int]:
    return [cell.id for cell in asked if returns.asks(cell) and not cell.choice]


def _newcomers(batch: ImportBatch | None, *, running: bool) -> list[imports_views.RowLine]:
    """The rows of new firms, the first of them; the batch has a page for all."""
    if batch is None or running or not imports_views.has_rows(batch):
        return []
    rows = db.session.scalars(imported.rows(batch).limit(SHOWN_NEWCOMERS))
    return imports_views.lines(batch, rows)


@pages.get("/workbooks/returns/<int:return_id>/progress")
@concerns("workbook.read")
def progress(return_id: int) -> ResponseReturnValue:
    row: WorkbookReturn = load_or_404(queries.one(actor(), return_id), "workbook.read")
    told = queued.of(_JOBS, return_id).text if row.state in RUNNING else ""
    text = f"{_(rules.STATE_LABELS[row.state])} {told}".strip()
    return {"done": 0, "total": None, "text": text, "finished": row.state not in RUNNING}


@pages.post("/workbooks/returns/<int:return_id>/application")
@concerns("workbook.apply")
def apply(return_id: int) -> ResponseReturnValue:
    """Keep what was chosen, then have it written; a conflict without an answer is asked again."""
    row: WorkbookReturn = load_or_404(queries.one(actor(), return_id), "workbook.apply")
    form, batch = Applying(), newcomers.waiting(row)
    sound = batch is None or row.state != ReturnState.COMPARED or confirm(batch, form, alone=False)
    try:
        if row.state == ReturnState.COMPARED:
            returns.choose(row, _choices())
        if not sound:
            db.session.commit()  # what was chosen is kept
            return _show(row, form), 422
        returns.order(actor(), row, "apply", at=clock.now())
    except ChoicesNeeded as needed:
        db.session.commit()
        if not sound:
            return _show(row, form, unanswered=needed.cells), 422
        return redirect(url_for("workbooks.show", return_id=return_id, ask=1))
    except RegistryError as error:
        return _refused(return_id, error)
    db.session.commit()
    queue.enqueue("apply_workbook", return_id)
    return redirect(url_for("workbooks.show", return_id=return_id))


def _refused(return_id: int, error: RegistryError) -> ResponseReturnValue:
    db.session.rollback()
    flash(sentence(error), "warning")
    return redirect(url_for("workbooks.show", return_id=return_id))


def _choices() -> dict[int, str]:
    """Cell -> what was chosen of it."""
    sent = ((name.removeprefix(_CHOICE), value) for name, value in request.form.items() if name.startswith(_CHOICE))
    return {int(number): value for number, value in sent if number.isascii() and number.isdigit()}


@pages.post("/workbooks/returns/<int:return_id>/comparison")
@concerns("workbook.apply")
def compare(return_id: int) -> ResponseReturnValue:
    return _order(return_id, "compare")


@pages.post("/workbooks/returns/<int:return_id>/discarding")
@concerns("workbook.apply")
def discard(return_id: int) -> ResponseReturnValue:
    return _order(return_id, "discard")


def _order(return_id: int, what: str) -> ResponseReturnValue:
    row: WorkbookReturn = load_or_404(queries.one(actor(), return_id), "workbook.apply")
    try:
        returns.order(actor(), row, what, at=clock.now())
    except RegistryError as error:
        return _refused(return_id, error)
    stored_name, discarded = row.stored_name, row.state == ReturnState.DISCARDED
    db.session.commit()
    if discarded:
        batches.remove_file(stored_name)
        flash(_("已放弃，没有写入任何内容。"), "success")
    else:
        queue.enqueue("compare_workbook", return_id)
    return redirect(url_for("workbooks.show", return_id=return_id))


@pages.post("/workbooks/returns/<int:return_id>/errors")
@concerns("workbook.apply")
def errors(return_id: int) -> ResponseReturnValue:
    """A new workbook as of now in which the cells that were not taken stand red, with the reason on each."""
    row: WorkbookReturn = load_or_404(queries.one(actor(), return_id), "workbook.apply")
    if row.workbook is None:
        return _refused(return_id, RegistryError(rules.NO_BOOK))
    overlay: defaultdict[int, dict[str, tuple[str, str]]] = defaultdict(dict)
    for cell in db.session.scalars(queries.values_of(row, CellKind.REFUSED)).unique():
        if cell.firm_id and cell.field:
            overlay[cell.firm_id][cell.field] = (str(cell.values.get("given") or ""), views.line(cell).said)
    back = newcomers.going_back(imported.returned(row.batch)) if row.batch else []
    period = Period(row.workbook.year, row.workbook.month)
    contacts, office = row.workbook.contacts, row.office
    try:
        book = issuing.issue(actor(), office, period, contacts=contacts, at=clock.now(), on=clock.today())
    except RegistryError as error:
        return _refused(return_id, error)
    return _file(book, overlay, back)


def _sent(file: IO[bytes], name: Any) -> ResponseReturnValue:
    file.seek(0)
    return send_file(file, mimetype=WORKBOOK, as_attachment=True, download_name=str(name))
