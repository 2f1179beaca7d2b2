"""Where a row of a file of reference data says something else than what was published, and what may come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from registry.base.tables import Base
from registry.reference.rules.dated import Edition
from registry.reference.rules.thresholds import RuleKind, ThresholdRule
from registry.reference.rules.versions import LINES, RuleSetKind, VersionLine, VersionState, kind_of, state
from registry.rulesets.rules.cells import FileRow
from registry.rulesets.rules.faults import same_number
from registry.rulesets.rules.files import ReferenceFile
from registry.rulesets.rules.lines import rule_of
from registry.rulesets.rules.newer import FROM_THE_FIRST

Key = tuple[Any, ...]
_DAY = timedelta(days=1)
_SETS: Mapping[RuleKind, RuleSetKind] = {kind: of for of, kind in LINES.items()}


@dataclass(frozen=True)
class Field:
    """One column that differs, as text; None: no such row here."""

    name: str
    here: str | None
    there: str


@dataclass(frozen=True)
class Proposed:
    """What a row wants to become: a line, a setting or a new row of a table, from a day on if the file states one."""

    kind: RuleSetKind
    item: Mapping[str, str]
    source: str
    verified: bool
    start: date | None = None
    annual: int | None = None


@dataclass(frozen=True)
class Differing:
    """A row that differs; without a proposal nothing comes of it, and `outcome` (of `OUTCOMES`) says why."""

    row: int
    key: str
    fields: tuple[Field, ...]
    outcome: str = "waits"
    proposed: Proposed | None = None


def fields(values: Mapping[str, Any], held: Base | None) -> tuple[Field, ...]:
    """The columns in which the row and what is held under its key are not the same."""
    return tuple(
        Field(name, None if held is None else told(getattr(held, name)), told(value))
        for name, value in values.items()
        if held is None or getattr(held, name) != value
    )


def told(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


# -- lines ----------------------------------------------------------------------------------------
def line(
    row: FileRow, values: Mapping[str, Any], held: Base | None, newest: ThresholdRule | None, on: date
) -> Differing | None:
    """`newest`: the newest published version of the rule. None where the row says nothing else."""
    rule = rule_of(row)
    if rule is None:
        raise ValueError(f"row {row.number} was not read")
    wanted = VersionLine.of(rule)
    key, found = f"{rule.rule_id} {rule.version}", fields(values, held)
    if not found:
        return None
    outcome = _line_outcome(rule, held, newest, on)
    if outcome != "waits":
        return Differing(row.number, key, found, outcome) if outcome else None
    base = newest.version if newest else 0
    item = VersionLine(rule.rule_id, base, *_content(wanted)).as_text()
    new = held is None and newest is not None
    proposed = Proposed(
        _SETS[rule.kind], item, rule.source, rule.verified,
        rule.periodic_from if held is None else None, rule.annual_from if held is None else None,
    )  # fmt: skip
    return Differing(row.number, key, _against(found, wanted, newest) if new else found, "waits", proposed)


def _line_outcome(rule: ThresholdRule, held: Base | None, newest: ThresholdRule | None, on: date) -> str:
    """What comes of a line that differs; empty where a later version already says the same."""
    if newest is None:
        return "waits" if rule.version == 1 else "next"
    same = _content(VersionLine.of(rule)) == _content(VersionLine.of(newest)) and rule.kind is newest.kind
    if rule.version < newest.version:
        return "" if same else "later"
    if rule.version > newest.version + 1:
        return "next"
    if same or rule.kind is not newest.kind:
        return "dates" if same else "stands"
    ended = state(newest.periodic_from, newest.periodic_to, on) is VersionState.ENDED
    return "later" if ended else "waits"


def _content(line: VersionLine) -> tuple[Any, ...]:
    return line.label, line.prefixes, line.basis, line.amount_yuan, line.or_employees


def _against(found: tuple[Field, ...], line: VersionLine, newest: ThresholdRule | None) -> tuple[Field, ...]:
    """A new version beside the one it would follow."""
    before = VersionLine.of(newest).as_text() if newest else {}
    after = line.as_text()
    names = ("label", "industry_prefixes", "basis", "amount_yuan", "or_employees")
    return tuple(Field(name, before[name], after[name]) for name in names if before[name] != after[name]) or found


# -- settings -------------------------------------------------------------------------------------
def setting(row: FileRow, values: Mapping[str, Any], held: Base | None, newest: tuple[date, str]) -> Differing | None:
    """`newest`: first day and value of the newest published version of this setting."""
    since, here = newest
    key, found = f"{values['key']} {values['valid_from']}", fields(values, held)
    if not found:
        return None
    same = values["value"] == here or same_number(values["value"], here)
    if values["valid_from"] < since:
        return None if same and held is not None else Differing(row.number, key, found, "later")
    if same:
        return Differing(row.number, key, found, "dates")
    kind = kind_of(values["key"])
    if kind is None:
        raise ValueError(f"{values['key']} is no rule")
    item = {"key": values["key"], "value": values["value"], "base": since.isoformat()}
    start = values["valid_from"] if held is None else None
    shown = (Field("value", here, values["value"]),) if held is None else found
    return Differing(row.number, key, shown, "waits", Proposed(kind, item, values["source"], values["verified"], start))


# -- rows with dates ------------------------------------------------------------------------------
def version(
    file: ReferenceFile, row: FileRow, values: Mapping[str, Any], versions: tuple[Edition, ...], on: date
) -> Differing | None:
    """A version of a row that is published: the same, a later one, or the end of the newest; anything else stands."""
    key = key_of(row, file)
    first, newest = values["valid_from"], versions[-1]
    here = next((one for one in versions if one.valid_from == first), versions[0] if first is None else None)
    if here is None and newest.valid_from is not None and first < newest.valid_from:
        return Differing(row.number, key, (Field("valid_from", None, told(first)),), "later")
    base = told(newest.valid_from)
    if here is None:
        found = _against_version(values, newest)
        if first < on:
            return Differing(row.number, key, found, "past")
        return Differing(row.number, key, found, "waits", _dated(file, values, base, first, ended=False))
    found = _against_version(values, here)
    ends = values["valid_to"]
    if not found:
        return None
    ended = {one.name for one in found} <= {"valid_to", "successor"} and here is newest and here.valid_to is None
    if not ended or ends is None or ends + _DAY < on:
        return Differing(row.number, key, found, "version_stands")
    return Differing(row.number, key, found, "waits", _dated(file, values, base, ends + _DAY, ended=True))


def new(file: ReferenceFile, row: FileRow, values: Mapping[str, Any], on: date) -> Differing | None:
    """A row that is not there yet; a day that has passed is no day off any more, for terms were counted by it."""
    if "day" in values and values["day"] < on:
        return Differing(row.number, key_of(row, file), fields(values, None), "day_past")
    return other(file, row, values, None)


def key_of(row: FileRow, file: ReferenceFile) -> str:
    """What checks of its source call a row: its key, and the first day of a version that states one."""
    first = row.values.get("valid_from") if file.dated else None
    return " ".join(told(part) for part in (*(row.values[name] for name in file.key), *filter(None, (first,))))


def _against_version(values: Mapping[str, Any], here: Edition) -> tuple[Field, ...]:
    held = {**here.contents, "source": here.source}
    found = [Field(name, told(held[name]), told(values[name])) for name in held if held[name] != values[name]]
    if values["valid_to"] is not None and values["valid_to"] != here.valid_to:
        found.append(Field("valid_to", told(here.valid_to), told(values["valid_to"])))
    return tuple(found)


def _dated(file: ReferenceFile, values: Mapping[str, Any], base: str, start: date, *, ended: bool) -> Proposed:
    item = {"file": file.name} | {name: told(value) for name, value in values.items()}
    item |= {"valid_from": start.isoformat(), "base": base or FROM_THE_FIRST, "ended": "yes" if ended else ""}
    if ended:
        item["valid_to"] = ""
    return Proposed(
        RuleSetKind.REFERENCE, item, values["source"], bool(values.get("verified", False)), start
    )  # fmt: skip


# -- everything else ------------------------------------------------------------------------------
def other(file: ReferenceFile, row: FileRow, values: Mapping[str, Any], held: Base | None) -> Differing | None:
    """A new row is proposed; a published one of a table without versions stands."""
    key, found = key_of(row, file) or "-", fields(values, held)
    if not found:
        return None
    if held is not None:
        return Differing(row.number, key, found, "row_stands")
    item = {"file": file.name} | {name: told(value) for name, value in values.items()}
    proposed = Proposed(RuleSetKind.REFERENCE, item, values["source"], bool(values.get("verified", False)))
    return Differing(row.number, key, found, "waits", proposed)
