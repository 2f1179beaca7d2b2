"""Two closed quarters compared firm by firm, by identity: who came, left, moved, was renamed, altered, corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from registry.base.errors import QuarterNotClosed, QuarterOrder
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import STAGE_LABELS, OfficeKind
from registry.pathway.rules.history import LISTED
from registry.quarters.models import Snapshot
from registry.quarters.queries import changes, snapshots
from registry.quarters.sheets.summaries import ChangeKind
from registry.sheets import wording
from registry.sheets.columns import by_key


class QuarterDifference(StrEnum):
    """How a firm differs between two quarters, in the order of the page."""

    CAME = "came"
    LEFT = "left"
    STAGE = "stage"
    NAME = "name"
    CODE = "credit_code"
    TIER = "tier"
    INDUSTRY = "industry"
    COUNTY = "division"
    OFFICE = "proposer"
    CORRECTED = "corrected"


FIELDS = (
    QuarterDifference.STAGE,
    QuarterDifference.NAME,
    QuarterDifference.CODE,
    QuarterDifference.TIER,
    QuarterDifference.INDUSTRY,
    QuarterDifference.COUNTY,
    QuarterDifference.OFFICE,
)
"""Kinds that are the difference of one column, named as the column is."""


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """One difference of one firm; `into` is the firm it was merged into, as far as the reader may know it."""

    kind: QuarterDifference
    firm_id: int
    name: str
    credit_code: str | None
    division: str | None
    what: str
    before: str = ""
    after: str = ""
    on: date | None = None
    reason: str = ""
    into: str = ""
    into_id: int | None = None

    @property
    def told_after(self) -> str:
        return self.after + (wording.MERGED_INTO % {"name": self.into} if self.into else "")


@dataclass(frozen=True)
class Comparison:
    before: str
    after: str
    listed_before: int
    listed_after: int
    lines: tuple[ComparisonLine, ...]

    @property
    def counts(self) -> dict[QuarterDifference, int]:
        """Firms by kind of difference."""
        firms: dict[QuarterDifference, set[int]] = {kind: set() for kind in QuarterDifference}
        for line in self.lines:
            firms[line.kind].add(line.firm_id)
        return {kind: len(found) for kind, found in firms.items()}

    def of(self, kind: str) -> list[ComparisonLine]:
        """The lines of one kind; all of them where `kind` names none."""
        return [line for line in self.lines if kind not in set(QuarterDifference) or line.kind == kind]

    def plain(self) -> dict[str, Any]:
        return {
            "from": self.before,
            "to": self.after,
            "listed": {"from": self.listed_before, "to": self.listed_after},
            "counts": self.counts,
            "lines": [asdict(line) for line in self.lines],
        }


def between(earlier: Quarter, later: Quarter, actor: Actor) -> Comparison:
    """The differences of two closed quarters within `actor`'s reach then. Raises QuarterOrder, QuarterNotClosed."""
    if earlier >= later:
        raise QuarterOrder(before=earlier.label, after=later.label)
    first, last = _closed(earlier), _closed(later)
    scope = None if actor.user_id is None and actor.office_kind == OfficeKind.SYSTEM else actor
    before, after = snapshots.by_firm(first, scope), snapshots.by_firm(last, scope)
    exits = _exits(earlier, later, scope)
    lines = [
        *_crossings(before, after, exits),
        *_alterations(before, after),
        *_corrections(earlier, later, scope),
    ]
    whole = scope is None or scope.holds(*SEES_ALL)
    seen = before.keys() | after.keys()
    shown = [line if whole or line.into_id in seen else _withheld(line) for line in lines]
    return Comparison(earlier.label, later.label, _listed(before), _listed(after), tuple(sorted(shown, key=_order)))


def _closed(quarter: Quarter) -> Snapshot:
    found = snapshots.of(quarter)
    if found is None:
        raise QuarterNotClosed(quarter=quarter.label)
    return found


