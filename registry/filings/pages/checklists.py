"""The papers of a filing: a firm's list, what its office records, what statistics decides, the sheet for the firm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from registry.base.errors import PeriodRefused, RegistryError
from registry.base.extensions import clock, db
from registry.base.periods import Period
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.filings.forms.checklists import HELD, SEEN, DecidePaper, PaperForm, RecordPaper, seals_form, sent_answers
from registry.filings.queries import announced, checklists, readiness
from registry.filings.queries import seals as sealing
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.queries.readiness import Readiness
from registry.filings.rules import chain
from registry.filings.rules.chain import PAPER_STATUS_LABELS, REQUIREMENT_LABELS
from registry.filings.services import checking
from registry.filings.views import sheets
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.services import holding
from registry.pathway.services import standing
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.forms.worded import Worded
from registry.site.pagination import ListPages

pages = Blueprint("checklists", __name__)
_WORDS = {"paper_labels": PAPER_STATUS_LABELS, "requirement_labels": REQUIREMENT_LABELS}


@pages.get("/firms/<int:firm_id>/papers")
@concerns("firm.read")
def listing(firm_id: int) -> ResponseReturnValue:
    """Every paper for the statement month of the address, or of the next window the firm may use."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    ready = ready_of(firm)
    return render_template(
        "filings/papers/list.html", firm=firm, ready=ready, months=_months(ready),
        seals=len(sealing.others(actor(), ready)), **_WORDS,
    )  # fmt: skip


@pages.get("/firms/<int:firm_id>/sheet")
@concerns("firm.read")
def sheet(firm_id: int) -> ResponseReturnValue:
    """企业一页纸: to be printed and given to the firm; it names conditions and papers, and no amount whatever."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    ready = ready_of(firm)
    return render_template(
        "filings/papers/sheet.html",
        firm=firm,
        ready=ready,
        conditions=sheets.conditions(ready.position),
        back=url_for("checklists.listing", firm_id=firm_id),
    )


@pages.route("/firms/<int:firm_id>/papers/entry", methods=["GET", "POST"])
@concerns("paper.record")
def record(firm_id: int) -> ResponseReturnValue:
    """What the proposing office holds of one paper."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "paper.record")
    ready, entry = _entry(firm)
    usable = [
        one
        for one in db.session.scalars(documents.usable(firm))
        if one.material == entry.row.code and checklists.fits(entry.row, one, ready.statement)
    ]
    chosen = entry.document.id if entry.document else ""
    form = RecordPaper(
        documents=usable, document=str(chosen), material=entry.row.code, month=ready.month.label
    )  # fmt: skip

    def act() -> None:
        if form.state.data != HELD:
            checking.lack(actor(), firm, entry.row, ready.month, at=clock.now(), remark=form.remark.data or "")
            return
        checking.hold(
            actor(), firm, entry.row, ready.month, ready.statement, _document(firm, form, usable, entry, ready),
            at=clock.now(), remark=form.remark.data or "",
        )  # fmt: skip
        standing.refresh(firm, on=clock.today(), at=clock.now())  # it may prove what was given without it

    return _answer("filings/papers/record.html", firm, ready, entry, form, act)


def _document(
    firm: Firm, form: RecordPaper, usable: list[Document], entry: ChecklistRow, ready: Readiness
) -> Document | None:
    """The file just uploaded, of the statement asked for; else the one chosen."""
    if upload := form.file.data:
        return _attached(firm, entry, ready, upload)
    return next((one for one in usable if str(one.id) == form.document.data), None)


def _attached(firm: Firm, entry: ChecklistRow, ready: Readiness, upload: FileStorage) -> Document:
    """Filed as the paper of the row, of the statement asked for where it speaks of a period."""
    period = ready.statement if entry.row.periodic else None
    return attachments.attach(
        actor(), firm, filename=upload.filename or "", content=upload.read(), material=entry.row.code,
        at=clock.now(), year=period.year if period else None, month=period.month if period else None,
    )  # fmt: skip


