"""Plans from `seeds/plans/`: one that is not there yet is loaded whole, as issued; of one that is, nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import OfficeKind
from registry.people.models import Office, OfficeAlias
from registry.plans.models import (
    MeasureOffice,
    Plan,
    PlanMeasure,
    PlanParagraph,
    PlanTarget,
    PlanVersion,
    SubsidyItem,
    WorkingRule,
)
from registry.plans.rules.filechecks import plan_checks
from registry.plans.rules.files import FOLDER, HEAD, MEASURES, OFFICES, RULES, SUBSIDIES, TARGETS, TEXT, files_of
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable
from registry.rulesets.rules.loaded import FileDifference, Loaded
from registry.rulesets.sheets import read
from registry.trail.services import trail

_ROWS: Mapping[str, Any] = {
    TEXT: PlanParagraph, TARGETS: PlanTarget, MEASURES: PlanMeasure, SUBSIDIES: SubsidyItem, RULES: WorkingRule,
}  # fmt: skip


def file_sets(folder: Path) -> list[PlanFiles]:
    """Every plan of the folder, as its files were read."""
    found = sorted(path.name for path in (folder / FOLDER).glob("*") if path.is_dir())
    return [PlanFiles(code, {name: read(file, folder) for name, file in files_of(code).items()}) for code in found]


@dataclass(frozen=True)
class PlanFiles:
    """The files of one plan; `named`: by their short names."""

    code: str
    named: Mapping[str, FileTable]

    @property
    def tables(self) -> Mapping[str, FileTable]:
        return {table.file.name: table for table in self.named.values()}

    def faults(self, beside: Mapping[str, FileTable], *, alone: bool) -> Iterator[FileFault]:
        """What is wrong with them as one plan; `beside`: the files of offices and their names that come with them."""
        names, kinds = ({}, {}) if alone else _offices_held()
        names |= dict(_pairs(beside["office_aliases.csv"], "alias", "office"))
        kinds |= dict(_pairs(beside["offices.csv"], "code", "kind"))
        counties = frozenset(code for code, kind in kinds.items() if kind == OfficeKind.COUNTY)
        return plan_checks(self.named, self.code, names, counties)

    def load(self, at: datetime) -> list[Loaded]:
        """Fill the empty place; of a plan that is there, say where its first version reads otherwise."""
        held = db.session.scalars(select(Plan).where(Plan.code == self.code)).one_or_none()
        if held is not None:
            return [self._compared(name, held.versions[0]) for name in self.named]
        version = _version(self.named, at)
        db.session.add(Plan(code=self.code, versions=[version]))
        db.session.flush()
        version.outcome, version.decided_at = "issued", at  # with all it consists of: from here on nothing is added
        db.session.flush()
        trail.record(SYSTEM_ACTOR, "issue_plan", version, at=at, after={"valid_from": version.valid_from})
        return [Loaded(table.file.name, len(table.rows), 0, encoding=table.encoding) for table in self.named.values()]

    def _compared(self, name: str, version: PlanVersion) -> Loaded:
        table = self.named[name]
        held = _held(name, version)
        differs = [one for row in table.rows for one in _differences(row, table.file.key, held)]
        rows = {one.row for one in differs}
        kept = len(held.keys() - {_key(row, table.file.key) for row in table.rows})
        same = len(table.rows) - len(rows)
        return Loaded(table.file.name, 0, same, tuple(differs), kept=kept, encoding=table.encoding)


def _offices_held() -> tuple[dict[str, str], dict[str, str]]:
    """Names of offices, and their kinds, that the database holds."""
    names = db.session.execute(select(OfficeAlias.alias, OfficeAlias.office))
    kinds = db.session.execute(select(Office.code, Office.kind))
    return {row.alias: row.office for row in names}, {row.code: row.kind for row in kinds}


def _pairs(table: FileTable, key: str, value: str) -> Iterator[tuple[str, str]]:
    for row in table.rows:
        if row.values.get(key) and row.values.get(value):
            yield row.values[key], row.values[value]


# -- an empty place -------------------------------------------------------------------------------
def _version(named: Mapping[str, FileTable], at: datetime) -> PlanVersion:
    (row,) = named[HEAD].rows
    head = row.values
    version = PlanVersion(
        number=1, name=head["name"], document_no=head["number"] or "", edition=head["edition"] or "",
        first_year=head["first_year"], last_year=head["last_year"], valid_from=head["valid_from"],
        source=head["source"], prepared_at=at,
    )  # fmt: skip
    version.paragraphs = [
        PlanParagraph(rank=rank, code=row.values["place"], text=row.values["text"])
        for rank, row in enumerate(named[TEXT].rows)
    ]
    version.targets = _rows(PlanTarget, named[TARGETS].rows)
    version.measures = _rows(PlanMeasure, named[MEASURES].rows)
    version.subsidies = _rows(SubsidyItem, named[SUBSIDIES].rows)
    version.working_rules = _rows(WorkingRule, named[RULES].rows)
    offices = {office.code: office for office in db.session.scalars(select(Office))}
    for measure in version.measures:
        answering = [row.values for row in named[OFFICES].rows if row.values["measure"] == measure.code]
        measure.offices = [
            MeasureOffice(rank=rank, office=offices[one["office"]], printed=one["printed"])
            for rank, one in enumerate(answering)
        ]
    return version


def _rows(model: Any, rows: Iterable[FileRow]) -> list[Any]:
    """A text that may not be missing is empty."""
    found = []
    for rank, row in enumerate(rows):
        nullable = {column.key for column in model.__table__.columns if column.nullable}
        values = {name: "" if value is None and name not in nullable else value for name, value in row.values.items()}
        found.append(model(rank=rank, clause=row.proof["clause"], **values))
    return found


# -- one that is filled ---------------------------------------------------------------------------
def _held(name: str, version: PlanVersion) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows of the first version as the file would say them, by their key."""
    if name == HEAD:
        head = {"code": version.plan.code, "name": version.name, "number": version.document_no or None}
        years = {"first_year": version.first_year, "last_year": version.last_year, "valid_from": version.valid_from}
        return {(version.plan.code,): head | years | {"edition": version.edition or None, "source": version.source}}
    if name == OFFICES:
        return {
            (measure.code, one.office.code): {"printed": one.printed, "source": measure.source}
            for measure in version.measures
            for one in measure.offices
        }
    rows = getattr(version, name)
    names = [column.key for column in _ROWS[name].__table__.columns]
    return {(row.code,): {one: getattr(row, one) for one in names} for row in rows}


def _differences(
    row: FileRow, key: tuple[str, ...], held: Mapping[tuple[Any, ...], Mapping[str, Any]]
) -> Iterator[FileDifference]:
    here = held.get(_key(row, key))
    said = " ".join(map(str, _key(row, key)))
    if here is None:
        yield FileDifference(row.number, said, key[0], None, said, "row_stands")
        return
    for name, value in row.values.items():
        if name in here and (here[name] or None) != value:
            yield FileDifference(row.number, said, name, str(here[name] or ""), str(value or ""), "row_stands")


def _key(row: FileRow, key: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(row.values[name] for name in key)
