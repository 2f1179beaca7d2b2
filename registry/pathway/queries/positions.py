"""A firm's explained position: its facts as recorded up to a day, judged by the rules of that day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from registry.base import contacts
from registry.base.clocks import AsOf
from registry.base.periods import Period
from registry.base.vocabulary import (
    FIGURE_SOURCE_LABELS,
    Accounting,
    FigureKind,
    OperatingState,
    Stage,
    TaxpayerKind,
    UnitKind,
)
from registry.figures.queries import months, on_record
from registry.figures.queries.on_record import Records
from registry.figures.rules import crosscheck, proof
from registry.figures.rules.crosscheck import Bounds
from registry.figures.rules.proof import Counted
from registry.firms.models.firms import Firm
from registry.firms.queries import history
from registry.pathway.rules.facts import FigureFact, FirmFacts, HeldMaterial
from registry.pathway.rules.position import Position, explain
from registry.reference.queries import reference
from registry.reference.rules.divisions import ELSEWHERE, Territory
from registry.trail.models import TrailEntry

FACT_FIELDS = (
    "credit_code", "unit_kind", "deemed_approval", "industry", "industry_year", "statistical_county", "division",
    "town", "registered_address", "operating_address", "accounting", "taxpayer_kind", "operating_state", "employees",
    "founded_on", "opened_on", "stage",
)  # fmt: skip


def of(firm: Firm, *, on: date, records: Records | None = None) -> Position:
    """The position as everything stands now, judged by the rules in force on `on`; `records` where they are read."""
    values = {field: getattr(firm, field) for field in FACT_FIELDS}
    records = records or on_record.of_firms([firm.id])[firm.id]
    return told(values, records, has_contact=contacts.are_known(firm), on=on)


def as_given(firm: Firm, *, on: date) -> Position:
    """The position if the last word on every period were proven: what an unproven figure would carry."""
    values = {field: getattr(firm, field) for field in FACT_FIELDS}
    given = proof.as_given(on_record.figures([firm.id])[firm.id])
    facts = replace(facts_of(values, Records(), has_contact=True), figures=tuple(fact_of(one) for one in given))
    return judged(facts, on=on)


def replayed(firm: Firm, *, as_of: AsOf) -> Position:
    """The position at the end of a past day, judged by the rules in force on it."""
    later = history.later_than(firm, as_of.end)
    return as_known(history.present(firm), later, on_record.of_firms([firm.id], as_of)[firm.id], on=as_of.day)


def as_known(present: Mapping[str, Any], later: Collection[TrailEntry], records: Records, *, on: date) -> Position:
    """The position at the end of `on`, from a firm's present columns, the acts since (the newest first), and what it
    had on record."""
    return told(
        history.taken_back(dict(present), later),
        records,
        has_contact=history.had_contact(present, later),
        on=on,
    )


def facts_of(values: Mapping[str, Any], records: Records, *, has_contact: bool) -> FirmFacts:
    """What the rules look at, from plain values by field and what the firm has on record."""
    territory = reference.territory()
    section = reference.classification().section_of(values["industry"]) if values["industry"] else None
    return FirmFacts(
        unit_kind=_member(UnitKind, values["unit_kind"]),
        deemed_approved=bool(values["deemed_approval"]),
        credit_code=values["credit_code"] or "",
        industry=values["industry"] or "",
        industry_year=2017,  # industries are kept as 2017 codes; `industry_year` on the firm says what was given
        section=section or "",
        statistical_county=values["statistical_county"],
        registered_division=_place(territory, values["registered_address"], values["town"] or values["division"]),
        operating_division=_operating(territory, values),
        accounting=_member(Accounting, values["accounting"]),
        taxpayer_kind=_member(TaxpayerKind, values["taxpayer_kind"]),
        abnormal=_abnormal(values["operating_state"]),
        employees=values["employees"],
        founded_on=values["founded_on"],
        opened_on=values["opened_on"],
        figures=tuple(fact_of(one) for one in records.counted),
        materials=tuple(material_of(document, records.counted) for document in records.documents),
        has_contact=has_contact,
        stage=_member(Stage, values["stage"]),
    )


def told(values: Mapping[str, Any], records: Records, *, has_contact: bool, on: date) -> Position:
    """The position from fields and what is on record, judged by the rules in force on `on`."""
    return judged(facts_of(values, records, has_contact=has_contact), on=on)


def judged(facts: FirmFacts, *, on: date) -> Position:
    """What the rules in force on `on` say of the facts."""
    return explain(facts, reference.rules(), reference.tier_edges(on), on, bounds=bounds(on))


def bounds(on: date) -> Bounds:
    """By how much the VAT sales may differ from the revenue on the day."""
    return Bounds(reference.crosscheck_tolerance(on), reference.crosscheck_confirm(on))


def _place(territory: Territory, address: str, fallback: str | None) -> str | None:
    """The division an address names; one that names none is taken to lie where the office says it does."""
    found = territory.place(address)
    return ELSEWHERE if found.elsewhere else found.code or fallback


def _operating(territory: Territory, values: Mapping[str, Any]) -> str | None:
    if not values["operating_address"]:
        return None
    return territory.operating_division(values["operating_address"]) or values["town"] or values["division"]


def _abnormal(state: str | None) -> bool | None:
    """None while nobody has said how the firm stands."""
    return state != OperatingState.ACTIVE if state else None


def _member(kind: Any, value: str | None) -> Any:
    return kind(value) if value else None


def fact_of(counted: Counted[Any]) -> FigureFact:
    line = counted.line
    period, paper = Period(line.year, line.month), FIGURE_SOURCE_LABELS[line.source]
    doubted = bool(line.doubts) and line.settled_at is None
    return FigureFact(period, FigureKind(line.kind), line.amount, paper, counted.proven, doubted)


def material_of(document: Any, counted: Iterable[Counted[Any]]) -> HeldMaterial:
    """A paper at hand; a note on a difference explains what differed when it was attached."""
    period = Period(document.year, document.month or 0) if document.year else None
    if document.material != months.MATERIAL:
        return HeldMaterial(document.material, period)
    explains = tuple(crosscheck.differences(counted, document.at).items())
    return HeldMaterial(document.material, period, explains, document.confirmed_at is not None)
