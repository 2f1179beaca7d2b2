"""Certificates: the list, one as it is printed and taken as a file, and one checked by its code."""

from __future__ import annotations

import hashlib
import io

from flask import Blueprint, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import Actor, can
from registry.cases import texts
from registry.cases.models import Case, CaseCertificate
from registry.cases.queries import certificates, opinions
from registry.cases.rules import opinions as rules
from registry.cases.rules.checkcodes import grouped
from registry.cases.sheets.certificates import CertificatePaper, official
from registry.cases.views import table_of
from registry.institutions.models import Institution
from registry.papers import queries as papers
from registry.papers import services as printing
from registry.papers.sheets.docx import write_docx
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.display import day
from registry.site.listing import page_of
from registry.site.sections import PanelTable
from registry.trail.services import trail

pages = Blueprint("case_certificates", __name__)
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@pages.get("/certificates")
@requires("certificate.list")
def listing() -> ResponseReturnValue:
    text = "".join(c for c in request.args.get("q", "").strip() if c.isprintable())[:100]
    return render_template(
        "cases/certificates.html",
        page=page_of(certificates.matching(actor(), text)),
        text=text,
        state_of=certificates.state_of,
        texts=texts,
        on=clock.today(),
    )


@pages.get("/certificates/check")
@requires("certificate.check")
def check() -> ResponseReturnValue:
    """What a certificate is worth, for whoever holds its code."""
    typed = request.args.get("code", "").strip()[:60]
    found = certificates.checked(typed, clock.today()) if typed else None
    held = found.certificate if found else None
    return render_template(
        "cases/certificate_check.html",
        typed=typed,
        found=found,
        kind=held.case.edition.name if held else "",
        mine=held is not None and can(actor(), "certificate.read", held),
        texts=texts,
    )


@pages.get("/certificates/<int:certificate_id>")
@concerns("certificate.read")
def show(certificate_id: int) -> ResponseReturnValue:
    return _shown(_loaded(certificate_id, "certificate.read"))


def _shown(row: CaseCertificate, refused: str = "") -> str:
    return render_template(
        "cases/certificate.html",
        certificate=row,
        paper=paper_of(row),
        state=certificates.state_of(row, clock.today()),
        code=grouped(row.check_code),
        refused=refused,
        texts=texts,
    )


@pages.get("/certificates/<int:certificate_id>/print")
@concerns("certificate.read")
def printed(certificate_id: int) -> ResponseReturnValue:
    """Large, on one sheet, without menu."""
    row = _loaded(certificate_id, "certificate.read")
    return render_template("cases/certificate_print.html", certificate=row, paper=paper_of(row))


@pages.post("/certificates/<int:certificate_id>/files/<kind>")
@concerns("certificate.export")
def file(certificate_id: int, kind: str) -> ResponseReturnValue:
    """As a Word file, or as a PDF where the machine has a converter; who took it stands on the trail."""
    row = _loaded(certificate_id, "certificate.export")
    if kind not in MEDIA:
        abort(404)
    content = write_docx(official(paper_of(row)), papers.fonts(clock.today()))
    name = f"{row.number}.{kind}"
    if kind == "pdf":
        db.session.rollback()  # no transaction is held while another program works
        try:
            content = printing.to_pdf(content)
        except RegistryError as error:
            return _shown(_loaded(certificate_id, "certificate.export"), _(error.template, **error.values)), 503
        row = _loaded(certificate_id, "certificate.export")
    after = {"kind": kind, "digest": hashlib.sha256(content).hexdigest()}
    trail.record(actor(), "export", row, at=clock.now(), after=after)
    db.session.commit()
    return send_file(io.BytesIO(content), mimetype=MEDIA[kind], as_attachment=True, download_name=name)


def paper_of(row: CaseCertificate) -> CertificatePaper:
    case = row.case
    title = case.kind.title or texts.CERTIFICATE_TITLE.format(kind=case.edition.name)
    return CertificatePaper(
        title, row.number, row.check_code, row.text, case.bureau.name, row.issued_on, row.valid_to, row.withdrawn_on
    )


def _loaded(certificate_id: int, permission: str) -> CaseCertificate:
    row: CaseCertificate = load_or_404(certificates.one(actor(), certificate_id), permission)
    return row


# -- what the page of a case says ---------------------------------------------------------------
def of_case(case: Case) -> Markup | None:
    """The way to its opinions, for whoever reads them, and what it was given."""
    reads = opinions.has_any(case) and can(actor(), "opinion.read", case)
    if not reads and not case.certificates:
        return None
    return Markup(  # noqa: S704 - a template of ours, which escapes what it is given
        render_template(
            "cases/certificate_panel.html",
            case=case,
            reads=reads,
            given=rules.given(case.opinions),
            asked=rules.asked(case.kind),
            is_open=opinions.are_open(case),
            state_of=certificates.state_of,
            on=clock.today(),
            texts=texts,
        )
    )


# -- what an institution's page says of its cases ------------------------------------------------
def of_institution(who: Actor, institution: Institution) -> list[PanelTable]:
    """Its certificates, which are no secret, and its cases as far as the reader may see them."""
    on = clock.today()
    given = [
        (
            (row.number, url_for("case_certificates.show", certificate_id=row.id))
            if can(who, "certificate.read", row)
            else row.number,
            row.case.edition.name,
            day(row.issued_on),
            day(row.valid_to) if row.valid_to else str(_("长期")),
            str(_(texts.CHECK_LABELS[certificates.state_of(row, on)])),
        )
        for row in certificates.of_institution(institution)
    ]
    heads = (str(_("证书编号")), str(_("事项")), str(_("发证日期")), str(_("有效期至")), str(_("状态")))
    return [PanelTable(str(_("认定证书")), heads, given), table_of(certificates.cases_of(institution, who))]
