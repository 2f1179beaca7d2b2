"""What the pages of a nomination show: what is put forward, what is in the way, what happened so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from registry.base import requirements
from registry.base.errors import Blocked, RegistryError
from registry.base.extensions import clock
from registry.base.firm_fields import DOCUMENTS, FIGURE_FIELDS
from registry.base.periods import Period
from registry.base.vocabulary import Action, FigureKind, Stage
from registry.duplicates.queries import duplicates
from registry.duplicates.views.matches import shortlist
from registry.figures.models import Figure
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from registry.firms.views import values
from registry.notices import views
from registry.notices.queries import nudged
from registry.notices.rules import Matter
from registry.pathway.queries import facts
from registry.pathway.queries.events import events_of
from registry.pathway.rules import deadlines
from registry.pathway.rules.deadlines import Wait
from registry.pathway.rules.transitions import WITHDRAWN_FROM, Guard, blockers, step
from registry.pathway.services import pathway
from registry.pathway.views import evidence
from registry.pathway.views.timeline import step_taken
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations, waiting
from registry.proposals.services import proposals
from registry.proposals.views import rounds
from registry.reference.queries import parameters, reference
from registry.site.access import actor
from registry.site.locale import sentence
from registry.site.timeline import Happening

# Where what a guard asks for is given: a field of the form, or a page of its own.
_FIELDS = {
    "territory": "division",
    "excluded_town": "town",
    "counted_unit": "unit_kind",
    "location": "operating_address",
}


@dataclass(frozen=True)
class Obstacle:
    """A guard that does not hold, and where it is put right (None: nowhere on a page of this actor)."""

    code: str
    sentence: str
    href: str | None = None


@dataclass(frozen=True)
class SubmittedFact:
    """One field of a submission: `before` where the last round said something else, `href` where it can be mended."""

    key: str
    label: str
    text: str
    href: str | None = None


def before_submitting(firm: Firm, form: Any, error: RegistryError | None = None) -> dict[str, Any]:
    """The page on which an office checks what it is about to submit."""
    proposal = nominations.open_of(firm)
    found = obstacles(firm, proposal, Action.SUBMIT)
    return {
        "firm": firm,
        "form": form,
        "obstacles": found,
        "foreseen": _foreseen(firm),
        "refusal": sentence(error) if error and not isinstance(error, Blocked) else None,
        "refused": error is not None,
        "facts": [
            SubmittedFact(*row, _open(firm, proposal, row[0])) for row in values.rows(values.of_firm(firm), _TYPED)
        ],
        "figures": evidence.given_figures(firm),
        "documents": evidence.papers_of(firm),
        "found": shortlist(firm.name, duplicates.visible(actor(), duplicates.of_firm(firm)), firm),
        "cells": returned(proposal) if proposal and firm.stage == Stage.RETURNED else [],
        "office": proposals.reviewing_office(firm).short_name if firm.industry else None,
        "proposal": proposal,
    }


def of(proposal: Proposal) -> dict[str, Any]:
    """The page of a case, for whoever may read it."""
    firm = proposal.firm
    return {
        "proposal": proposal,
        "firm": firm,
        "facts": submitted(proposal),
        "rounds": rounds.beside(proposal),
        "cells": returned(proposal) if firm.stage == Stage.RETURNED and proposal.outcome is None else [],
        "events": timeline(firm),
        "wait": wait(proposal),
        "returns": nominations.times_returned(proposal),
        "withdrawable": proposal.outcome is None and firm.stage in WITHDRAWN_FROM,
        "limit": parameters.integer("return.limit", clock.today()),
    }


def submitted(proposal: Proposal) -> list[SubmittedFact]:
    """The last round as it was put forward, not as the firm stands now."""
    if not proposal.submissions:
        return []
    payload = proposal.submissions[-1].payload
    return [SubmittedFact(key, label, text) for key, label, text in values.rows(payload)]


def returned(proposal: Proposal) -> list[tuple[str, str, str]]:
    """(label, note, where to mend it) of the cells of the present round."""
    firm = proposal.firm
    return [
        (values.label(cell.field), cell.note, edit(firm, cell.field)) for cell in nominations.returned_cells(proposal)
    ]


def timeline(firm: Firm) -> list[Happening]:
    """Every step of the firm with its opinion and the cells it was about, and the nudges; the newest first."""
    events, cases = events_of(firm), nominations.of_firm(firm)
    told, about = rounds.told(events, cases), [(kind, one.id) for one in cases for kind in _NUDGED]
    found = [(event.id, step_taken(event)) for event in events]
    lines = [replace(line, cells=tuple(told.get(number, ()))) for number, line in found]
    lines += [views.nudged(nudge) for nudge in nudged.of(about)]
    return sorted(lines, key=lambda line: line.moment)[::-1]


def wait(proposal: Proposal) -> Wait | None:
    """How long the office whose turn it is has had the case; None once it is over."""
    return waiting.wait_of(proposal, clock.today())


def wait_of(since: datetime, matter: str = Matter.REVIEW) -> Wait:
    today = clock.today()
    return deadlines.wait(since.date(), today, nudged.term(matter, today), reference.calendar())


def obstacles(firm: Firm, proposal: Proposal | None, action: Action) -> list[Obstacle]:
    """Every guard in the way of `action`, each with where it is put right."""
    guards = pathway.unmet(actor(), firm, action, on=clock.today(), proposal=proposal)
    return [Obstacle(guard.code, _worded(firm, guard), _mending(firm, guard)) for guard in guards]


def _worded(firm: Firm, guard: Guard) -> str:
    """Of revenue that is given and lacks its paper: that only the paper is wanted."""
    if guard.code == "revenue" and (figure := _unproven(firm)):
        period = Period(figure.year, figure.month).label
        return str(_("营业收入（%(period)s）已登记，请附该期利润表，金额不必再填。", period=period))
    return str(_(guard.sentence))


def _foreseen(firm: Firm) -> list[Obstacle]:
    """What the review will refuse as the firm stands now; what nobody has said yet is not foreseen."""
    admission = step(Action.ADMIT, Stage.UNDER_REVIEW)
    seen = facts.of(firm, on=clock.today(), actor=actor())
    open_ = {*_OF_THE_REVIEWER, *(() if seen.has_documented_revenue else ("admission_line",))}
    open_ |= {"counted_unit"} if "unit_kind" in seen.lacking else set()
    judged = [guard for guard in blockers(admission, seen) if guard.code not in open_] if admission else []
    return [Obstacle(guard.code, _(guard.sentence), _mending(firm, guard)) for guard in judged]


def obstacles_to_admit(proposal: Proposal) -> list[Obstacle]:
    """What stands in the way of admitting, also of a case that nobody has begun.

    But for the industry: to have looked at it is part of admitting.
    """
    admission = step(Action.ADMIT, Stage.UNDER_REVIEW)
    seen = facts.of(proposal.firm, on=clock.today(), actor=actor(), proposal=proposal)
    guards = blockers(admission, seen) if admission else ()
    return [Obstacle(guard.code, _(guard.sentence)) for guard in guards if guard.code != "industry_confirmed"]


def _mending(firm: Firm, guard: Guard) -> str | None:
    if guard.code == "revenue" and (figure := _unproven(firm)):
        return evidence.attaching(firm.id, figure.kind, Period(figure.year, figure.month))
    fields = requirements.fields_of(guard.code) or tuple(filter(None, [_FIELDS.get(guard.code)]))
    empty = [field for field in fields if field in facts.blank(firm)]
    return edit(firm, (empty or fields)[0]) if fields else None


def _unproven(firm: Firm) -> Figure | None:
    """The latest revenue that is given and lacks its paper."""
    given = [one.line for one in figures.counted_figures(firm) if one.line.kind == FigureKind.REVENUE]
    return max(given, key=lambda line: (line.year, line.month or 12), default=None)


def _open(firm: Firm, proposal: Proposal | None, field: str) -> str | None:
    """Where a field is mended; None where the bureau has not sent it back."""
    if firm.stage == Stage.RETURNED and proposal is not None:
        sent_back = {cell.field for cell in nominations.returned_cells(proposal)}
        return edit(firm, field) if field in sent_back | facts.blank(firm) else None
    return edit(firm, field)


def edit(firm: Firm, field: str) -> str:
    """Where a field is mended: figures and papers have pages of their own."""
    if field in FIGURE_FIELDS:
        return url_for("figures.new", firm_id=firm.id)
    if field == DOCUMENTS:
        return url_for("documents.new", firm_id=firm.id)
    return url_for("firms.edit", firm_id=firm.id, _anchor=field)


def reviewing_office(proposal: Proposal) -> str:
    return proposal.reviewing_office.short_name if proposal.reviewing_office else ""


_OF_THE_REVIEWER = ("industry_confirmed", "two_sides")
_NUDGED = (Matter.REVIEW, Matter.MEND)
_TYPED = tuple(field for field in values.SUBMITTED if field not in FIGURE_FIELDS)
