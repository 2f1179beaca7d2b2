"""A workbook of cases compared three ways, row by row: as it went out, as the file has it, as it stands now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from registry.base import credit_code
from registry.base.errors import FileRefused
from registry.base.permissions import Actor, can
from registry.cases.models import Case, CaseCohort, CaseKind
from registry.cases.queries import books, cases, kinds
from registry.cases.rules import identities
from registry.cases.rules.identities import Identity
from registry.cases.rules.kinds import Applicant, KeyRule, Kind, KindField, RowList
from registry.cases.services import uses
from registry.cases.services.entering import MOST_ROWS, ForWhom
from registry.cases.services.keptbooks import KeptBook, path_of
from registry.cases.sheets import layout
from registry.cases.sheets.bookread import BaseCase, BookFile, ReadCell, ReadRow, Said, read_book
from registry.cases.sheets.layout import APPLICANT, CODE, NUMBER
from registry.cases.texts import BOOK_CELLS, BOOK_FILES, BOOK_ROWS, CASE_ERRORS
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.sheets.parsed import folded

MOST_CASES, MOST_LINES = 1_000, 10_000
"""Of one file: cases, and rows of lists."""

Rows = list[dict[str, str]]


class CellKind(StrEnum):
    """`ours`: only the file changed it; `theirs`: only the registry did; `asks`: somebody has to choose."""

    OURS = "ours"
    THEIRS = "theirs"
    ASKS = "asks"


class LineKind(StrEnum):
    FAULTY = "faulty"
    ASKS = "asks"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class PlacedSaid(NamedTuple):
    """What is said of a cell or a row, and where."""

    place: str
    said: Said


@dataclass(frozen=True)
class BookCell:
    """A field, or a list as a whole, that differs: as it went out, now, in the file; `place` is its first cell."""

    of: KindField | RowList
    place: str
    base: str | Rows | None
    now: str | Rows
    given: str | Rows
    kind: CellKind
    why: Said | None = None


@dataclass
class BookLine:
    """A case of the file. `case` is None of a new one, `whom` of a held one; nothing of a line with faults is kept."""

    row: ReadRow
    case: Case | None = None
    whom: ForWhom | None = None
    applicant: str = ""
    cells: list[BookCell] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    faults: list[PlacedSaid] = field(default_factory=list)
    doubts: list[PlacedSaid] = field(default_factory=list)
    listed: dict[str, list[ReadRow]] = field(default_factory=dict)

    @property
    def kind(self) -> LineKind:
        if self.faults:
            return LineKind.FAULTY
        if self.asking:
            return LineKind.ASKS
        if self.case is None:
            return LineKind.NEW
        return LineKind.CHANGED if any(cell.kind is CellKind.OURS for cell in self.cells) else LineKind.SAME

    @property
    def asking(self) -> list[BookCell]:
        return [cell for cell in self.cells if cell.kind is CellKind.ASKS]

    def name_of(self, cell: BookCell) -> str:
        """Under which a page asks about the cell."""
        return f"choice-{self.row.number}-{cell.of.code}"

    def fault(self, at: str, template: str, **values: Any) -> None:
        self.faults.append(PlacedSaid(at, (template, values)))

    def doubt(self, at: str, template: str, **values: Any) -> None:
        self.doubts.append(PlacedSaid(at, (template, values)))


@dataclass
class ComparedBook:
    """What a file would do. `loose`: rows of lists that belong to no case; `gone`: cases that it does not hold.

    `digest` is another one as soon as anything that was compared has changed.
    """

    cohort: CaseCohort | None
    lines: list[BookLine]
    loose: list[PlacedSaid]
    gone: list[str]
    notes: list[Said]
    digest: str = ""

    def of(self, *wanted: LineKind) -> list[BookLine]:
        return [line for line in self.lines if line.kind in wanted]

    @property
    def writable(self) -> list[BookLine]:
        return self.of(LineKind.NEW, LineKind.CHANGED, LineKind.ASKS)


def read(kind: Kind, kept: KeptBook) -> BookFile:
    """What was brought; no lock should be held meanwhile. Raises FileRefused."""
    file = read_book(path_of(kept), kind, name=kept.filename)
    _check_size(file.main, MOST_CASES)
    _check_size([row for rows in file.lists.values() for row in rows], MOST_LINES)
    return file


def compare(actor: Actor, edition: CaseKind, file: BookFile, kept: KeptBook) -> ComparedBook:
    """Compare with what is on record; nothing is changed. Raises FileRefused."""
    if file.office != actor.office_code:
        raise FileRefused(BOOK_FILES["office"])
    return _Comparing(actor, edition, _cohort(edition, file), file).run(kept)


def _check_size(rows: Sequence[ReadRow], most: int) -> None:
    if len(rows) > most:
        raise FileRefused(BOOK_FILES["too_many"], sheet=rows[0].sheet, count=len(rows), most=most)


def _cohort(edition: CaseKind, file: BookFile) -> CaseCohort | None:
    if not edition.kind.cohorts:
        return None
    found = next((one for one in kinds.cohorts([edition.group]) if str(one.year) == file.year), None)
    if found is None:
        raise FileRefused(BOOK_FILES["cohort"], year=file.year or "--")
    return found


class _Comparing:
    """One file against what is on record."""

    def __init__(self, actor: Actor, edition: CaseKind, cohort: CaseCohort | None, file: BookFile) -> None:
        self.actor, self.edition, self.cohort, self.file = actor, edition, cohort, file
        self.kind: Kind = edition.kind
        self.lines = [BookLine(row) for row in file.main]
        self.loose: list[PlacedSaid] = []

    def run(self, kept: KeptBook) -> ComparedBook:
        held = [line for line in self.lines if line.row.text(NUMBER)]
        new = [line for line in self.lines if not line.row.text(NUMBER)]
        self._find_held(held)
        self._find_applicants(new)
        self._share_out(_Index(held, new))
        for line in held:
            self._compare(line)
        for line in new:
            self._take(line)
        self._look_for_twins(new)
        _look_for_uses(self.actor, self.kind, [line for line in self.lines if line.kind is not LineKind.SAME])
        for line in self.lines:
            if line.row.struck and line.kind is not LineKind.SAME:
                line.doubt(line.row.words, BOOK_ROWS["struck"])
        numbers = {line.row.text(NUMBER) for line in held}
        gone = [number for number in self.file.base if number not in numbers]
        found = ComparedBook(self.cohort, self.lines, self.loose, gone, self.file.notes)
        found.digest = _digest(kept, self.lines)
        return found

    # -- which case, for whom --------------------------------------------------------------------
    def _find_held(self, lines: Sequence[BookLine]) -> None:
        found = books.numbered(self.actor, self.edition.code, (line.row.text(NUMBER) for line in lines))
        seen: dict[str, BookLine] = {}
        for line in lines:
            number = line.row.text(NUMBER)
            line.case = found.get(number)
            line.applicant = line.case.applicant if line.case else line.row.text(APPLICANT)
            if (first := seen.setdefault(number, line)) is not line:
                for one, other in ((line, first), (first, line)):
                    one.fault(one.row.words, BOOK_ROWS["twice"], row=other.row.number)
            if line.case is None:
                line.fault(line.row.words, BOOK_ROWS["unknown"], number=number)
            else:
                self._check_held(line, line.case)

    def _check_held(self, line: BookLine, case: Case) -> None:
        if self.cohort is not None and case.cohort_id != self.cohort.id:
            line.fault(line.row.words, BOOK_ROWS["cohort"], number=case.number)
        elif not books.has_columns_of(self.kind, case):
            line.fault(line.row.words, BOOK_ROWS["edition"], number=case.number)
        else:
            self._check_identity(line, case)

    def _check_identity(self, line: BookLine, case: Case) -> None:
        """Name and code stand beside the row and are never changed here; both another's is a row that slipped."""
        base = self.file.base.get(case.number, BaseCase())
        known = {APPLICANT: {case.applicant, base.applicant}, CODE: {books.code_of(case), base.code}}
        typed = {code: cell for code in known if (cell := line.row.cells.get(code)) is not None and cell.text}
        wrong = {
            code: cell for code, cell in typed.items() if folded(cell.text) not in {folded(one) for one in known[code]}
        }
        if APPLICANT in wrong and len(wrong) == len(typed):
            line.fault(line.row.words, BOOK_ROWS["slipped"], number=case.number, applicant=case.applicant)
            return
        for code, cell in wrong.items():
            now = case.applicant if code == APPLICANT else books.code_of(case)
            line.fault(cell.place.words, BOOK_CELLS["locked"], cell=layout.IDENTITY[code][0], now=now)

    def _find_applicants(self, lines: Sequence[BookLine]) -> None:
        codes = {id(line): credit_code.normalise(line.row.text(CODE)) for line in lines}
        names = [line.row.text(APPLICANT) for line in lines]
        found = books.reach(self.actor, self.kind, codes.values(), names)
        for line in lines:
            self._find_applicant(line, codes[id(line)], found)

    def _find_applicant(self, line: BookLine, code: str, found: books.Reach) -> None:
        name = line.row.text(APPLICANT)
        line.applicant = name or code
        if not name and not code:
            line.fault(line.row.words, BOOK_ROWS["nobody"])
            return
        near = found.coded(code) if code else found.named(name)
        if len(near) > 1:
            line.fault(line.row.words, BOOK_ROWS["several"], text=name or code)
        elif near and name and near[0].name not in books.spellings(name):
            line.fault(line.row.words, BOOK_ROWS["differs"], code=code, found=near[0].name, text=name)
        elif near:
            one = near[0]
            line.whom = ForWhom(firm=one) if isinstance(one, Firm) else ForWhom(institution=one)
            line.applicant = one.name
        elif code and not credit_code.check(code).valid:
            line.fault(line.row.words, BOOK_ROWS["bad_code"], code=code)
        elif name and Applicant.BODY in self.kind.applicants and not found.named(name):
            line.whom = ForWhom(body={"name": name, "credit_code": code})
            line.doubt(line.row.words, BOOK_ROWS["body"])
        else:
            line.fault(line.row.words, BOOK_ROWS["not_found"], text=name or code)

    # -- rows of lists ---------------------------------------------------------------------------
    def _share_out(self, index: _Index) -> None:
        """Each row of a list to its case; what belongs to none is told, and touches nothing."""
        for code, rows in self.file.lists.items():
            for row in rows:
                line, why = index.of(row)
                if line is None:
                    self.loose.append(PlacedSaid(row.words, why))
                    continue
                line.listed.setdefault(code, []).append(row)
                if why[0]:
                    line.faults.append(PlacedSaid(row.words, why))

    # -- a held case -----------------------------------------------------------------------------
    def _compare(self, line: BookLine) -> None:
        if line.case is None or line.faults:
            return
        base = self.file.base.get(line.case.number)
        line.values = dict(line.case.values)
        line.rows = {name: [dict(row) for row in rows] for name, rows in line.case.rows.items()}
        for one in self.kind.of_case:
            cell = line.row.cells.get(one.code)
            if cell is not None:
                _compare_field(line, line.case, base, one, cell)
        for name in self.kind.lists:
            if name.code in self.file.lists:
                self._compare_list(line, line.case, base, name)
        touched = line.faults or any(cell.kind is not CellKind.THEIRS for cell in line.cells)
        if touched and not can(self.actor, "case.edit", line.case):
            line.faults.clear()
            state = line.case.kind.state(line.case.state).name
            line.fault(line.row.words, BOOK_ROWS["submitted"], number=line.case.number, state=state)

    def _compare_list(self, line: BookLine, case: Case, base: BaseCase | None, of: RowList) -> None:
        rows = line.listed.get(of.code, [])
        columns = self.kind.columns(of.code)
        given = [row for one in rows if (row := _row_as_typed(one, columns))]
        before = base.rows.get(of.code, []) if base is not None else None
        now = case.rows.get(of.code, [])
        place = rows[0].words if rows else line.row.words
        if before is not None and _same(given, before):
            if not _same(now, before):
                line.cells.append(BookCell(of, place, before, now, now, CellKind.THEIRS, (BOOK_CELLS["theirs"], {})))
            return
        if _same(given, now):
            return
        if self._list_faults(line, rows, columns, [*(before or ()), *now]):
            return
        if len(given) > MOST_ROWS:
            line.fault(place, BOOK_CELLS["too_many"], most=MOST_ROWS, count=len(given))
        elif _is_shut(case, of.code):
            line.fault(place, CASE_ERRORS["not_returned"], cell=of.name)
        else:
            why = _question(before, now, given, same=_same)
            kind = CellKind.ASKS if why else CellKind.OURS
            line.cells.append(BookCell(of, place, before, now, given, kind, why))
            if given:
                line.rows[of.code] = given
            else:
                line.rows.pop(of.code, None)

    def _list_faults(
        self, line: BookLine, rows: Sequence[ReadRow], columns: Sequence[KindField], known: Sequence[dict[str, str]]
    ) -> bool:
        """What is wrong in rows that are not as they were on record."""
        before = len(line.faults)
        for row in rows:
            if _row_as_typed(row, columns) not in known:
                for column in columns:
                    if (cell := row.cells.get(column.code)) is not None:
                        _note(line, cell)
        return len(line.faults) > before

    # -- a new case ------------------------------------------------------------------------------
    def _take(self, line: BookLine) -> None:
        for one in self.kind.of_case:
            cell = line.row.cells.get(one.code)
            if cell is not None and _note(line, cell) and cell.value:
                line.values[one.code] = cell.value
        for name in self.kind.lists:
            rows = line.listed.get(name.code, [])
            columns = self.kind.columns(name.code)
            self._list_faults(line, rows, columns, ())
            if given := [row for one in rows if (row := _row_as_typed(one, columns))]:
                line.rows[name.code] = given
            if len(given) > MOST_ROWS:
                line.fault(rows[0].words, BOOK_CELLS["too_many"], most=MOST_ROWS, count=len(given))

    def _look_for_twins(self, lines: Sequence[BookLine]) -> None:
        """New cases of one applicant: with rows of lists nobody can tell whose they are; else only equal ones."""
        groups: dict[str, list[BookLine]] = {}
        for line in lines:
            if line.whom is not None:
                groups.setdefault(line.applicant, []).append(line)
        held = books.alike(self.actor, self.edition.code, self.cohort, groups)
        for name, group in groups.items():
            for line in group:
                twin = next((one for one in group if one is not line and self._is_twin(one, line)), None)
                if twin is not None:
                    line.fault(line.row.words, BOOK_ROWS["same_applicant"], row=twin.row.number)
                for case in held.get(name, ()):
                    _compare_held(line, case)

    def _is_twin(self, one: BookLine, other: BookLine) -> bool:
        return bool(self.kind.lists) or one.values == other.values


