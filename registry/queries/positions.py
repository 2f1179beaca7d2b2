"""A firm's explained position: its facts as recorded up to a day, judged by the rules of that day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from registry.domain import contacts, proof
from registry.domain.divisions import ELSEWHERE, Territory
from registry.domain.facts import Figure as FigureFact
from registry.domain.facts import FirmFacts, HeldMaterial
from registry.domain.periods import Period
from registry.domain.position import Position, explain
from registry.domain.proof import Counted, Paper
from registry.domain.vocabulary import FIGURE_SOURCE_LABELS, Accounting, FigureKind, Stage, TaxpayerKind, UnitKind
from registry.extensions import SHANGHAI
from registry.models import Document, Figure, Firm, TrailEntry
from registry.queries import firms, history, merges, reference

FACT_FIELDS = (
    "credit_code", "unit_kind", "deemed_approval", "industry", "industry_year", "statistical_county", "division",
    "town", "registered_address", "operating_address", "accounting", "taxpayer_kind", "employees", "founded_on",
    "opened_on", "stage",
)  # fmt: skip


def of(firm: Firm, *, on: date) -> Position:
    """The position as everything stands now, judged by the rules in force on `on`."""
    values = {field: getattr(firm, field) for field in FACT_FIELDS}
    held = [document for document in firms.documents_of(firm) if document.voided_at is None]
    figures = [figure for figure in firms.figures_of(firm) if figure.voided_at is None]
    return told(values, figures, held, has_contact=contacts.are_known(firm), on=on)


def as_given(firm: Firm, *, on: date) -> Position:
    """The position if the last word on every period were proven: what an unproven figure would carry."""
    values = {field: getattr(firm, field) for field in FACT_FIELDS}
    given = proof.as_given(figure for figure in firms.figures_of(firm) if figure.voided_at is None)
    facts = replace(facts_of(values, (), (), has_contact=True), figures=tuple(fact_of(one) for one in given))
    return explain(facts, reference.rules(), reference.tier_edges(on), on)


def replayed(firm: Firm, *, on: date) -> Position:
    """The position as it could be told at the end of `on`: later figures, papers and corrections are not looked at."""
    later = history.later_than(firm, end_of(on))
    return as_known(history.present(firm), later, merges.figures_at(firm, on), merges.documents_at(firm, on), on=on)


def as_known(
    present: Mapping[str, Any], later: Collection[TrailEntry], figures: Iterable[Figure], documents: Iterable[Document],
    *, on: date,
) -> Position:  # fmt: skip
    """The position at the end of `on`, from a firm's present columns, the acts since (the newest first), and every
    revision of its figures and papers."""
    return told(
        history.taken_back(dict(present), later),
        [figure for figure in figures if _stood(figure, on)],
        [document for document in documents if _stood(document, on)],
        has_contact=history.had_contact(present, later),
        on=on,
    )


def end_of(day: date) -> datetime:
    """The first moment after `day`."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def _stood(row: Figure | Document, on: date) -> bool:
    """Recorded by the end of `on`, and not void then."""
    until = end_of(on)
    return row.at < until and (row.voided_at is None or row.voided_at >= until)


def facts_of(
    values: Mapping[str, Any], figures: Iterable[Figure], documents: Collection[Document], *, has_contact: bool
) -> FirmFacts:
    """What the rules look at, from plain values by field, revisions of figures and papers held, none of them void."""
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
        employees=values["employees"],
        founded_on=values["founded_on"],
        opened_on=values["opened_on"],
        figures=facts_given(figures, documents),
        materials=tuple(_material(document) for document in documents),
        has_contact=has_contact,
        stage=_member(Stage, values["stage"]),
    )


def told(
    values: Mapping[str, Any], figures: Iterable[Figure], documents: Collection[Document], *, has_contact: bool,
    on: date,
) -> Position:  # fmt: skip
    """The position from fields, figures and papers that stand, judged by the rules in force on `on`."""
    facts = facts_of(values, figures, documents, has_contact=has_contact)
    tolerance = reference.crosscheck_tolerance(on)
    return explain(facts, reference.rules(), reference.tier_edges(on), on, tolerance=tolerance)


def _place(territory: Territory, address: str, fallback: str | None) -> str | None:
    """The division an address names; one that names none is taken to lie where the office says it does."""
    found = territory.place(address)
    return ELSEWHERE if found.elsewhere else found.code or fallback


def _operating(territory: Territory, values: Mapping[str, Any]) -> str | None:
    if not values["operating_address"]:
        return None
    return territory.operating_division(values["operating_address"]) or values["town"] or values["division"]


def _member(kind: Any, value: str | None) -> Any:
    return kind(value) if value else None


def facts_given(figures: Iterable[Any], papers: Iterable[Paper]) -> tuple[FigureFact, ...]:
    """The figures that count of these revisions, as the rules look at them."""
    return tuple(fact_of(counted) for counted in proof.counting(figures, papers))


def fact_of(counted: Counted[Any]) -> FigureFact:
    line = counted.line
    period, paper = Period(line.year, line.month), FIGURE_SOURCE_LABELS[line.source]
    return FigureFact(period, FigureKind(line.kind), line.amount, paper, counted.proven)


def _material(document: Document) -> HeldMaterial:
    period = Period(document.year, document.month or 0) if document.year else None
    return HeldMaterial(document.material, period)
