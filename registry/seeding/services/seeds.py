"""Reference data from `seeds/*.csv`: an empty place is filled; into a filled one nothing goes but drafts for a person.

A place is a table, of the settings each key: a release that brings a new one fills it, no verdict rests on it yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select

from registry.base.clocks import SHANGHAI
from registry.base.errors import RegistryError
from registry.base.extensions import clock, db, provided
from registry.base.labels import N_
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.tables import Base
from registry.reference.models import Division, Parameter, SourceCheck, Threshold
from registry.reference.queries import dated, reference
from registry.rulesets.queries import published
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable
from registry.rulesets.rules.checks import Published, faults
from registry.rulesets.rules.files import FILES, INVENTED, WIDTHS, ReferenceFile
from registry.rulesets.rules.loaded import Loaded
from registry.rulesets.services import newrows
from registry.rulesets.sheets import read
from registry.rulesets.texts.traces import OPEN
from registry.seeding.services import differing, proposing
from registry.seeding.services.differing import Differing, Key
from registry.trail.services import trail


class FileSet(Protocol):
    """Files that a feature above has in folders of its own (`provided("file_sets")`), as they were read."""

    @property
    def tables(self) -> Mapping[str, FileTable]: ...

    def faults(self, beside: Mapping[str, FileTable], *, alone: bool) -> Iterable[FileFault]:
        """What is wrong with them beyond what is of every file; `alone`: no database is asked."""
        ...

    def load(self, at: datetime) -> list[Loaded]: ...


class SeedsRefused(RegistryError):
    """Files that do not fit; nothing of any of them was loaded."""

    template = N_("基础数据文件有 %(count)s 处错误，全部文件都没有载入。")

    def __init__(self, faults: Iterable[FileFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))


@dataclass(frozen=True)
class Checked:
    """One file as it was read; of `unplaced` rows nobody could name the place in the source yet."""

    file: str
    rows: int
    unplaced: int
    encoding: str


def check(folder: Path, *, alone: bool) -> tuple[list[Checked], list[FileFault]]:
    """Every file, also those of the invented city where they are, and every fault; nothing is written.

    `alone`: as for an empty database; else beside what the database holds, as a load checks them.
    """
    invented = INVENTED if (folder / INVENTED[0].name).parent.is_dir() else ()
    more = _more(folder)
    tables = _read(folder, *invented) | _tables(more)
    files = [
        Checked(
            table.file.name, len(table.rows), sum(row.proof.get("clause") == OPEN for row in table.rows), table.encoding
        )
        for table in tables.values()
    ]
    held, on = (Published(), _today()) if alone else (published.held(), clock.today())
    return files, _faults(tables, more, held, on, alone=alone)


def _read(folder: Path, *more: ReferenceFile) -> dict[str, FileTable]:
    return {file.name: read(file, folder) for file in (*FILES, WIDTHS, *more)}


def _more(folder: Path) -> list[FileSet]:
    return [one for sets in provided("file_sets") for one in sets(folder)]


def _tables(more: Iterable[FileSet]) -> dict[str, FileTable]:
    return {name: table for one in more for name, table in one.tables.items()}


def _faults(
    tables: Mapping[str, FileTable], more: Iterable[FileSet], held: Published, on: date, *, alone: bool
) -> list[FileFault]:
    beside = (fault for one in more for fault in one.faults(tables, alone=alone))
    return [*faults(tables, held, on, _today()), *beside]


def _today() -> date:
    """Of whoever keeps the files: an invented city lives on another day."""
    return datetime.now(SHANGHAI).date()


def load(folder: Path) -> list[Loaded]:
    """Fill what is empty, propose what differs, and say both. Raises `SeedsRefused` with every fault of every file."""
    more = _more(folder)
    tables = _read(folder) | _tables(more)
    trail.wait_for_turn()  # two starts at once fill and propose once
    reference.forget_rules()
    at, on = clock.now(), clock.today()
    if found := _faults(tables, more, published.held(), on, alone=False):
        raise SeedsRefused(found)
    files = [_load_one(tables[file.name], on) for file in FILES]
    differs = proposing.settle({loaded.file: found for loaded, found in files}, at=at, on=on)
    results = [replace(loaded, differs=differs[loaded.file]) for loaded, _found in files]
    results += [loaded for one in more for loaded in one.load(at)]
    if added := {result.file: result.added for result in results if result.added}:
        trail.record(SYSTEM_ACTOR, "seed", "reference", at=at, after=added)
    return results


def is_filled() -> bool:
    """Whether there is anything to serve: places and lines."""
    return all(db.session.scalars(select(model).limit(1)).first() is not None for model in (Division, Threshold))


def _load_one(table: FileTable, on: date) -> tuple[Loaded, list[Differing]]:
    """What is empty is filled; what differs is returned, to be settled with that of the other files."""
    model, file = published.MODELS[table.file.name], table.file
    if file.dated:
        return _load_dated(table, on)
    held = {tuple(getattr(row, name) for name in file.key): row for row in db.session.scalars(select(model))}
    read_rows = [(row, published.stored(file.name, row)) for row in table.downwards()]
    rows = {tuple(values[name] for name in file.key): (row, values) for row, values in read_rows}
    empty = [key for key in rows if key not in held and _is_empty(model, key, held)]
    db.session.add_all(model(**rows[key][1]) for key in empty)
    db.session.flush()
    reference.forget_rules()
    filled = set(empty)
    found = [_compared(file, *rows[key], held.get(key), on) for key in rows if key not in filled]
    kept = len(held.keys() - rows.keys())
    differing_rows = {one.row for one in found if one is not None}
    _note_checks(table, [row for row in table.rows if row.number not in differing_rows])
    loaded = Loaded(file.name, len(empty), found.count(None), kept=kept, encoding=table.encoding)
    return loaded, [one for one in found if one is not None]


def _load_dated(table: FileTable, on: date) -> tuple[Loaded, list[Differing]]:
    """Rows with versions: an empty table takes all of them, the first of each row as the row itself."""
    file, model = table.file, published.MODELS[table.file.name]
    rows = [(row, published.stored(file.name, row)) for row in table.downwards()]
    rows.sort(key=lambda pair: pair[1]["valid_from"] or date.min)  # stable: a place still comes after what it lies in
    held = dated.editions(file.name)
    if not held:
        for _row, values in rows:
            newrows.append(file.name, model, values, start=values["valid_from"], draft_id=None)
        db.session.flush()
        reference.forget_rules()
        _note_checks(table, table.rows)
        return Loaded(file.name, len(rows), 0, encoding=table.encoding), []
    found = []
    for row, values in rows:
        versions = held.get(dated.key_of(values, file.key))
        if versions is None:
            found.append(differing.new(file, row, values, on))
        else:
            found.append(differing.version(file, row, values, versions, on))
    differing_rows = {one.row for one in found if one is not None}
    _note_checks(table, [row for row in table.rows if row.number not in differing_rows])
    named = {(dated.key_of(values, file.key), values["valid_from"]) for _row, values in rows}
    later = {(key, one.valid_from) for key, versions in held.items() for one in versions[1:]}
    kept = len(held.keys() - {key for key, _first in named}) + len(later - named)
    loaded = Loaded(file.name, 0, found.count(None), kept=kept, encoding=table.encoding)
    return loaded, [one for one in found if one is not None]


def _note_checks(table: FileTable, rows: Iterable[FileRow]) -> None:
    """Of rows that say what is published: where and when they were looked up, unless that is known already."""
    name = table.file.name
    held = select(SourceCheck.key, SourceCheck.checked_on).where(SourceCheck.file == name)
    known = {(key, day) for key, day in db.session.execute(held)}
    for row in rows:
        key = differing.key_of(row, table.file)
        if (key, row.proof["checked_on"]) not in known:
            db.session.add(SourceCheck(file=name, key=key, **row.proof))
    db.session.flush()


def _is_empty(model: type[Base], key: Key, held: Mapping[Key, Base]) -> bool:
    """Whether nothing was ever published in the place of this row."""
    return not any(key[0] == one[0] for one in held) if model is Parameter else not held


def _compared(
    file: ReferenceFile, row: FileRow, values: dict[str, Any], held: Base | None, on: date
) -> Differing | None:
    if file.name == "thresholds.csv":
        return differing.line(row, values, held, published.newest_rules().get(values["rule_id"]), on)
    if file.name == "parameters.csv":
        return differing.setting(row, values, held, published.newest_settings()[values["key"]])
    return differing.other(file, row, values, held)
