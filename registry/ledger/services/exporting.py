"""The ledger leaves the house as a file: exactly what a filter shows, and who took it is on the trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, Any

from registry.base.clocks import KNOWN_LABELS, AsOf
from registry.base.errors import NotAllowed, ReasonNeeded, SheetTooLong
from registry.base.permissions import Actor, can
from registry.base.steady import written_steadily
from registry.imports import queries
from registry.imports.services.plain import as_typed
from registry.ledger.queries import asof, ledger
from registry.ledger.queries.ledger import LedgerQuery, Order
from registry.ledger.queries.lines import LedgerLine
from registry.reference.queries import reference
from registry.sheets import wording
from registry.sheets.columns import Column, ColumnKind, ledger_columns
from registry.sheets.csv_out import write_csv
from registry.sheets.kinds import FileKind
from registry.sheets.ledger import ROW_LIMIT, write_ledger
from registry.sheets.values import TEXT_LIMIT
from registry.sheets.wording import LEDGER_TITLE
from registry.trail.services import trail
from registry.trail.services.trail import Act

_CHUNK = 1_000
ALWAYS = ("name", "credit_code")
"""By these our own import knows a firm again; no export goes without them."""
TOGETHER = {"revenue_to_date": "to_month"}
"""A cumulative figure says nothing without its month."""


@dataclass(frozen=True)
class ExportRequest:
    """An export as it is asked for: `chosen` are column keys, `filter_text` is the filter in Chinese words."""

    wanted: LedgerQuery
    order: Order
    chosen: tuple[str, ...]
    filter_text: str
    kind: FileKind = FileKind.XLSX
    contacts: bool = False
    reason: str = ""
    as_of: AsOf | None = None
    """The past day at whose end the directory is wanted; today's without it."""
    carried: bool = False
    """With the columns that the office's own imports carry along, as they were typed."""

    @property
    def columns(self) -> tuple[Column, ...]:
        return columns(self.chosen, contacts=self.contacts)


@dataclass(frozen=True)
class LedgerExport:
    """The finished file, at its beginning, to be closed by whoever sends it; `digest` is its SHA-256."""

    asked: ExportRequest
    file: IO[bytes]
    rows: int
    digest: str


def columns(chosen: Iterable[str], *, contacts: bool = False) -> tuple[Column, ...]:
    """The sheet's columns for those chosen on the page, in the order of the directory; unknown keys are passed over."""
    keys = {*ALWAYS, *chosen}
    keys |= {other for key, other in TOGETHER.items() if key in keys}
    return tuple(column for column in ledger_columns(contacts=contacts) if column.restricted or column.key in keys)


def take(actor: Actor, asked: ExportRequest, *, at: datetime) -> LedgerExport:
    """Write every firm of the filter into a temporary file; `record` then puts it on the trail.

    Reads from one steady view and holds no lock meanwhile, so the caller's transaction is let go first. Contacts need
    the permission and a reason. Raises NotAllowed, ReasonNeeded, SheetTooLong.
    """
    private = asked.contacts or asked.carried  # nobody knows what a column holds that is kept as it was typed
    if private and (asked.as_of or not can(actor, "firm.export_contacts")):
        raise NotAllowed
    if private and not asked.reason.strip():
        raise ReasonNeeded
    file, rows, digest = written_steadily(lambda file: _write(file, actor, asked, at))
    return LedgerExport(asked, file, rows, digest)


def record(actor: Actor, taken: LedgerExport, *, at: datetime) -> None:
    """Put on the trail who took what, by which filter."""
    asked = taken.asked
    after = {
        "filter": asked.filter_text,
        "rows": taken.rows,
        "columns": [column.key for column in asked.columns],
        "contacts": asked.contacts,
        **({"carried": True} if asked.carried else {}),
        "sha256": taken.digest,
        **({"as_of": asked.as_of.day, "known": asked.as_of.known} if asked.as_of else {}),
    }
    act = Act("export", "ledger", subject_label=str(asked.kind), after=after, reason=asked.reason.strip())
    trail.record_all(actor, [act], at=at)


def _title(asked: ExportRequest) -> str:
    """A past day stands in the title, so that nobody takes the sheet for today's."""
    title = LEDGER_TITLE % {"city": reference.city().name}
    return title + (wording.AS_OF_TITLE % {"day": asked.as_of.day} if asked.as_of else "")


def _end_of(as_of: AsOf) -> str:
    return wording.END_OF_DAY % {"day": as_of.day, "known": KNOWN_LABELS[as_of.known]}


def _write(file: IO[bytes], actor: Actor, asked: ExportRequest, at: datetime) -> int:
    lines: Iterable[LedgerLine]
    if asked.as_of:
        lines = asof.found(actor, asked.wanted, asked.order, asked.as_of).lines
    else:
        lines = ledger.every(actor, asked.wanted, asked.order, contacts=asked.contacts)
    further = [_carried_column(heading) for heading in queries.carried_headings(actor)] if asked.carried else []
    rows = _with_carried(actor, lines) if further else (line.values for line in lines)
    written = (*asked.columns, *further)
    if asked.kind is FileKind.CSV:
        return write_csv(file, written, rows)
    if not asked.as_of and ledger.tally(actor, asked.wanted).total.firms > ROW_LIMIT:
        raise SheetTooLong(limit=ROW_LIMIT)
    return write_ledger(
        file,
        title=_title(asked),
        filter_text=asked.filter_text,
        columns=written,
        rows=rows,
        as_of=_end_of(asked.as_of) if asked.as_of else f"{at:%Y-%m-%d %H:%M}",
        printed_by=actor.name,
    )


def _carried_column(heading: str) -> Column:
    """A column that is kept as it was typed, after those of the directory."""
    return Column(f"@{heading}", heading, ColumnKind.TEXT, "", width=20, max_length=TEXT_LIMIT)


def _with_carried(actor: Actor, lines: Iterable[LedgerLine]) -> Iterator[Mapping[str, Any]]:
    """Each line with what the office keeps beside its firm, asked for many firms at a time."""
    rest = iter(lines)
    while chunk := list(islice(rest, _CHUNK)):
        found = queries.carried_of(actor, [line.id for line in chunk])
        for line in chunk:
            kept = found.get(line.id, {})
            yield {**line.values, **{f"@{heading}": as_typed(cell) for heading, cell in kept.items()}}
