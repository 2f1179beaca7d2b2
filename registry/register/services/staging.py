"""Reads a file of the register into staged rows, chunk by chunk: what each row is against what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import insert, select

from registry.base.errors import DOUBTS, RegisterColumnsChanged
from registry.base.extensions import db
from registry.base.faults import Fault
from registry.base.turns import Pace
from registry.reference.queries import reference
from registry.register.models import RegisteredFirm, RegisterLoad, RegisterRow
from registry.register.rules import LoadState, RowKind, Status
from registry.register.services import loads, sectors
from registry.register.services.facts import FIELDS, PLAIN, Deriver, keys_of
from registry.register.sheets import Reading, RegisterReader, read_as
from registry.sheets import account
from registry.sheets.reader import UploadedRow, UploadedTable

CHUNK = 1_000
_ROWS = RegisterRow.metadata.tables["register_row"]
_STORED = tuple(getattr(RegisteredFirm, name) for name in ("id", "credit_code", "status", *PLAIN))
_BLANK: dict[str, Any] = {
    "registered_id": None, "before": None, "after": None, "raw": None, "faults": None, "credit_code": None,
    "name": "", "name_key": "", "parts_key": "", "core_key": "", "sound_key": "", "founded_on": None,
    "legal_form": None, "form_text": "", "capital": None, "capital_currency": "CNY", "scope": "", "address": "",
    "region": "", "registration": "", "division": None, "sector": "", "sector_word": "", "status": Status.CURRENT,
}  # fmt: skip


def stage(load: RegisterLoad, table: UploadedTable, *, pace: Pace | None = None) -> Iterator[int]:
    """Stage what of the file is not staged yet; yields the row reached, and the caller commits each time.

    A chunk has `CHUNK` rows, or as many as `pace` says where others want the lock in between. Memory does not grow with
    the file. Raises `FileRefused`, `RegisterColumnsChanged`.
    """
    headings = _headings(table)
    if load.headings and load.headings != headings:
        known = ",".join(str(heading["key"] or "-") for heading in load.headings)
        raise RegisterColumnsChanged(columns=known)
    loads.note(load.id, headings=headings)
    stager = _Stager(load, table)
    rows = (row for row in table.rows if row.number > load.read_to)
    number = 0
    while chunk := list(islice(rows, pace.size if pace else CHUNK)):
        stager.add(chunk)
        loads.note(load.id, read_to=chunk[-1].number, **stager.progress())
        number += 1
        if not number & (number - 1):  # 1, 2, 4, 8 ..: a planner that knows no better scans the rows of each chunk anew
            loads.analyse("register_row")
        yield chunk[-1].number
    reading = account.of(table, read_as=read_as) | {"assumed": stager.assumed.told()}
    loads.note(load.id, state=LoadState.STAGED, reading=reading)
    yield 0


class _Stager:
    """One load's running counts and the look at what is stored; goes on from what a killed run had counted."""

    def __init__(self, load: RegisterLoad, table: UploadedTable) -> None:
        self.load_id, self.reader = load.id, RegisterReader(table)
        self.returned = [read_as(column) for column in table.columns]
        self.deriver = Deriver(reference.territory(), sectors.stored())
        self.counts: Counter[str] = Counter({kind: getattr(load, kind) for kind in RowKind})
        self.left_out: Counter[str] = Counter(load.left_out)
        self.assumed = account.Assumptions(load.reading.get("assumed", ()), also=DOUBTS)
        self.table = table

    def progress(self) -> dict[str, Any]:
        total = sum(self.counts[kind] for kind in RowKind)
        counted = {kind.value: self.counts[kind] for kind in RowKind}
        return {
            "total": total, "left_out": dict(self.left_out), "reading": {"assumed": self.assumed.told()}, **counted,
        }  # fmt: skip

    def add(self, rows: list[UploadedRow]) -> None:
        readings = [(row, self.reader.read(row)) for row in rows]
        codes = {reading.fields["credit_code"] for _, reading in readings if "credit_code" in reading.fields}
        stored, earlier = _stored(codes), _earlier(self.load_id, codes)
        staged = []
        self.assumed.add((_noticed(reading) for _, reading in readings), self._sheets())
        for row, reading in readings:
            self.left_out.update(reading.left_out)
            code = reading.fields.get("credit_code")
            values = self._judge(reading, code, stored, earlier)
            if values["kind"] == RowKind.FAULTY:
                values |= _returned(row, reading, self.returned)
            if code and values["credit_code"]:
                earlier[code] = reading.number
            self.counts[values["kind"]] += 1
            staged.append({**_BLANK, **values, "load_id": self.load_id, "number": reading.number})
        db.session.execute(insert(_ROWS), staged)

    def _sheets(self) -> list[str]:
        return [sheet.name for sheet in self.table.sheets if not sheet.why]

    def _judge(
        self, reading: Reading, code: str | None, stored: dict[str, Any], earlier: dict[str, int]
    ) -> dict[str, Any]:
        """The staged row, but for its place. A faulty row keeps its code and name: whoever it means is not gone."""
        if code in earlier:
            same = {"heading": "", "row": account.row_words(earlier[code], self._sheets())}
            reading.faults.append(Fault("row_same_code", "credit_code", same, reading.number))
            code = None
        if "name" not in reading.fields:
            return {"kind": RowKind.FAULTY, "credit_code": code}
        given = self.deriver.given(reading)
        if reading.faults:
            name_key = keys_of(given["name"]).name_key
            return {"kind": RowKind.FAULTY, "credit_code": code, "name": given["name"], "name_key": name_key}
        known = stored.get(code or "")
        if known is None:
            return {"kind": RowKind.NEW, "credit_code": code, **self.deriver.complete(given)}
        return {"credit_code": code, "registered_id": known.id, **self._differs(given, known)}

    def _differs(self, given: dict[str, Any], known: Any) -> dict[str, Any]:
        """What a load says of a known firm; what it does not say stays as it was."""
        if known.region:  # files spell the place in their own ways; what it says lies in the address
            given.pop("region", None)
        merged = {name: getattr(known, name) for name in PLAIN} | given
        fields = [name for name in PLAIN if merged[name] != getattr(known, name)]
        if not fields and known.status == Status.CURRENT:
            return {"kind": RowKind.UNCHANGED}
        whole = self.deriver.complete(merged)
        if known.status != whole["status"]:
            fields.append("status")
        if not fields:
            return {"kind": RowKind.UNCHANGED}
        before = {name: _plain(getattr(known, name)) for name in fields}
        after = {name: _plain(whole[name]) for name in fields}
        renamed = "name" in fields and keys_of(known.name).name_key != whole["name_key"]
        kind = RowKind.RENAMED if renamed else RowKind.CHANGED
        return {"kind": kind, "before": before, "after": after, **{name: whole[name] for name in FIELDS}}


