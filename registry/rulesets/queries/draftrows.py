"""Rows of reference data in a draft, as values, beside what was published of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.reference.queries import dated
from registry.reference.rules.dated import Edition
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import published
from registry.rulesets.rules.cells import FileRow, parse
from registry.rulesets.rules.files import FILES, PROOF, ReferenceFile
from registry.rulesets.rules.newer import BASE, ENDED, FILE


@dataclass(frozen=True)
class DraftRow:
    """One row of a draft: `start` its first day, `before` the version it follows (None: a new row)."""

    file: ReferenceFile
    number: int
    values: Mapping[str, Any]
    key: str
    start: date
    base: str
    ended: bool
    before: Edition | None
    proof: Mapping[str, str]

    @property
    def label(self) -> str:
        return f"{self.file.name} {self.key}".strip()


def rows_of(draft: RuleDraft) -> list[DraftRow]:
    """The rows of a draft with what was published of each."""
    files = {file.name: file for file in FILES}
    newest = {
        name: published.newest(name) for name in {item[FILE] for item in draft.contents["rows"]} & dated.DATED.keys()
    }
    return [
        _row(files[item[FILE]], number, item, newest.get(item[FILE], {}), draft.valid_from)
        for number, item in enumerate(draft.contents["rows"], start=1)
    ]


def _row(
    file: ReferenceFile, number: int, item: Mapping[str, str], newest: Mapping[str, Edition], day: date
) -> DraftRow:
    read = {name: parse(cell, item.get(name, "")) for name, cell in file.cells.items()}
    values = published.stored(file.name, FileRow(number, read))
    key = dated.key_of(values, file.key)
    base, own = item.get(BASE, ""), values.get("valid_from")
    proof = {name: item[name] for name in PROOF if item.get(name)}
    return DraftRow(
        file, number, values, key, own if base and own else day, base, bool(item.get(ENDED)), newest.get(key), proof
    )


def changed(row: DraftRow) -> dict[str, tuple[Any, Any]]:
    """By column what the newest version says and what the row says; of a new row everything."""
    old = row.before.contents if row.before else {}
    names = [name for name in row.values if name not in (*row.file.key, "valid_from", "valid_to", "source")]
    return {
        name: (old.get(name), row.values[name]) for name in names if row.before is None or old[name] != row.values[name]
    }
