"""The kinds of qualification from `seeds/qualification_kinds.csv`: a new code is added, none is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.qualifications.models import QualificationKind
from registry.qualifications.texts import PATTERN_WRONG
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable
from registry.rulesets.rules.files import FileColumn, Form, ReferenceFile
from registry.rulesets.rules.loaded import FileDifference, Loaded
from registry.rulesets.sheets import read

FILE = ReferenceFile(
    "qualification_kinds.csv",
    ("code",),
    {
        "code": FileColumn(pattern=r"[a-z]+(_[a-z]+)*", longest=32),
        "name": FileColumn(Form.WORDS, longest=60),
        "short_name": FileColumn(Form.WORDS, longest=20),
        "issuer": FileColumn(Form.WORDS, optional=True, longest=120),
        "number_pattern": FileColumn(optional=True, longest=200),
        "number_form": FileColumn(Form.WORDS, optional=True, longest=300),
        "years_valid": FileColumn(Form.WHOLE, optional=True, least=1, most=30),
        "renew_months": FileColumn(Form.WHOLE, optional=True, least=1, most=24),
        "with_items": FileColumn(Form.YES_NO),
        "source": FileColumn(Form.WORDS),
        "verified": FileColumn(Form.YES_NO),
    },
    distinct=(("name",), ("short_name",)),
)


def file_sets(folder: Path) -> list[KindsFile]:
    if not (folder / FILE.name).exists():
        return []
    return [KindsFile(read(FILE, folder))]


@dataclass(frozen=True)
class KindsFile:
    table: FileTable

    @property
    def tables(self) -> Mapping[str, FileTable]:
        return {FILE.name: self.table}

    def faults(self, beside: Mapping[str, FileTable], *, alone: bool) -> Iterator[FileFault]:
        """A pattern that is none would doubt every number."""
        for row in self.table.rows:
            pattern = row.values.get("number_pattern") or ""
            try:
                re.compile(pattern)
            except re.error:
                letter = self.table.letters.get("number_pattern", "")
                yield FileFault(FILE.name, PATTERN_WRONG, {"text": pattern}, row.number, letter, "number_pattern")

    def load(self, at: datetime) -> list[Loaded]:
        held = {row.code: row for row in db.session.scalars(select(QualificationKind))}
        added = 0
        differs: list[FileDifference] = []
        for rank, row in enumerate(self.table.rows, start=1):
            values = _values(row, rank)
            here = held.get(values["code"])
            if here is None:
                db.session.add(QualificationKind(**values))
                added += 1
            else:
                differs += _differences(row, values, here)
        db.session.flush()
        kept = len(held.keys() - {row.values["code"] for row in self.table.rows})
        same = len(self.table.rows) - added - len({one.row for one in differs})
        return [Loaded(FILE.name, added, same, tuple(differs), kept=kept, encoding=self.table.encoding)]


def _values(row: FileRow, rank: int) -> dict[str, Any]:
    """As the table keeps them: a text that may be missing is empty."""
    nullable = {column.key for column in QualificationKind.__table__.columns if column.nullable}
    found = {name: "" if value is None and name not in nullable else value for name, value in row.values.items()}
    return {**found, **row.proof, "rank": rank}


def _differences(row: FileRow, values: Mapping[str, Any], here: QualificationKind) -> Iterator[FileDifference]:
    for name in FILE.cells:
        if getattr(here, name) != values[name]:
            there = str("" if values[name] is None else values[name])
            yield FileDifference(row.number, here.code, name, str(getattr(here, name)), there, "row_stands")
