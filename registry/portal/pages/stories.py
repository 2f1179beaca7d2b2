"""Typical cases: the list, one of them, entering, approving, withdrawing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import FieldError
from registry.base.extensions import clock, db
from registry.documents.services import attachments
from registry.documents.views import sealed_off
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.search import containing
from registry.portal import forms, texts
from registry.portal.models import PortalStory
from registry.portal.queries import releases
from registry.portal.services import stories
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.listing import page_of

pages = Blueprint("portal_stories", __name__)


@pages.get("/portal/stories")
@requires("story.list")
def listing() -> ResponseReturnValue:
    page = page_of(releases.stories(actor()))
    return render_template("portal/stories.html", page=page, labels=texts.STATE_LABELS, tones=texts.STATE_TONES)


@pages.route("/portal/stories/new", methods=["GET", "POST"])
@requires("story.enter")
def new() -> ResponseReturnValue:
    form = forms.StoryForm()
    form.file.flags.required = True
    made: list[PortalStory] = []

    def act() -> None:
        upload = form.upload
        if upload is None:
            raise FieldError("file", texts.CONSENT_NEEDED)
        made.append(
            stories.enter(
                actor(),
                _firm(form.firm.data or ""),
                form.facts(),
                filename=upload[0],
                content=upload[1],
                at=clock.now(),
                on=clock.today(),
            )
        )

    if form.validate_on_submit() and done(form, act):
        flash(_("已登记，由另一人核对后公开。"), "success")
        return redirect(url_for("portal_stories.show", story_id=made[0].id))
    return render_template("portal/story_form.html", form=form, story=None), status_of(form)


@pages.get("/portal/stories/<int:story_id>")
@concerns("story.read")
def show(story_id: int) -> ResponseReturnValue:
    row = _story(story_id, "story.read")
    return render_template("portal/story.html", story=row, labels=texts.STATE_LABELS, tones=texts.STATE_TONES)


@pages.route("/portal/stories/<int:story_id>/edit", methods=["GET", "POST"])
@concerns("story.edit")
def edit(story_id: int) -> ResponseReturnValue:
    row = _story(story_id, "story.edit")
    form = forms.StoryForm(data=forms.filled(row))
    if form.validate_on_submit() and done(
        form,
        lambda: stories.edit(
            actor(), row, form.facts(), seen=int(form.seen.data or 0), at=clock.now(), on=clock.today(),
            paper=form.upload,
        ),
    ):  # fmt: skip
        flash(_("已修改。"), "success")
        return redirect(url_for("portal_stories.show", story_id=story_id))
    row = _story(story_id, "story.edit")
    return render_template("portal/story_form.html", form=form, story=row), status_of(form)


@pages.route("/portal/stories/<int:story_id>/approve", methods=["GET", "POST"])
@concerns("story.approve")
def approve(story_id: int) -> ResponseReturnValue:
    """The whole text is read before it is public."""
    row, form = _story(story_id, "story.approve"), forms.ApproveStory()
    if form.validate_on_submit() and done(
        form, lambda: stories.approve(actor(), row, seen=int(form.seen.data or 0), at=clock.now(), on=clock.today())
    ):
        flash(_("已公开。"), "success")
        return redirect(url_for("portal_stories.show", story_id=story_id))
    row = _story(story_id, "story.approve")
    form.seen.data = str(row.revision)
    return render_template("portal/story_approve.html", form=form, story=row), status_of(form)


@pages.route("/portal/stories/<int:story_id>/withdraw", methods=["GET", "POST"])
@concerns("story.withdraw")
def withdraw(story_id: int) -> ResponseReturnValue:
    row, form = _story(story_id, "story.withdraw"), forms.GiveReason()
    if form.validate_on_submit() and done(
        form,
        lambda: stories.withdraw(actor(), row, reason=form.reason.data or "", at=clock.now(), on=clock.today()),
    ):
        flash(_("已撤回。"), "success")
        return redirect(url_for("portal_stories.show", story_id=story_id))
    row = _story(story_id, "story.withdraw")
    return render_template("portal/story_withdraw.html", form=form, story=row), status_of(form)


@pages.get("/portal/stories/<int:story_id>/consent")
@concerns("story.read")
def consent(story_id: int) -> ResponseReturnValue:
    """The scan of the firm's consent, which is never public."""
    row = _story(story_id, "story.read")
    path = attachments.path(row.stored_name)
    return sealed_off(
        send_file(path, mimetype=row.media_type, as_attachment=True, download_name=row.filename, etag=False)
    )


def _story(story_id: int, permission: str) -> PortalStory:
    row: PortalStory = load_or_404(releases.story(actor(), story_id), permission)
    return row


def _firm(text: str) -> Firm:
    """The one firm in reach of this code or name. Raises FieldError('firm')."""
    wanted = text.strip()
    found = firms.visible_to(actor()).where(Firm.voided_at.is_(None), Firm.merged_into_id.is_(None), containing(wanted))
    rows = [firm for firm in db.session.scalars(found.limit(50)).unique() if wanted in (firm.credit_code, firm.name)]
    if len(rows) != 1:
        raise FieldError("firm", texts.NO_FIRM, text=wanted)
    return rows[0]
