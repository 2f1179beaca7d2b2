"""A certificate is entered, renewed, corrected, voided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.institutions import queries as institutions
from registry.institutions.models import Institution
from registry.qualifications import forms, views
from registry.qualifications.forms import CertificateForm, CorrectionForm
from registry.qualifications.models import Holder, Qualification, QualificationPaper
from registry.qualifications.pages.places import all_of
from registry.qualifications.queries import qualifications
from registry.qualifications.queries.kinds import kinds
from registry.qualifications.services import recording
from registry.qualifications.services.recording import CertificateEntry
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404
from registry.site.acting import done, status_of

pages = Blueprint("qualification_steps", __name__)

PAPER = "M16"
"""The kind of paper that a certificate is (`seeds/materials.csv`)."""


@pages.route("/firms/<int:firm_id>/qualifications/new", methods=["GET", "POST"])
@concerns("qualification.record")
def new(firm_id: int) -> ResponseReturnValue:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "qualification.record")
    return _new(firm, url_for("firms.show", firm_id=firm_id, _anchor="qualifications"))


@pages.route("/institutions/<int:institution_id>/qualifications/new", methods=["GET", "POST"], endpoint="institution")
@concerns("institution.qualify")
def new_of_institution(institution_id: int) -> ResponseReturnValue:
    row: Institution = load_or_404(institutions.one(actor(), institution_id), "institution.qualify")
    return _new(row, url_for("qualifications.of_institution", institution_id=institution_id))


def _new(holder: Holder, there: str) -> ResponseReturnValue:
    form = _form(CertificateForm, holder)
    if form.validate_on_submit() and _done(
        form, holder, lambda entry: recording.add(actor(), holder, entry, at=clock.now(), on=clock.today())
    ):
        flash(_("已登记资质。"), "success")
        return redirect(there)
    return _page("new", form, holder, None)


@pages.route("/qualifications/<int:qualification_id>/renew", methods=["GET", "POST"])
@concerns("qualification.change")
def renew(qualification_id: int) -> ResponseReturnValue:
    """What the old one says stands there already, but for its days and paper."""
    row = _row(qualification_id)
    given = forms.filled(recording.facts_of(row), None) | {"valid_from": None, "valid_to": None, "unlimited": False}
    form = _form(CertificateForm, row.holder, **given)
    if form.validate_on_submit() and _done(
        form, row.holder, lambda entry: recording.renew(actor(), row, entry, at=clock.now(), on=clock.today())
    ):
        flash(_("已换证，原证保留在案。"), "success")
        return redirect(all_of(row.holder))
    row = _row(qualification_id)
    return _page("renew", form, row.holder, row)


@pages.route("/qualifications/<int:qualification_id>/correct", methods=["GET", "POST"])
@concerns("qualification.change")
def correct(qualification_id: int) -> ResponseReturnValue:
    row = _row(qualification_id)
    paper_id = row.proof.id if row.proof else None
    given = forms.filled(recording.facts_of(row), paper_id) | {"doubt_reason": row.doubt_reason}
    form = _form(CorrectionForm, row.holder, **given)
    if form.validate_on_submit():
        reason = form.reason.data or ""
        if _done(
            form,
            row.holder,
            lambda entry: recording.correct(actor(), row, entry, reason=reason, at=clock.now(), on=clock.today()),
        ):
            flash(_("已更正，原记录保留在案。"), "success")
            return redirect(all_of(row.holder))
    row = _row(qualification_id)
    return _page("correct", form, row.holder, row)


@pages.route("/qualifications/<int:qualification_id>/void", methods=["GET", "POST"])
@concerns("qualification.change")
def void(qualification_id: int) -> ResponseReturnValue:
    row, form = _row(qualification_id), forms.VoidForm()
    if form.validate_on_submit() and done(
        form, lambda: recording.void(actor(), row, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("已作废，记录保留在案。"), "success")
        return redirect(all_of(row.holder))
    row = _row(qualification_id)
    return render_template(
        "qualifications/void.html", line=views.line(row), form=form, back=all_of(row.holder)
    ), status_of(form)


def _row(qualification_id: int) -> Qualification:
    row: Qualification = load_or_404(qualifications.one(actor(), qualification_id), "qualification.change")
    return row


def _form(form: type[CertificateForm], holder: Holder, /, **given: Any) -> Any:
    if isinstance(holder, Institution):
        return form(papers=qualifications.papers_of(holder), uploads=True, **given)
    papers = db.session.scalars(documents.usable(holder)).unique()
    uploads = can(actor(), "document.add", holder) and PAPER in reference.materials()
    return form(papers=papers, uploads=uploads, **given)


def _done(form: CertificateForm, holder: Holder, act: Callable[[CertificateEntry], object]) -> bool:
    """Attach the paper, if one was sent, and act; both or neither."""

    def together() -> None:
        paper = _attached(form, holder) or form.paper
        act(CertificateEntry(form.facts, paper, form.doubt_reason.data or ""))

    return done(form, together)


def _attached(form: CertificateForm, holder: Holder) -> Document | QualificationPaper | None:
    upload = form.upload
    if upload is None:
        return None
    content = upload.read()
    upload.seek(0)
    if isinstance(holder, Institution):
        return recording.attach(actor(), holder, filename=upload.filename, content=content, at=clock.now())
    return attachments.attach(
        actor(), holder, filename=upload.filename, content=content, material=PAPER, at=clock.now()
    )  # fmt: skip


def _page(act: str, form: CertificateForm, holder: Holder, row: Qualification | None) -> ResponseReturnValue:
    page = render_template(
        "qualifications/certificate.html",
        act=act,
        form=form,
        holder=holder,
        back=all_of(holder),
        line=views.line(row) if row else None,
        kinds=list(kinds().values()),
        until=views.until,
    )
    return page, status_of(form)
