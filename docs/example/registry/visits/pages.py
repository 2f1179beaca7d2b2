"""The list of visits, and a form for one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of
from registry.visits import forms, queries, services

pages = Blueprint("visits", __name__)


@pages.get("/visits")
@requires("visit.list")
def listing() -> ResponseReturnValue:
    return render_template("visits/list.html", page=page_of(queries.visible_to(actor())))


@pages.route("/firms/<int:firm_id>/visits/new", methods=["GET", "POST"])
@concerns("visit.record")
def new(firm_id: int) -> ResponseReturnValue:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "visit.record")
    form = forms.VisitForm()
    if not form.validate_on_submit():
        return render_template("visits/new.html", firm=firm, form=form), 422 if form.is_submitted() else 200
    services.record(actor(), firm, on=form.on.data, heard=form.heard.data, at=clock.now())
    db.session.commit()
    flash(_("已登记走访。"), "success")
    return redirect(url_for("visits.listing"))
