"""Reference data from `seeds/*.csv` into their tables, any number of times without change."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Date, Integer, select
from sqlalchemy.orm import class_mapper

from registry.domain.permissions import SYSTEM_ACTOR
from registry.extensions import clock, db
from registry.models import (
    Base,
    Division,
    ExitReason,
    Industry,
    IndustryMapping,
    Material,
    Office,
    OfficeAlias,
    Parameter,
    ReturnReason,
    Routing,
    SectorWord,
    Threshold,
    ZoneTown,
)
from registry.models.base import Fixed
from registry.services import trail


@dataclass(frozen=True)
class Seed:
    file: str
    model: type[Base]
    key: tuple[str, ...]


# In the order their foreign keys ask for.
SEEDS = (
    Seed("divisions.csv", Division, ("code",)),
    Seed("zone_towns.csv", ZoneTown, ("zone", "town")),
    Seed("offices.csv", Office, ("code",)),
    Seed("office_aliases.csv", OfficeAlias, ("alias",)),
    Seed("industries.csv", Industry, ("year", "code")),
    Seed("industry_map.csv", IndustryMapping, ("code_2011", "code_2017")),
    Seed("thresholds.csv", Threshold, ("rule_id", "version")),
    Seed("return_reasons.csv", ReturnReason, ("code",)),
    Seed("exit_reasons.csv", ExitReason, ("code",)),
    Seed("materials.csv", Material, ("code",)),
    Seed("routing.csv", Routing, ("industry_prefix",)),
    Seed("parameters.csv", Parameter, ("key", "valid_from")),
    Seed("register_words.csv", SectorWord, ("sector", "word")),
)


@dataclass(frozen=True)
class Loaded:
    file: str
    added: int
    changed: int
    unchanged: int


def load(folder: Path) -> list[Loaded]:
    """Bring every table up to its file; rows that the files no longer hold are kept, for entries may refer to them."""
    results = [_load_one(seed, folder) for seed in SEEDS]
    changed = {r.file: r.added + r.changed for r in results if r.added or r.changed}
    if changed:
        trail.record(SYSTEM_ACTOR, "seed", "reference", at=clock.now(), after=changed)
    return results


def _load_one(seed: Seed, folder: Path) -> Loaded:
    held = {_key(seed, row): row for row in db.session.scalars(select(seed.model))}
    added = changed = unchanged = 0
    for values in _read(seed, folder / seed.file):
        row = held.get(tuple(values[name] for name in seed.key))
        if row is None:
            db.session.add(seed.model(**values))
            added += 1
        elif getattr(row, "draft_id", None) is not None:
            unchanged += 1  # published here by two people: a file does not overrule them
        elif differences := {k: v for k, v in values.items() if getattr(row, k) != v}:
            for name, value in differences.items():
                setattr(row, name, value)
            changed += 1
        else:
            unchanged += 1
    db.session.flush()
    return Loaded(seed.file, added, changed, unchanged)


def _key(seed: Seed, row: Base) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in seed.key)


def _read(seed: Seed, path: Path) -> Iterator[dict[str, Any]]:
    columns = class_mapper(seed.model).columns
    with path.open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            yield {name: _value(columns[name], text) for name, text in record.items() if name in columns}


def _value(column: Any, text: str) -> Any:
    if text == "" and column.nullable:
        return None
    if isinstance(column.type, Boolean):
        return text == "yes"
    if isinstance(column.type, Integer):
        return int(text)
    if isinstance(column.type, Date):
        return date.fromisoformat(text)
    if isinstance(column.type, Fixed):
        return Decimal(text).quantize(column.type.unit)
    return text