@pages.route("/firms/<int:firm_id>/papers/seals", methods=["GET", "POST"])
@concerns("paper.seal")
def seals(firm_id: int) -> ResponseReturnValue:
    """Statistics or the bureau in charge says of each paper at hand whether it bears its seal; all at once."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "paper.seal")
    ready = ready_of(firm)
    entries = sealing.others(actor(), ready)
    form = seals_form(entries, ready.month)

    def act() -> None:
        holding.hold(firm)  # what is said is said of what stands now
        now = {entry.row.code: entry for entry in sealing.others(actor(), ready_of(firm))}
        if gone := sorted(sent_answers(request.form) - now.keys()):
            raise RegistryError(chain.SEAL_NONE, paper=gone[0])
        for code, document, answer, remark in form.answers():
            entry = now.get(code)
            if not answer:
                continue
            if entry is None or entry.document is None or str(entry.document.id) != document:
                raise RegistryError(chain.SEAL_NONE, paper=code)
            if answer == SEEN:
                checking.confirm_seal(actor(), firm, entry, ready.month, at=clock.now())
            else:
                checking.deny_seal(actor(), firm, entry, ready.month, at=clock.now(), remark=remark)

    back = url_for("checklists.listing", firm_id=firm.id, month=ready.month.label)
    return _answered(
        form, act, "filings/seals/check.html", back, firm=firm, ready=ready, entries=entries,
        own=[entry for entry in checklists.to_seal(ready.entries) if entry not in entries],
    )  # fmt: skip


@pages.get("/seals")
@requires("firm.list")
def to_seal() -> ResponseReturnValue:
    """The firms whose papers wait for this reader to see their seals; nobody's for whoever looks at none."""
    page = ListPages(sealing.waiting(actor(), on=clock.today()))
    return render_template("filings/seals/list.html", page=page, places=reference.division_names())


@pages.route("/firms/<int:firm_id>/papers/decision", methods=["GET", "POST"])
@concerns("paper.waive")
def decide(firm_id: int) -> ResponseReturnValue:
    """Statistics waives a paper or asks for one, with a reason."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "paper.waive")
    ready, entry = _entry(firm)
    form = DecidePaper(material=entry.row.code, month=ready.month.label)

    def act() -> None:
        verb = checking.waive if form.decision.data == "waived" else checking.ask
        verb(actor(), firm, entry.row, ready.month, at=clock.now(), reason=form.reason.data or "")

    return _answer("filings/papers/decide.html", firm, ready, entry, form, act)


def _answer(
    template: str, firm: Firm, ready: Readiness, entry: ChecklistRow, form: PaperForm, act: Callable[[], None]
) -> ResponseReturnValue:
    back = url_for("checklists.listing", firm_id=firm.id, month=ready.month.label)
    return _answered(form, act, template, back, firm=firm, ready=ready, entry=entry)


def _answered(form: Worded, act: Callable[[], None], template: str, back: str, **more: Any) -> ResponseReturnValue:
    shown: dict[str, Any] = {"form": form, **more}
    if not form.validate_on_submit():
        return render_template(template, back=back, **shown), 422 if request.method == "POST" else 200
    try:
        act()
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return render_template(template, back=back, **shown), 422
    db.session.commit()
    flash(_("已登记。"), "success")
    return redirect(back)


def ready_of(firm: Firm) -> Readiness:
    """For the month asked for, else for the next window of the firm; an odd month is not there."""
    asked = request.values.get("month", "")
    if asked:
        return readiness.for_month(firm, _month(asked), on=clock.today())
    return readiness.of(firm, announced.next_for(firm, clock.today()), on=clock.today())


def _month(text: str) -> Period:
    try:
        month = Period.parse(text)
    except PeriodRefused:
        abort(404)
    if month.is_annual:
        abort(404)
    return month


def _entry(firm: Firm) -> tuple[Readiness, ChecklistRow]:
    """The paper that the address names; the first one where it names none."""
    ready = ready_of(firm)
    code = request.values.get("material") or next(iter(reference.materials()))
    entry = checklists.by_code(ready.entries).get(code)
    if entry is None:
        abort(404)
    return ready, entry


def _months(ready: Readiness) -> list[Period]:
    """Statement months of the windows still to close, and the one shown."""
    known = {window.statement for window in announced.coming(clock.today()) if window.statement}
    return sorted({*known, ready.month})
