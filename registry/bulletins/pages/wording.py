"""The wording of bulletins: its versions, and the next one with a look at what it makes of a closed quarter."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.bulletins import texts
from registry.bulletins.forms import EditWording, wording_form
from registry.bulletins.queries import bulletins, kept
from registry.bulletins.queries import numbers as numbering
from registry.bulletins.rules.composing import Paragraph, composed, line_faults
from registry.bulletins.rules.numbers import names
from registry.bulletins.rules.wording import shown
from registry.bulletins.services import drafting
from registry.quarters.queries import snapshots
from registry.site.access import actor, requires
from registry.site.acting import done, status_of

pages = Blueprint("bulletin_wordings", __name__)


@pages.route("/bulletins/wording", methods=["GET", "POST"])
@requires("bulletin.wording")
def edit() -> ResponseReturnValue:
    """Saved as a new version, for drafts from then on; or only looked at (`preview`)."""
    current = bulletins.wording()
    sent = sum(name.startswith("text_") for name in request.form) or None
    form = wording_form(list(current.lines) if current else [], sent)
    form.offer((word, word) for word in texts.EACH.values())
    if not form.is_submitted():
        form.version.data = str(current.number if current else 0)
    preview: list[str] = []
    if form.validate_on_submit():
        if "preview" in request.form:
            preview = _preview(form)
        elif done(form, lambda: _save(form)):
            flash(_("已保存为新版模板，以后起草的通报使用。"), "success")
            return redirect(url_for("bulletin_wordings.edit"))
    page = render_template(
        "bulletins/wording.html",
        form=form,
        versions=bulletins.wordings(),
        names=[(texts.EACH.get(each, ""), found) for each, found in names()],
        preview=preview,
        texts=texts,
    )
    return page, status_of(form)


def _save(form: EditWording) -> None:
    drafting.word(actor(), form.lines, reason=form.reason.data or "", seen=form.seen, at=clock.now())


def _preview(form: EditWording) -> list[str]:
    """What the lines make of the last closed quarter that kept something; or in the form what is wrong with them."""
    for line, why, text in line_faults(form.lines):
        form.say("", _(texts.WORDING_FAULTS[why], line=line, text=text))
    last = next((row for row in reversed(snapshots.closed()) if kept.has(row)), None)
    if form.form_errors or last is None:
        return []
    found: list[Paragraph] = composed(form.lines, numbering.of(last))
    return [shown(text) for _level, text in found]