class _Index:
    """The cases of a file by number, and new ones by what says their applicant."""

    def __init__(self, held: Sequence[BookLine], new: Sequence[BookLine]) -> None:
        self.held = {folded(line.row.text(NUMBER)): line for line in held}
        self.new: dict[str, BookLine] = {}
        for line in new:
            for text in (line.applicant, line.row.text(APPLICANT), line.row.text(CODE)):
                if text:
                    self.new.setdefault(folded(text), line)

    def of(self, row: ReadRow) -> tuple[BookLine | None, Said]:
        """The case that a row of a list belongs to, or none and why; of one with a doubt, both."""
        number, name = row.text(NUMBER), row.text(APPLICANT)
        if number:
            line = self.held.get(folded(number))
            if line is None:
                return None, (BOOK_ROWS["no_such"], {"number": number})
            if name and folded(name) not in {folded(line.applicant), folded(line.row.text(APPLICANT))}:
                return line, (BOOK_ROWS["other_applicant"], {"number": number, "text": name})
            return line, ("", {})
        if not name:
            return None, (BOOK_ROWS["no_case"], {})
        line = self.new.get(folded(name))
        return (line, ("", {})) if line is not None else (None, (BOOK_ROWS["no_applicant"], {"text": name}))


# -- a cell ---------------------------------------------------------------------------------------
def _compare_field(line: BookLine, case: Case, base: BaseCase | None, of: KindField, cell: ReadCell) -> None:
    now, place = case.values.get(of.code, ""), cell.place.words
    before = base.values.get(of.code, "") if base is not None else None
    if before is not None and before == (cell.text if cell.value is None else cell.value):
        if now != before:
            line.cells.append(BookCell(of, place, before, now, now, CellKind.THEIRS, (BOOK_CELLS["theirs"], {})))
        return
    if cell.value == now or not _note(line, cell):
        return
    given = cell.value or ""
    if _is_shut(case, of.code):
        line.fault(place, CASE_ERRORS["not_returned"], cell=of.name)
        return
    why = _question(before, now, given)
    line.cells.append(BookCell(of, place, before, now, given, CellKind.ASKS if why else CellKind.OURS, why))
    if given:
        line.values[of.code] = given
    else:
        line.values.pop(of.code, None)


