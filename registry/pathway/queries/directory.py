"""The directory on a past day: which firms it held, by dated events, and what their fields were, by the trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import load_only

from registry.base.clocks import AsOf, Known, end_of
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import Stage
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries import firms, history
from registry.pathway.models import PathwayEvent
from registry.pathway.rules.history import LISTED, Course, Step
from registry.people.models import Office
from registry.reference.queries import reference
from registry.trail.models import TrailEntry

Row = TypeVar("Row")
EVERY = true()
_COLUMNS = tuple(Firm.__table__.columns)
_READ = (TrailEntry.at, TrailEntry.verb, TrailEntry.subject_id, TrailEntry.before, TrailEntry.after, TrailEntry.reason)


def ever_listed(actor: Actor | None, last: date, among: ColumnElement[bool] = EVERY) -> Select[int]:
    """Ids of the firms that were in the directory at any time up to `last`: all of them, or those `actor` may see.

    `among` narrows them further, to a span of ids where all at once would be too many.
    """
    entered = select(PathwayEvent.firm_id).where(PathwayEvent.target.in_(sorted(LISTED)), PathwayEvent.on <= last)
    return select(Firm.id).where(Firm.voided_at.is_(None), reach(actor), among, Firm.id.in_(entered))


def reach(actor: Actor | None) -> ColumnElement[bool]:
    """The row scope of a page; None is the whole city, for the export."""
    return true() if actor is None else firms.within(actor)


def courses(actor: Actor | None, last: date, among: ColumnElement[bool] = EVERY) -> dict[int, Course]:
    """The course up to `last` of every firm that was ever in the directory, by firm, as it is known now."""
    return courses_of(ever_listed(actor, last, among), AsOf(last, Known.NOW))


def crossings(actor: Actor | None, last: date) -> list[tuple[date, bool, int]]:
    """Of each day up to `last` how many entries (True) and exits (False), as `Course.crossings` has them."""
    listed = PathwayEvent.target.in_(sorted(LISTED))
    before = func.lag(listed).over(partition_by=PathwayEvent.firm_id, order_by=(PathwayEvent.on, PathwayEvent.id))
    steps = (
        select(PathwayEvent.on, listed.label("after"), func.coalesce(before, false()).label("before"))
        .join(Firm, Firm.id == PathwayEvent.firm_id)
        .where(Firm.voided_at.is_(None), reach(actor), PathwayEvent.on <= last)
        .subquery()
    )
    crossed = select(steps.c.on, steps.c.after, func.count()).where(steps.c.after != steps.c.before)
    rows = db.session.execute(crossed.group_by(steps.c.on, steps.c.after).order_by(steps.c.on))
    return [(on, bool(entered), number) for on, entered, number in rows]


def courses_of(firms: Any, as_of: AsOf) -> dict[int, Course]:
    """Firm id -> its course up to a day, for those that had one by the clock; `firms` are ids or a select of them."""
    rows = db.session.execute(
        select(
            PathwayEvent.firm_id,
            PathwayEvent.on,
            PathwayEvent.id,
            PathwayEvent.action,
            PathwayEvent.target,
            PathwayEvent.note,
        )
        .where(PathwayEvent.firm_id.in_(firms), *steps_known(as_of))
        .order_by(PathwayEvent.firm_id, PathwayEvent.on, PathwayEvent.id)
    )
    steps: defaultdict[int, list[Step]] = defaultdict(list)
    for firm_id, on, number, action, target, note in rows:
        steps[firm_id].append(Step(on, number, action, Stage(target), note))
    return {firm_id: Course(taken) for firm_id, taken in steps.items()}


def events_of(firm: Firm, as_of: AsOf) -> list[PathwayEvent]:
    """The steps of a firm up to a day, in the order in which they were recorded."""
    rows = select(PathwayEvent).where(PathwayEvent.firm_id == firm.id, *steps_known(as_of))
    return list(db.session.scalars(rows.order_by(PathwayEvent.at, PathwayEvent.id)))


def steps_known(as_of: AsOf) -> tuple[ColumnElement[bool], ...]:
    """Steps of the pathway up to the day; as known then, those alone that had been recorded."""
    up_to = PathwayEvent.on <= as_of.day
    return (up_to,) if as_of.known is Known.NOW else (up_to, PathwayEvent.at < as_of.end)


@dataclass(frozen=True)
class FirmHistory:
    """The name a firm bore on a day, and those it had borne before, the oldest first."""

    name: str
    former: tuple[str, ...]


class Past:
    """The firms of one directory with everything needed to say what their fields were on a day from `since` on."""

    def __init__(
        self,
        present: Mapping[int, Mapping[str, Any]],
        names: Mapping[int, list[FormerName]],
        acts: Mapping[int, list[TrailEntry]],
    ) -> None:
        """`acts` holds what was done to a firm after `since`, the newest first."""
        self._present, self._names, self._acts = present, names, acts

    @classmethod
    def of(cls, actor: Actor | None, *, last: date, since: date, among: ColumnElement[bool] = EVERY) -> Past:
        """Read the firms that were in the directory up to `last`, and what was done to them after `since`."""
        return cls.among(ever_listed(actor, last, among), since=since)

    @classmethod
    def among(cls, ids: Select[int], *, since: date) -> Past:
        """Read these firms, and what was done to them after `since`."""
        present = db.session.execute(select(*_COLUMNS).where(Firm.id.in_(ids)).order_by(Firm.id)).mappings()
        names = db.session.scalars(
            select(FormerName)
            .where(FormerName.firm_id.in_(ids), FormerName.merge_id.is_(None))  # by a merge: never called so
            .order_by(FormerName.valid_to, FormerName.id)
        )
        acts = db.session.scalars(
            select(TrailEntry)
            .where(TrailEntry.subject_kind == "firm", TrailEntry.subject_id.in_(ids))
            .where(TrailEntry.at >= end_of(since))
            .options(load_only(*_READ))
            .order_by(TrailEntry.seq.desc())
        )
        return cls(
            {row["id"]: dict(row) for row in present},
            _grouped(names, "firm_id"),
            _grouped(acts, "subject_id"),
        )

    def present(self, firm_id: int) -> Mapping[str, Any]:
        """Every column of the firm as it is now."""
        return self._present[firm_id]

    def acts(self, firm_id: int) -> list[TrailEntry]:
        return self._acts.get(firm_id, [])

    def values(self, firm_id: int, day: date) -> dict[str, Any]:
        """Every column of the firm at the end of `day`, with `former_names`, `has_contact` and the offices' names."""
        later = [act for act in self.acts(firm_id) if act.at >= end_of(day)]
        present = dict(self._present[firm_id])
        values = history.taken_back(present, later)
        bearing = self._bearing(firm_id, present["name"], later, day)
        values |= {"name": bearing.name, "former_names": bearing.former}
        values["has_contact"] = history.had_contact(values, later)
        office = _proposer(present["office_id"], later)
        values |= {"proposer": reference.office_name(office.code, day), "office_id": office.id}
        values["division_name"] = reference.division_name(values["division"], day)
        return values | _bureaus(present, values["industry"], later, day)

    def _bearing(self, firm_id: int, present: str, later: list[TrailEntry], day: date) -> FirmHistory:
        """By the dates of the names, not of their recording; a mistyped name put right later is taken back."""
        known = self._names.get(firm_id, [])
        over = [former for former in known if former.valid_to and former.valid_to < day]
        borne = next((former for former in known if former.valid_to and former.valid_to >= day), None)
        name = borne.name if borne else present
        since = max((former.recorded_at for former in over), default=datetime.min.replace(tzinfo=UTC))
        for act in later:
            during = since <= act.at and (borne is None or act.at < borne.recorded_at)
            if during and act.verb != "rename" and "name" in (act.before or {}):
                name = (act.before or {})["name"]
        undated = [former for former in known if former.valid_to is None and former.recorded_at < end_of(day)]
        return FirmHistory(name, tuple(former.name for former in (*undated, *over)))