Rows = Mapping[int, Mapping[str, Any]]


def _crossings(before: Rows, after: Rows, exits: Mapping[int, Mapping[str, Any]]) -> Iterator[ComparisonLine]:
    for firm_id in before.keys() | after.keys():
        was, now = before.get(firm_id), after.get(firm_id)
        stood, stands = _stage(was), _stage(now)
        if stands and not stood and now is not None:
            words = wording.LISTED_HEADING_SHORT, wording.NOT_LISTED, stands
            yield _line(QuarterDifference.CAME, now, *words, on=now["stage_on"])
        elif stood and not stands and was is not None:
            yield _gone(was, exits.get(firm_id), stood)


def _gone(was: Mapping[str, Any], exit_: Mapping[str, Any] | None, stood: str) -> ComparisonLine:
    """The way it went is told by the quarter in which it did; one that was never rightly there is a correction."""
    if exit_ is None:
        return _line(QuarterDifference.LEFT, was, wording.LISTED_HEADING_SHORT, stood, wording.NOT_LISTED)
    return _line(
        QuarterDifference.LEFT, was, wording.LISTED_HEADING_SHORT, stood, exit_["after"], on=exit_["on"],
        reason=exit_["reason"], into=exit_["into"], into_id=exit_["into_id"],
    )  # fmt: skip


def _alterations(before: Rows, after: Rows) -> Iterator[ComparisonLine]:
    for firm_id in before.keys() & after.keys():
        was, now = before[firm_id], after[firm_id]
        if not (_stage(was) and _stage(now)):
            continue
        for kind in FIELDS:
            if was[kind] != now[kind]:
                on = now["stage_on"] if kind is QuarterDifference.STAGE else None
                words = changes.words(kind, was[kind]), changes.words(kind, now[kind])
                yield _line(kind, now, by_key(kind).heading, *words, on=on)


def _corrections(earlier: Quarter, later: Quarter, actor: Actor | None) -> Iterator[ComparisonLine]:
    """What the quarters from the one to the other put right."""
    for change in _between(earlier, later, actor, ChangeKind.CORRECTED):
        if change["firm_id"] is not None:
            yield _line(
                QuarterDifference.CORRECTED, change, change["what"], change["before"], change["after"], on=change["on"],
                reason=change["reason"],
            )  # fmt: skip


def _exits(earlier: Quarter, later: Quarter, actor: Actor | None) -> dict[int, dict[str, Any]]:
    """The last exit of each firm since the earlier quarter."""
    return {change["firm_id"]: change for change in _between(earlier, later, actor, ChangeKind.LEFT)}


def _between(earlier: Quarter, later: Quarter, actor: Actor | None, kind: ChangeKind) -> Iterator[dict[str, Any]]:
    for snapshot in snapshots.closed():
        if earlier.label < snapshot.quarter <= later.label:
            yield from (change for change in snapshots.changes(snapshot, actor) if change["kind"] == kind)


def _stage(row: Mapping[str, Any] | None) -> str:
    """The stage in words of a firm in the directory; empty for one that is not."""
    return STAGE_LABELS[row["stage"]] if row is not None and row["stage"] in LISTED else ""


def _listed(rows: Rows) -> int:
    return sum(row["stage"] in LISTED for row in rows.values())


def _line(
    kind: QuarterDifference, row: Mapping[str, Any], what: str, before: str, after: str, **more: Any
) -> ComparisonLine:
    return ComparisonLine(
        kind, row["firm_id"], row["name"], row["credit_code"], row["division"], what, before, after, **more
    )


def _withheld(line: ComparisonLine) -> ComparisonLine:
    return ComparisonLine(*(getattr(line, name) for name in ComparisonLine.__slots__[:10]))


def _order(line: ComparisonLine) -> tuple[Any, ...]:
    return list(QuarterDifference).index(line.kind), line.name, line.firm_id, line.what, line.on or date.max
