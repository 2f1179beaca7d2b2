"""A firm's dossier: why it is not four-above yet, what it is, what happened to it; and the history of every field."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.audit.views import recorded
from registry.base import contacts, errors
from registry.base.clocks import AsOf
from registry.base.extensions import SHANGHAI, clock, db, provided
from registry.base.firm_fields import FIELDS
from registry.base.permissions import can
from registry.base.vocabulary import LISTED_STAGES
from registry.claims.models import Claim
from registry.claims.queries import claims
from registry.documents.queries.documents import documents_of
from registry.dossier.pages import past
from registry.dossier.views import timeline
from registry.duplicates.queries import pairs
from registry.figures import views
from registry.figures.queries import figures
from registry.filings.queries import announced, filings, readiness
from registry.filings.rules.chain import FILING_OUTCOME_LABELS
from registry.filings.views import papers
from registry.firms.models.firms import Firm
from registry.firms.queries import firms, history, merged
from registry.firms.views import values
from registry.forecasts.queries import forecasts
from registry.forecasts.texts import CAUTION
from registry.forecasts.views import forecasted
from registry.ledger.views import asked_day
from registry.merges.views.reach import Beyond
from registry.pathway.queries import positions
from registry.pathway.queries.events import events_of
from registry.pathway.views import explained, steps
from registry.proposals.queries import nominations
from registry.qualifications import views as held
from registry.qualifications.queries import qualifications
from registry.reference.queries import reference
from registry.register.views import check
from registry.resources import views as offered
from registry.resources.queries import resources
from registry.resources.rules.rights import ResourceOwner
from registry.site.access import actor, concerns, load_or_404
from registry.site.listing import page_of
from registry.taxfigures import texts as tax_texts
from registry.taxfigures import views as tax_views
from registry.trail.models import TrailEntry
from registry.trail.texts import VERB_LABELS

pages = Blueprint("firms", __name__)

SHOWN_FIGURES = 8
SHOWN_HAPPENINGS = 8
HISTORY_FIELDS = (*FIELDS, "former_names", "stage", "office", "parent_id")


@pages.get("/firms/<int:firm_id>")
@concerns("firm.read")
def show(firm_id: int) -> ResponseReturnValue:
    asked = asked_day()
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
        "dossier/show.html",
        firm=firm,
        filing_outcomes=FILING_OUTCOME_LABELS,
        on=on,
        unknown_on=unknown_on,
        why_heading=steps.heading(firm.stage),
        wrong_day=wrong,
        position=told,
        why=explained.rows(told),
        bases=explained.bases(told),
        **_dossier(firm),
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


def _dossier(firm: Firm) -> dict[str, Any]:
    """Everything but the position, as it stands now."""
    today = clock.today()
    events, every, disputes = events_of(firm), figures.figures_of(firm), figures.disputes_of(firm)
    documents, ready = documents_of(firm), readiness.of(firm, announced.next_for(firm, today), on=today)
    raised = list(db.session.scalars(claims.visible_to(actor()).where(Claim.firm_id == firm.id)).unique())
    rows = views.figure_rows(firm, every, disputes, documents)
    certificates = held.lines(qualifications.of_holder(firm))
    beyond = Beyond(firm)
    folded = beyond.folded()
    lines = timeline.of(events, every, disputes, raised, folded, merged.came(firm) if folded else {})
    return {
        "identity": _identity(firm),
        "contact": contacts.masked_of(firm),
        "steps": steps.steps(firm, events),
        "figures": rows[:SHOWN_FIGURES],
        "figure_count": len(rows),
        "points": views.months(rows, today.year),
        "before": views.months(rows, today.year - 1),
        "told": forecasted.told(forecasts.of(firm, [row.figure for row in rows if row.proven], on=today)),
        "caution": CAUTION,
        "papers": list(papers.lines(ready, documents, is_listed=firm.stage in LISTED_STAGES)),
        "progress": ready.papers,
        "proposals": nominations.of_firm(firm),
        "sections": [section for shown in provided("firm_sections") for section in shown(actor(), firm)],
        "standing": [line for line in certificates if line.row.ended is None],
        "ended": [line for line in certificates if line.row.ended is not None],
        "resources": offered.lines(actor(), resources.of_owner(ResourceOwner(firm=firm))),
        "tax_lines": tax_views.firm_lines(firm),
        "neutral": _(tax_texts.NEUTRAL),
        "filings": filings.of_firm(firm),
        "claims": [claim for claim in raised if claim.decided_at is None],
        "course": beyond.told(lines),
        "shown": SHOWN_HAPPENINGS,
        "parent": _related(firm.parent_id),
        "merges": folded,
        "branches": firms.branches_of(actor(), firm),
        "registration": check(firm),
        "pairs": pairs.of_firm(actor(), firm) if can(actor(), "pairing.list") else [],
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


@pages.get("/firms/<int:firm_id>/history", endpoint="history")
@concerns("firm.read")
def field_history(firm_id: int) -> ResponseReturnValue:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    field = request.args.get("field", "")
    field = field if field in HISTORY_FIELDS else ""
    page, beyond = page_of(history.writings_of(firm, field=field)), Beyond(firm)
    return render_template(
        "dossier/history.html",
        firm=firm,
        page=page,
        acts=[(entry, _written(entry, field, beyond), beyond.hides(entry)) for entry in page.items],
        chosen=field,
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
