"""What the firms of an import may be duplicates of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.sqlite import reading
from registry.base.turns import Pace
from registry.duplicates.services import scans
from registry.imports.models import ImportRow


def of_batch(batch_id: int, pace: Pace, *, at: datetime) -> Iterator[int]:
    """Look at every firm that an import made or changed; commit after each turn. Yields how many were looked at."""
    statement = select(ImportRow.firm_id).where(ImportRow.batch_id == batch_id, ImportRow.firm_id.is_not(None))
    with reading():
        wanted = sorted({firm_id for firm_id in db.session.scalars(statement) if firm_id})
        db.session.rollback()
    yield from scans.of_firms(wanted, pace, at=at)
