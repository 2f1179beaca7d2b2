"""Pages of institutions: the list and what is taken of it, one of them, entering, correcting, voiding."""

from __future__ import annotations

import hashlib
import tempfile
from functools import partial
from typing import IO, Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.errors import FieldError
from registry.base.extensions import clock, db
from registry.entries.forms.maintenance import Reveal
from registry.entries.services import naming
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.institutions import queries, services, views
from registry.institutions.forms import InstitutionExport, InstitutionForm, InstitutionQuery, VoidInstitution
from registry.institutions.models import Institution
from registry.institutions.rules.kinds import KIND_LABELS
from registry.institutions.sheets import COLUMNS
from registry.institutions.texts import EXPORT_TITLE, INSTITUTION_ERRORS
from registry.reference.queries import reference
from registry.sheets.csv_out import write_csv
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.sheets.ledger import write_ledger
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.forms.refusable import Refusable
from registry.site.listing import page_of
from registry.trail.services import trail
from registry.trail.services.trail import Act
from registry.trail.texts import VERB_LABELS

pages = Blueprint("institutions", __name__)

PRINTED = 500
"""Rows on paper; what is more is taken as a file."""


@pages.get("/institutions")
@requires("institution.list")
def listing() -> ResponseReturnValue:
    form = _query()
    return render_template(
        "institutions/list.html",
        form=form,
        page=page_of(queries.matching(actor(), form.asked(), clock.today())),
        export_at=_at("institutions.export"),
        print_at=_at("institutions.printed"),
        row_of=_row_of(),
        kinds=KIND_LABELS,
    )


@pages.get("/institutions/print")
@requires("institution.list")
def printed() -> ResponseReturnValue:
    """All that the filter holds, on one page for paper."""
    form = _query()
    rows, total = _rows(form, most=PRINTED)
    return render_template(
        "institutions/print.html",
        rows=rows,
        total=total,
        words=form.words(),
        columns=COLUMNS,
        back=_at("institutions.listing"),
    )


@pages.route("/institutions/export", methods=["GET", "POST"])
@requires("institution.export")
def export() -> ResponseReturnValue:
    """Exactly what the filter shows, every page of it; without contacts."""
    query, form = _query(), InstitutionExport()
    form.offer()
    if form.validate_on_submit():
        return _send(query, FileKind(form.kind.data))
    total = _rows(query, most=0)[1]
    page = render_template(
        "institutions/export.html", form=form, total=total, words=query.words(), back=_at("institutions.listing")
    )
    return page, status_of(form)


def _send(query: InstitutionQuery, kind: FileKind) -> ResponseReturnValue:
    rows, total = _rows(query)
    file = _written(rows, kind, str(_("；")).join(query.words()))
    digest = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    after = {"filter": str(_("；")).join(query.words()), "rows": total, "sha256": digest}
    trail.record_all(actor(), [Act("export", "institution", subject_label=str(kind), after=after)], at=clock.now())
    db.session.commit()
    name = f"{_(EXPORT_TITLE)}_{clock.today().isoformat()}.{kind}"
    return send_file(file, mimetype=MEDIA_TYPES[kind], as_attachment=True, download_name=name)


def _written(rows: list[dict[str, Any]], kind: FileKind, filter_text: str) -> IO[bytes]:
    file = tempfile.TemporaryFile(prefix="registry-")  # noqa: SIM115 - whoever sends it closes it
    try:
        if kind is FileKind.CSV:
            write_csv(file, COLUMNS, rows)
        else:
            as_of = f"{clock.now():%Y-%m-%d %H:%M}"
            write_ledger(
                file, title=EXPORT_TITLE, filter_text=filter_text, columns=COLUMNS, rows=rows, as_of=as_of,
                printed_by=actor().name,
            )  # fmt: skip
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _rows(query: InstitutionQuery, most: int | None = None) -> tuple[list[dict[str, Any]], int]:
    """The rows of the filter, no more than `most`, and how many there are."""
    found = list(db.session.scalars(queries.matching(actor(), query.asked(), clock.today())).unique())
    row_of = _row_of()
    return [row_of(one) for one in found[:most]], len(found)


def _row_of() -> Any:
    return partial(views.row_of, actor(), recognised=queries.recognised(clock.today()))


def _query() -> InstitutionQuery:
    form = InstitutionQuery(request.args)
    form.offer()
    return form


def _at(endpoint: str) -> str:
    """Another page of the same filter."""
    query = request.query_string.decode("ascii", "replace")
    return f"{url_for(endpoint)}?{query}" if query else url_for(endpoint)


@pages.get("/institutions/<int:institution_id>")
@concerns("institution.read")
def show(institution_id: int) -> ResponseReturnValue:
    row = _load(institution_id, "institution.read")
    owner = queries.owner_of(row)
    return render_template(
        "institutions/show.html",
        institution=row,
        owner=owner if owner and queries.is_owner_seen(actor(), row) else None,
        owner_name=views.owner_shown(actor(), row),
        place=reference.division_names().get(row.division or "", ""),
        contact=views.masked_contact(row),
        recognised=row.id in queries.recognised(clock.today()),
        sections=views.sections(actor(), row),
        acts=views.history(actor(), row),
        kinds=KIND_LABELS,
        verbs=VERB_LABELS,
    )


