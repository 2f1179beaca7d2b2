"""The directory of a quarter: its firms as of the last day, with figures and standing, summed up and compared."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.pathway.queries import directory
from registry.pathway.rules.history import LISTED
from registry.quarters.models import Snapshot
from registry.quarters.queries import (
    certificates,
    changes,
    concerned,
    lines,
    office_parts,
    slices,
    snapshots,
    sums,
    telling,
)
from registry.quarters.queries.sums import Sums
from registry.quarters.rules.certificates import OfficePart
from registry.quarters.rules.frozen import thawed, thawed_all
from registry.quarters.sheets.certified import CertifiedLine
from registry.quarters.sheets.notes import rule_note, scope_note, tier_note
from registry.quarters.sheets.summaries import (
    BookSums,
    Change,
    ChangeKind,
    CountyGroup,
    FoundLater,
    Move,
    Movement,
    QuarterBook,
    Row,
    RuleNote,
    move_of,
    movement_of,
)
from registry.reference.queries import reference, rules
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
    crossings: Counter[tuple[Quarter, bool]] = Counter()
    for on, came, number in directory.crossings(actor, last.last):
        crossings[Quarter.of(on), came] += number
    if not crossings:
        return []
    lines: list[QuarterLine] = []
    quarter, listed = min(crossings)[0], 0
    while quarter <= last:
        entered, left = crossings[quarter, True], crossings[quarter, False]
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
        return movement_of(snapshots.listed(snapshot, actor), Counter(map(move_of, snapshots.told(snapshot, actor))))
    found = sums.of(quarter, actor)
    return movement_of(sums.number(found, sums.LISTED), _moves(found))


def certified(quarter: Quarter) -> list[CertifiedLine] | None:
    """How each office's part stands: at the closing of a closed quarter, else now."""
    snapshot = snapshots.of(quarter)
    if snapshot:
        return snapshots.certified(snapshot)
    return [one.line() for one in certificates.standing(quarter, parts(quarter))]


def parts(quarter: Quarter) -> dict[int, OfficePart]:
    """What each office has of a quarter that is not closed, by the office's number."""
    return office_parts.of(quarter)


def book(quarter: Quarter, actor: Actor | None = None) -> QuarterBook:
    """Everything the quarter's directory says by present knowledge; of all firms, or of those `actor` may see.

    It follows from the data alone: not from the day it is asked on, nor from who asks. Stages are those of dated
    events; names by their dates; other fields as they were recorded on the last day; figures are of periods up to the
    quarter's last month as they stand now, for they are reported after the quarter is over.
    """
    found = lines.of(quarter, actor)
    held = [thawed(line.row) for line in found if line.held]
    changed = [telling.change_of(change) for line in found for change in thawed_all(line.changes)]
    told = changes.in_order(concerned.with_names(changed, actor))
    return _book(quarter, actor, held, told, {line.rules for line in found})


def _book(
    quarter: Quarter, actor: Actor | None, held: Iterable[Row], told: Sequence[Change], named_rules: Iterable[str]
) -> QuarterBook:
    versions = {(rule_id, version) for text in named_rules for rule_id, version in json.loads(text)}
    used = [rule for rule_id, version in versions if (rule := reference.rules().version(rule_id, version))]
    return QuarterBook(
        quarter=quarter.label,
        as_of=quarter.last,
        city=reference.city().name,
        groups=_groups(held, telling.counties(quarter.last), all_counties=actor is None),
        divisions=telling.divisions(),
        changes=told,
        rules=rule_notes(used, quarter.last),
        scope=scope_note(quarter.first, quarter.last),
        compared_with=quarter.previous.label,
        draft=True,
    )


def shown(quarter: Quarter, snapshot: Snapshot | None, actor: Actor | None = None) -> QuarterBook:
    """What a page shows of the quarter, closed or not."""
    return snapshots.book(snapshot, actor) if snapshot else summed(quarter, actor)


def summed(quarter: Quarter, actor: Actor | None = None) -> QuarterBook:
    """The book of a quarter that is not closed with sums for rows, and changes that are read as they are looked at."""
    if (kept := sums.of_kept(quarter, actor)) is None:
        return book(quarter, actor)
    of_now, found = kept
    moves = _moves(found)
    told = slices.KeptChanges(of_now, size=sum(moves.values()))
    named_rules = {rules for (rules,), _amount in sums.under(found, sums.RULES)}
    sheet = _book(quarter, actor, _rows(found, sums.PLACE), told, named_rules)
    return replace(sheet, sums=_book_sums(found, moves, slices.KeptRows(of_now)))


def _moves(found: Sums) -> dict[Move, int]:
    return {
        Move(ChangeKind(kind), way, listed): amount[0]
        for (kind, way, listed), amount in sums.under(found, sums.MOVE)
    }  # fmt: skip


def _rows(found: Sums, name: str) -> list[Row]:
    """Rows that stand for as many firms as are alike."""
    return [
        {
            **dict(zip(sums.OF_HELD[name], alike, strict=True)),
            "firms": firms, "reported": reported, "revenue_to_date": revenue if reported else None,
        }
        for alike, (firms, reported, revenue) in sums.under(found, name)
    ]  # fmt: skip


def _book_sums(found: Sums, moves: dict[Move, int], firms: FoundLater[Row]) -> BookSums:
    offices = {name for under in (sums.PROPOSER, sums.BUREAU) for (name,), _amount in sums.under(found, under)}
    return BookSums(
        firms, _rows(found, sums.TRADE), sorted(name for name in offices if name), moves,
        {ChangeKind(kind): amount[0] for (kind,), amount in sums.under(found, sums.CHANGED)},
        sorted(spot for (spot,), _amount in sums.under(found, sums.SPOT) if spot),
    )  # fmt: skip


def _groups(rows: Iterable[Row], labels: Sequence[tuple[str, str]], *, all_counties: bool) -> tuple[CountyGroup, ...]:
    """Firms by the county that counts them, once; a zone's firms stand after those of its county's own."""
    by_county: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=telling.place_in_group):
        by_county[row["county"]].append(row)
    groups = [CountyGroup(label, by_county[code]) for code, label in labels if all_counties or by_county[code]]
    known = {code for code, _ in labels}
    unknown = [row for county in (None, *by_county) if county not in known for row in by_county[county]]
    return (*groups, *([CountyGroup(COUNTY_UNKNOWN, unknown)] if unknown else []))


def rule_notes(used: Iterable[ThresholdRule], last: date) -> tuple[RuleNote, ...]:
    ordered = sorted(used, key=lambda rule: (rule.kind, rule.rule_id, rule.version))
    return (*(rule_note(as_told(rule, last)) for rule in ordered), tier_note(rules.in_force(starting("tier."), last)))