def _question(before: Any, now: Any, given: Any, *, same: Any = lambda one, other: one == other) -> Said | None:
    """Why somebody has to choose; None where only the file changed it."""
    if before is None:
        return (BOOK_CELLS["no_base"], {}) if now else None
    if not same(before, now):
        return BOOK_CELLS["both"], {}
    return None if given else (BOOK_CELLS["emptied"], {})


def _note(line: BookLine, cell: ReadCell) -> bool:
    """Whether the cell can be taken; what is wrong with it, or was assumed, is noted."""
    if wrong := cell.fault or cell.doubt:
        line.faults.append(PlacedSaid(cell.place.words, wrong))
    line.doubts += [PlacedSaid(cell.place.words, one) for one in cell.notices]
    return not wrong


def _is_shut(case: Case, code: str) -> bool:
    returned = cases.returned_cells(case)
    return bool(returned) and code not in returned


def _row_as_typed(row: ReadRow, columns: Sequence[KindField]) -> dict[str, str]:
    """Its filled cells; one that cannot be read stands as it was typed, and is a fault where it is new."""
    found = {}
    for column in columns:
        cell = row.cells.get(column.code)
        if cell is not None and (text := cell.text if cell.value is None else cell.value):
            found[column.code] = text
    return found


def _same(one: Sequence[dict[str, str]], other: Sequence[dict[str, str]]) -> bool:
    """The same rows, in whatever order."""
    return _ordered(one) == _ordered(other)


