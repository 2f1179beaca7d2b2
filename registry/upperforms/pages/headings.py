"""What the office has said of headings of forms, and withdraws."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.imports import queries
from registry.imports.models import ColumnChoice
from registry.imports.services import columns
from registry.imports.services.columns import HeadingScope
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of
from registry.upperforms import views
from registry.upperforms.sheets import fields

pages = Blueprint("upper_form_headings", __name__)


@pages.get("/upper-forms/headings")
@requires("upperform.fill")
def listing() -> ResponseReturnValue:
    page = page_of(queries.form_columns_of(actor()))
    return render_template("upperforms/headings.html", page=page, lines=[views.given(row) for row in page.items])


@pages.post("/upper-forms/headings/<int:form_choice_id>/withdrawal")
@concerns("upperform.read")
def withdraw(form_choice_id: int) -> ResponseReturnValue:
    """The heading speaks for itself again; forms that were filled keep how they were."""
    found = queries.form_columns_of(actor()).where(ColumnChoice.id == form_choice_id)
    row: ColumnChoice = load_or_404(found, "upperform.read")
    heading, scope = row.heading, HeadingScope(dict(fields.offered()), row.form, row.form_title, own=True)
    columns.withdraw(actor(), row, at=clock.now(), scope=scope)
    db.session.commit()
    flash(_("“%(heading)s”已撤回指定，今后照表头本身填写。", heading=heading), "success")
    return redirect(url_for("upper_form_headings.listing"))
