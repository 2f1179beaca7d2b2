"""Upkeep of a firm: rename, remove, reopen, watch, link to the legal person, look at the contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base import credit_code, errors
from registry.base.errors import FieldError, RegistryError
from registry.base.extensions import clock, db
from registry.base.vocabulary import Action
from registry.duplicates.queries import duplicates
from registry.duplicates.views.matches import is_judged, set_apart, shortlist
from registry.entries.forms.maintenance import Parent, Rename, Reopen, Reveal, Watch
from registry.entries.services import entries, naming
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.pathway.forms import Leave
from registry.site.access import actor, concerns, load_or_404
from registry.site.forms.refusable import Refusable

pages = Blueprint("upkeep", __name__)


@pages.route("/firms/<int:firm_id>/name", methods=["GET", "POST"])
@concerns("firm.maintain")
def rename(firm_id: int) -> ResponseReturnValue:
    naming.hold(request.form.get("name", "").strip())
    firm, form = _load(firm_id, "firm.maintain"), Rename(data={"name": request.args.get("name", "")})

    def act() -> None:
        _refuse_alike(firm, form)
        entries.rename(
            actor(),
            firm,
            form.name.data or "",
            at=clock.now(),
            on=clock.today(),
            effective=form.effective.data or clock.today(),
            reason=form.reason.data or "",
        )
        if form.checked.data:
            set_apart(firm, str(form.checked.label.text))

    return _answer("entries/rename.html", firm, form, act, _("已更名，旧名称保留在曾用名中。"))


def _refuse_alike(firm: Firm, form: Rename) -> None:
    """A firm that is alike under the new name asks for a person's word first."""
    name = form.name.data or ""
    seen = duplicates.check(actor(), name, firm.credit_code, exclude=firm.id)
    if seen.needs_decision and not is_judged(form, seen):
        form.found = shortlist(name, seen)
        raise FieldError("checked", errors.NOT_A_DUPLICATE)


@pages.route("/firms/<int:firm_id>/removal", methods=["GET", "POST"])
@concerns("firm.remove")
def remove(firm_id: int) -> ResponseReturnValue:
    firm, form = _load(firm_id, "firm.remove"), Leave(Action.REMOVE)

    def act() -> None:
        entries.remove(
            actor(), firm, at=clock.now(), on=clock.today(),
            exit_reason=form.exit_reason.data or "", reason=form.reason.data or "",
        )  # fmt: skip

    return _answer("entries/remove.html", firm, form, act, _("已出库，资料和记录都保留。"))


@pages.route("/firms/<int:firm_id>/reopening", methods=["GET", "POST"])
@concerns("firm.reopen")
def reopen(firm_id: int) -> ResponseReturnValue:
    firm, form = _load(firm_id, "firm.reopen"), Reopen()

    def act() -> None:
        entries.reopen(actor(), firm, at=clock.now(), on=clock.today(), reason=form.reason.data or "")

    return _answer("entries/reopen.html", firm, form, act, _("已重新列为线索。"))


@pages.route("/firms/<int:firm_id>/watch", methods=["GET", "POST"])
@concerns("firm.edit_draft")
def watch(firm_id: int) -> ResponseReturnValue:
    firm = _load(firm_id, "firm.edit_draft")
    form = Watch(watch_reason=firm.watch_reason)

    def act() -> None:
        values = {"watch_reason": form.watch_reason.data or ""}
        entries.edit(actor(), firm, values, at=clock.now(), on=clock.today())

    return _answer("entries/watch.html", firm, form, act, _("已保存。"))


@pages.route("/firms/<int:firm_id>/parent", methods=["GET", "POST"])
@concerns("firm.edit")
def parent(firm_id: int) -> ResponseReturnValue:
    """The legal person a branch belongs to, by its code; one outside the reader's reach is linked, and not shown."""
    firm = _load(firm_id, "firm.edit")
    linked = db.session.scalars(firms.one(actor(), firm.parent_id)).unique().one_or_none() if firm.parent_id else None
    form = Parent(parent=linked.credit_code if linked else "")

    def act() -> None:
        entries.link_parent(actor(), firm, _parent_of(form.parent.data or ""), at=clock.now())

    return _answer("entries/parent.html", firm, form, act, _("已保存。"))


def _parent_of(text: str) -> Firm | None:
    if not text.strip():
        return None
    code = credit_code.CreditCode.parse(text).value
    found = firms.with_code(code)
    if found is None:
        raise FieldError("parent", errors.PARENT_UNKNOWN, code=code)
    return found


@pages.route("/firms/<int:firm_id>/contact", methods=["GET", "POST"])
@concerns("firm.reveal")
def reveal(firm_id: int) -> ResponseReturnValue:
    """The contact in full, for a stated purpose: a POST, and a row of the trail."""
    firm, form = _load(firm_id, "firm.reveal"), Reveal()
    if not form.validate_on_submit():
        return render_template("entries/contact.html", firm=firm, form=form, contact=None), _status()
    try:
        contact = entries.reveal(actor(), firm, at=clock.now(), purpose=form.stated())
    except FieldError as error:
        form.refuse(FieldError("other", error.template))
        return render_template("entries/contact.html", firm=firm, form=form, contact=None), 422
    db.session.commit()
    return render_template("entries/contact.html", firm=firm, form=form, contact=contact)


def _load(firm_id: int, permission: str) -> Firm:
    """The firm, held on a POST until the commit: of two who act at once, the second sees what the first did."""
    statement = firms.one(actor(), firm_id)
    firm: Firm = load_or_404(statement.with_for_update(of=Firm) if request.method == "POST" else statement, permission)
    return firm


def _answer(template: str, firm: Firm, form: Refusable, act: Callable[[], Any], done: str) -> ResponseReturnValue:
    """Ask, or act and go back to the dossier; a refusal is shown where it belongs, with all that was typed."""
    firm_id = firm.id
    if not form.validate_on_submit():
        return render_template(template, firm=firm, form=form), _status()
    try:
        act()
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return render_template(template, firm=firm, form=form), 422
    db.session.commit()
    flash(done, "success")
    return redirect(url_for("firms.show", firm_id=firm_id))


def _status() -> int:
    return 422 if request.method == "POST" else 200
