"""A firm's dossier: why it is not four-above yet, what it is, what happened to it; and the history of every field."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select

from registry.domain import contacts, errors
from registry.domain.acts import VERB_LABELS
from registry.domain.clocks import AsOf
from registry.domain.errors import CodeTaken, FieldError
from registry.domain.filings import FILING_OUTCOME_LABELS
from registry.domain.firms import FIELDS, FOLLOWERS
from registry.domain.forecasting import CAUTION
from registry.domain.pathway import LISTED_STAGES
from registry.domain.permissions import can
from registry.domain.position import Position
from registry.domain.vocabulary import Stage
from registry.extensions import SHANGHAI, clock, db
from registry.models import Claim, Firm, TrailEntry
from registry.queries import (
    claims,
    duplicates,
    figures,
    filings,
    firms,
    forecasts,
    history,
    merges,
    pairings,
    positions,
    reference,
)
from registry.queries import proposals as nominations
from registry.services import firms as upkeep
from registry.services import naming
from registry.web import cases, conflicts, course, dossier, explained, forecasted, past, recorded, registration, values
from registry.web.access import actor, concerns, load_or_404
from registry.web.forms.firms import COLUMNS, former_names_of, values_of
from registry.web.forms.upkeep import NAME_BY_RENAME, ONLY_RETURNED, EditFirm
from registry.web.listing import page_of
from registry.web.matches import Shortlist, is_judged, set_apart, shortlist
from registry.web.reach import Beyond

pages = Blueprint("firms", __name__)

SHOWN_FIGURES = 8
SHOWN_HAPPENINGS = 8
HISTORY_FIELDS = (*FIELDS, "former_names", "stage", "office", "parent_id")


@pages.get("/firms/<int:firm_id>")
@concerns("firm.read")
def show(firm_id: int) -> ResponseReturnValue:
    asked = past.asked()
    if asked.as_of:
        return past.dossier_page(firm_id, asked.as_of)
    if asked.wrong:
        flash(asked.wrong, "warning")
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    on, wrong = _replayed_day()
    unknown_on = on if on is not None and on < _created_on(firm) else None
    now = positions.of(firm, on=clock.today())
    told = positions.replayed(firm, as_of=AsOf(on)) if on else now
    return render_template(
        "firms/show.html",
        firm=firm,
        filing_outcomes=FILING_OUTCOME_LABELS,
        on=on,
        unknown_on=unknown_on,
        why_heading=dossier.heading(firm.stage),
        wrong_day=wrong,
        position=told,
        why=explained.rows(told),
        bases=explained.bases(told),
        **_dossier(firm, now),
    )


def _created_on(firm: Firm) -> date:
    """The first day on which the directory knew of the firm."""
    return firm.created_at.astimezone(SHANGHAI).date()


def _replayed_day() -> tuple[date | None, str]:
    """The day asked for by `?on=`, and what is wrong with it."""
    text = request.args.get("on", "").strip()
    try:
        on = date.fromisoformat(text) if text else None
    except ValueError:
        return None, _("“%(text)s”不是日期，请按 2021-09-30 的格式填写。", text=text)
    if on is not None and on > clock.today():
        return None, _(errors.DATE_IN_FUTURE)
    return on, ""


def _dossier(firm: Firm, position: Position) -> dict[str, Any]:
    """Everything but the position, as it stands now."""
    today = clock.today()
    events, every, disputes = firms.events_of(firm), firms.figures_of(firm), figures.disputes_of(firm)
    documents = firms.documents_of(firm)
    raised = list(db.session.scalars(claims.visible_to(actor()).where(Claim.firm_id == firm.id)).unique())
    rows = dossier.figure_rows(firm, every, disputes, documents)
    beyond = Beyond(firm)
    folded = beyond.folded()
    lines = course.of(events, every, disputes, raised, folded, merges.came(firm) if folded else {})
    return {
        "identity": _identity(firm),
        "contact": contacts.masked_of(firm),
        "steps": dossier.steps(firm, events),
        "figures": rows[:SHOWN_FIGURES],
        "figure_count": len(rows),
        "points": dossier.months(rows, today.year),
        "before": dossier.months(rows, today.year - 1),
        "told": forecasted.told(forecasts.of(firm, [row.figure for row in rows], on=today)),
        "caution": CAUTION,
        "papers": dossier.papers(firm, documents, position),
        "progress": dossier.progress(firm, documents, position),
        "proposals": nominations.of_firm(firm),
        "filings": filings.of_firm(firm),
        "claims": [claim for claim in raised if claim.decided_at is None],
        "course": beyond.told(lines),
        "shown": SHOWN_HAPPENINGS,
        "parent": _related(firm.parent_id),
        "merges": folded,
        "branches": firms.branches_of(actor(), firm),
        "registration": registration.check(firm),
        "pairs": pairings.of_firm(actor(), firm) if can(actor(), "pairing.list") else [],
    }


def _identity(firm: Firm) -> dict[str, str]:
    """The fields of the identity card in words."""
    offices = reference.offices()
    words = {key: values.shown(key, getattr(firm, key)) for key in FIELDS if key not in contacts.RESTRICTED}
    helping = [offices[code].short_name for code in firm.co_bureaus.split(",") if code in offices]
    return words | {"co_bureaus": _("、").join(helping)}


def _related(firm_id: int | None) -> Firm | None:
    """Another firm, if it is within the reader's reach."""
    return db.session.scalars(firms.one(actor(), firm_id)).unique().one_or_none() if firm_id else None


