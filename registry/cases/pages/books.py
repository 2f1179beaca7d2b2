"""The workbook of cases of a kind: it is taken, brought back, looked at row by row, and confirmed."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.cases import forms, views
from registry.cases.models import CaseCohort, CaseKind
from registry.cases.queries import books as queries
from registry.cases.queries import kinds
from registry.cases.rules.kinds import Applicant, Kind
from registry.cases.services import bookdiff, books, keptbooks
from registry.cases.services.books import WrittenBook
from registry.cases.services.keptbooks import KeptBook
from registry.cases.sheets.bookread import BookFile
from registry.sheets.guard import refuse_by_name
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.site.access import actor, concerns, load_or_404, refuse
from registry.site.acting import done, status_of
from registry.site.listing import page_of

pages = Blueprint("case_books", __name__)
_PIECE = 1 << 20


@pages.get("/cases/books/<int:kind_id>")
@concerns("case.enter")
def show(kind_id: int) -> ResponseReturnValue:
    return _page(_edition(kind_id), forms.SendBook())


def _page(edition: CaseKind, sent: forms.SendBook) -> str:
    """The workbook to be taken, the one to be brought, and which cases still lack which papers."""
    take = forms.TakeBook()
    take.offer(_cohorts(edition))
    page = page_of(queries.open_to(actor(), edition))
    return render_template(
        "cases/book.html", edition=edition, kind=edition.kind, take=take, sent=sent, page=page, lacking=queries.lacking,
        fits=queries.has_columns_of,
    )  # fmt: skip


def _edition(kind_id: int) -> CaseKind:
    """A kind that the reader enters; one about another case is begun from that case, and has no workbook."""
    edition: CaseKind = load_or_404(kinds.edition(kind_id), "case.enter")
    if edition.kind.applicants == (Applicant.CASE,):
        refuse("case.enter")
    return edition


def _cohorts(edition: CaseKind) -> list[CaseCohort]:
    return kinds.cohorts([edition.group]) if edition.kind.cohorts else []


@pages.post("/cases/books/<int:kind_id>/file")
@concerns("case.enter")
def fetch(kind_id: int) -> ResponseReturnValue:
    """The workbook with the office's cases as they stand now; taking it is an export and recorded as one."""
    edition = _edition(kind_id)
    chosen = request.form.get("cohort", type=int)
    cohort = next((one for one in _cohorts(edition) if one.id == chosen), None)
    form = forms.SendBook()
    file = TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    if not done(form, lambda: books.issue(actor(), edition, cohort, file, at=clock.now())):
        return _page(_edition(kind_id), form), 422
    year = _("%(year)s年度", year=cohort.year) if cohort is not None else ""
    name = _("批量填报_%(kind)s%(year)s_%(day)s.xlsx", kind=edition.name, year=year, day=clock.today().isoformat())
    return send_file(file, mimetype=MEDIA_TYPES[FileKind.XLSX], as_attachment=True, download_name=name)


@pages.post("/cases/books/<int:kind_id>/return")
@concerns("case.enter")
def bring(kind_id: int) -> ResponseReturnValue:
    """The file is kept and compared; what could not be read is said here, all else on the next page."""
    kind, form = _edition(kind_id).kind, forms.SendBook()
    if form.validate_on_submit():
        db.session.rollback()  # no lock is held while the file is written and read
        try:
            kept, file = _received(kind, form.file.data)
        except RegistryError as error:
            form.refuse(error)
        else:
            if done(form, lambda: bookdiff.compare(actor(), _edition(kind_id), file, kept)):
                return redirect(url_for("case_books.preview", kind_id=kind_id, file=_sealed(kind_id, kept)))
            keptbooks.discard(kept)
    return _page(_edition(kind_id), form), status_of(form)


def _received(kind: Kind, given: FileStorage) -> tuple[KeptBook, BookFile]:
    """The file on disk and what it holds; of one that cannot be read nothing stays. Raises RegistryError."""
    name = given.filename or ""
    refuse_by_name(name)
    kept = keptbooks.keep(iter(lambda: given.stream.read(_PIECE), b""), name)
    try:
        return kept, bookdiff.read(kind, kept)
    except BaseException:
        keptbooks.discard(kept)
        raise


