"""The candidates of a filter as a file, and who took them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from sqlalchemy import func

from registry.base.errors import SheetTooLong
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.base.steady import written_steadily
from registry.reference.queries import reference
from registry.register.models import RegisteredFirm
from registry.register.queries import candidates
from registry.register.queries.candidates import CandidateFilter
from registry.register.rules import SECTOR_LABELS
from registry.sheets.columns import Column, ColumnKind, by_key
from registry.sheets.csv_out import write_csv
from registry.sheets.kinds import FileKind
from registry.sheets.ledger import ROW_LIMIT, write_ledger
from registry.sheets.values import YUAN_PER_UNIT
from registry.trail.services import trail
from registry.trail.services.trail import Act

TITLE = N_("登记在册、尚未提名的企业")
COLUMNS = (
    *(by_key(key) for key in ("name", "credit_code", "division", "registered_address", "founded_on")),
    Column("form_text", N_("企业类型"), ColumnKind.TEXT, "", width=18),
    Column("capital_text", N_("注册资本（万元）"), ColumnKind.TEXT, "", width=14),
    Column("sector", N_("行业线索"), ColumnKind.TEXT, "", width=18),
    Column("sector_word", N_("线索用语"), ColumnKind.TEXT, "", width=12),
    by_key("activity"),
)
CHUNK = 1_000


@dataclass(frozen=True)
class RegisterExport:
    """The finished file, at its beginning, to be closed by whoever sends it."""

    file: IO[bytes]
    kind: FileKind
    filter_text: str
    rows: int
    digest: str


def take(actor: Actor, asked: CandidateFilter, *, kind: FileKind, filter_text: str, at: datetime) -> RegisterExport:
    """Write every candidate of the filter into a temporary file; `record` then puts it on the trail.

    Raises SheetTooLong.
    """
    file, rows, digest = written_steadily(lambda file: _write(file, actor, asked, kind, filter_text, at))
    return RegisterExport(file, kind, filter_text, rows, digest)


def record(actor: Actor, taken: RegisterExport, *, at: datetime) -> None:
    """Put on the trail who took what, by which filter."""
    after = {"filter": taken.filter_text, "rows": taken.rows, "sha256": taken.digest}
    act = Act("export", "register", subject_label=str(taken.kind), after=after)
    trail.record_all(actor, [act], at=at)


def _write(
    file: IO[bytes], actor: Actor, asked: CandidateFilter, kind: FileKind, filter_text: str, at: datetime
) -> int:
    rows = _rows(actor, asked)
    if kind is FileKind.CSV:
        return write_csv(file, COLUMNS, rows)
    wanted = candidates.matching(actor, asked).order_by(None).with_only_columns(func.count())
    if (db.session.scalar(wanted) or 0) > ROW_LIMIT:
        raise SheetTooLong(limit=ROW_LIMIT)
    return write_ledger(
        file,
        title=TITLE,
        filter_text=filter_text,
        columns=COLUMNS,
        rows=rows,
        as_of=f"{at:%Y-%m-%d %H:%M}",
        printed_by=actor.name,
    )


def _rows(actor: Actor, asked: CandidateFilter) -> Iterator[dict[str, Any]]:
    """In the order of ids: a file may be long, and memory does not grow with it."""
    names = reference.division_names()
    wanted, last = candidates.matching(actor, asked).order_by(None), 0
    while chunk := _chunk(wanted, last):
        for firm in chunk:
            yield _row(firm, names)
        last = chunk[-1].id
        for firm in chunk:
            db.session.expunge(firm)


def _chunk(wanted: Any, last: int) -> list[RegisteredFirm]:
    rows = wanted.where(RegisteredFirm.id > last).order_by(RegisteredFirm.id).limit(CHUNK)
    return list(db.session.scalars(rows))


def _row(firm: RegisteredFirm, names: dict[str, str]) -> dict[str, Any]:
    wan = f"{firm.capital / YUAN_PER_UNIT:f}".rstrip("0").rstrip(".") if firm.capital is not None else ""
    return {
        "name": firm.name,
        "credit_code": firm.credit_code,
        "division": names.get(firm.division or "", ""),
        "registered_address": firm.address,
        "founded_on": firm.founded_on,
        "form_text": firm.form_text,
        "capital_text": wan if firm.capital_currency == "CNY" else f"{wan} {firm.capital_currency}",
        "sector": SECTOR_LABELS.get(firm.sector, ""),
        "sector_word": firm.sector_word,
        "activity": firm.scope,
    }