def _ordered(rows: Sequence[dict[str, str]]) -> list[str]:
    return sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)


# -- what is there already ------------------------------------------------------------------------
def _compare_held(line: BookLine, case: Case) -> None:
    lists = set(line.rows) | set(case.rows)
    if line.values == case.values and all(_same(line.rows.get(one, []), case.rows.get(one, [])) for one in lists):
        line.fault(line.row.words, BOOK_ROWS["same_case"], number=case.number)
    else:
        state = case.kind.state(case.state).name
        line.doubt(line.row.words, BOOK_ROWS["has_case"], number=case.number, state=state)


class _Use(NamedTuple):
    line: BookLine
    place: str
    rule: KeyRule
    one: Identity


def _look_for_uses(actor: Actor, kind: Kind, lines: Sequence[BookLine]) -> None:
    """What another case uses already, or another row of the file names too; submitting would be refused."""
    seen: list[_Use] = []
    for line in lines:
        for use in _uses_of(kind, line):
            earlier = uses.earlier_of(line.case.id if line.case else None, use.rule, use.one)
            if earlier is not None:
                line.doubts.append(PlacedSaid(use.place, uses.told(actor, use.one, earlier)))
            near = (one for one in seen if one.one.space == use.one.space and uses.is_same(use.rule, use.one, one.one))
            if (first := next(near, None)) is not None:
                line.doubt(use.place, BOOK_ROWS["shared"], place=first.place, what=use.one.shown)
            seen.append(use)


