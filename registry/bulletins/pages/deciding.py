"""Offices look at their numbers and confirm them; a second person approves or sends back; the city office issues."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, queue
from registry.bulletins import texts, views
from registry.bulletins.forms import Approve, GiveReason, Issue, SayConfirmed
from registry.bulletins.models import Bulletin
from registry.bulletins.pages.bulletins import loaded, page
from registry.bulletins.queries import bulletins
from registry.bulletins.rules.numbers import described
from registry.bulletins.services import deciding
from registry.site.access import actor, concerns
from registry.site.acting import done, status_of

pages = Blueprint("bulletin_steps", __name__)


@pages.route("/bulletins/<int:bulletin_id>/confirm", methods=["GET", "POST"])
@concerns("bulletin.confirm")
def confirm(bulletin_id: int) -> ResponseReturnValue:
    bulletin, form = loaded(bulletin_id, "bulletin.confirm"), SayConfirmed()
    if form.validate_on_submit() and done(form, lambda: _say(bulletin, form)):
        return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    bulletin = loaded(bulletin_id, "bulletin.confirm")
    own = bulletins.own(actor(), bulletins.concerned(bulletin))
    form.seen.data = deciding.seen_digest(own)
    shown = render_template(
        "bulletins/confirm.html",
        bulletin=bulletin,
        title=bulletins.title_of(bulletin),
        own=own,
        form=form,
        rows_href=partial(views.rows_href, bulletin),
        described=partial(described, bulletins.numbers_of(bulletin)),
        texts=texts,
    )
    return shown, status_of(form)


def _say(bulletin: Bulletin, form: SayConfirmed) -> None:
    seen, at = form.seen.data or "", clock.now()
    if "refuse" in request.form:
        deciding.object_to(actor(), bulletin, seen=seen, reason=form.refused.data or "", at=at)
        flash(_("已记录本单位的异议。"), "success")
    else:
        deciding.confirm(actor(), bulletin, seen=seen, at=at)
        flash(_("已确认本单位的数字。"), "success")


@pages.post("/bulletins/<int:bulletin_id>/approval")
@concerns("bulletin.approve")
def approve(bulletin_id: int) -> ResponseReturnValue:
    bulletin, form = loaded(bulletin_id, "bulletin.approve"), Approve()

    def act() -> None:
        without = form.without.data or ""
        deciding.approve(actor(), bulletin, without=without, seen=form.seen, at=clock.now(), on=clock.today())

    if form.validate_on_submit() and done(form, act):
        flash(_("已批准，由市培育办印发。"), "success")
        return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    return page(loaded(bulletin_id, "bulletin.approve"), approve=form), status_of(form)


@pages.route("/bulletins/<int:bulletin_id>/return", methods=["GET", "POST"])
@concerns("bulletin.return")
def send_back(bulletin_id: int) -> ResponseReturnValue:
    bulletin, form = loaded(bulletin_id, "bulletin.return"), GiveReason()

    def act() -> None:
        deciding.send_back(actor(), bulletin, reason=form.reason.data or "", at=clock.now())

    if form.validate_on_submit() and done(form, act):
        flash(_("已退回起草人修改。"), "success")
        return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    bulletin = loaded(bulletin_id, "bulletin.return")
    shown = render_template("bulletins/return.html", bulletin=bulletin, title=bulletins.title_of(bulletin), form=form)
    return shown, status_of(form)


@pages.post("/bulletins/<int:bulletin_id>/issue")
@concerns("bulletin.issue")
def issue(bulletin_id: int) -> ResponseReturnValue:
    bulletin, form = loaded(bulletin_id, "bulletin.issue"), Issue()

    def act() -> None:
        deciding.issue(actor(), bulletin, form.day.data, seen=form.seen, at=clock.now(), on=clock.today())

    if form.validate_on_submit() and done(form, act):
        queue.enqueue("print_bulletin", bulletin_id)
        flash(_("已印发并存档，内容不再变动。"), "success")
        return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    return page(loaded(bulletin_id, "bulletin.issue"), issue=form), status_of(form)
