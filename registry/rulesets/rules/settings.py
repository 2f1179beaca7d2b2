"""What is wrong with the settings in a file: keys that nobody reads, values against their sense, versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from registry.reference.rules.settings import SETTINGS, Sense, nearest, starting
from registry.reference.rules.versions import NO_RULE
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable, unit_word
from registry.rulesets.rules.faults import is_number, same_form, tiers_fall, value_fault
from registry.rulesets.rules.files import HOLDERS, REASON
from registry.rulesets.texts.drafts import RULESET_ERRORS


def setting_checks(table: FileTable, held: Mapping[str, str], reasons: frozenset[str]) -> Iterator[FileFault]:
    """`held`: the newest published value of each; `reasons`: every code of an exit reason."""
    for row in table.rows:
        yield from _key(table, row)
        yield from _value(table, row, held, reasons)
    by_key = versions(table)
    for rows in by_key.values():
        yield from _overlaps(table, rows)
    yield from _tiers(table, by_key)


def versions(table: FileTable) -> dict[str, list[FileRow]]:
    """The rows of each setting whose first day could be read, the oldest first."""
    found: dict[str, list[FileRow]] = {}
    for row in table.rows:
        if isinstance(row.values.get("valid_from"), date) and row.values.get("key"):
            found.setdefault(row.values["key"], []).append(row)
    return {key: sorted(rows, key=lambda row: row.values["valid_from"]) for key, rows in found.items()}


def _key(table: FileTable, row: FileRow) -> Iterator[FileFault]:
    key = row.values.get("key")
    if key is None or key in SETTINGS:
        return
    if key.startswith(NO_RULE):
        yield table.fault(row.number, "key", "setting_reserved", text=NO_RULE[0])
    else:
        yield table.fault(row.number, "key", "setting_unknown", text=key, known=nearest(key))


def _value(table: FileTable, row: FileRow, held: Mapping[str, str], reasons: frozenset[str]) -> Iterator[FileFault]:
    key, text = row.values.get("key") or "", row.values.get("value")
    if text is None or key not in SETTINGS:
        return
    if SETTINGS[key].sense is Sense.CODES:
        for code in text.split():
            if code not in reasons:
                yield table.fault(row.number, "value", "parent", text=code, file=HOLDERS[REASON])
    elif SETTINGS[key].sense.is_number and not is_number(text):
        yield table.fault(row.number, "value", "unit" if unit_word(text) else "number", text=text)
    elif (fault := value_fault(key, text)) is not None:
        yield _at_value(table, row, fault.template, fault.values)
    elif key in held and not same_form(held[key], text):
        yield table.fault(row.number, "value", "form_held", text=text, here=held[key])


def _overlaps(table: FileTable, rows: list[FileRow]) -> Iterator[FileFault]:
    for before, after in pairwise(rows):
        last = before.values.get("valid_to")
        if last is not None and last > after.values["valid_from"] - timedelta(days=1):
            yield table.fault(after.number, "valid_from", "overlap", key=after.values["key"], last=last)
        elif last is not None and last < after.values["valid_from"] - timedelta(days=1):
            first = after.values["valid_from"]
            yield table.fault(after.number, "valid_from", "gap", key=after.values["key"], last=last, first=first)


def _tiers(table: FileTable, by_key: Mapping[str, list[FileRow]]) -> Iterator[FileFault]:
    """On every day on which an edge begins, the edges that stand then fall from A to C."""
    edges = {key: by_key.get(key, []) for key in starting("tier.")}
    for begins in sorted({row.values["valid_from"] for rows in edges.values() for row in rows}):
        standing = {key: [row for row in rows if row.values["valid_from"] <= begins] for key, rows in edges.items()}
        told = {key: rows[-1].values.get("value") or "" for key, rows in standing.items() if rows}
        if any(is_number(text) and value_fault(key, text) for key, text in told.items()):
            continue  # it was said of the value itself
        if not tiers_fall(told):
            new = [row for rows in standing.values() for row in rows if row.values["valid_from"] == begins]
            middle = min(new, key=lambda row: row.values["key"] != "tier.b")  # it has both others for neighbours
            yield _at_value(table, middle, RULESET_ERRORS["tiers"], {})


def _at_value(table: FileTable, row: FileRow, template: str, values: Mapping[str, object]) -> FileFault:
    return FileFault(table.file.name, template, values, row.number, table.letters.get("value", ""), "value")
