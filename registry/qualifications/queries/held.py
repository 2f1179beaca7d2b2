"""Which qualifications firms hold, for whoever lists firms: a condition, a column, and the same of a past day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from registry.base.clocks import AsOf, Known
from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.qualifications.models import Qualification
from registry.qualifications.queries.kinds import kinds, warning_days

ANY = "any"


@dataclass(frozen=True)
class HeldKind:
    """A certificate that was valid on a day: its kind, and until when; `standing`: no other has followed it by then."""

    kind: str
    valid_to: date | None
    standing: bool


def true_on(on: date) -> ColumnElement[bool]:
    """Valid on a day as is known now; one that was renewed stays true for its own days."""
    counts = or_(Qualification.ended.is_(None), Qualification.ended == "renewed")
    return and_(
        counts,
        Qualification.valid_from <= on,
        or_(Qualification.valid_to.is_(None), Qualification.valid_to >= on),
    )


def holding(kind: str, on: date) -> ColumnElement[bool]:
    """Firms with a valid qualification of a kind, or of any (`ANY`).

    A list of ids and no EXISTS for each firm: few of many firms hold one, and both databases begin with them.
    """
    rows = select(Qualification.firm_id).where(Qualification.firm_id.is_not(None), true_on(on))
    return Firm.id.in_(rows if kind == ANY else rows.where(Qualification.kind == kind))


def expiring(kind: str, on: date) -> ColumnElement[bool]:
    """Firms of which one (of the kind, where one is named) expires within the days of the first warning."""
    last = on + timedelta(days=warning_days(on).first)
    rows = select(Qualification.firm_id).where(
        Qualification.firm_id.is_not(None),
        Qualification.ended.is_(None),
        Qualification.valid_from <= on,
        Qualification.valid_to.between(on, last),
    )
    return Firm.id.in_(rows.where(Qualification.kind == kind) if kind and kind != ANY else rows)


def column(on: date) -> Any:
    """The kinds valid on a day as one text of a statement of firms, `cma,high_tech`: read with the firm's own row."""
    found = select(func.aggregate_strings(Qualification.kind, ",")).where(Qualification.firm_id == Firm.id, true_on(on))
    return found.correlate(Firm).scalar_subquery().label("held")


def told(codes: str | None) -> tuple[str, ...]:
    """The short names of what `column` gives, in the order of the kinds, each once."""
    held = frozenset(codes.split(",")) if codes else frozenset()
    return tuple(kind.short_name for code, kind in kinds().items() if code in held) if held else ()


def then(firm_ids: Collection[int], as_of: AsOf) -> dict[int, list[HeldKind]]:
    """What these firms held on a past day, by what was entered until then or by what is known now."""
    day = as_of.day
    rows = select(Qualification).where(
        Qualification.firm_id.in_(firm_ids),
        Qualification.valid_from <= day,
        or_(Qualification.valid_to.is_(None), Qualification.valid_to >= day),
    )
    found: defaultdict[int, list[HeldKind]] = defaultdict(list)
    for row in db.session.scalars(rows.order_by(Qualification.id)).unique():
        ended = row.ended
        if as_of.known is Known.THEN:
            if row.at >= as_of.end:
                continue
            if row.ended_at is not None and row.ended_at >= as_of.end:
                ended = None
        if row.firm_id is not None and ended in (None, "renewed"):
            found[row.firm_id].append(HeldKind(row.kind, row.valid_to, ended is None))
    return found


def fits(held: Iterable[HeldKind], kind: str, day: date, *, expires: bool) -> bool:
    """`holding` and `expiring` of one firm's rows of a past day."""
    rows = [one for one in held if kind in ("", ANY, one.kind)]
    if not expires:
        return bool(rows) or not kind
    last = day + timedelta(days=warning_days(day).first)
    return any(one.standing and one.valid_to is not None and one.valid_to <= last for one in rows)