def _stored(codes: set[str]) -> dict[str, Any]:
    if not codes:
        return {}
    rows = db.session.execute(select(*_STORED).where(RegisteredFirm.credit_code.in_(codes)))
    return {row.credit_code: row for row in rows}


def _earlier(load_id: int, codes: set[str]) -> dict[str, int]:
    """Codes that an earlier row of this file has, with that row's number."""
    if not codes:
        return {}
    rows = select(RegisterRow.credit_code, RegisterRow.number).where(
        RegisterRow.load_id == load_id, RegisterRow.credit_code.in_(codes)
    )
    return {code: number for code, number in db.session.execute(rows) if code}


def _returned(row: UploadedRow, reading: Reading, keys: Sequence[str | None]) -> dict[str, Any]:
    """A faulty row as it was, under the first heading of the file (`keys`: what its columns are read as).

    Columns that are not read are left out: whose phone stands there is not ours to keep.
    """
    cells = {key: row.cells[column.index] for key, column in reading.columns.items()}
    raw = [str(cell)[:2_000] if (cell := cells.get(key or "")) is not None else None for key in keys]
    faults = [
        {"field": fault.field, "code": fault.code, "letter": fault.letter, "values": _values(fault)}
        for fault in reading.faults
    ]
    return {"raw": raw, "faults": faults}


def _noticed(reading: Reading) -> dict[str, Any]:
    """What is to be said of a row, as `account.Assumptions` counts it."""
    notices = [
        {"code": notice.code, "field": key, "column": _letter(reading, key), "values": dict(notice.values)}
        for key, notice in reading.notices
        if notice.code in account.ASSUMED | DOUBTS
    ]
    return {"number": reading.number, "notices": notices}


def _letter(reading: Reading, key: str | None) -> str | None:
    column = reading.columns.get(key or "")
    return column.letter if column else None


def _values(fault: Fault) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else str(value) for name, value in fault.values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _headings(table: UploadedTable) -> list[dict[str, Any]]:
    return [{"letter": c.letter, "heading": c.heading[:100], "key": read_as(c)} for c in table.columns]
