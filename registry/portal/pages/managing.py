"""The portal from inside: what is open, the switch, published progress."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older

from registry.base.extensions import clock, db
from registry.portal import forms
from registry.portal.models import PortalMark, PortalProgress, PortalSetting
from registry.portal.queries import public
from registry.portal.rules.catalog import COLLECTIONS
from registry.portal.services import drawing, releasing, switching
from registry.site.access import actor, load_or_404, requires
from registry.site.acting import done, pressed, status_of

pages = Blueprint("portal", __name__)


@pages.get("/portal")
@requires("portal.read")
def overview() -> ResponseReturnValue:
    history = select(PortalSetting).order_by(PortalSetting.id.desc()).limit(20)
    published = select(PortalProgress).order_by(PortalProgress.id.desc()).limit(20)
    return render_template(
        "portal/overview.html",
        now=public.newest(),
        collections=COLLECTIONS,
        counts=public.counts(),
        history=list(db.session.scalars(history)),
        published=list(db.session.scalars(published)),
        mark=db.session.get(PortalMark, 1),
    )


@pages.route("/portal/settings", methods=["GET", "POST"])
@requires("portal.switch")
def switch() -> ResponseReturnValue:
    form = forms.switch_form(public.newest())
    if form.validate_on_submit() and done(
        form, lambda: switching.choose(actor(), form.choice(), at=clock.now(), on=clock.today())
    ):
        flash(_("已保存，公开内容已按新的设置更新。"), "success")
        return redirect(url_for("portal.overview"))
    return render_template("portal/switch.html", form=form, collections=COLLECTIONS), status_of(form)


@pages.post("/portal/renew")
@requires("portal.switch")
def renew() -> ResponseReturnValue:
    """Draw the copy anew now, and not only within the hour."""
    pressed(lambda: drawing.redraw(at=clock.now(), on=clock.today()), _("公开内容已更新。"))
    return redirect(url_for("portal.overview"))


@pages.route("/portal/progress", methods=["GET", "POST"])
@requires("portal.progress")
def progress() -> ResponseReturnValue:
    """Which targets are published, with the numbers as they stand today."""
    form, found = forms.PublishProgress(), releasing.progress_now(clock.today())
    targets = found.targets if found else ()
    form.targets.choices = [SelectChoice(one.target.code, one.target.name) for one in targets]
    if form.validate_on_submit() and done(
        form, lambda: releasing.publish(actor(), form.targets.data or [], at=clock.now(), on=clock.today())
    ):
        flash(_("已公布。"), "success")
        return redirect(url_for("portal.overview"))
    return render_template("portal/progress.html", form=form, found=found), status_of(form)


@pages.route("/portal/progress/<int:publication_id>/withdraw", methods=["GET", "POST"])
@requires("portal.progress")
def withdraw(publication_id: int) -> ResponseReturnValue:
    chosen = select(PortalProgress).where(PortalProgress.id == publication_id)
    row: PortalProgress = load_or_404(chosen, "portal.progress")
    form = forms.GiveReason()
    if form.validate_on_submit() and done(
        form,
        lambda: releasing.withdraw_progress(
            actor(), row, reason=form.reason.data or "", at=clock.now(), on=clock.today()
        ),
    ):
        flash(_("已撤回。"), "success")
        return redirect(url_for("portal.overview"))
    row = load_or_404(chosen, "portal.progress")
    return render_template("portal/progress_withdraw.html", form=form, row=row), status_of(form)
