"""Reference data as pages show it: each version of each row with its words, its days and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from registry.reference.models import SourceCheck
from registry.reference.queries import dated, reference, rules
from registry.reference.rules.dated import Edition
from registry.reference.rules.versions import VersionState
from registry.rulesets.rules.files import DIVISION, FILES, OFFICE, FileColumn, ReferenceFile
from registry.rulesets.texts.columns import COLUMN_LABELS, SHOWN, WORD_LABELS
from registry.site.display import day

BY_NAME: Mapping[str, ReferenceFile] = {file.name: file for file in FILES}
_ORDER = (VersionState.IN_FORCE, VersionState.COMING, VersionState.ENDED)


@dataclass(frozen=True)
class ReferenceLine:
    """One version of one row; `number` counts the versions of the row from 1."""

    key: str
    number: int
    one: Edition
    state: VersionState
    cells: tuple[str, ...]
    check: SourceCheck | None

    @property
    def verified(self) -> bool | None:
        return self.one.contents.get("verified")


def lines(file: str, on: date, text: str = "", state: str = "") -> list[ReferenceLine]:
    """Every version that fits, in force first, then coming, then ended; of each the rows by key."""
    wanted = text.strip().casefold()
    found = [
        line
        for key in dated.editions(file)
        for line in history(file, key, on)
        if (not state or line.state == state) and wanted in _searched(line, key)
    ]
    return sorted(found, key=lambda line: (_ORDER.index(line.state), not line.key, line.key, -line.number))


def history(file: str, key: str, on: date) -> Iterator[ReferenceLine]:
    """Of one row every version, the first one first."""
    checks = _checks(file)
    for number, one in enumerate(dated.editions(file)[key], start=1):
        at = f"{key} {one.valid_from}" if one.valid_from else key
        check = checks.get(at) or (checks.get(key) if number == 1 else None)
        yield ReferenceLine(key, number, one, one.state(on), tuple(cells(file, key, one.contents, SHOWN[file])), check)


def _checks(file: str) -> dict[str, SourceCheck]:
    return rules.checks(file)


def _searched(line: ReferenceLine, key: str) -> str:
    return " ".join((key, *line.cells, line.one.source)).casefold()


def cells(file: str, key: str, contents: Mapping[str, Any], headings: tuple[str, ...]) -> Iterator[str]:
    names = BY_NAME[file].key
    own = dict(zip(names, key.split(" ") if len(names) > 1 else (key,), strict=True))
    for heading in headings:
        yield shown(BY_NAME[file].cells[heading], heading, own.get(heading, contents.get(heading)))


def shown(cell: FileColumn, heading: str, value: Any) -> str:
    """A value in the words of the reader."""
    if heading == "working":
        return str(_("上班") if value in (True, "yes") else _("放假"))
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, date):
        return str(day(value))
    if heading == "industry_prefix":
        return f"{value} {reference.classification().name_of(value)}".strip() if value else _("其余行业")
    words = str(value or "").split() if cell.many else [str(value or "")]
    return str(_("、")).join(_word(cell, heading, word) for word in words)


def _word(cell: FileColumn, heading: str, word: str) -> str:
    if heading in WORD_LABELS:
        return str(_(WORD_LABELS[heading].get(word, word))) if word else ""
    if cell.parent == OFFICE:
        office = reference.offices().get(word)
        return f"{office.short_name}" if office else word
    if cell.parent == DIVISION:
        return reference.division_names().get(word, word)
    return word


def labelled(file: str, key: str, contents: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every column of a row by its name."""
    headings = tuple(name for name in BY_NAME[file].cells if name not in ("valid_from", "valid_to", "source"))
    return [
        (_(COLUMN_LABELS[heading]), text)
        for heading, text in zip(headings, cells(file, key, contents, headings), strict=True)
    ]


def heads(file: str) -> list[str]:
    return [_(COLUMN_LABELS[heading]) for heading in SHOWN[file]]


def title_of(file: str, key: str) -> str:
    """What a row is called: its key, and its name or reason where it has one."""
    versions = dated.editions(file)[key]
    contents = versions[-1].contents
    name = next((contents[one] for one in ("short_name", "name", "reason") if one in contents), "")
    if file == "routing.csv":
        return shown(BY_NAME[file].cells["industry_prefix"], "industry_prefix", key)
    return f"{key} {name}".strip()


def as_item(one: Edition) -> dict[str, str]:
    """A version as a draft would keep it, to begin from; its source is told anew."""
    texts = {
        name: ("yes" if value else "no") if isinstance(value, bool) else str(value or "")
        for name, value in one.contents.items()
    }
    return {**texts, "successor": ""} if "successor" in texts else texts


def key_parts(file: ReferenceFile, key: str | None) -> dict[str, str]:
    """The columns of a key by name."""
    texts = (key or "").split(" ") if len(file.key) > 1 else [key or ""]
    return dict(zip(file.key, texts, strict=True))
