"""A resource is entered, corrected, voided, released, withdrawn; its contact is looked at; cases are linked to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base import credit_code
from registry.base.errors import FieldError
from registry.base.extensions import clock
from registry.entries.forms.maintenance import Reveal
from registry.resources import forms, views
from registry.resources.models import Resource, ResourceUse
from registry.resources.queries import resources, uses
from registry.resources.queries.owners import OwnerIndex
from registry.resources.queries.released import public_fields
from registry.resources.rules.rights import ResourceOwner
from registry.resources.services import recording, releasing, using
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.forms.refusable import Refusable
from registry.site.locale import sentence

pages = Blueprint("resource_steps", __name__)


@pages.route("/resources/new", methods=["GET", "POST"])
@requires("resource.enter")
def new() -> ResponseReturnValue:
    """`?owner=`: whose it is, from the page of a firm or an institution."""
    form = forms.ResourceForm(data={"owner": request.args.get("owner", "")[:200], "valid_from": clock.today()})
    made: list[Resource] = []

    def act() -> None:
        made.append(
            recording.enter(
                actor(), _owner(form.owner.data or ""), form.facts, doubt_reason=form.doubt_reason.data or "",
                at=clock.now(), on=clock.today(),
            )
        )  # fmt: skip

    if form.validate_on_submit() and done(form, act):
        flash(_("已登记“%(name)s”。", name=made[0].name), "success")
        return redirect(url_for("resources.show", resource_id=made[0].id))
    return render_template("resources/new.html", form=form), status_of(form)


@pages.route("/resources/<int:resource_id>/edit", methods=["GET", "POST"])
@concerns("resource.change")
def edit(resource_id: int) -> ResponseReturnValue:
    row = _row(resource_id, "resource.change")
    form = forms.CorrectionOfResource(row=row, may_keep=views.may_keep(actor(), row))

    def act() -> None:
        keep = bool(form.keep_released.data) if "keep_released" in form else False
        recording.correct(
            actor(), row, form.facts, seen=form.seen.data or 0, reason=form.reason.data or "",
            doubt_reason=form.doubt_reason.data or "", at=clock.now(), on=clock.today(), keep_released=keep,
        )  # fmt: skip

    if form.validate_on_submit():
        was = row.released_at is not None
        if done(form, act):
            gone = was and row.released_at is None
            flash(_("已更正，发布已撤回，待重新发布。") if gone else _("已更正。"), "success")
            return redirect(url_for("resources.show", resource_id=resource_id))
    return _again("resources/edit.html", resource_id, "resource.change", form)


@pages.route("/resources/<int:resource_id>/void", methods=["GET", "POST"])
@concerns("resource.change")
def void(resource_id: int) -> ResponseReturnValue:
    row, form = _row(resource_id, "resource.change"), forms.VoidForm()
    if form.validate_on_submit() and done(
        form, lambda: recording.void(actor(), row, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("已作废，记录保留。"), "success")
        return redirect(url_for("resources.show", resource_id=resource_id))
    return _again("resources/void.html", resource_id, "resource.change", form)


@pages.route("/resources/<int:resource_id>/release", methods=["GET", "POST"])
@concerns("resource.release")
def release(resource_id: int) -> ResponseReturnValue:
    """What will be public, field by field; what was shown is released, and nothing else."""
    row, form = _row(resource_id, "resource.release"), forms.ReleaseForm()
    if form.validate_on_submit() and done(
        form,
        lambda: releasing.release(actor(), row, seen=form.seen.data or 0, at=clock.now(), on=clock.today()),
    ):
        flash(_("已发布。"), "success")
        return redirect(url_for("resources.show", resource_id=resource_id))
    row = _row(resource_id, "resource.release")
    form.seen.data, obstacle = row.revision, releasing.obstacle(row, clock.today())
    page = render_template(
        "resources/release.html",
        row=row,
        form=form,
        obstacle=sentence(obstacle) if obstacle else "",
        rows=views.public_rows(public_fields(row)),
    )
    return page, status_of(form)


@pages.route("/resources/<int:resource_id>/withdraw", methods=["GET", "POST"])
@concerns("resource.withdraw")
def withdraw(resource_id: int) -> ResponseReturnValue:
    row, form = _row(resource_id, "resource.withdraw"), forms.WithdrawForm()
    if form.validate_on_submit() and done(
        form, lambda: releasing.withdraw(actor(), row, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("已撤回发布。"), "success")
        return redirect(url_for("resources.show", resource_id=resource_id))
    return _again("resources/withdraw.html", resource_id, "resource.withdraw", form)


@pages.route("/resources/<int:resource_id>/contact", methods=["GET", "POST"])
@concerns("resource.reveal")
def reveal(resource_id: int) -> ResponseReturnValue:
    """Whom to call in full, for a stated purpose: a POST, and a row of the trail."""
    row, form = _row(resource_id, "resource.reveal"), Reveal()
    told: dict[str, str] = {}

    def act() -> None:
        try:
            told.update(recording.reveal(actor(), row, at=clock.now(), purpose=form.stated()))
        except FieldError as error:
            raise FieldError("other", error.template) from error

    if form.validate_on_submit():
        done(form, act)
    return _again("resources/contact.html", resource_id, "resource.reveal", form, contact=told or None)


@pages.route("/resources/<int:resource_id>/cases", methods=["GET", "POST"])
@concerns("resource.link")
def link(resource_id: int) -> ResponseReturnValue:
    row, form = _row(resource_id, "resource.link"), forms.LinkForm()
    if form.validate_on_submit() and done(
        form, lambda: using.link(actor(), row, form.number.data or "", at=clock.now())
    ):
        flash(_("已关联。"), "success")
        return redirect(url_for("resources.show", resource_id=resource_id, _anchor="uses"))
    return _again("resources/link.html", resource_id, "resource.link", form)


@pages.route("/resource-uses/<int:use_id>/remove", methods=["GET", "POST"])
@concerns("resource.unlink")
def unlink(use_id: int) -> ResponseReturnValue:
    use, form = _use(use_id), forms.UnlinkForm()
    resource_id = use.resource_id
    if form.validate_on_submit() and done(
        form, lambda: using.unlink(actor(), use, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("已取消关联。"), "success")
        return redirect(url_for("resources.show", resource_id=resource_id, _anchor="uses"))
    return render_template("resources/unlink.html", use=_use(use_id), form=form), status_of(form)


def _owner(text: str) -> ResourceOwner:
    """Whom the text names: by a credit code, else by a whole name."""
    code = credit_code.check(text)
    given = (code.code, None) if code.valid else (None, text.strip())
    index = OwnerIndex(actor(), {code.code} if code.valid else (), {text.strip()} if not code.valid else ())
    return index.find(*given)


def _row(resource_id: int, permission: str) -> Resource:
    row: Resource = load_or_404(resources.one(actor(), resource_id), permission)
    return row


def _use(use_id: int) -> ResourceUse:
    use: ResourceUse = load_or_404(uses.one(actor(), use_id), "resource.unlink")
    return use


def _again(template: str, resource_id: int, permission: str, form: Refusable, **shown: Any) -> ResponseReturnValue:
    row = _row(resource_id, permission)
    return render_template(template, row=row, form=form, **shown), status_of(form)
