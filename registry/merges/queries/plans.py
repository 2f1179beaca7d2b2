"""The plan of a merge, read before anything is done: fields, figures, what moves in numbers, the effect on counts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from registry.base import contacts
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.tables import Base
from registry.base.vocabulary import LISTED_STAGES, Stage
from registry.claims.models import Claim
from registry.documents.queries import documents
from registry.figures.models import Figure
from registry.figures.queries.figures import counted_figures, current_figures, figures_of
from registry.figures.queries.on_record import Records
from registry.firms.models.firms import Firm
from registry.merges import rules
from registry.merges.queries.tables import ADDED
from registry.merges.rules import COVERAGE, KEPT, Clash, Codes, FieldDifference, MergeSide, Pick, Treatment
from registry.pathway.queries import positions
from registry.pathway.rules.position import Position
from registry.proposals.models import Proposal
from registry.qualifications.models import Qualification
from registry.reference.queries import reference
from registry.taxfigures.models import TaxFigure
from registry.trail.models import TrailEntry

Key = tuple[str, int, int]
"""Kind, year and month of a figure."""


@dataclass(frozen=True)
class Count:
    """Rows of the folded entry that point at it, and what becomes of them."""

    treatment: Treatment
    rows: int


@dataclass(frozen=True)
class CountEffect:
    """A number before and after the merge; `what` is a word of the page."""

    what: str
    place: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Plan:
    """Everything a person has to see before two entries are merged; nothing of it is done yet."""

    winner: Firm
    folded: Firm
    differences: tuple[FieldDifference, ...]
    clashes: tuple[Clash, ...]
    counts: tuple[Count, ...]
    codes: Codes
    obstacles: tuple[RegistryError, ...]
    digest: str
    seq: int  # the last act on either firm, so that a later look can tell what happened since


def plan(winner: Firm, folded: Firm) -> Plan:
    sides = side(winner), side(folded)
    return Plan(
        winner,
        folded,
        rules.differences(values(winner), values(folded)),
        tuple(_clashes_of(winner, folded)),
        tuple(_counts(folded)),
        rules.codes(*sides),
        rules.obstacles(*sides),
        digest(winner, folded),
        last_act(winner, folded),
    )


def side(firm: Firm) -> MergeSide:
    claims = select(func.count(Claim.id)).where(Claim.firm_id == firm.id, Claim.decided_at.is_(None))
    open_ones = select(func.count(Proposal.id)).where(Proposal.firm_id == firm.id, Proposal.outcome.is_(None))
    return MergeSide(
        firm.id,
        firm.name,
        firm.credit_code,
        firm.organisation_code,
        firm.stage,
        firm.unit_kind,
        firm.parent_id,
        bool(db.session.scalar(open_ones)),
        db.session.scalar(claims) or 0,
    )


def values(firm: Firm) -> dict[str, Any]:
    """All fields that a merge may change."""
    return {key: getattr(firm, key) for key in KEPT}


def counting(firm: Firm) -> dict[Key, Figure]:
    """The figures that count, by kind and period."""
    return {(figure.kind, figure.year, figure.month): figure for figure in current_figures(firm)}


def proven(firm: Firm) -> set[Key]:
    """The kinds and periods of which the firm has a proven figure."""
    return {(one.line.kind, one.line.year, one.line.month) for one in counted_figures(firm) if one.proven}


def moving(winner: Firm, folded: Firm, picks: Mapping[str, Pick]) -> list[Key]:
    """The periods whose figures the winner takes over: those it has none for, and those chosen."""
    clashing = {_key(clash): clash for clash in _clashes_of(winner, folded)}
    return [key for key in counting(folded) if key not in clashing or _picked(clashing[key], picks) is Pick.FOLDED]


def taken_figures(plan: Plan, picks: Mapping[str, Pick]) -> list[tuple[str, Period]]:
    """The figures that the winner takes over, the latest first."""
    keys = moving(plan.winner, plan.folded, picks)
    return sorted(((kind, Period(year, month)) for kind, year, month in keys), key=lambda one: one[1], reverse=True)


def _picked(clash: Clash, picks: Mapping[str, Pick]) -> Pick | None:
    return picks.get(clash.key, clash.default)


def _clashes_of(winner: Firm, folded: Firm) -> list[Clash]:
    """Periods of which both have a figure; where only one of the two is proven, it counts and nobody is asked."""
    asked = proven(winner) ^ proven(folded)
    return [one for one in _clashes(counting(winner), counting(folded)) if _key(one) not in asked]


def _key(clash: Clash) -> Key:
    return clash.kind, clash.period.year, clash.period.month


def _clashes(winner: Mapping[Key, Figure], folded: Mapping[Key, Figure]) -> list[Clash]:
    both = sorted(winner.keys() & folded.keys(), key=lambda key: (Period(key[1], key[2]), key[0]), reverse=True)
    return [Clash(key[0], Period(key[1], key[2]), winner[key].amount, folded[key].amount) for key in both]


# -- in numbers -----------------------------------------------------------------------------------
def _counts(folded: Firm) -> list[Count]:
    """Rows of the folded entry by table, as `COVERAGE` orders them; a table in two columns counts once."""
    found: dict[tuple[str, Any], Count] = {}
    for (table, column), treatment in COVERAGE.items():
        rows = _rows(table, column, folded.id)
        known = found.get((treatment.label, treatment.fate))
        found[treatment.label, treatment.fate] = Count(treatment, rows + (known.rows if known else 0))
    return [count for count in found.values() if count.rows or count.treatment.fate is rules.Fate.COPIED]


def _rows(table: str, column: str, firm_id: int) -> int:
    if (table, column) == ("former_name", "firm_id"):
        firm_id_column = Base.metadata.tables[table].c[column]
        return 1 + (db.session.scalar(select(func.count()).where(firm_id_column == firm_id)) or 0)
    found = Base.metadata.tables.get(table)
    if found is None:
        return 0
    return db.session.scalar(select(func.count()).select_from(found).where(found.c[column] == firm_id)) or 0


# -- the effect -----------------------------------------------------------------------------------
def effects(plan: Plan, picks: Mapping[str, Pick], *, on: date) -> tuple[CountEffect, ...]:
    """What the directory counts before and after, and where the winner would stand."""
    winner, folded = plan.winner, plan.folded
    position = foreseen(plan, picks, on=on)
    listed = [firm for firm in (winner, folded) if firm.stage in LISTED_STAGES]
    total = _listed_in(None)
    rows = [
        CountEffect("entries", "", 2, 1),
        CountEffect("listed", "", total, total - (folded in listed)),
    ]
    for county in dict.fromkeys((winner.statistical_county, folded.statistical_county)):
        before = _listed_in(county)
        place = reference.division_names().get(county or "", "")
        rows.append(
            CountEffect("listed_in", place, before, before - (folded in listed and folded.statistical_county == county))
        )
    stage = _stage_after(winner.stage, position)
    current = position.year_to_date
    rows += [
        CountEffect("stage", "", winner.stage, stage),
        CountEffect("revenue_to_date", "", winner.revenue_to_date, current.amount if current else None),
        CountEffect("rate", "", winner.rate, position.rate),
        CountEffect("tier", "", winner.tier, position.tier),
    ]
    return tuple(rows)


def foreseen(plan: Plan, picks: Mapping[str, Pick], *, on: date) -> Position:
    """The position the winner would have, by its fields and figures as chosen."""
    winner, folded = plan.winner, plan.folded
    taken = rules.taken_over(plan.differences, picks)
    fields = {column.name: getattr(winner, column.name) for column in Firm.__table__.columns} | taken
    if "division" in taken:
        fields["statistical_county"] = reference.territory().county_of(taken["division"])
    of_folded = counting(folded)
    kept = proven(winner) - proven(folded)
    taken_figures = {key: of_folded[key] for key in moving(winner, folded, picks) if key not in kept}
    figures = counting(winner) | taken_figures
    papers = [row for firm in (winner, folded) for row in documents.documents_of(firm) if row.voided_at is None]
    records = Records(list(figures.values()), papers)
    return positions.told(fields, records, has_contact=contacts.are_known(fields), on=on)


def _stage_after(stage: str, position: Position) -> str:
    """What the system will do at once: 达标应入 follows from the figures."""
    if stage == Stage.ADMITTED and position.reached:
        return Stage.QUALIFIED
    return stage


def _listed_in(county: str | None) -> int:
    rows = select(func.count(Firm.id)).where(Firm.voided_at.is_(None), Firm.stage.in_(LISTED_STAGES))
    if county is not None:
        rows = rows.where(Firm.statistical_county == county)
    return db.session.scalar(rows) or 0


# -- changed meanwhile ----------------------------------------------------------------------------
def last_act(*either: Firm) -> int:
    """The number of the last act on any of these firms that changed something."""
    ids = [firm.id for firm in either]
    rows = select(func.max(TrailEntry.seq)).where(TrailEntry.subject_kind == "firm", TrailEntry.subject_id.in_(ids))
    return db.session.scalar(rows) or 0


def acts_since(seq: int, *either: Firm) -> list[TrailEntry]:
    """What was done to any of these firms after act `seq`, the oldest first."""
    ids = [firm.id for firm in either]
    rows = select(TrailEntry).where(
        TrailEntry.subject_kind == "firm", TrailEntry.subject_id.in_(ids), TrailEntry.seq > seq
    )
    return list(db.session.scalars(rows.order_by(TrailEntry.seq)))


def digest(*either: Firm) -> str:
    """Of all that the plan of these firms rests on."""
    told: list[Any] = []
    for firm in either:
        told.append([getattr(firm, column.name) for column in Firm.__table__.columns if column.name != "version"])
        told.append([(f.id, f.revision, f.amount, f.voided_at) for f in figures_of(firm)])
        told.append([(d.id, d.voided_at) for d in documents.documents_of(firm)])
        told.append(_qualifications(firm))
        told += [_added(model, firm) for model in ADDED]
        told.append(
            list(db.session.scalars(select(TaxFigure.id).where(TaxFigure.firm_id == firm.id).order_by(TaxFigure.id)))
        )
        told.append([(n.id, n.name) for n in sorted(firm.former_names, key=lambda one: one.id)])
        told.append(side(firm))
        told.append(list(db.session.scalars(select(Firm.id).where(Firm.parent_id == firm.id).order_by(Firm.id))))
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _added(model: Any, firm: Firm) -> list[int]:
    """Rows of a table that a feature above has move along."""
    return list(db.session.scalars(select(model.id).where(model.firm_id == firm.id).order_by(model.id)))


def _qualifications(firm: Firm) -> list[tuple[int, str | None]]:
    rows = select(Qualification.id, Qualification.ended).where(Qualification.firm_id == firm.id)
    return [(number, ended) for number, ended in db.session.execute(rows.order_by(Qualification.id))]
