"""A quarter is closed: read from one steady view, written in turns, sealed, never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from registry.base.errors import CLOSING_NOTE, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db, provided
from registry.base.periods import Quarter
from registry.base.permissions import Actor, can
from registry.base.spool import Spool
from registry.base.steady import steady_view
from registry.duplicates.queries import certificates as recall
from registry.firms.models.firms import Firm
from registry.quarters.models import Snapshot
from registry.quarters.queries import (
    certificates,
    changes,
    closing,
    concerned,
    corrections,
    quarters,
    rows,
    snapshots,
    telling,
)
from registry.quarters.rules import closing as points
from registry.quarters.rules.certificates import OfficePart, PartsTaken
from registry.quarters.rules.closing import Finding
from registry.quarters.rules.frozen import canonical, digest
from registry.quarters.services import sealing
from registry.quarters.services.sealed import REACH, whole
from registry.quarters.sheets.certified import CertifiedLine, kept
from registry.quarters.sheets.notes import scope_note
from registry.quarters.sheets.summaries import Change, ChangeKind
from registry.quarters.texts import ExtensionRuns, NotCertified, UnknownWithout
from registry.reference.queries import reference
from registry.reference.rules.thresholds import ThresholdRule
from registry.sheets.columns import export_columns
from registry.trail.models import TrailHead
from registry.trail.services import refusals, trail
from registry.trail.services.trail import Act

PERMISSION = "quarter.close"


def allow(actor: Actor, *, at: datetime) -> None:
    """Raises NotAllowed, and the attempt is recorded."""
    if not can(actor, PERMISSION):
        refusals.record_refusal(actor, PERMISSION, "registry close", at=at)
        raise NotAllowed


def close(
    actor: Actor,
    quarter: Quarter,
    *,
    note: str,
    at: datetime,
    on: date,
    without: Mapping[str, str] = MappingProxyType({}),
) -> Snapshot:
    """Freeze the quarter as it is known at this moment; `without`: office -> why its certificate is not waited for.

    Everything is read from one steady view while others go on working; what they do meanwhile comes after the head of
    the chain that the snapshot names, and is a correction of the next quarter. The caller's transaction is let go, what
    is written is committed in turns, and the caller commits the seal.
    Raises NotAllowed, QuarterOpen, QuarterClosed, EarlierQuarterOpen, QuarterEmpty, ReasonNeeded, NotCertified,
    ExtensionRuns, UnknownWithout.
    """
    with steady_view():
        taken = take(actor, quarter, note=note, at=at, on=on, without=without)
    with taken:
        sealing.sweep()
        return keep(actor, taken)


@dataclass
class QuarterTaken:
    """A quarter as it was read, on its way into the tables; its files are gone when the block ends."""

    values: dict[str, Any]
    rows: Spool
    changes: Spool
    findings: list[Finding] = field(default_factory=list)

    def __enter__(self) -> QuarterTaken:
        return self

    def __exit__(self, *_: object) -> None:
        self.rows.close()
        self.changes.close()


def take(
    actor: Actor,
    quarter: Quarter,
    *,
    note: str,
    at: datetime,
    on: date,
    without: Mapping[str, str] = MappingProxyType({}),
) -> QuarterTaken:
    """Read the quarter in the present transaction, in spans of firms, into files that take no memory."""
    if not can(actor, PERMISSION):
        raise NotAllowed
    if obstacle := closing.obstacle(quarter, on):
        raise obstacle
    findings = closing.checklist(quarter, on)
    if any(finding.count for finding in findings) and not note.strip():
        raise ReasonNeeded("note", CLOSING_NOTE)
    previous = snapshots.of(quarter.previous)
    spooled, told, used, sizes, parts = _read(quarter, closed=previous is not None)
    try:
        certified = _certified(quarter, parts, without, on)
    except RegistryError:
        spooled.close()
        told.close()
        raise
    beside = canonical({name: of for told_by in provided("beside_quarter") for name, of in told_by(quarter).items()})
    head = db.session.execute(select(TrailHead.seq, TrailHead.hash)).one()
    values = {
        "quarter": quarter.label,
        "as_of": quarter.last,
        "closed_at": at,
        "closed_by_id": actor.user_id,
        "closed_by_name": actor.name,
        "note": note.strip(),
        "rows": len(spooled),
        "changes": len(told),
        "previous_id": previous.id if previous else None,
        "chain_seq": head.seq,
        "chain_hash": head.hash,
        "header": {
            **_header(quarter, used, sizes, previous),
            "certificates": [kept(line) for line in certified],
            "beside": digest(beside),
        },
        "beside": beside,
        "checklist": points.kept(findings),
    }
    values["digest"] = whole(values, (digest(text) for text in spooled), (digest(text) for text in told))
    return QuarterTaken(values, spooled, told, findings)


def keep(actor: Actor, taken: QuarterTaken, *, commit: Callable[[], None] | None = None) -> Snapshot:
    """Write what was read, in turns with a `commit` after each; the seal and the closing on the trail are the caller's.

    Raises QuarterClosed where somebody was faster, or closes it at this moment.
    """
    store = commit or db.session.commit
    number = sealing.write(taken.values, taken.rows, taken.changes, store)
    snapshot = sealing.seal(number, taken.values["quarter"])
    after = {
        "quarter": snapshot.quarter,
        "rows": snapshot.rows,
        "changes": snapshot.changes,
        "digest": snapshot.digest,
        "chain": f"{snapshot.chain_seq}:{snapshot.chain_hash}",
        "open": sum(finding.count for finding in taken.findings),
        "without": [line["office"] for line in taken.values["header"].get("certificates", ()) if line["without"]],
    }
    act = Act("close_quarter", "quarter", snapshot.id, snapshot.quarter, after=after, reason=snapshot.note)
    trail.record_all(actor, [act], at=snapshot.closed_at)
    return snapshot


# -- reading --------------------------------------------------------------------------------------
def _certified(
    quarter: Quarter, parts: Mapping[int, OfficePart], without: Mapping[str, str], on: date
) -> list[CertifiedLine]:
    """Of each office with rows how its part stands; whoever has not certified is named with the reason given for it."""
    if unknown := without.keys() - reference.offices().keys():
        raise UnknownWithout(code=min(unknown))
    lines, missing = [], {}
    for one in certificates.standing(quarter, parts):
        reason = "" if one.is_certified else without.get(one.office.code, "").strip()
        if not one.is_certified and not reason:
            missing[one.office.code] = one.name
        if reason and one.extension is not None and on <= one.extension.until:
            raise ExtensionRuns(office=one.name, day=one.extension.until.isoformat())
        lines.append(one.line(reason))
    if missing:
        raise NotCertified(missing)
    return lines


def _read(
    quarter: Quarter, *, closed: bool
) -> tuple[Spool, Spool, set[ThresholdRule], list[int], dict[int, OfficePart]]:
    """Rows and changes, the rules of the verdicts, the counts (listed on the last day, entered, left), the parts."""
    taken, told, used, sizes, parts = Spool(), Spool(), set[ThresholdRule](), [0, 0, 0], PartsTaken()
    order = {code: number for number, (code, _) in enumerate(telling.counties(quarter.last))}
    for span in rows.spans(quarter):
        found = concerned.among(quarter, which=Firm.id.between(*span), closed=closed)
        used |= found.rules
        for row, text in rows.texts(found):
            place = order.get(row["county"], len(order)), row["county"] or "", telling.place_in_group(row)
            taken.add(place, text)
            parts.add(row, digest(text))
            sizes[0] += row["listed"]
        names = concerned.names_of([row["into_id"] for row in found.rows.values() if row["into_id"]], None)
        for change in found.changes:
            reach = {key: found.rows[change.firm_id or 0][key] for key in REACH}
            _spool(told, concerned.named(change, names), reach)
            sizes[1] += change.kind is ChangeKind.ENTERED
            sizes[2] += change.kind is ChangeKind.LEFT
    for late in corrections.since_closing(quarter):
        _spool(told, late.change, late.reach, of=late.quarter, field=late.field, value=late.value)
    return taken, told, used, sizes, parts.parts()


def _spool(spool: Spool, change: Change, reach: Mapping[str, Any], **late: Any) -> None:
    more = {"of": "", "field": "", "value": None, **late}
    spool.add((*changes.order_of(change), more["of"], more["field"]), canonical({**asdict(change), **reach, **more}))


def _header(
    quarter: Quarter, used: Iterable[ThresholdRule], sizes: list[int], previous: Snapshot | None
) -> dict[str, Any]:
    """What the directory says above and beside its rows."""
    return {
        "city": reference.city().name,
        "groups": [list(group) for group in telling.counties(quarter.last)],
        "divisions": {code: list(labels) for code, labels in telling.divisions().items()},
        "rules": [list(asdict(note).values()) for note in quarters.rule_notes(used, quarter.last)],
        "scope": scope_note(quarter.first, quarter.last),
        "compared_with": quarter.previous.label,
        "sizes": sizes,
        "rules_digest": corrections.rules_digest(quarter),
        "previous": previous.digest if previous else "",
        "columns": [column.key for column in export_columns()],
        "recall": certificate.facts() if (certificate := recall.current()) else None,
    }
