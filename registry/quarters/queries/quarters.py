"""The directory of a quarter: its firms as of the last day, with figures and standing, summed up and compared."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.pathway.queries import directory
from registry.pathway.rules.history import LISTED
from registry.quarters.models import Snapshot
from registry.quarters.queries import certificates, changes, concerned, lines, snapshots
from registry.quarters.rules.certificates import OfficePart, PartsTaken
from registry.quarters.rules.frozen import thawed, thawed_all
from registry.quarters.sheets.certified import CertifiedLine
from registry.quarters.sheets.notes import rule_note, scope_note, tier_note
from registry.quarters.sheets.summaries import (
    Change,
    ChangeKind,
    CountyGroup,
    Movement,
    QuarterBook,
    Row,
    RuleNote,
    movement_of,
)
from registry.reference.queries import reference, rules
from registry.reference.rules.industries import IndustryLevel
from registry.reference.rules.settings import starting
from registry.reference.rules.thresholds import ThresholdRule
from registry.reference.rules.versions import as_told
from registry.sheets.wording import COUNTY_UNKNOWN


@dataclass(frozen=True)
class QuarterLine:
    """One finished quarter: firms in the directory on its last day, entries and exits within it."""

    quarter: Quarter
    listed: int
    entered: int
    left: int
    snapshot: Snapshot | None = None


def finished(actor: Actor, today: date) -> list[QuarterLine]:
    """Every quarter over by `today` since the directory has firms that `actor` may see, the newest first.

    A closed one has the numbers of its snapshot, whatever is known since.
    """
    frozen = {row.quarter: row for row in snapshots.closed()}
    sizes = snapshots.sizes(actor) if frozen else {}
    lines = {line.quarter.label: line for line in _counted(actor, today)}
    for label, snapshot in frozen.items():
        if label in lines or any(sizes[label]):
            lines[label] = QuarterLine(Quarter.parse(label), *sizes[label], snapshot)
    return [lines[label] for label in sorted(lines, reverse=True)]


def _counted(actor: Actor, today: date) -> list[QuarterLine]:
    """By present knowledge."""
    last = Quarter.of(today).previous
    courses = directory.courses(actor, last.last).values()
    crossings = [crossing for course in courses for crossing in course.crossings(date.min, last.last)]
    if not crossings:
        return []
    lines: list[QuarterLine] = []
    quarter, listed = Quarter.of(min(crossing.step.on for crossing in crossings)), 0
    while quarter <= last:
        within = [crossing for crossing in crossings if quarter.first <= crossing.step.on <= quarter.last]
        entered = sum(crossing.entered for crossing in within)
        left = len(within) - entered
        listed += entered - left
        lines.append(QuarterLine(quarter, listed, entered, left))
        quarter = quarter.next
    return lines


def first() -> Quarter | None:
    """The quarter in which the directory's first firm came, by what is known now."""
    entered = select(func.min(PathwayEvent.on)).where(PathwayEvent.target.in_(sorted(LISTED)))
    day = db.session.scalar(entered.join(Firm, Firm.id == PathwayEvent.firm_id).where(Firm.voided_at.is_(None)))
    return Quarter.of(day) if day else None


def told(quarter: Quarter, actor: Actor | None = None) -> QuarterBook:
    """The quarter's book: of a closed quarter out of its snapshot alone, else as it stands now, marked as a draft."""
    snapshot = snapshots.of(quarter)
    return snapshots.book(snapshot, actor) if snapshot else book(quarter, actor)


def moved(quarter: Quarter, actor: Actor | None = None) -> list[Movement]:
    """How the directory moved in the quarter, as its book has it; of a closed one out of its snapshot."""
    if snapshot := snapshots.of(quarter):
        return movement_of(snapshots.listed(snapshot, actor), snapshots.told(snapshot, actor))
    closing, texts = lines.moved(quarter, actor)
    return movement_of(closing, [_change(change) for text in texts for change in thawed_all(text)])


def certified(quarter: Quarter) -> list[CertifiedLine] | None:
    """How each office's part stands: at the closing of a closed quarter, else now."""
    snapshot = snapshots.of(quarter)
    if snapshot:
        return snapshots.certified(snapshot)
    return [one.line() for one in certificates.standing(quarter, parts(quarter))]


