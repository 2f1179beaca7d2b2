"""A quarter's directory leaves the house as a workbook; who took it and when is on the trail only."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from registry.base.errors import NotAllowed, QuarterOpen
from registry.base.periods import Quarter
from registry.base.permissions import Actor, can
from registry.base.steady import steady_view
from registry.quarters.queries import quarters
from registry.quarters.sheets.quarterly import write_quarterly
from registry.trail.services import refusals, trail
from registry.trail.services.trail import Act

PERMISSION = "quarter.export"


@dataclass(frozen=True)
class Workbook:
    """The finished file; `digest` is of its canonical rows."""

    quarter: Quarter
    content: bytes
    firms: int
    changes: int
    digest: str
    draft: bool = False


def over(text: str, today: date) -> Quarter:
    """The quarter named by `text`. Raises PeriodRefused, and QuarterOpen while it is not over on `today`."""
    quarter = Quarter.parse(text)
    if quarter.last >= today:
        raise QuarterOpen(quarter=quarter.label, last=quarter.last.isoformat())
    return quarter


def workbook(quarter: Quarter) -> Workbook:
    """The quarter's directory of the whole city as a file: a closed quarter gives the same bytes for ever.

    Reads from one steady view and holds no lock meanwhile, so the caller's transaction is let go first.
    """
    with steady_view():
        book = replace(quarters.told(quarter), certified=quarters.certified(quarter))
    stream = io.BytesIO()
    digest = write_quarterly(stream, book)
    return Workbook(quarter, stream.getvalue(), len(book.rows()), len(book.changes), digest, book.draft)


def record_export(actor: Actor, taken: Workbook, *, at: datetime) -> None:
    """Put on the trail who took the quarter's directory."""
    after = {"quarter": taken.quarter.label, "rows": taken.firms, "digest": taken.digest}
    trail.record_all(actor, [Act("export", "quarter", subject_label=taken.quarter.label, after=after)], at=at)


def record_list(actor: Actor, label: str, rows: int, asked: Mapping[str, str], *, at: datetime) -> None:
    """Put on the trail who took a list of a quarter, and which."""
    given = {key: value for key, value in asked.items() if value}
    trail.record_all(
        actor,
        [Act("export", "quarter", subject_label=label, after={"rows": rows, "filter": given}, source="csv")],
        at=at,
    )


def allow(actor: Actor, *, at: datetime) -> None:
    """For those who act without a route in front of them. Raises NotAllowed, and the attempt is recorded."""
    if actor.user_id is not None and not can(actor, PERMISSION):
        refusals.record_refusal(actor, PERMISSION, "registry export", at=at)
        raise NotAllowed