@pages.route("/firms/<int:firm_id>/edit", methods=["GET", "POST"])
@concerns("firm.edit")
def edit(firm_id: int) -> ResponseReturnValue:
    """Correct fields; whoever comes second chooses field by field (web/conflicts.py)."""
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
    returned = {cell.field for cell in nominations.returned_cells(proposal)}
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
    changes = upkeep.edit(actor(), firm, values_of(form), at=at, on=on, reason=reason)
    names = upkeep.note_former_names(actor(), firm, former_names_of(form), at=at, reason=reason)
    if form.checked.data:
        set_apart(firm, str(form.checked.label.text))
    count = len(changes) + len(names)
    flash(_("已保存，改动 %(count)s 项。", count=count) if count else _("没有改动。"), "success" if count else "info")


def _edit_page(firm: Firm, form: EditFirm, found: Shortlist | None = None) -> str:
    proposal = nominations.open_of(firm) if firm.stage == Stage.RETURNED else None
    cells = nominations.returned_cells(proposal) if proposal else []
    return render_template(
        "firms/edit.html",
        firm=firm,
        form=form,
        found=found,
        returned={cell.field: cell.note or _("请补正") for cell in cells},
        elsewhere=[row for row, cell in zip(cases.returned(proposal), cells, strict=True) if cell.field not in form]
        if proposal
        else [],
    )


def _conflict_page(firm: Firm, form: EditFirm, choices: list[conflicts.Choice]) -> str:
    """What was typed travels in hidden fields; the picture is taken anew, so that the next save is looked at too."""
    last = db.session.scalars(history.writings_of(firm).limit(1)).first()
    unsent = {"csrf_token", "original", *form.locked}
    sent = {field.name: field.data or "" for field in form if field.name not in unsent}
    return render_template(
        "firms/conflict.html",
        firm=firm,
        form=form,
        choices=choices,
        sent=sent,
        original=conflicts.picture(firm),
        last=last,
    )


@pages.get("/firms/<int:firm_id>/history", endpoint="history")
@concerns("firm.read")
def field_history(firm_id: int) -> ResponseReturnValue:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    field = request.args.get("field", "")
    field = field if field in HISTORY_FIELDS else ""
    page, beyond = page_of(history.writings_of(firm, field=field)), Beyond(firm)
    return render_template(
        "firms/history.html",
        firm=firm,
        page=page,
        acts=[(entry, _written(entry, field, beyond), beyond.hides(entry)) for entry in page.items],
        field=field,
        fields=[(key, recorded.change("firm", key, None, None).label) for key in HISTORY_FIELDS],
        verbs=VERB_LABELS,
        offices={code: office.short_name for code, office in reference.offices().items()},
    )


def _written(entry: TrailEntry, field: str, beyond: Beyond) -> list[recorded.Recorded]:
    before, after = entry.before or {}, entry.after or {}
    if "folded" in after and beyond.hides(entry):
        after = {**after, "folded": _("本单位范围外的企业")}
    keys = [field] if field else list(dict.fromkeys([*before, *after]))
    return [recorded.change("firm", key, before.get(key), after.get(key)) for key in keys]