def parts(quarter: Quarter) -> dict[int, OfficePart]:
    """What each office has of a quarter that is not closed, by the office's number."""
    taken = PartsTaken()
    for line in lines.of(quarter):
        if line.row:
            taken.add({"office_id": line.office_id, "lead_bureau_id": line.lead_bureau_id}, line.digest)
    return taken.parts()


def book(quarter: Quarter, actor: Actor | None = None) -> QuarterBook:
    """Everything the quarter's directory says by present knowledge; of all firms, or of those `actor` may see.

    It follows from the data alone: not from the day it is asked on, nor from who asks. Stages are those of dated
    events; names by their dates; other fields as they were recorded on the last day; figures are of periods up to the
    quarter's last month as they stand now, for they are reported after the quarter is over.
    """
    found = lines.of(quarter, actor)
    held = [thawed(line.row) for line in found if line.held]
    return _book(quarter, actor, held, [line.changes for line in found], {line.rules for line in found})


def _book(
    quarter: Quarter, actor: Actor | None, held: Iterable[Row], texts: Iterable[str], named_rules: Iterable[str]
) -> QuarterBook:
    told = [_change(change) for text in texts for change in thawed_all(text)]
    names = concerned.names_of([change.into_id for change in told if change.into_id], actor)
    versions = {(rule_id, version) for text in named_rules for rule_id, version in json.loads(text)}
    used = [rule for rule_id, version in versions if (rule := reference.rules().version(rule_id, version))]
    return QuarterBook(
        quarter=quarter.label,
        as_of=quarter.last,
        city=reference.city().name,
        groups=_groups(held, counties(quarter.last), all_counties=actor is None),
        divisions=divisions(),
        changes=changes.in_order(named(change, names) for change in told),
        rules=rule_notes(used, quarter.last),
        scope=scope_note(quarter.first, quarter.last),
        compared_with=quarter.previous.label,
        draft=True,
    )


def _change(kept: dict[str, Any]) -> Change:
    return Change(**{**kept, "kind": ChangeKind(kept["kind"])})


def summed(quarter: Quarter, actor: Actor | None = None) -> QuarterBook:
    """The book of a quarter that is not closed with as much of its rows as the summaries count: what a page shows."""
    if not lines.is_kept(quarter):
        return book(quarter, actor)
    found, named_rules = lines.cells(quarter, actor)
    _, texts = lines.moved(quarter, actor)
    return _book(quarter, actor, found, texts, named_rules)


def named(change: Change, names: Mapping[int, str]) -> Change:
    """The change with the name of the firm it was merged into, where the reader may know it."""
    if change.into_id is None:
        return change
    into = names.get(change.into_id, "")
    return replace(change, into=into, into_id=change.into_id if into else None)


def _groups(rows: Iterable[Row], labels: Sequence[tuple[str, str]], *, all_counties: bool) -> tuple[CountyGroup, ...]:
    """Firms by the county that counts them, once; a zone's firms stand after those of its county's own."""
    by_county: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=place_in_group):
        by_county[row["county"]].append(row)
    groups = [CountyGroup(label, by_county[code]) for code, label in labels if all_counties or by_county[code]]
    known = {code for code, _ in labels}
    unknown = [row for county in (None, *by_county) if county not in known for row in by_county[county]]
    return (*groups, *([CountyGroup(COUNTY_UNKNOWN, unknown)] if unknown else []))


def counties(on: date) -> list[tuple[str, str]]:
    """Code and printed label of every county of the day, in their order."""
    return [(row.code, row.short_name) for row in reference.counties(on)]


def place_in_group(row: Mapping[str, Any]) -> tuple[str, str, str, int]:
    return (
        row.get("division_code") or "", row["industry"] or "~", row.get("credit_code") or "~", row.get("firm_id", 0)
    )  # fmt: skip


def divisions() -> dict[str, tuple[str, str]]:
    """The printed section and division of each two-digit code."""
    table = reference.classification()
    return {
        row.code: (f"{row.section} {table.name_of(row.section)}", f"{row.code} {row.name}")
        for row in table.all()
        if row.level == IndustryLevel.DIVISION
    }


def rule_notes(used: Iterable[ThresholdRule], last: date) -> tuple[RuleNote, ...]:
    ordered = sorted(used, key=lambda rule: (rule.kind, rule.rule_id, rule.version))
    return (*(rule_note(as_told(rule, last)) for rule in ordered), tier_note(rules.in_force(starting("tier."), last)))
