"""What keeps rows of reference data in a draft from being published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from registry.base.errors import FieldError
from registry.base.extensions import provided
from registry.base.vocabulary import OfficeKind
from registry.reference.queries import dated
from registry.reference.rules.dated import Edition, ending
from registry.reference.rules.divisions import DivisionLevel
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import published
from registry.rulesets.queries.draftrows import DraftRow, changed, rows_of
from registry.rulesets.rules.cells import FileRow, FileTable
from registry.rulesets.rules.checks import row_faults
from registry.rulesets.rules.files import DIVISION, FILES, HOLDERS, NAMES, OFFICE
from registry.rulesets.rules.newer import FROM_THE_FIRST
from registry.rulesets.rules.places import may_follow
from registry.rulesets.texts.drafts import ROW_ERRORS

_DAY = timedelta(days=1)
_OFFICES, _PLACES, _ROUTING, _DAYS = HOLDERS[OFFICE], HOLDERS[DIVISION], "routing.csv", "holidays.csv"
_AREAS = "zone_towns.csv"
Ends = frozenset[tuple[str, str]]
"""File and key of what the draft ends."""


def faults(draft: RuleDraft, on: date) -> list[FieldError]:
    """A row that was published meanwhile, says nothing new, begins too early, or refers to what is not there."""
    rows, held = rows_of(draft), published.held()
    ends = frozenset((row.file.name, row.key) for row in rows if row.ended)
    found = [FieldError("contents", fault.template, **fault.values) for fault in row_faults(as_tables(rows), held)]
    for row in rows:
        found += _row_faults(row, ends, on)
    return found


def _row_faults(row: DraftRow, ends: Ends, on: date) -> Iterator[FieldError]:
    if row.base != base_of(row.before) or (not row.file.dated and published.is_held(row.file, _key(row))):
        yield _fault(row, "moved" if row.base else "held")
        return
    if row.file.dated:
        about = _time(row, on)
        yield from (_fault(row, one) for one in (about, *_kept(row, ends, on)) if one)
        if row.ended and row.file.name == _PLACES and (other := _still_there(row.key, ends)):
            yield _fault(row, "place_holds", other=other)
        if not row.ended and (other := _taken(row)):
            yield _fault(row, "taken", other=other)


def _fault(row: DraftRow, about: str, **values: object) -> FieldError:
    before = row.before.valid_from if row.before else None
    return FieldError("contents", ROW_ERRORS[about], row=row.label, **{"day": row.start, "before": before, **values})


def _time(row: DraftRow, on: date) -> str:
    """What is wrong with the row as one that follows another."""
    before = row.before
    if before is None:
        return "ends_nothing" if row.ended else ""
    if row.start < on:
        return "past"
    if before.ends_it or (before.valid_to is not None and before.valid_to < row.start - _DAY):
        return "over"
    if row.start <= (before.valid_from or date.min):
        return "used"
    return "" if row.ended or changed(row) else "same"


def _kept(row: DraftRow, ends: Ends, on: date) -> Iterator[str]:
    """What an office, a place, the routing and a day off cannot do."""
    name = row.file.name
    if name in (_OFFICES, _PLACES) and row.before is not None and not row.ended and changed(row).keys() - NAMES:
        yield "names_only"
    if name == _PLACES and row.ended:
        yield from _place_ends(row, ends)
    if name == _OFFICES and row.ended:
        yield from _office_ends(row, ends)
    if name == _ROUTING and row.ended and not row.key:
        yield "rest_stays"
    if name == _DAYS and row.values["day"] < max(row.start, on):
        yield "day_past"


def _place_ends(row: DraftRow, ends: Ends) -> Iterator[str]:
    after, places = row.values["successor"], dated.editions(_PLACES)
    if row.values["level"] == DivisionLevel.CITY:
        yield "place_stays"
    elif not after:
        yield "place_needs"
    elif after in places and not may_follow(row.values["level"], str(places[after][-1].contents["level"])):
        yield "place_level"
    elif _is_gone(_PLACES, after, ends):
        yield "successor_over"


def _still_there(code: str, ends: Ends) -> str:
    """What lies in the place, or is of it, and does not end with it."""
    places = ((key, one[-1].contents) for key, one in dated.editions(_PLACES).items() if key != code)
    inside = [(_PLACES, key) for key, one in places if code in (one["parent"], one["statistical_county"])]
    inside += [(_AREAS, key) for key in dated.editions(_AREAS) if code in key.split(" ")]
    seats = dated.editions(_OFFICES).items()
    inside += [(_OFFICES, key) for key, one in seats if one[-1].contents["division"] == code]
    return next((key for file, key in inside if not _is_gone(file, key, ends)), "")


def _office_ends(row: DraftRow, ends: Ends) -> Iterator[str]:
    after, kind = row.values["successor"], row.values["kind"]
    if kind not in (OfficeKind.BUREAU, OfficeKind.ZONE, OfficeKind.COUNTY):
        yield "office_stays"
    elif kind == OfficeKind.COUNTY and not _is_gone(_PLACES, row.values["division"], ends):
        yield "office_of_place"
    elif _is_gone(_OFFICES, after, ends):
        yield "successor_over"
    else:
        yield from _stopped(row.key, after)


def _is_gone(file: str, key: str | None, ends: Ends) -> bool:
    """Whether the row ends, by what is published or by the draft."""
    known = dated.editions(file)
    return (file, key) in ends or (key is not None and key in known and ending(known[key]) is not None)


def _stopped(code: str, after: str | None) -> Iterator[str]:
    for stops in provided("stops_ending"):
        yield from stops(code, after)


def _taken(row: DraftRow) -> str:
    """The key of another row that bears a name by which people tell rows apart."""
    for other, one in published.newest(row.file.name).items():
        if other == row.key or one.valid_to is not None:
            continue
        for names in row.file.distinct:
            if tuple(row.values[name] for name in names) == tuple(one.contents[name] for name in names):
                return other
    return ""


def base_of(before: Edition | None) -> str:
    if before is None:
        return ""
    return before.valid_from.isoformat() if before.valid_from else FROM_THE_FIRST


def as_tables(rows: list[DraftRow]) -> dict[str, FileTable]:
    """As a file would say it: one that ends has its last day."""
    tables = {file.name: FileTable(file) for file in FILES}
    for row in rows:
        values = {name: value or None for name, value in row.values.items() if not isinstance(value, bool)}
        values |= {name: value for name, value in row.values.items() if isinstance(value, bool)}
        if row.file.dated:
            values |= {"valid_from": None, "valid_to": row.start - _DAY if row.ended else row.values["valid_to"]}
        tables[row.file.name].rows.append(FileRow(row.number, values))
    return tables


def _key(row: DraftRow) -> tuple[Any, ...]:
    return tuple(row.values[name] for name in row.file.key)
