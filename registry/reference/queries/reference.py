"""The reference tables as the objects that rules want; read once a request or job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from registry.base.extensions import Value, db, forget, once
from registry.base.vocabulary import OfficeKind
from registry.people.models import Office, OfficeAlias
from registry.reference.models import (
    Division,
    ExitReason,
    Industry,
    IndustryMapping,
    Material,
    ReturnReason,
    Routing,
    Threshold,
    ZoneTown,
)
from registry.reference.queries import parameters
from registry.reference.rules.divisions import DivisionRow, Territory
from registry.reference.rules.industries import Classification, IndustryRow
from registry.reference.rules.thresholds import Basis, RuleBook, RuleKind, ThresholdRule, TierEdges
from registry.reference.rules.versions import succeeded


def classification() -> Classification:
    return _once("classification", _classification)


def rules() -> RuleBook:
    return _once("rules", _rules)


def forget_rules() -> None:
    """Read the rules and their settings anew: a version has just been published."""
    forget("reference_rules")
    forget("reference_settings")


def territory() -> Territory:
    return _once("territory", _territory)


def offices() -> dict[str, Office]:
    """All offices by code."""
    return _once("offices", lambda: {row.code: row for row in db.session.scalars(select(Office).order_by(Office.id))})


def bureaus_of(industry: str | None) -> tuple[Office | None, tuple[str, ...]]:
    """The lead bureau of an industry and the codes of its co-bureaus; nothing while the industry is unknown."""
    if not industry:
        return None, ()
    table = _once("routing", lambda: {row.industry_prefix: row for row in db.session.scalars(select(Routing))})
    prefix = next(industry[:length] for length in range(len(industry), -1, -1) if industry[:length] in table)
    return offices()[table[prefix].lead], tuple(table[prefix].co_bureaus.split())


def tier_edges(on: date) -> TierEdges:
    return TierEdges(*(_setting(f"tier.{letter}", on) for letter in "abc"))


def crosscheck_tolerance(on: date) -> Decimal:
    """By what share of the revenue the VAT sales may differ from it unexplained."""
    return _setting("crosscheck.tolerance", on)


def crosscheck_confirm(on: date) -> Decimal:
    """From what share of the revenue on the bureau in charge has to confirm what explains a difference."""
    return _setting("crosscheck.confirm_share", on)


def _setting(key: str, on: date) -> Decimal:
    known: dict[tuple[str, date], Decimal] = _once("settings", dict)
    if (key, on) not in known:
        known[key, on] = parameters.decimal(key, on)
    return known[key, on]


def materials() -> dict[str, Material]:
    return _once("materials", lambda: {m.code: m for m in db.session.scalars(select(Material).order_by(Material.code))})


def return_reasons() -> dict[str, ReturnReason]:
    rows = select(ReturnReason).order_by(ReturnReason.code)
    return _once("return_reasons", lambda: {row.code: row for row in db.session.scalars(rows)})


def exit_reasons() -> dict[str, ExitReason]:
    rows = select(ExitReason).order_by(ExitReason.code)
    return _once("exit_reasons", lambda: {row.code: row for row in db.session.scalars(rows)})


def counties_and_zones() -> list[Division]:
    """What a firm's division can be: the counties, then the zones."""
    rows = select(Division).where(Division.level.in_(("county", "zone"))).order_by(Division.level, Division.code)
    return _once("counties_and_zones", lambda: list(db.session.scalars(rows)))


def city() -> Division:
    """The city itself."""
    row = select(Division).where(Division.level == "city").order_by(Division.code).limit(1)
    return _once("city", lambda: db.session.scalars(row).one())


def towns() -> list[Division]:
    rows = select(Division).where(Division.level == "town").order_by(Division.code)
    return _once("towns", lambda: list(db.session.scalars(rows)))


def division_names() -> dict[str, str]:
    return _once("division_names", lambda: {row.code: row.short_name for row in db.session.scalars(select(Division))})


def _once(name: str, make: Callable[[], Value]) -> Value:
    return once(f"reference_{name}", make)


def _classification() -> Classification:
    rows = [
        IndustryRow(r.year, r.code, r.name, r.level, r.parent or "", r.section, r.in_scope)
        for r in db.session.execute(select(*Industry.__table__.columns))
    ]
    pairs = db.session.execute(select(IndustryMapping.code_2011, IndustryMapping.code_2017))
    return Classification(rows, [(old, new) for old, new in pairs])


def _rules() -> RuleBook:
    rows = db.session.scalars(select(Threshold).order_by(Threshold.rule_id, Threshold.version))
    given = (
        ThresholdRule(
            rule_id=row.rule_id,
            version=row.version,
            kind=RuleKind(row.kind),
            label=row.label,
            industry_prefixes=tuple(row.industry_prefixes.split()),
            basis=Basis(row.basis),
            amount_yuan=row.amount_yuan,
            or_employees=row.or_employees,
            annual_from=row.annual_from,
            annual_to=row.annual_to,
            periodic_from=row.periodic_from,
            periodic_to=row.periodic_to,
            source=row.source,
            verified=row.verified,
        )
        for row in rows
    )
    return RuleBook(succeeded(given))


def _territory() -> Territory:
    divisions = [
        DivisionRow(
            r.code, r.name, r.short_name, r.level, r.parent or "", r.statistical_county or "", r.excluded_reason
        )
        for r in db.session.scalars(select(Division).order_by(Division.code))
    ]
    towns_of_zones = [(row.zone, row.town) for row in db.session.scalars(select(ZoneTown))]
    aliases = db.session.execute(
        select(OfficeAlias.alias, Office.division)
        .join(Office, Office.code == OfficeAlias.office)
        .where(Office.kind.in_((OfficeKind.COUNTY, OfficeKind.ZONE, OfficeKind.LEADERSHIP)))
        .order_by(OfficeAlias.alias)
    )
    return Territory(divisions, towns_of_zones, [(alias, code) for alias, code in aliases if code])
