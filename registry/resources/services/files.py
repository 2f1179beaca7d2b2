"""The kinds of resource from `seeds/resource_kinds.csv`."""

from __future__ import annotations

from pathlib import Path

from registry.resources.models import ResourceKind
from registry.resources.rules.states import ResourceCategory
from registry.rulesets.rules.files import FileColumn, Form, ReferenceFile
from registry.rulesets.services.seeded import SeededTable
from registry.rulesets.sheets import read

FILE = ReferenceFile(
    "resource_kinds.csv",
    ("code",),
    {
        "code": FileColumn(pattern=r"[a-z]+(_[a-z]+)*", longest=32),
        "name": FileColumn(Form.WORDS, longest=60),
        "category": FileColumn(words=frozenset(ResourceCategory)),
        "numbered": FileColumn(Form.YES_NO),
        "source": FileColumn(Form.WORDS),
        "verified": FileColumn(Form.YES_NO),
    },
    distinct=(("name",),),
)


def file_sets(folder: Path) -> list[SeededTable]:
    if not (folder / FILE.name).exists():
        return []
    return [SeededTable(FILE, read(FILE, folder), ResourceKind)]
