"""A firm's dossier: the road it is on with what is missing, and the pages beside it, each with its own address."""

from __future__ import annotations

from collections.abc import Sequence
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
from registry.base.vocabulary import FigureKind, Stage
from registry.claims.models import Claim
from registry.claims.queries import claims
from registry.dossier.pages import past
from registry.dossier.views import acts, road, timeline
from registry.duplicates.queries import pairs
from registry.figures.queries import figures, on_record
from registry.figures.queries.on_record import Records
from registry.filings.models import Filing
from registry.filings.queries import announced, filings, readiness
from registry.filings.rules.chain import FILING_OUTCOME_LABELS, LEVEL_LABELS, next_level
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

SHOWN_HAPPENINGS = 12
HISTORY_FIELDS = (*FIELDS, "former_names", "stage", "office", "parent_id")


@pages.get("/firms/<int:firm_id>")
@concerns("firm.read")
def show(firm_id: int) -> ResponseReturnValue:
    """The road: stage, next window, what is missing with the button that mends it, and the year's revenue."""
    asked = asked_day()
    if asked.as_of:
        return past.dossier_page(firm_id, asked.as_of)
    if asked.wrong:
        flash(asked.wrong, "warning")
    firm = _firm(firm_id)
    on, wrong = _replayed_day()
    unknown_on = on if on is not None and on < _created_on(firm) else None
    records = on_record.of_firms([firm.id])[firm.id]
    told = positions.replayed(firm, as_of=AsOf(on)) if on else None
    return render_template(
        "dossier/show.html",
        firm=firm,
        on=on,
        unknown_on=unknown_on,
        why_heading=steps.heading(firm.stage),
        wrong_day=wrong,
        replayed=told,
        why=explained.rows(told) if told else [],
        # Beside the verdicts of a past day stand the rules of that day.
        **_road(firm, records) | ({"bases": explained.bases(told)} if told else {}),
    )


def _firm(firm_id: int) -> Firm:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    return firm


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


def _road(firm: Firm, records: Records) -> dict[str, Any]:
    """Everything the first page shows, as it stands now."""
    today = clock.today()
    position = positions.of(firm, on=today, records=records)
    collects = firm.stage in road.COLLECTING
    ready = readiness.of(firm, announced.next_for(firm, today), on=today, records=records) if collects else None
    filing = filings.open_of(firm) if firm.stage in (Stage.FILED, Stage.IN_CHAIN) else None
    proposal = firm.open_proposal if firm.stage == Stage.RETURNED else None
    cells = nominations.returned_cells(proposal) if proposal else []
    return {
        "position": position,
        "bases": explained.bases(position),
        "road": road.of(firm, position, ready, cells),
        "acts": acts.of(firm, filing),
        "steps": steps.steps(firm, events_of(firm)),
        "ready": ready,
        "level": _waiting_for(filing),
        "filing": filing,
        "claims": _open_claims(firm),
        "division": reference.division_names().get(firm.division or "", ""),
        **_picture(firm, records, today),
    }


def _picture(firm: Firm, records: Records, today: date) -> dict[str, Any]:
    """The year's revenue month by month, the year before, and what is foretold."""
    lines = [one.line for one in records.counted if one.line.kind == FigureKind.REVENUE]
    proven = [one.line for one in records.counted if one.proven]
    return {
        "points": _months(lines, today.year),
        "before": _months(lines, today.year - 1),
        "told": forecasted.told(forecasts.of(firm, proven, on=today)),
        "caution": CAUTION,
    }


def _months(lines: Sequence[Any], year: int) -> list[tuple[int, Any]]:
    return sorted((line.month, line.amount) for line in lines if line.year == year and line.month)


def _waiting_for(filing: Filing | None) -> str:
    """The level that looks at the filing now, in words."""
    level = next_level(filing.results) if filing is not None else None
    return _(LEVEL_LABELS[level]) if level is not None else ""


def _open_claims(firm: Firm) -> list[Claim]:
    rows = claims.visible_to(actor()).where(Claim.firm_id == firm.id, Claim.decided_at.is_(None))
    return list(db.session.scalars(rows).unique())


@pages.get("/firms/<int:firm_id>/facts")
@concerns("firm.read")
def facts(firm_id: int) -> ResponseReturnValue:
    """What the firm is: its fields, its branches, what was merged into it, the register beside it."""
    firm = _firm(firm_id)
    return render_template(
        "dossier/facts.html",
        firm=firm,
        identity=_identity(firm),
        contact=contacts.masked_of(firm),
        parent=_related(firm.parent_id),
        merges=Beyond(firm).folded(),
        branches=firms.branches_of(actor(), firm),
        registration=check(firm),
    )


@pages.get("/firms/<int:firm_id>/cases")
@concerns("firm.read")
def cases(firm_id: int) -> ResponseReturnValue:
    """Nominations, filings, claims and suspected pairs, and what features above this one say of the firm."""
    firm = _firm(firm_id)
    raised = db.session.scalars(claims.visible_to(actor()).where(Claim.firm_id == firm.id)).unique()
    return render_template(
        "dossier/cases.html",
        firm=firm,
        proposals=nominations.of_firm(firm),
        filings=filings.of_firm(firm),
        filing_outcomes=FILING_OUTCOME_LABELS,
        claims=list(raised),
        pairs=pairs.of_firm(actor(), firm) if can(actor(), "pairing.list") else [],
        sections=_sections(firm, "cases"),
    )


@pages.get("/firms/<int:firm_id>/holdings")
@concerns("firm.read")
def holdings(firm_id: int) -> ResponseReturnValue:
    """What the firm has: qualifications, resources it offers, figures the tax office gave by its leave."""
    firm = _firm(firm_id)
    certificates = held.lines(qualifications.of_holder(firm))
    return render_template(
        "dossier/holdings.html",
        firm=firm,
        standing=[line for line in certificates if line.row.ended is None],
        ended=[line for line in certificates if line.row.ended is not None],
        resources=offered.lines(actor(), resources.of_owner(ResourceOwner(firm=firm))),
        tax_lines=tax_views.firm_lines(firm),
        neutral=_(tax_texts.NEUTRAL),
        sections=_sections(firm, "holdings"),
    )


def _sections(firm: Firm, tab: str) -> list[Any]:
    """What other features show of the firm on this page; one that names no page of ours stands with the cases."""
    found = [section for shown in provided("firm_sections") for section in shown(actor(), firm)]
    return [section for section in found if section.rows and (section.tab == "holdings") == (tab == "holdings")]


@pages.get("/firms/<int:firm_id>/course")
@concerns("firm.read")
def course(firm_id: int) -> ResponseReturnValue:
    """What happened to the firm, the newest first."""
    firm = _firm(firm_id)
    events, every, disputes = events_of(firm), figures.figures_of(firm), figures.disputes_of(firm)
    raised = list(db.session.scalars(claims.visible_to(actor()).where(Claim.firm_id == firm.id)).unique())
    beyond = Beyond(firm)
    folded = beyond.folded()
    lines = timeline.of(events, every, disputes, raised, folded, merged.came(firm) if folded else {})
    return render_template(
        "dossier/course.html", firm=firm, course=beyond.told(lines), shown=SHOWN_HAPPENINGS,
        steps=steps.steps(firm, events),
    )  # fmt: skip


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
    firm = _firm(firm_id)
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
