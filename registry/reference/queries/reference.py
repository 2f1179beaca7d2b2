"""The reference tables as the objects that rules want; read once a request or job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, or_, select

from registry.base.extensions import Value, clock, db, forget, once
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
from registry.reference.queries import dated, parameters
from registry.reference.rules.calendar import WorkCalendar
from registry.reference.rules.dated import ending, holding, succession, telling
from registry.reference.rules.divisions import DivisionLevel, DivisionRow, Territory
from registry.reference.rules.industries import Classification, IndustryRow
from registry.reference.rules.thresholds import Basis, RuleBook, RuleKind, ThresholdRule, TierEdges
from registry.reference.rules.versions import succeeded


def classification() -> Classification:
    return _once("classification", _classification)


def rules() -> RuleBook:
    return _once("rules", _rules)


def forget_rules() -> None:
    """Read the rules, their settings and the reference data anew: something has just been published."""
    for name in ("rules", "settings", "territory", "offices", "calendar", "successors", "routing"):
        forget(f"reference_{name}")
    places = (
        "place_successors",
        "counties",
        "counties_and_zones",
        "city",
        "towns",
        "division_names",
        "divisions",
        "place_called",
    )
    for name in (*places, "office_called"):
        forget(f"reference_{name}")
    for model in (Material, ReturnReason, ExitReason):
        forget(f"reference_rows_{model.__tablename__}")
    dated.forget_editions()


def territory() -> Territory:
    return _once("territory", _territory)


def offices() -> dict[str, Office]:
    """All offices by code."""
    return _once("offices", lambda: {row.code: row for row in db.session.scalars(select(Office).order_by(Office.id))})


def bureaus_of(industry: str | None, on: date | None = None) -> tuple[Office | None, tuple[str, ...]]:
    """The lead bureau of an industry on `on` (today) and the codes of its co-bureaus; nothing while it is unknown.

    Where a bureau has ended its successor stands for it.
    """
    if not industry:
        return None, ()
    day = on or clock.today()
    by_day: dict[date, dict[str, Routing]] = _once("routing", dict)
    if day not in by_day:
        by_day[day] = dated.rows_on(Routing, day)
    lead, helping = bureaus_by(by_day[day], industry, day)
    return offices()[lead], helping


def bureaus_by(table: Mapping[str, Routing], industry: str, day: date) -> tuple[str, tuple[str, ...]]:
    """The codes of the lead bureau and its co-bureaus by this routing (by prefix): the longest prefix decides."""
    prefix = next(industry[:length] for length in range(len(industry), -1, -1) if industry[:length] in table)
    lead = successor(table[prefix].lead, day)
    helping = dict.fromkeys(successor(code, day) for code in table[prefix].co_bureaus.split())
    return lead, tuple(code for code in helping if code != lead)


def leading() -> tuple[str, ...]:
    """The bureaus that lead for some industry today."""
    return tuple(sorted({successor(row.lead, clock.today()) for row in dated.rows_on(Routing, clock.today()).values()}))


def successor(code: str, on: date) -> str:
    """The office that stands on `on` in the place of the one with this code: itself until it has ended."""
    return succession(_once("successors", lambda: _successors("offices.csv")), code, on)


def stood_for(code: str, on: date) -> dict[str, int]:
    """The office with this code and those in whose place it stands on `on`: their codes and numbers."""
    return {one.code: one.id for one in offices().values() if one.code == code or successor(one.code, on) == code}


def place_successor(code: str, on: date) -> str:
    """The place that counts on `on` in the place of the one with this code: itself until it has ended."""
    return succession(_once("place_successors", lambda: _successors("divisions.csv")), code, on)


def _successors(file: str) -> dict[str, tuple[date, str]]:
    found = {}
    for code, versions in dated.editions(file).items():
        last, after = ending(versions), versions[-1].contents["successor"]
        if last is not None and after:
            found[code] = (last, after)
    return found


def office_name(code: str, on: date) -> str:
    """What the office was called in short on `on`; a code that names none is told as it is."""
    versions = dated.editions("offices.csv").get(code)
    return str(telling(versions, on).contents["short_name"]) if versions else code


def office_called(name: str) -> str | None:
    """The code of the office that is or was called so in short."""
    return _once("office_called", lambda: _called("offices.csv")).get(name)


def place_called(name: str) -> str | None:
    return _once("place_called", lambda: _called("divisions.csv")).get(name)


def _called(file: str) -> dict[str, str]:
    rows = dated.editions(file).items()
    former = {str(one.contents["short_name"]): code for code, versions in rows for one in versions}
    return former | {str(versions[-1].contents["short_name"]): code for code, versions in rows}


def division_name(code: str | None, on: date) -> str | None:
    """What the place was called in short on `on`."""
    versions = dated.editions("divisions.csv").get(code or "")
    return str(telling(versions, on).contents["short_name"]) if versions else None


def calendar() -> WorkCalendar:
    """Working days by the notices that hold: each day as it was settled when it came."""
    return _once("calendar", _calendar)


def _calendar() -> WorkCalendar:
    days = ((date.fromisoformat(key), versions) for key, versions in dated.editions("holidays.csv").items())
    held = ((day, holding(versions, day)) for day, versions in days)
    return WorkCalendar({day: bool(one.contents["working"]) for day, one in held if one is not None})


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


def materials(on: date | None = None) -> dict[str, Material]:
    """The papers that are asked for on `on`; without a day every one there ever was, by its words of today."""
    return _rows(Material, on)


def return_reasons(on: date | None = None) -> dict[str, ReturnReason]:
    """As `materials`: those that may be given on `on`, or all there ever were."""
    return _rows(ReturnReason, on)


def exit_reasons(on: date | None = None) -> dict[str, ExitReason]:
    return _rows(ExitReason, on)


def reason_told(code: str, on: date) -> str:
    """The words that a reason of either kind had on `on`."""
    files = ("return_reasons.csv", "exit_reasons.csv")
    versions = next(dated.editions(file)[code] for file in files if code in dated.editions(file))
    return str(telling(versions, on).contents["reason"])


def _rows(model: type[dated.Row], on: date | None) -> dict[str, dated.Row]:
    kept: dict[date | None, dict[str, dated.Row]] = _once(f"rows_{model.__tablename__}", dict)
    if on not in kept:
        kept[on] = dated.rows_told(model, clock.today()) if on is None else dated.rows_on(model, on)
    return kept[on]


def counties(on: date) -> list[Division]:
    """The counties of a day in the order of their codes, also those that have ended since."""
    return _of_day(DivisionLevel.COUNTY, on)


def zones(on: date) -> list[Division]:
    """As `counties`."""
    return _of_day(DivisionLevel.ZONE, on)


def _of_day(level: DivisionLevel, on: date) -> list[Division]:
    known: dict[tuple[DivisionLevel, date], list[Division]] = _once("counties", dict)
    if (level, on) not in known:
        begun = or_(Division.valid_from.is_(None), Division.valid_from <= on)
        rows = select(Division).where(Division.level == level, begun, _lasting(on))
        known[level, on] = list(db.session.scalars(rows.order_by(Division.code)))
    return known[level, on]


def counties_and_zones() -> list[Division]:
    """What a firm's division can be: the counties, then the zones."""
    rows = _standing(select(Division).where(Division.level.in_(("county", "zone"))))
    rows = rows.order_by(Division.level, Division.code)
    return _once("counties_and_zones", lambda: list(db.session.scalars(rows)))


