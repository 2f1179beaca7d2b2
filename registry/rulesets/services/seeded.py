"""A file of `seeds/` that fills a table of its own beside the reference data: a new row is added, none is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable
from registry.rulesets.rules.files import ReferenceFile
from registry.rulesets.rules.loaded import FileDifference, Loaded


@dataclass(frozen=True)
class SeededTable:
    """The rows of `file` as they were read, and the model that keeps them: by `code`, ranked by their place."""

    file: ReferenceFile
    table: FileTable
    model: Any

    @property
    def tables(self) -> Mapping[str, FileTable]:
        return {self.file.name: self.table}

    def faults(self, beside: Mapping[str, FileTable], *, alone: bool) -> Iterator[FileFault]:
        """What only this file can say of itself; cells and keys have been looked at."""
        yield from ()

    def load(self, at: datetime) -> list[Loaded]:
        held = {row.code: row for row in db.session.scalars(select(self.model))}
        added = 0
        differs: list[FileDifference] = []
        for rank, row in enumerate(self.table.rows, start=1):
            values = self._values(row, rank)
            here = held.get(values["code"])
            if here is None:
                db.session.add(self.model(**values))
                added += 1
            else:
                differs += self._differences(row, values, here)
        db.session.flush()
        kept = len(held.keys() - {row.values["code"] for row in self.table.rows})
        same = len(self.table.rows) - added - len({one.row for one in differs})
        return [Loaded(self.file.name, added, same, tuple(differs), kept=kept, encoding=self.table.encoding)]

    def _values(self, row: FileRow, rank: int) -> dict[str, Any]:
        """As the table keeps them: a text that may be missing is empty."""
        nullable = {column.key for column in self.model.__table__.columns if column.nullable}
        found = {name: "" if value is None and name not in nullable else value for name, value in row.values.items()}
        return {**found, **row.proof, "rank": rank}

    def _differences(self, row: FileRow, values: Mapping[str, Any], here: Any) -> Iterator[FileDifference]:
        for name in self.file.cells:
            if getattr(here, name) != values[name]:
                there = str("" if values[name] is None else values[name])
                yield FileDifference(row.number, here.code, name, str(getattr(here, name)), there, "row_stands")
