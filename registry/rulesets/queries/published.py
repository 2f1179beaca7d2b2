"""What the reference tables hold, as the files of reference data are checked against it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import class_mapper

from registry.base.extensions import db
from registry.base.tables import Base
from registry.people.models import Office, OfficeAlias
from registry.reference.models import (
    Division,
    ExitReason,
    Holiday,
    Industry,
    IndustryMapping,
    Material,
    Parameter,
    ReturnReason,
    Routing,
    Threshold,
    ZoneTown,
)
from registry.reference.queries import dated, reference
from registry.reference.rules.dated import Edition
from registry.reference.rules.thresholds import ThresholdRule
from registry.register.models import SectorWord
from registry.rulesets.rules.cells import FileRow
from registry.rulesets.rules.checks import Published
from registry.rulesets.rules.files import DIVISION, INDUSTRY, OFFICE, REASON, ReferenceFile
from registry.rulesets.rules.places import DivisionPlace

MODELS: Mapping[str, type[Base]] = {
    "divisions.csv": Division,
    "zone_towns.csv": ZoneTown,
    "offices.csv": Office,
    "office_aliases.csv": OfficeAlias,
    "industries.csv": Industry,
    "industry_map.csv": IndustryMapping,
    "thresholds.csv": Threshold,
    "return_reasons.csv": ReturnReason,
    "exit_reasons.csv": ExitReason,
    "materials.csv": Material,
    "routing.csv": Routing,
    "holidays.csv": Holiday,
    "parameters.csv": Parameter,
    "register_words.csv": SectorWord,
}


def held() -> Published:
    """Codes by set, the city, its places and offices, and of every rule and setting what its newest version says."""
    codes = {
        of: set(db.session.scalars(select(column)))
        for of, column in ((DIVISION, Division.code), (OFFICE, Office.code), (REASON, ExitReason.code))
    }
    for year, code in db.session.execute(select(Industry.year, Industry.code)):
        codes.setdefault(f"{INDUSTRY} {year}", set()).add(code)
    city = db.session.execute(
        select(Division.code, Division.name).where(Division.level == "city").order_by(Division.code).limit(1)
    ).first()
    return Published(
        codes={of: frozenset(found) for of, found in codes.items()},
        city=(city.code, city.name) if city else None,
        amounts=_amounts(),
        settings=newest_values(),
        rules=frozenset(newest_rules()),
        places={row.code: DivisionPlace(row.level, row.parent, row.statistical_county) for row in _all(Division)},
        zones={row.town: row.zone for row in _all(ZoneTown)},
        kinds={row.code: row.kind for row in _all(Office)},
        routed=frozenset(db.session.scalars(select(Routing.industry_prefix))),
    )


def newest(file: str) -> dict[str, Edition]:
    """By key the newest version of each row of a dated file, also one to come, or one that says the row ended."""
    return {key: versions[-1] for key, versions in dated.editions(file).items()}


def _all(model: type[Any]) -> Any:
    return db.session.scalars(select(model))


def newest_rules() -> dict[str, ThresholdRule]:
    """The newest version of every rule, ended or not."""
    rules = sorted(reference.rules().all(), key=lambda rule: rule.version)
    return {rule.rule_id: rule for rule in rules}


def newest_settings() -> dict[str, tuple[date, str]]:
    """The newest version of every setting: its first day and its value."""
    rows = select(Parameter.key, Parameter.valid_from, Parameter.value).order_by(Parameter.valid_from)
    return {key: (day, value) for key, day, value in db.session.execute(rows)}


def newest_values() -> dict[str, str]:
    return {key: value for key, (_day, value) in newest_settings().items()}


def _amounts() -> dict[str, Decimal]:
    return {key: rule.amount_yuan for key, rule in newest_rules().items() if rule.amount_yuan is not None}


def is_held(file: ReferenceFile, key: tuple[Any, ...]) -> bool:
    model = MODELS[file.name]
    rows = select(model).where(*(getattr(model, name) == value for name, value in zip(file.key, key, strict=True)))
    return db.session.scalars(rows).first() is not None


def stored(file: str, row: FileRow) -> dict[str, Any]:
    """The values as the table keeps them: a text that may not be missing is empty."""
    columns = class_mapper(MODELS[file]).columns
    return {name: "" if value is None and not columns[name].nullable else value for name, value in row.values.items()}
