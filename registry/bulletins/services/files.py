"""The first wording, from `seeds/bulletins/wording.csv`: it fills an empty place, and changes none that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.bulletins.models import BulletinWording
from registry.bulletins.rules.composing import line_faults
from registry.bulletins.rules.wording import Level
from registry.bulletins.texts import WORDING_FAULTS
from registry.rulesets.rules.cells import FileFault, FileTable
from registry.rulesets.rules.files import FileColumn, Form, ReferenceFile
from registry.rulesets.rules.loaded import Loaded
from registry.rulesets.sheets import read
from registry.trail.services import trail

FILE = ReferenceFile(
    "bulletins/wording.csv",
    ("line",),
    {
        "line": FileColumn(Form.WHOLE, least=1, most=999),
        "level": FileColumn(words=frozenset(Level)),
        "each": FileColumn(Form.WORDS, optional=True, longest=20),
        "when": FileColumn(Form.WORDS, optional=True, longest=40),
        "text": FileColumn(Form.WORDS),
    },
    proven=False,
)
COLUMNS = ("level", "each", "when", "text")


def file_sets(folder: Path) -> list[WordingFile]:
    if not (folder / FILE.name).exists():
        return []
    return [WordingFile(read(FILE, folder))]


@dataclass(frozen=True)
class WordingFile:
    table: FileTable

    @property
    def tables(self) -> Mapping[str, FileTable]:
        return {FILE.name: self.table}

    @property
    def lines(self) -> list[dict[str, str]]:
        return [{name: str(row.values.get(name) or "") for name in COLUMNS} for row in self.table.rows]

    def faults(self, beside: Mapping[str, FileTable], *, alone: bool) -> Iterator[FileFault]:
        """What keeps the wording from being used."""
        if self.table.faults:
            return
        numbers = [0, *(row.number for row in self.table.rows)]
        for line, why, text in line_faults(self.lines):
            yield FileFault(FILE.name, WORDING_FAULTS[why], {"line": line, "text": text}, numbers[line])

    def load(self, at: datetime) -> list[Loaded]:
        held = db.session.scalar(select(func.count(BulletinWording.id))) or 0
        rows = len(self.table.rows)
        if held:
            return [Loaded(FILE.name, 0, rows, encoding=self.table.encoding)]
        wording = BulletinWording(number=1, lines=self.lines, at=at)
        db.session.add(wording)
        db.session.flush()
        trail.record(SYSTEM_ACTOR, "word_bulletins", wording, at=at, after={"number": 1, "lines": rows})
        return [Loaded(FILE.name, rows, 0, encoding=self.table.encoding)]