@pages.get("/cases/books/<int:kind_id>/preview")
@concerns("case.enter")
def preview(kind_id: int) -> ResponseReturnValue:
    edition = _edition(kind_id)
    token = request.args.get("file", "")
    kept = _opened(kind_id, token)
    try:
        found = bookdiff.compare(actor(), edition, bookdiff.read(edition.kind, kept), kept)
    except RegistryError as error:
        form = forms.SendBook()
        form.refuse(error)
        return _page(edition, form), 422
    form = forms.ConfirmBook(formdata=None, data={"file": token, "seen": found.digest})
    return _preview(edition, kept, found, form)


def _preview(
    edition: CaseKind, kept: KeptBook, found: bookdiff.ComparedBook, form: forms.ConfirmBook, **more: Any
) -> str:
    return render_template(
        "cases/book_preview.html", edition=edition, kept=kept, found=found, form=form,
        shown=views.book(edition.kind, found), **{"unanswered": (), "choices": {}, **more},
    )  # fmt: skip


@pages.post("/cases/books/<int:kind_id>/confirm")
@concerns("case.enter")
def confirm(kind_id: int) -> ResponseReturnValue:
    """All that can be is written in one go; where anything moved meanwhile it is looked at anew."""
    kind, form = _edition(kind_id).kind, forms.ConfirmBook()
    kept = _opened(kind_id, form.file.data or "")
    choices = {name: value for name, value in request.form.items() if name.startswith("choice-")}
    written: list[WrittenBook] = []
    db.session.rollback()  # no lock is held while the file is read
    try:
        file = bookdiff.read(kind, kept)
    except RegistryError as error:
        form.refuse(error)
        return _page(_edition(kind_id), _refused(form)), 422

    def act() -> None:
        written.append(
            books.write(
                actor(), _edition(kind_id), file, choices, kept=kept, seen=form.seen.data or "", at=clock.now(),
                on=clock.today(),
            )
        )  # fmt: skip

    if form.validate_on_submit() and done(form, act):
        keptbooks.discard(kept)
        flash(_("已登记 %(new)s 件，修改 %(changed)s 件。请到各事项上传材料。", **written[0]._asdict()), "success")
        return redirect(url_for("case_books.show", kind_id=kind_id))
    edition = _edition(kind_id)
    found = bookdiff.compare(actor(), edition, file, kept)
    form.seen.data = found.digest
    unanswered = bookdiff.unanswered(found, choices)
    return _preview(edition, kept, found, form, unanswered=unanswered, choices=choices), 422


def _refused(form: forms.ConfirmBook) -> forms.SendBook:
    """What was refused, on the page where a file is brought."""
    sent = forms.SendBook(formdata=None)
    for text in form.form_errors:
        sent.say("", text)
    return sent


@pages.post("/cases/books/<int:kind_id>/discard")
@concerns("case.enter")
def discard(kind_id: int) -> ResponseReturnValue:
    _edition(kind_id)
    kept = _opened(kind_id, request.form.get("file", ""))
    keptbooks.discard(kept)
    flash(_("已放弃，没有写入任何内容。"), "success")
    return redirect(url_for("case_books.show", kind_id=kind_id))


# -- which upload ---------------------------------------------------------------------------------
def _sealer(kind_id: int) -> URLSafeSerializer:
    """For this person and kind alone: nobody else looks at an upload, whatever address they were sent."""
    return URLSafeSerializer(current_app.secret_key or "", salt=f"case-book-{kind_id}-{actor().user_id}")


def _sealed(kind_id: int, kept: KeptBook) -> str:
    text: str | bytes = _sealer(kind_id).dumps(list(kept))
    return text if isinstance(text, str) else text.decode()


def _opened(kind_id: int, token: str) -> KeptBook:
    try:
        return KeptBook(*_sealer(kind_id).loads(token))
    except BadSignature:
        abort(404)
