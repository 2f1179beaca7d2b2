"""Published rules take effect on their day: every firm's stored standing is judged anew by them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.turns import Pace
from registry.firms.models.firms import Firm
from registry.pathway.services import standing
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.trail.services import trail


def take(pace: Pace, *, on: date, at: datetime) -> Iterator[int]:
    """Judge every firm by the published sets whose day has come, a turn at a time; commit after each.

    A statutory line begins with a month and judges the figures from that month on, so no rule moves a firm by itself:
    the next figure does, by system, as always. What changes at once are the line shown, the tier, the admission line.
    Broken off, it begins again: judging a firm twice changes nothing. The last step marks the sets as done.
    """
    ids = [draft.id for draft in drafts.due(on)]
    if not ids:
        return
    done, last = 0, 0
    while rows := _firms(last, pace.size):
        for firm in rows:
            standing.refresh(firm, on=on, at=at)
        done, last = done + len(rows), rows[-1].id
        yield len(rows)
    for number in ids:
        draft = db.session.get_one(RuleDraft, number, populate_existing=True, with_for_update={"of": RuleDraft})
        if draft.effected_at is not None:  # another process was faster
            continue
        draft.effected_at = at
        db.session.flush()
        trail.record(SYSTEM_ACTOR, "apply_rules", draft, at=at, after={"firms": done})
    yield 0


def _firms(last: int, size: int) -> list[Firm]:
    rows = select(Firm).where(Firm.voided_at.is_(None), Firm.id > last).order_by(Firm.id).limit(size)
    return list(db.session.scalars(rows).unique())