def divisions() -> list[Division]:
    """Every place there is or was, counties before zones and each in the order of its code: for pages that want both
    what may be chosen and what rows are called."""
    rows = select(Division).order_by(Division.level, Division.code)
    return _once("divisions", lambda: list(db.session.scalars(rows)))


def city() -> Division:
    """The city itself."""
    row = select(Division).where(Division.level == "city").order_by(Division.code).limit(1)
    return _once("city", lambda: db.session.scalars(row).one())


def towns() -> list[Division]:
    rows = _standing(select(Division).where(Division.level == "town")).order_by(Division.code)
    return _once("towns", lambda: list(db.session.scalars(rows)))


def _standing(rows: Select[Division]) -> Select[Division]:
    """Without places that had ended before today."""
    return rows.where(_lasting(clock.today()))


def _lasting(on: date) -> ColumnElement[bool]:
    return or_(Division.valid_to.is_(None), Division.valid_to >= on)


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
    today = clock.today()
    towns_of_zones = [(row.zone, row.town) for row in dated.rows_on(ZoneTown, today).values()]
    followed = {row.code: after for row in divisions if (after := place_successor(row.code, today)) != row.code}
    return Territory(divisions, towns_of_zones, _area_names(), followed)


def _area_names() -> list[tuple[str, str]]:
    """Other names of the city, counties and zones: aliases in force, and what their offices' places were called before.

    A former name still names the place: old papers and lists are full of it.
    """
    kinds = (OfficeKind.COUNTY, OfficeKind.ZONE, OfficeKind.LEADERSHIP)
    places = {row.code: row.division for row in offices().values() if row.kind in kinds and row.division}
    aliases = dated.rows_on(OfficeAlias, clock.today())
    found = [(row.alias, places[row.office]) for row in aliases.values() if row.office in places]
    divisions = dated.editions("divisions.csv")
    borne = {str(versions[-1].contents[name]) for versions in divisions.values() for name in ("name", "short_name")}
    former = [
        (str(one.contents[name]), code)
        for code, versions in divisions.items()
        for one in versions[:-1]
        for name in ("name", "short_name")
        if one.contents["level"] != DivisionLevel.TOWN and one.contents[name] not in borne
    ]
    return [*found, *former]
