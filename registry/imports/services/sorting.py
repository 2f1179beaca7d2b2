"""Into which of five kinds each row falls: new, changed, unchanged, duplicate or faulty (docs/domain.md 4)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from registry.base.credit_code import organisation_code
from registry.base.extensions import db
from registry.base.faults import Fault
from registry.base.permissions import Actor, sees_firm
from registry.base.vocabulary import RowKind
from registry.duplicates.queries.duplicates import former_of
from registry.firms.models.firms import Firm
from registry.imports.services import earlier
from registry.imports.services.comparing import Comparing
from registry.imports.services.earlier import Before, Earlier
from registry.imports.services.jumps import note_jumps
from registry.imports.services.rows import Ground, Reading
from registry.imports.services.stored import Stored
from registry.imports.services.tolerance import BEYOND, UNBEARABLE, is_of_the_database
from registry.matching.decide import compare
from registry.matching.judgement import Band, Level
from registry.matching.records import Record

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Sorted:
    """A row with its kind. `changes`: {"field", "before", "after"}; `matches`: the firms or rows it was held against.

    `firm_id` and `firm_version` are of the stored firm of the same code, as it was seen.
    """

    reading: Reading
    kind: RowKind
    changes: list[dict[str, Any]] = field(default_factory=list)
    matches: list[dict[str, Any]] = field(default_factory=list)
    firm_id: int | None = None
    firm_version: int | None = None
    counted_as: str | None = None  # the code of that firm, where the row bears that of an entry merged into it
    apart: Reading | None = None
    """Of a row that only its name makes a duplicate: as it is read if somebody says that it is a firm of its own."""
    same: list[Sorted] = field(default_factory=list)
    """As it is sorted if somebody says that it is one of the firms on record, for each of them."""


class Sorter:
    """Sorts the rows of one file in order, for `actor`, who imports on behalf of the office of this id."""

    def __init__(
        self, actor: Actor, office_id: int, ground: Ground, before: Earlier, place: Callable[[int], int | str]
    ) -> None:
        """`place`: a row's number as a person is told it."""
        self.actor, self.ground, self.before, self.place = actor, ground, before, place
        self._comparing = Comparing(actor, office_id, ground.year)

    def sort(self, readings: Iterable[Reading]) -> list[Sorted]:
        """One chunk, after one look at the directory."""
        chunk = list(readings)
        try:
            stored = Stored(chunk)
        except BEYOND as error:
            if is_of_the_database(error) or len(chunk) == 1:
                raise
            db.session.rollback()
            return [row for reading in chunk for row in self._alone(reading)]
        rows = [self._borne(reading, stored) for reading in chunk]
        self._alternatives([row for row in rows if row.apart], stored)
        return rows

    def _alternatives(self, rows: list[Sorted], stored: Stored) -> None:
        """What each row would change of the firms it looks like; their figures are read once for the whole chunk."""
        ids = {match["id"] for row in rows for match in row.matches if match["kind"] == "firm"}
        firms = stored.also(ids) if ids else {}
        for row in rows:
            found = [firms[match["id"]] for match in row.matches if match.get("id") in firms]
            row.same = [self._as(row, firm, stored) for firm in found]

    def _as(self, row: Sorted, firm: Firm, stored: Stored) -> Sorted:
        """The row as one of `firm`, of which the file may know the code that was not on record."""
        reading = row.reading.copy()
        self._comparing.date(reading, firm)
        changes = self._comparing.changes(reading, firm, stored, adopts_code=True)
        if self._comparing.is_foreign(firm):
            reading.fault("held", "name", office=firm.office.short_name)
        else:
            self._comparing.check_open(reading, firm, changes, stored)
        note_jumps(reading, firm, stored, self.ground)
        kind = RowKind.CHANGED if changes else RowKind.UNCHANGED
        return Sorted(reading, RowKind.FAULTY if reading.faults else kind, changes, [], firm.id, firm.version)

    def _alone(self, reading: Reading) -> list[Sorted]:
        """Looked up by itself, for one of its chunk cannot be."""
        try:
            return self.sort([reading])
        except BEYOND as error:
            db.session.rollback()
            return [self._unbearable(reading, error)]

    def _borne(self, reading: Reading, stored: Stored) -> Sorted:
        try:
            return self._sorted(reading, stored)
        except BEYOND as error:
            return self._unbearable(reading, error)

    def _unbearable(self, reading: Reading, error: Exception) -> Sorted:
        if is_of_the_database(error):
            raise error
        log.error("row %s could not be compared", reading.number, exc_info=error)
        reading.faults = [Fault(UNBEARABLE, row=reading.number)]
        return Sorted(reading, RowKind.FAULTY)

    def _sorted(self, reading: Reading, stored: Stored) -> Sorted:
        firm = stored.by_code.get(reading.credit_code) if reading.credit_code else None
        if not reading.faults:
            self._comparing.date(reading, firm)
        row = self._judged(reading, firm, stored)
        self._remember(row)
        return row

    def _judged(self, reading: Reading, firm: Firm | None, stored: Stored) -> Sorted:
        if reading.faults:
            return Sorted(reading, RowKind.FAULTY)
        codes = dict.fromkeys((reading.credit_code, firm.credit_code if firm else None))
        if above := [before for code in codes for before in self.before.of(earlier.CODE, code)]:
            reading.fault("row_same_code", "credit_code", row=above[0].row)
            return Sorted(reading, RowKind.DUPLICATE, matches=[_row_match(above[0])])
        if firm is not None:
            return self._known(reading, firm, stored)
        return self._unknown(reading, stored)

    # -- the code is in the directory ----------------------------------------------------------------
    def _known(self, reading: Reading, firm: Firm, stored: Stored) -> Sorted:
        match = self._firm_match(firm)
        if not sees_firm(self.actor, firm):
            reading.fault("held_elsewhere", "credit_code", **_where(match))
            return Sorted(reading, RowKind.DUPLICATE, matches=[match])
        if firm.credit_code != reading.credit_code:
            reading.notice("code_merged", "credit_code", name=firm.name, code=firm.credit_code or "--")
        changes = self._comparing.changes(reading, firm, stored)
        if changes and self._comparing.is_foreign(firm):
            reading.fault("held", "credit_code", office=firm.office.short_name)
            return Sorted(reading, RowKind.DUPLICATE, matches=[match])
        self._comparing.check_open(reading, firm, changes, stored)
        note_jumps(reading, firm, stored, self.ground)
        kind = RowKind.FAULTY if reading.faults else RowKind.CHANGED if changes else RowKind.UNCHANGED
        kept = changes if kind is RowKind.CHANGED else []
        return Sorted(reading, kind, kept, [match], firm.id, firm.version, firm.credit_code)

    # -- no stored firm has the code -----------------------------------------------------------------
    def _unknown(self, reading: Reading, stored: Stored) -> Sorted:
        asked = Record(reading.name, reading.credit_code)
        found: list[dict[str, Any]] = []
        for before in self._rows_alike(reading):
            level, band = _compared(asked, Record(before.name, before.credit_code))
            self._weigh(reading, found, _row_match(before), level, band)
        for firm in stored.alike(reading):
            level, band = _compared(asked, _record(firm))
            self._weigh(reading, found, self._firm_match(firm), level, band)
        self._neighbours(reading, found, stored)
        self._organisation(reading, found, stored)
        own = reading.copy() if reading.faults else reading
        note_jumps(own, None, stored, self.ground)
        own.notices += own.assumptions
        if reading.faults:
            return Sorted(reading, RowKind.DUPLICATE, matches=found, apart=own)
        return Sorted(reading, RowKind.NEW, matches=found)

    def _rows_alike(self, reading: Reading) -> list[Before]:
        of_name = reading.keys
        rows = [*self.before.of(earlier.NAME, of_name.name_key), *self.before.of(earlier.PARTS, of_name.parts_key)]
        return list(dict.fromkeys(rows))

    def _weigh(
        self, reading: Reading, found: list[dict[str, Any]], match: dict[str, Any], level: Level, band: Band
    ) -> None:
        """Names alone make a duplicate only where a code is missing; two valid codes are two firms, with a warning."""
        if level not in (Level.SAME_NAME, Level.SAME_PARTS):
            return
        code = f"{match['kind']}_same_name" if match["kind"] != "elsewhere" else "firm_same_name_elsewhere"
        if band is Band.DIFFERENT:
            if all(notice.code != code for _, notice in reading.notices):
                reading.notice(code, "name", **_shown(match))
        elif not reading.faults:
            reading.fault(code, "name", **_shown(match))
        found.append(match)

    def _neighbours(self, reading: Reading, found: list[dict[str, Any]], stored: Stored) -> None:
        """A row without a code and with a name near to one in reach needs a decision; of others nothing is told."""
        known = {match.get("id") for match in found}
        for firm in stored.near.get(reading.number, ()):
            if firm.id in known or not sees_firm(self.actor, firm):
                continue
            if compare(Record(reading.name), _record(firm)).band is not Band.DIFFERENT:
                match = self._firm_match(firm)
                if not reading.faults:
                    reading.fault("firm_same_name", "name", **_shown(match))
                found.append(match)

    def _organisation(self, reading: Reading, found: list[dict[str, Any]], stored: Stored) -> None:
        """The organisation code is kept when the digits before it are issued anew: a hint, no more."""
        if not reading.credit_code or reading.faults:
            return
        organisation = organisation_code(reading.credit_code)
        for before in self.before.of(earlier.ORGANISATION, organisation):
            reading.notice("row_same_organisation", "credit_code", **_shown(_row_match(before)))
            found.append(_row_match(before))
        if (firm := stored.by_organisation.get(organisation)) is not None:
            match = self._firm_match(firm)
            code = "firm_same_organisation" if match["kind"] == "firm" else "firm_same_organisation_elsewhere"
            reading.notice(code, "credit_code", **_shown(match))
            found.append(match)

    # -- what others are shown of -------------------------------------------------------------------
    def _firm_match(self, firm: Firm) -> dict[str, Any]:
        """The firm in full within reach, else only that there is one, where, and whom to ask."""
        office = firm.office.short_name
        if sees_firm(self.actor, firm):
            return {"kind": "firm", "id": firm.id, "name": firm.name, "credit_code": firm.credit_code, "office": office}
        county = self.ground.names.get(firm.statistical_county or "", office)
        return {"kind": "elsewhere", "county": county, "office": office}

    def _remember(self, row: Sorted) -> None:
        """By its code a row counts for those below whatever its kind; by its name only where it may come to stand."""
        reading = row.reading
        before = Before(self.place(reading.number), reading.name, reading.credit_code)
        for code in dict.fromkeys((reading.credit_code, row.counted_as)):
            self.before.add(earlier.CODE, code, before)
        if row.apart is not None or row.kind in (RowKind.NEW, RowKind.CHANGED, RowKind.UNCHANGED):
            self.before.add(earlier.NAME, reading.keys.name_key, before)
            self.before.add(earlier.PARTS, reading.keys.parts_key, before)
            if reading.credit_code:
                self.before.add(earlier.ORGANISATION, organisation_code(reading.credit_code), before)


def _compared(asked: Record, other: Record) -> tuple[Level, Band]:
    judgement = compare(asked, other)
    return judgement.level, judgement.band


def _record(firm: Firm) -> Record:
    return Record(firm.name, firm.credit_code, former_of(firm))


def _row_match(before: Before) -> dict[str, Any]:
    return {"kind": "row", "row": before.row, "name": before.name}


def _where(match: dict[str, Any]) -> dict[str, Any]:
    return {"county": match.get("county", match["office"]), "office": match["office"]}


def _shown(match: dict[str, Any]) -> dict[str, Any]:
    """What a sentence says of a match."""
    if match["kind"] == "elsewhere":
        return _where(match)
    if match["kind"] == "row":
        return {"row": match["row"], "name": match["name"]}
    return {"name": match["name"], "code": match["credit_code"] or "--"}