@pages.get("/institutions/hints")
@requires("institution.enter")
def hints() -> ResponseReturnValue:
    """What is alike, as a fragment, while a name or code is typed."""
    name, code = request.args.get("name", "").strip(), request.args.get("credit_code", "").strip()
    exclude = request.args.get("own", 0, type=int)
    found = queries.alike(actor(), name, code or None, exclude=exclude) if name else None
    return render_template("institutions/_hints.html", found=found, kinds=KIND_LABELS, said=views.said)


@pages.route("/institutions/new", methods=["GET", "POST"])
@requires("institution.enter")
def new() -> ResponseReturnValue:
    office = current_user.office
    form, found = InstitutionForm(office=office), None
    if form.validate_on_submit():
        naming.hold(form.given["name"])
        found = queries.alike(actor(), form.given["name"], form.given["credit_code"] or None, owner=_owner(form))
        made: list[Institution] = []

        def act() -> None:
            _judge(form, found)
            values = {**form.values(), "firm": _required_owner(form)}
            apart = bool(form.checked.data)
            made.append(services.enter(actor(), office, values, at=clock.now(), on=clock.today(), apart=apart))

        if done(form, act):
            flash(_("已登记“%(name)s”。", name=made[0].name), "success")
            return redirect(url_for("institutions.show", institution_id=made[0].id))
    return render_template(
        "institutions/new.html", form=form, found=found, kinds=KIND_LABELS, said=views.said
    ), status_of(form)


@pages.route("/institutions/<int:institution_id>/edit", methods=["GET", "POST"])
@concerns("institution.edit")
def edit(institution_id: int) -> ResponseReturnValue:
    row, found = _load(institution_id, "institution.edit"), None
    form = InstitutionForm(office=row.office, row=row)
    hidden = not queries.is_owner_seen(actor(), row)
    if not form.is_submitted() and row.firm is not None and not hidden:
        form.owner_code.data = row.firm.credit_code or ""
    if form.validate_on_submit():
        renamed = (form.given["name"], form.given["credit_code"] or None) != (row.name, row.credit_code)
        if renamed:
            found = queries.alike(
                actor(), form.given["name"], form.given["credit_code"] or None, exclude=row.id, owner=_owner(form)
            )

        def act() -> None:
            _judge(form, found)
            values = {**form.values(), "firm": _required_owner(form)}
            if hidden and not form.given["owner_code"] and not values["body_name"]:
                values["firm"] = row.firm  # whoever may not see the owner leaves it as it is
            services.edit(
                actor(), row, values, seen=form.seen.data or 0, at=clock.now(), on=clock.today(),
                reason=form.reason.data or "", apart=bool(form.checked.data),
            )  # fmt: skip

        if done(form, act):
            flash(_("已更正。"), "success")
            return redirect(url_for("institutions.show", institution_id=institution_id))
    row = _load(institution_id, "institution.edit")
    page = render_template(
        "institutions/edit.html",
        institution=row,
        form=form,
        found=found,
        hidden=hidden,
        kinds=KIND_LABELS,
        said=views.said,
    )
    return page, status_of(form)


def _judge(form: InstitutionForm, found: queries.AlikeFound | None) -> None:
    """What is alike asks for a person's word first."""
    if found is not None and found.needs_decision and not form.is_judged(found.mark):
        raise FieldError("checked", INSTITUTION_ERRORS["alike"])


def _owner(form: InstitutionForm) -> Firm | None:
    code = form.given["owner_code"]
    return firms.with_code(code) if code else None


def _required_owner(form: InstitutionForm) -> Firm | None:
    owner = _owner(form)
    if owner is None and (code := form.given["owner_code"]):
        raise FieldError("owner_code", INSTITUTION_ERRORS["unknown"], code=code)
    return owner


@pages.route("/institutions/<int:institution_id>/void", methods=["GET", "POST"])
@concerns("institution.void")
def void(institution_id: int) -> ResponseReturnValue:
    row, form = _load(institution_id, "institution.void"), VoidInstitution()
    if form.validate_on_submit() and done(
        form, lambda: services.void(actor(), row, at=clock.now(), on=clock.today(), reason=form.reason.data or "")
    ):
        flash(_("已作废，记录保留。"), "success")
        return redirect(url_for("institutions.show", institution_id=institution_id))
    return _again("institutions/void.html", institution_id, "institution.void", form)


@pages.route("/institutions/<int:institution_id>/contact", methods=["GET", "POST"])
@concerns("institution.reveal")
def reveal(institution_id: int) -> ResponseReturnValue:
    """The contact in full, for a stated purpose: a POST, and a row of the trail."""
    row, form = _load(institution_id, "institution.reveal"), Reveal()
    told: dict[str, str] = {}

    def act() -> None:
        try:
            told.update(services.reveal(actor(), row, at=clock.now(), purpose=form.stated()))
        except FieldError as error:
            raise FieldError("other", error.template) from error

    if form.validate_on_submit():
        done(form, act)
    return _again("institutions/contact.html", institution_id, "institution.reveal", form, contact=told or None)


def _again(template: str, institution_id: int, permission: str, form: Refusable, **shown: Any) -> ResponseReturnValue:
    row = _load(institution_id, permission)
    return render_template(template, institution=row, form=form, kinds=KIND_LABELS, **shown), status_of(form)


def _load(institution_id: int, permission: str) -> Institution:
    row: Institution = load_or_404(queries.one(actor(), institution_id), permission)
    return row