def _uses_of(kind: Kind, line: BookLine) -> Iterator[_Use]:
    for rule in kind.once:
        if not rule.list:
            one = identities.identity(rule, line.values | {"@applicant": _applicant_key(line)})
            found = [(line.row.words, one)]
        else:
            columns = kind.columns(rule.list)
            rows = line.listed.get(rule.list, [])
            found = [(row.words, identities.identity(rule, _row_as_typed(row, columns))) for row in rows]
        yield from (_Use(line, place, rule.rule, one) for place, one in found if one is not None)


def _applicant_key(line: BookLine) -> str:
    """As `cases.applicant_key` says it of a case."""
    if line.case is not None:
        return cases.applicant_key(line.case)
    if line.whom is not None and line.whom.firm is not None:
        return f"firm{firms.survivor(line.whom.firm).id}"
    if line.whom is not None and line.whom.institution is not None:
        return f"institution{line.whom.institution.id}"
    return credit_code.normalise(line.row.text(CODE)) or line.applicant


def _digest(kept: KeptBook, lines: Sequence[BookLine]) -> str:
    """Of the file and of the revision of every case in it, and what became of each row."""
    told = [[line.row.number, line.kind.value, line.case.revision if line.case else 0] for line in lines]
    return sha256(json.dumps([kept.sha256, told]).encode()).hexdigest()


def unanswered(found: ComparedBook, choices: Mapping[str, str]) -> list[str]:
    """Names of cells of which nothing was chosen yet."""
    names = [line.name_of(cell) for line in found.writable for cell in line.asking]
    return [name for name in names if choices.get(name) not in ("given", "now")]
