"""Papers of a firm: uploaded and checked by their content, looked at beside the figures, voided with a reason."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import DOCUMENT_MISSING, PeriodRefused, RegistryError
from registry.base.extensions import clock, db, provided
from registry.base.periods import Period
from registry.documents.forms import Upload, VoidDocument
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.documents.services import attachments, viewing
from registry.documents.views import page_answered, sealed_off
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.services import renewal
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404
from registry.site.addresses import inside
from registry.site.locale import sentence

pages = Blueprint("documents", __name__)

ANY_PERIOD = "any"


@pages.get("/firms/<int:firm_id>/documents")
@concerns("firm.read")
def listing(firm_id: int) -> ResponseReturnValue:
    """All papers by material, voided ones with their reason."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    return render_template(
        "documents/list.html", firm=firm, documents=documents.documents_of(firm), materials=reference.materials()
    )


@pages.route("/firms/<int:firm_id>/documents/new", methods=["GET", "POST"])
@concerns("document.add")
def new(firm_id: int) -> ResponseReturnValue:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "document.add")
    names = {code: material.name for code, material in reference.materials().items()}
    chosen = {key: request.args.get(key, "") for key in ("material", "year", "month")}
    form = Upload(on=clock.today(), materials=names, **chosen)
    if not form.validate_on_submit():
        return render_template("documents/new.html", firm=firm, form=form), 422 if request.method == "POST" else 200
    try:
        document = _attach(firm, form)
        renewal.renew(firm, on=clock.today(), at=clock.now())  # it may prove what was given without it
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return render_template("documents/new.html", firm=firm, form=form), 422
    filename = document.filename
    db.session.commit()
    flash(_("已上传“%(filename)s”。", filename=filename), "success")
    return redirect(url_for("documents.listing", firm_id=firm_id))


def _attach(firm: Firm, form: Upload) -> Document:
    upload, period = form.file.data, form.period
    return attachments.attach(
        actor(),
        firm,
        filename=upload.filename or "",
        content=upload.read(),
        material=form.material.data,
        at=clock.now(),
        year=period.year if period else None,
        month=period.month if period else None,
        pages=(form.pages.data or "").strip(),
        first_month=int(form.first_month.data) if form.first_month.data else None,
    )


@pages.post("/firms/<int:firm_id>/papers/<material>/<period>")
@concerns("document.add")
def drop(firm_id: int, material: str, period: str) -> ResponseReturnValue:
    """Files put into the row of one paper, on whatever page the row stands; all of them or none, and back to it."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "document.add")
    of, code = _named_period(period), _named_material(material)
    back = inside(request.form.get("next")) or url_for("documents.listing", firm_id=firm.id)
    files = [one for one in request.files.getlist("file") if one.filename]
    try:
        for file in files:
            attachments.attach(
                actor(), firm, filename=file.filename or "", content=file.read(), material=code, at=clock.now(),
                year=of.year if of else None, month=of.month if of else None,
            )  # fmt: skip
        if files:
            renewal.renew(firm, on=clock.today(), at=clock.now())  # it may prove what was given without it
    except RegistryError as error:
        db.session.rollback()
        said = (
            _("“%(file)s”没有收下，其余的也没有：%(reason)s") if len(files) > 1 else _("“%(file)s”没有收下：%(reason)s")
        )
        flash(said % {"file": file.filename, "reason": sentence(error)}, "danger")
        return redirect(back)
    if files:
        db.session.commit()
        name = _(reference.materials()[code].name)
        flash(_("已上传%(paper)s %(count)s 份。", paper=name, count=len(files)), "success")
    else:
        flash(_(DOCUMENT_MISSING), "warning")
    return redirect(back)


def _named_material(code: str) -> str:
    if code not in reference.materials():
        abort(404)
    return code


def _named_period(text: str) -> Period | None:
    """`2021-09`, `2020` for a full year, or `any` of a paper that speaks of no period."""
    if text == ANY_PERIOD:
        return None
    try:
        return Period.parse(text)
    except PeriodRefused:
        abort(404)


@pages.get("/documents/<int:document_id>/look")
@concerns("firm.read")
def look(document_id: int) -> ResponseReturnValue:
    """The paper in the page, one page of it at a time, beside what is on record for its period."""
    document, path = _readable(document_id)
    firm = db.session.get_one(Firm, document.firm_id)
    shown = viewing.of(document, path, request.args.get("page", type=int))
    (stated,) = provided("figures_of_paper")
    return render_template(
        "documents/look.html", firm=firm, document=document, shown=shown, figures=stated(firm, document),
        materials=reference.materials(),
    )  # fmt: skip


@pages.get("/documents/<int:document_id>/pages/<int:number>")
@concerns("firm.read")
def page(document_id: int, number: int) -> ResponseReturnValue:
    """A picture as it is, or a page of a PDF drawn here: a browser never runs what a paper brings along."""
    document, path = _readable(document_id)
    return page_answered(document, path, number)


@pages.get("/documents/<int:document_id>")
@concerns("firm.read")
def download(document_id: int) -> ResponseReturnValue:
    """The file as an attachment, never to be shown by the browser; another county's is not there."""
    document, path = _readable(document_id)
    return sealed_off(
        send_file(path, mimetype=document.media_type, as_attachment=True, download_name=document.filename, etag=False)
    )


def _readable(document_id: int) -> tuple[Document, Path]:
    document: Document = load_or_404(
        documents.one(actor(), document_id), "firm.read", subject=lambda row: db.session.get_one(Firm, row.firm_id)
    )
    path = attachments.path_of(document)
    if not path.is_file():
        abort(404)
    return document, path


@pages.route("/firms/<int:firm_id>/documents/<int:document_id>/void", methods=["GET", "POST"])
@concerns("document.void")
def void(firm_id: int, document_id: int) -> ResponseReturnValue:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "document.add")
    statement = documents.one(actor(), document_id).where(Document.firm_id == firm.id, Document.voided_at.is_(None))
    document: Document = load_or_404(statement, "document.void")
    form = VoidDocument()
    if not form.validate_on_submit():
        page = render_template("documents/void.html", firm=firm, document=document, form=form)
        return page, 422 if request.method == "POST" else 200
    attachments.void(actor(), firm, document, at=clock.now(), on=clock.today(), reason=form.reason.data or "")
    db.session.commit()
    flash(_("已作废，文件仍可查看。"), "success")
    return redirect(url_for("documents.listing", firm_id=firm_id))


@pages.post("/firms/<int:firm_id>/documents/<int:document_id>/confirm")
@concerns("document.confirm")
def confirm(firm_id: int, document_id: int) -> ResponseReturnValue:
    """The bureau in charge takes a note on a large difference."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "document.confirm")
    statement = documents.one(actor(), document_id).where(Document.firm_id == firm.id)
    document: Document = load_or_404(statement, "document.confirm", subject=lambda _row: firm)
    try:
        attachments.confirm(actor(), firm, document, at=clock.now(), on=clock.today())
    except RegistryError as error:
        db.session.rollback()
        flash(sentence(error), "warning")
    else:
        db.session.commit()
        flash(_("已确认差异说明。"), "success")
    return redirect(url_for("documents.listing", firm_id=firm_id))
