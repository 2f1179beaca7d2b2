"""Which firm each row of a returned file is: by the name and code a clerk sees, and by the hidden key."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registry.sheets.headings import RecognisedColumn
from registry.sheets.reader import UploadedRow
from registry.workbooks.models import IssuedRow
from registry.workbooks.services.issuing import key_of
from registry.workbooks.sheets import layout

_CODE = 18


@dataclass
class Matched:
    """Rows of the file by what they are; `missing` are issued rows that the file does not hold any more."""

    known: list[tuple[UploadedRow, IssuedRow]] = field(default_factory=list)
    twice: list[tuple[UploadedRow, IssuedRow, int]] = field(default_factory=list)
    moved: list[tuple[UploadedRow, IssuedRow]] = field(default_factory=list)
    unknown: list[UploadedRow] = field(default_factory=list)
    missing: list[IssuedRow] = field(default_factory=list)


def match(rows: Sequence[UploadedRow], issued: Sequence[IssuedRow], columns: Mapping[str, RecognisedColumn]) -> Matched:
    """Sort the rows of the file.

    Name and code together are what the clerk saw beside the figures, so they come before the hidden key; one of them
    with the key will do. A key whose name and code are both another's is a row that slipped, unless the true row of
    that key is there too: then somebody copied a row to enter a new firm.
    """
    index = _Index(issued)
    found = Matched()
    taken: dict[int, int] = {}
    left: list[tuple[UploadedRow, IssuedRow | None]] = []
    seen_rows = [(row, _Seen(row, columns)) for row in rows]
    for row, seen in sorted(seen_rows, key=lambda pair: not pair[1].key):  # a row of ours before one that was added
        one = index.of(seen)
        if one is None:
            left.append((row, index.by_key.get(seen.key)))
        elif one.firm_id in taken and not seen.key and not seen.code:
            found.unknown.append(row)  # another firm of the name, or the same once more: that is asked in the row
        elif one.firm_id in taken:
            found.twice.append((row, one, taken[one.firm_id]))
        else:
            taken[one.firm_id] = row.number
            found.known.append((row, one))
    for row, keyed in left:
        if keyed is None or keyed.firm_id in taken:
            found.unknown.append(row)
        else:
            taken[keyed.firm_id] = row.number
            found.moved.append((row, keyed))
    found.unknown.sort(key=lambda row: row.number)
    found.missing = [row for row in issued if row.firm_id not in taken]
    return found


class _Seen:
    """What identifies a row of the file."""

    def __init__(self, row: UploadedRow, columns: Mapping[str, RecognisedColumn]) -> None:
        self.key, self.name, self.code = (
            _text(row.cells[columns[key].index]) if key in columns else "" for key in (layout.KEY, *layout.IDENTITY)
        )


class _Index:
    """The issued rows by key, name and code; a name that two of them bear tells nothing by itself."""

    def __init__(self, issued: Sequence[IssuedRow]) -> None:
        self.by_key = {_text(key_of(row.firm_id)): row for row in issued}
        self.by_code = {code: row for row in issued if (code := _text(row.values.get("credit_code")))}
        names: dict[str, list[IssuedRow]] = {}
        for row in issued:
            names.setdefault(_text(row.values.get("name")), []).append(row)
        self.by_name = {name: rows[0] for name, rows in names.items() if len(rows) == 1}

    def of(self, seen: _Seen) -> IssuedRow | None:
        keyed = self.by_key.get(seen.key)
        coded, named = self.by_code.get(seen.code), self.by_name.get(seen.name)
        if coded is not None and coded is named:
            return coded
        if keyed is not None and self._agrees(keyed, seen):
            return keyed
        if keyed is None:
            return self._alone(seen, coded, named)
        return None

    def _agrees(self, keyed: IssuedRow, seen: _Seen) -> bool:
        name, code = _text(keyed.values.get("name")), _text(keyed.values.get("credit_code"))
        return seen.name == name or (bool(code) and seen.code == code)

    def _alone(self, seen: _Seen, coded: IssuedRow | None, named: IssuedRow | None) -> IssuedRow | None:
        """Without a key: by the code, or by the name where no other whole code stands beside it."""
        if coded is not None:
            return coded
        return named if named is not None and len(seen.code) != _CODE else None


def _text(cell: object) -> str:
    """A cell as it is compared: half-width, upper case, without spaces."""
    return "" if cell is None else "".join(unicodedata.normalize("NFKC", str(cell)).upper().split())
