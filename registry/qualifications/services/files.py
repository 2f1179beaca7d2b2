"""The kinds of qualification from `seeds/qualification_kinds.csv`: a new code is added, none is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from registry.qualifications.models import QualificationKind
from registry.qualifications.texts import PATTERN_WRONG
from registry.rulesets.rules.cells import FileFault, FileTable
from registry.rulesets.rules.files import FileColumn, Form, ReferenceFile
from registry.rulesets.services.seeded import SeededTable
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
    return [KindsFile(FILE, read(FILE, folder), QualificationKind)]


class KindsFile(SeededTable):
    def faults(self, beside: Mapping[str, FileTable], *, alone: bool) -> Iterator[FileFault]:
        """A pattern that is none would doubt every number."""
        for row in self.table.rows:
            pattern = row.values.get("number_pattern") or ""
            try:
                re.compile(pattern)
            except re.error:
                letter = self.table.letters.get("number_pattern", "")
                yield FileFault(FILE.name, PATTERN_WRONG, {"text": pattern}, row.number, letter, "number_pattern")
