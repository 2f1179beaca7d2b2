"""The workbook of cases of a kind: what goes out in it, and what came back written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import IO, Any, NamedTuple

from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import Case, CaseCohort, CaseKind
from registry.cases.queries import books, cases
from registry.cases.rules.kinds import RowList
from registry.cases.services import entering
from registry.cases.services.bookdiff import BookCell, BookLine, CellKind, LineKind, compare, unanswered
from registry.cases.services.keptbooks import KeptBook
from registry.cases.sheets.book import BookCase, BookHead, write_book
from registry.cases.sheets.bookread import BookFile
from registry.cases.texts import BOOK_FILES, CASE_ERRORS
from registry.people.models import Office
from registry.trail.services import trail
from registry.trail.services.trail import Act


# -- out ------------------------------------------------------------------------------------------
def issue(actor: Actor, edition: CaseKind, cohort: CaseCohort | None, target: IO[bytes], *, at: datetime) -> None:
    """Write the workbook of what the office may fill in of the kind, but for cases that have other columns.

    Raises NotAllowed, FieldError('cohort').
    """
    if not can(actor, "case.enter", edition):
        raise NotAllowed
    kind = edition.kind
    if kind.cohorts and (cohort is None or cohort.group != kind.group):
        raise FieldError("cohort", CASE_ERRORS["cohort"])
    found = db.session.scalars(books.open_to(actor, edition, cohort))
    held = [case for case in found if case.is_draft and books.has_columns_of(kind, case)]
    office = db.session.get_one(Office, actor.office_id)
    year = str(cohort.year) if cohort is not None else ""
    head = BookHead(kind, office.short_name, office.code, year, at.isoformat())
    write_book(target, head, [_out(case) for case in held])
    target.seek(0)
    facts = {"rows": len(held), "sha256": sha256(target.read()).hexdigest()}
    target.seek(0)
    trail.record_all(actor, [Act("export", "case_file", subject_label="xlsx", after=facts)], at=at)


def _out(case: Case) -> BookCase:
    return BookCase(
        case.number, case.applicant, books.code_of(case), case.values, case.rows, case.revision,
        cases.returned_cells(case),
    )  # fmt: skip


# -- written --------------------------------------------------------------------------------------
class WrittenBook(NamedTuple):
    new: int
    changed: int


def write(
    actor: Actor, edition: CaseKind, file: BookFile, choices: Mapping[str, str], *, kept: KeptBook, seen: str,
    at: datetime, on: date,
) -> WrittenBook:  # fmt: skip
    """Compare once more and write all that can be: each case with all its cells, or none of the file.

    `choices`: name of a cell that asks -> `given` or `now`; `seen`: the digest that was looked at. Raises NotAllowed,
    RegistryError.
    """
    if not can(actor, "case.enter", edition):
        raise NotAllowed
    trail.wait_for_turn()  # of two who write at once the second sees the first
    found = compare(actor, edition, file, kept)
    if found.digest != seen:
        raise RegistryError(BOOK_FILES["moved"])
    if open_ := unanswered(found, choices):
        raise RegistryError(BOOK_FILES["choose"], count=len(open_))
    new, changed = 0, 0
    for line in found.writable:
        _settle(line, choices)
        if line.case is None and line.whom is not None:
            line.case = entering.begin(actor, edition, line.whom, cohort=found.cohort, at=at, on=on)
            new += 1
        elif line.kind is LineKind.SAME:
            continue
        else:
            changed += 1
        if line.case is not None:
            entering.save(actor, line.case, line.values, line.rows, seen=line.case.revision, at=at)
    if not new and not changed:
        raise RegistryError(BOOK_FILES["nothing"])
    after = {"entered": new, "changed": changed, "sha256": kept.sha256}
    trail.record(actor, "bring_case_book", edition, at=at, after=after, source=kept.filename)
    return WrittenBook(new, changed)


def _settle(line: BookLine, choices: Mapping[str, str]) -> None:
    """Put what was chosen in the place of what asks."""
    cells = []
    for cell in line.cells:
        if cell.kind is CellKind.ASKS:
            if choices[line.name_of(cell)] == "given":
                cells.append(BookCell(cell.of, cell.place, cell.base, cell.now, cell.given, CellKind.OURS))
            else:
                _put_back(line, cell)
        else:
            cells.append(cell)
    line.cells = cells


def _put_back(line: BookLine, cell: BookCell) -> None:
    target: dict[str, Any] = line.rows if isinstance(cell.of, RowList) else line.values
    if cell.now:
        target[cell.of.code] = cell.now
    else:
        target.pop(cell.of.code, None)
