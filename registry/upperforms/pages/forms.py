"""A form of an upper level: brought, looked at heading by heading, and handed back filled."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.errors import FieldError, FileRefused, RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.imports import forms as heading_forms
from registry.people.models import Office
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, pressed, status_of
from registry.site.listing import page_of
from registry.site.locale import sentence
from registry.site.pagination import ListPages
from registry.upperforms import forms, views
from registry.upperforms.models import UpperForm
from registry.upperforms.queries import forms as queries
from registry.upperforms.services import filling
from registry.upperforms.services.filling import PlannedForm
from registry.upperforms.sheets.losses import WORDS

pages = Blueprint("upper_forms", __name__)
_PIECE = 1 << 20


@pages.route("/upper-forms", methods=["GET", "POST"])
@requires("upperform.fill")
def listing() -> ResponseReturnValue:
    """The form for a form, and what the office has brought so far."""
    form = forms.UpperFormUpload(contacts_too=can(actor(), "firm.export_contacts"))
    if form.validate_on_submit():
        office: Office = current_user.office
        sent, order = form.file.data, form.order
        pieces = iter(lambda: sent.stream.read(_PIECE), b"")
        try:
            row = filling.bring(
                actor(), office, pieces, filename=sent.filename, order=order, at=clock.now(), on=clock.today()
            )  # fmt: skip
        except FileRefused as error:
            db.session.rollback()
            form.say("file", sentence(error))
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            number = row.id
            db.session.commit()
            return redirect(url_for("upper_forms.show", upper_form_id=number))
    page = page_of(queries.visible_to(actor()))
    return render_template("upperforms/list.html", form=form, page=page), status_of(form)


@pages.get("/upper-forms/<int:upper_form_id>")
@concerns("upperform.read")
def show(upper_form_id: int) -> ResponseReturnValue:
    return _page(_row(upper_form_id))


@pages.post("/upper-forms/<int:upper_form_id>/order")
@concerns("upperform.read")
def order(upper_form_id: int) -> ResponseReturnValue:
    """Another quarter, another unit, with or without contacts."""
    row, form = _row(upper_form_id), _order_form()
    if form.validate_on_submit() and done(form, lambda: filling.change(actor(), row, form.order)):
        flash(_("已按新的设置重新核对。"), "success")
        return redirect(url_for("upper_forms.show", upper_form_id=upper_form_id))
    return _page(_row(upper_form_id), form), 422


@pages.post("/upper-forms/<int:upper_form_id>/headings")
@concerns("upperform.read")
def headings(upper_form_id: int) -> ResponseReturnValue:
    """What a person says of the form's headings: remembered for the office and this form."""
    row = _row(upper_form_id)
    try:
        found = filling.plan_of(actor(), row, clock.today())
    except RegistryError as error:
        flash(sentence(error), "warning")
        return redirect(url_for("upper_forms.listing"))
    lines = views.lines(found)
    form = views.headings_form(lines)
    if form.validate_on_submit() and done(form, lambda: _remember(row, form, lines)):
        flash(_("已记住；本单位今后收到同样表头的表，照此填写。"), "success")
        return redirect(url_for("upper_forms.show", upper_form_id=upper_form_id))
    return _page(_row(upper_form_id), headings_form=form), 422


def _remember(row: UpperForm, form: heading_forms.Columns, lines: list[views.HeadingLine]) -> None:
    """What is chosen otherwise than it stands. Raises FieldError on the field of the column."""
    for line in lines:
        if form[line.name].data == line.choice:
            continue
        try:
            choice = heading_forms.choice_of(form[line.name].data)
            filling.say(actor(), row, line.heading, choice, at=clock.now())
        except FieldError as error:
            raise FieldError(line.name, error.template, **error.values) from error


@pages.post("/upper-forms/<int:upper_form_id>/file")
@concerns("upperform.read")
def take(upper_form_id: int) -> ResponseReturnValue:
    """The very form, filled; an export like any other, and recorded as one."""
    row, on = _row(upper_form_id), clock.today()
    name = row.filename
    try:
        filled = filling.take(actor(), row, on=on)
    except RegistryError as error:
        db.session.rollback()
        flash(sentence(error), "warning")
        return redirect(url_for("upper_forms.show", upper_form_id=upper_form_id))
    filling.record(actor(), _row(upper_form_id), filled, at=clock.now())
    db.session.commit()
    stem = name.removesuffix(".xlsx").removesuffix(".XLSX")
    download = _("%(name)s_已回填_%(day)s.xlsx", name=stem, day=on.isoformat())
    media = MEDIA_TYPES[FileKind.XLSX]
    return send_file(io.BytesIO(filled.content), mimetype=media, as_attachment=True, download_name=download)


@pages.post("/upper-forms/<int:upper_form_id>/discard")
@concerns("upperform.read")
def discard(upper_form_id: int) -> ResponseReturnValue:
    row = _row(upper_form_id)
    pressed(lambda: filling.discard(actor(), row, at=clock.now()), _("已删除上传的表；指定过的表头仍然记住。"))
    return redirect(url_for("upper_forms.listing"))


def _row(upper_form_id: int) -> UpperForm:
    row: UpperForm = load_or_404(queries.one(actor(), upper_form_id), "upperform.read")
    return row


def _order_form(**given: object) -> forms.OrderForm:
    return forms.OrderForm(contacts_too=can(actor(), "firm.export_contacts"), **given)


def _page(
    row: UpperForm, form: forms.OrderForm | None = None, headings_form: heading_forms.Columns | None = None
) -> str:
    order = form or _order_form(quarter=row.quarter, unit=row.unit, contacts=row.contacts, reason=row.reason)
    found: PlannedForm | None = None
    refused = ""
    try:
        found = filling.plan_of(actor(), row, clock.today())
    except RegistryError as error:
        refused = sentence(error)
    lines = views.lines(found) if found else []
    return render_template(
        "upperforms/show.html",
        upper_form=row,
        form=order,
        found=found,
        refused=refused,
        columns=lines,
        columns_form=headings_form or views.headings_form(lines),
        page=ListPages(views.left(found.plan) if found else []),
        lost=[_(WORDS[code]) for code in found.book.lost] if found else [],
    )
