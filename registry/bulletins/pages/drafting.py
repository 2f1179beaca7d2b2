"""A bulletin is begun, its paragraphs are edited by hand, it is sent out or withdrawn; an erratum is begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.bulletins.forms import AddParagraph, EditParagraph, GiveReason, SendOut
from registry.bulletins.models import Bulletin, BulletinParagraph
from registry.bulletins.pages.bulletins import loaded, page
from registry.bulletins.queries import bulletins
from registry.bulletins.services import drafting
from registry.site.access import actor, concerns, requires
from registry.site.acting import done, status_of
from registry.site.locale import sentence

pages = Blueprint("bulletin_drafts", __name__)


@pages.post("/quarters/<label>/bulletin")
@requires("bulletin.draft")
def new(label: str) -> ResponseReturnValue:
    """By the wording in use; the draft's page is where it is worked on."""
    try:
        bulletin = drafting.draft(actor(), Quarter.parse(label), at=clock.now(), on=clock.today())
    except RegistryError as error:
        db.session.rollback()
        flash(sentence(error), "warning")
        return redirect(url_for("bulletins.listing"))
    db.session.commit()
    flash(_("已按模板起草，数字都取自冻结的数据。请通读，需要时修改，再送各单位确认。"), "success")
    return redirect(url_for("bulletins.show", bulletin_id=bulletin.id))


@pages.route("/bulletins/<int:bulletin_id>/erratum", methods=["GET", "POST"])
@concerns("bulletin.correct")
def correct(bulletin_id: int) -> ResponseReturnValue:
    old, form, made = loaded(bulletin_id, "bulletin.correct"), GiveReason(), []

    def act() -> None:
        reason = form.reason.data or ""
        made.append(drafting.correct(actor(), old, reason=reason, at=clock.now(), on=clock.today()))

    if form.validate_on_submit() and done(form, act):
        return redirect(url_for("bulletins.show", bulletin_id=made[0].id))
    return _asked("bulletins/correct.html", bulletin_id, form)


# -- paragraphs -----------------------------------------------------------------------------------
@pages.route("/bulletins/<int:bulletin_id>/paragraphs/<int:paragraph_id>", methods=["GET", "POST"])
@concerns("bulletin.edit")
def edit(bulletin_id: int, paragraph_id: int) -> ResponseReturnValue:
    bulletin, paragraph = _paragraph(bulletin_id, paragraph_id)
    form = EditParagraph(data={"text": paragraph.text, "version": bulletin.revision})

    def act() -> None:
        drafting.rewrite(actor(), bulletin, paragraph, form.text.data or "", seen=form.seen, at=clock.now())

    return _edited(form, bulletin_id, paragraph_id, act, adds=False)


@pages.route("/bulletins/<int:bulletin_id>/paragraphs/<int:paragraph_id>/after", methods=["GET", "POST"])
@concerns("bulletin.edit")
def add(bulletin_id: int, paragraph_id: int) -> ResponseReturnValue:
    bulletin, paragraph = _paragraph(bulletin_id, paragraph_id)
    form = AddParagraph(data={"version": bulletin.revision, "level": "body"})

    def act() -> None:
        level, text = form.level.data, form.text.data or ""
        drafting.add(actor(), bulletin, paragraph, level, text, seen=form.seen, at=clock.now())

    return _edited(form, bulletin_id, paragraph_id, act, adds=True)


@pages.post("/bulletins/<int:bulletin_id>/paragraphs/<int:paragraph_id>/removal")
@concerns("bulletin.edit")
def remove(bulletin_id: int, paragraph_id: int) -> ResponseReturnValue:
    bulletin, paragraph = _paragraph(bulletin_id, paragraph_id)
    form = EditParagraph()

    def act() -> None:
        drafting.remove(actor(), bulletin, paragraph, seen=form.seen, at=clock.now())

    return _edited(form, bulletin_id, paragraph_id, act, adds=False)


def _edited(
    form: EditParagraph, bulletin_id: int, paragraph_id: int, act: Callable[[], None], *, adds: bool
) -> ResponseReturnValue:
    if form.validate_on_submit() and done(form, act):
        return redirect(url_for("bulletins.show", bulletin_id=bulletin_id) + "#text")
    bulletin, paragraph = _paragraph(bulletin_id, paragraph_id)
    shown = render_template(
        "bulletins/paragraph.html",
        bulletin=bulletin,
        paragraph=paragraph,
        title=bulletins.title_of(bulletin),
        form=form,
        adds=adds,
        numbers=bulletins.numbers_of(bulletin).numbers,
    )
    return shown, status_of(form)


def _paragraph(bulletin_id: int, paragraph_id: int) -> tuple[Bulletin, BulletinParagraph]:
    bulletin = loaded(bulletin_id, "bulletin.edit")
    found = next((row for row in bulletin.paragraphs if row.id == paragraph_id), None)
    if found is None:
        abort(404)
    return bulletin, found


# -- sending out ----------------------------------------------------------------------------------
@pages.post("/bulletins/<int:bulletin_id>/submission")
@concerns("bulletin.edit")
def submit(bulletin_id: int) -> ResponseReturnValue:
    bulletin, form = loaded(bulletin_id, "bulletin.edit"), SendOut()

    def act() -> None:
        reason = form.long_reason.data or ""
        drafting.submit(actor(), bulletin, long_reason=reason, seen=form.seen, at=clock.now(), on=clock.today())

    if form.validate_on_submit() and done(form, act):
        flash(_("已送各单位确认，对方会在待办和消息中看到。"), "success")
        return redirect(url_for("bulletins.show", bulletin_id=bulletin_id))
    return page(loaded(bulletin_id, "bulletin.edit"), submit=form), status_of(form)


@pages.route("/bulletins/<int:bulletin_id>/withdrawal", methods=["GET", "POST"])
@concerns("bulletin.withdraw")
def withdraw(bulletin_id: int) -> ResponseReturnValue:
    bulletin, form = loaded(bulletin_id, "bulletin.withdraw"), GiveReason()

    def act() -> None:
        drafting.withdraw(actor(), bulletin, reason=form.reason.data or "", at=clock.now())

    if form.validate_on_submit() and done(form, act):
        flash(_("已撤回，内容和办理过程仍可查看。"), "success")
        return redirect(url_for("bulletins.listing"))
    return _asked("bulletins/withdraw.html", bulletin_id, form)


def _asked(template: str, bulletin_id: int, form: Any) -> ResponseReturnValue:
    bulletin = db.session.get_one(Bulletin, bulletin_id)
    return render_template(template, bulletin=bulletin, title=bulletins.title_of(bulletin), form=form), status_of(form)
