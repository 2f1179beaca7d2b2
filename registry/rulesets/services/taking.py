"""Reference data as a file, and who took it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import IO

from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.rulesets.texts.columns import COLUMN_LABELS
from registry.sheets.columns import Column, ColumnKind
from registry.sheets.csv_out import write_csv
from registry.trail.services import trail
from registry.trail.services.trail import Act

_DATES: Mapping[str, str] = {"valid_from": N_("起始"), "valid_to": N_("终止"), "state": N_("状态")}


def write(target: IO[bytes], names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write the columns of these names; the file is left at its beginning."""
    labels = {**COLUMN_LABELS, **_DATES}
    write_csv(target, [Column(name, labels[name], ColumnKind.TEXT, "") for name in names], rows)
    target.seek(0)


def record(actor: Actor, file: str, rows: int, *, on: date, at: datetime) -> None:
    after = {"file": file, "rows": rows, "day": on}
    trail.record_all(actor, [Act("export_reference", "reference", after=after)], at=at)
