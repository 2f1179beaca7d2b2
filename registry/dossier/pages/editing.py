"""A firm's fields are corrected; whoever comes second chooses field by field."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select

from registry.base import errors
from registry.base.errors import CodeTaken, FieldError
from registry.base.extensions import clock, db
from registry.base.firm_fields import FOLLOWERS
from registry.base.vocabulary import LISTED_STAGES, Stage
from registry.dossier.pages.firms import pages
from registry.duplicates.queries import duplicates
from registry.duplicates.views.matches import Shortlist, is_judged, set_apart, shortlist
from registry.entries.forms.firms import COLUMNS, former_names_of, values_of
from registry.entries.forms.maintenance import NAME_BY_RENAME, ONLY_RETURNED, EditFirm
from registry.entries.pages import conflicts
from registry.entries.services import entries, naming
from registry.firms.models.firms import Firm
from registry.firms.queries import firms, history
from registry.pathway.queries import facts
from registry.proposals.queries import nominations
from registry.proposals.views import cases
from registry.site.access import actor, concerns, load_or_404


@pages.route("/firms/<int:firm_id>/edit", methods=["GET", "POST"])
@concerns("firm.edit")
def edit(firm_id: int) -> ResponseReturnValue:
    """Correct fields; whoever comes second chooses field by field (entries/pages/conflicts.py)."""
    firm: Firm = load_or_404(_held(firm_id), "firm.edit")
    form = EditFirm(office=firm.office, on=clock.today(), firm=firm, locked=_locked(firm))
    if firm.stage not in LISTED_STAGES:
        del form.reason
    if not form.is_submitted():
        form.original.data = conflicts.picture(firm)
        return _edit_page(firm, form)
    conflicts.choose(form, form.original.data or "", request.form)
    if not form.validate():
        return _edit_page(firm, form), 422
    if choices := conflicts.found(form, form.original.data or "", firm):
        return _conflict_page(firm, form, choices), 409
    if alike := _alike(firm, form):
        return _edit_page(firm, form, alike), 422
    try:
        _save(firm, form)
    except FieldError as error:
        db.session.rollback()
        form.refuse(error)
        return _edit_page(firm, form), 422
    db.session.commit()
    return redirect(url_for("firms.show", firm_id=firm_id))


def _held(firm_id: int) -> Select[Firm]:
    """To be read, or on a POST to be changed: then the second of two waits for the first."""
    statement = firms.one(actor(), firm_id)
    if request.method != "POST":
        return statement
    naming.hold(request.form.get("name", "").strip())
    return statement.with_for_update(of=Firm)


def _locked(firm: Firm) -> dict[str, str]:
    """Fields that are not open now, each with the reason."""
    if firm.stage in LISTED_STAGES:
        return {"name": _(NAME_BY_RENAME)}
    proposal = nominations.open_of(firm)
    if firm.stage != Stage.RETURNED or proposal is None:
        return {}
    returned = {cell.field for cell in nominations.returned_cells(proposal)} | facts.blank(firm)
    returned |= {follower for key in returned for follower in FOLLOWERS.get(key, ())}
    return {key: _(ONLY_RETURNED) for key in COLUMNS if key not in returned}


def _alike(firm: Firm, form: EditFirm) -> Shortlist | None:
    """What a new name or code brings up: a held code ends it here, a likeness asks for a person's word first."""
    given = values_of(form)
    name, code = given.get("name", firm.name), given.get("credit_code", firm.credit_code)
    if (name, code) == (firm.name, firm.credit_code):
        return None
    seen = duplicates.check(actor(), name, code, exclude=firm.id)
    if seen.code_is_held:
        form.refuse(CodeTaken(code=code))
    elif seen.needs_decision and not is_judged(form, seen):
        form.say("checked", _(errors.NOT_A_DUPLICATE))
    else:
        return None
    return shortlist(name, seen)


def _save(firm: Firm, form: EditFirm) -> None:
    at, on = clock.now(), clock.today()
    reason = form.reason.data or "" if "reason" in form else ""
    changes = entries.edit(actor(), firm, values_of(form), at=at, on=on, reason=reason)
    names = entries.note_former_names(actor(), firm, former_names_of(form), at=at, reason=reason)
    if form.checked.data:
        set_apart(firm, str(form.checked.label.text))
    count = len(changes) + len(names)
    flash(_("已保存，改动 %(count)s 项。", count=count) if count else _("没有改动。"), "success" if count else "info")


def _edit_page(firm: Firm, form: EditFirm, found: Shortlist | None = None) -> str:
    proposal = nominations.open_of(firm) if firm.stage == Stage.RETURNED else None
    cells = nominations.returned_cells(proposal) if proposal else []
    return render_template(
        "dossier/edit.html",
        firm=firm,
        form=form,
        found=found,
        returned={cell.field: cell.note or _("请补正") for cell in cells},
        elsewhere=[row for row, cell in zip(cases.returned(proposal), cells, strict=True) if cell.field not in form]
        if proposal
        else [],
    )


def _conflict_page(firm: Firm, form: EditFirm, choices: list[conflicts.ConflictChoice]) -> str:
    """What was typed travels in hidden fields; the picture is taken anew, so that the next save is looked at too."""
    last = db.session.scalars(history.writings_of(firm).limit(1)).first()
    unsent = {"csrf_token", "original", *form.locked}
    sent = {field.name: field.data or "" for field in form if field.name not in unsent}
    return render_template(
        "dossier/conflict.html",
        firm=firm,
        form=form,
        choices=choices,
        sent=sent,
        original=conflicts.picture(firm),
        last=last,
    )