def _proposer(present: int, later: Iterable[TrailEntry]) -> Office:
    """The office that held the firm, before claims decided and offices ended since."""
    by_id = {office.id: office for office in reference.offices().values()}
    office = by_id[present]
    for act in later:
        if act.verb in ("decide_claim", "hand_over") and "office" in (act.before or {}):
            office = reference.offices()[(act.before or {})["office"]]
    return office


def _bureaus(
    present: Mapping[str, Any], industry: str | None, later: Iterable[TrailEntry], day: date
) -> dict[str, Any]:
    """The bureaus stored with the firm, before what was handed over since; where the industry was another then, those
    that industry was routed to.
    """
    offices = reference.offices()
    if industry == present["industry"]:
        by_id = {office.id: office for office in offices.values()}
        lead, others = by_id.get(present["lead_bureau_id"]), present["co_bureaus"]
        for act in later:
            if act.verb == "hand_over" and "bureau" in (before := act.before or {}):
                lead, others = offices.get(before["bureau"] or ""), before["co_bureaus"]
    else:
        lead, helping = reference.bureaus_of(industry, day)
        others = f",{','.join(helping)}," if helping else ""
    return {
        "lead_bureau": reference.office_name(lead.code, day) if lead else None,
        "lead_bureau_id": lead.id if lead else None,
        "co_bureaus": others,
    }


def _grouped(rows: Iterable[Row], key: str) -> dict[int, list[Row]]:
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups
