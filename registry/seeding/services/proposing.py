"""Drafts that files of reference data propose: nobody prepared them, so one person who checks is the second."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.reference.rules.versions import KIND_LABELS, LINES, DraftState, RuleSetKind, VersionLine
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts, published
from registry.rulesets.rules.loaded import FileDifference
from registry.rulesets.services.rulechecks import DraftFaults, sound
from registry.rulesets.texts.files import DRAFT_DROPPED, DRAFT_NOTE, DRAFT_TITLE
from registry.seeding.services.differing import Differing, Proposed
from registry.trail.services import trail


@dataclass(frozen=True)
class _Group:
    """What belongs into one draft: rows of one set that begin on one day."""

    kind: RuleSetKind
    start: date | None
    annual: int | None
    rows: tuple[tuple[str, Differing], ...]

    @property
    def proposed(self) -> list[Proposed]:
        return [row.proposed for _file, row in self.rows if row.proposed is not None]

    @property
    def numbers(self) -> dict[str, list[int]]:
        """The rows of each file, as a spreadsheet numbers them."""
        found: dict[str, list[int]] = {}
        for file, row in self.rows:
            found.setdefault(file, []).append(row.row)
        return found

    @property
    def sources(self) -> str:
        return "；".join(dict.fromkeys(one.source for one in self.proposed))

    def digest(self) -> str:
        said = [self.kind, str(self.start), self.annual, self.sources, [dict(one.item) for one in self.proposed]]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def settle(rows: Mapping[str, Sequence[Differing]], *, at: datetime, on: date) -> dict[str, tuple[FileDifference, ...]]:
    """Draft what the rows propose, once; take back what none proposes any longer; say what came of each."""
    groups = _groups(rows, on)
    _take_back({group.digest() for group in groups}, at=at, on=on)
    came: dict[tuple[str, int], tuple[str, dict[str, object]]] = {}
    for group in groups:
        outcome = _outcome(group, at=at, on=on)
        came |= {(file, row.row): outcome for file, row in group.rows}
    return {
        file: tuple(
            FileDifference(
                row.row, row.key, one.name, one.here, one.there, *came.get((file, row.row), (row.outcome, {}))
            )
            for row in found
            for one in row.fields
        )
        for file, found in rows.items()
    }


def _groups(rows: Mapping[str, Sequence[Differing]], on: date) -> list[_Group]:
    """A day that is past is no day for a new version."""
    found: dict[tuple[RuleSetKind, date | None, int | None], list[tuple[str, Differing]]] = {}
    for file, row in ((file, row) for file, several in rows.items() for row in several):
        if (one := row.proposed) is not None:
            coming = one.start is not None and one.start >= on
            key = (one.kind, one.start, one.annual) if coming else (one.kind, None, None)
            found.setdefault(key, []).append((file, row))
    return [_Group(*key, tuple(group)) for key, group in found.items()]


def _outcome(group: _Group, *, at: datetime, on: date) -> tuple[str, dict[str, object]]:
    """The draft that waits or was declined; a new one where there is none."""
    digest = group.digest()
    for draft in _proposals():
        if draft.contents["file"]["digest"] == digest and draft.outcome != DraftState.WITHDRAWN:
            return "waits" if draft.outcome is None else "declined", {"draft": draft.id}
    draft = _draft(group, at=at, on=on)
    try:
        sound(draft, on)
    except DraftFaults as error:
        return "unsound", {"reason": "".join(str(fault) for fault in error.faults)}
    draft.submitted_at = at
    db.session.add(draft)
    db.session.flush()
    after = {"ruleset": KIND_LABELS[group.kind], "valid_from": draft.valid_from, "content": _told(group)}
    trail.record(SYSTEM_ACTOR, "draft_rules", draft, at=at, after=after)
    return "waits", {"draft": draft.id}


def _told(group: _Group) -> str:
    return "\n".join(" ".join(f"{name}={text}" for name, text in one.item.items() if text) for one in group.proposed)


def _take_back(digests: set[str], *, at: datetime, on: date) -> None:
    """What no file says any longer, or what can no longer begin on its day, waits for nobody."""
    for draft in _proposals():
        stale = draft.kind != RuleSetKind.REFERENCE and draft.valid_from < on
        if draft.outcome is None and (stale or draft.contents["file"]["digest"] not in digests):
            draft.outcome, draft.opinion, draft.decided_at = DraftState.WITHDRAWN, DRAFT_DROPPED, at
            draft.decided_by_name = SYSTEM_ACTOR.name
            db.session.flush()
            trail.record(SYSTEM_ACTOR, "withdraw_rules", draft, at=at)


def _proposals() -> list[RuleDraft]:
    rows = select(RuleDraft).where(RuleDraft.prepared_by_id.is_(None)).order_by(RuleDraft.id)
    return list(db.session.scalars(rows))


# -- the draft ------------------------------------------------------------------------------------
def _draft(group: _Group, *, at: datetime, on: date) -> RuleDraft:
    made = {"rows": group.numbers, "digest": group.digest()}
    start = group.start or _next_start(group, on)
    statutory = group.kind is RuleSetKind.STATUTORY
    return RuleDraft(
        kind=group.kind,
        title=DRAFT_TITLE % {"kind": KIND_LABELS[group.kind]},
        contents={**_contents(group, on), "file": made},
        valid_from=start,
        annual_from=(group.annual or start.year) if statutory else None,
        source=group.sources,
        verified=all(one.verified for one in group.proposed),
        note=DRAFT_NOTE
        % {"rows": "，".join(f"{file} {'、'.join(map(str, rows))}" for file, rows in group.numbers.items())},
        prepared_by_name=SYSTEM_ACTOR.name,
        prepared_at=at,
    )


def _next_start(group: _Group, on: date) -> date:
    """The first of next year, or of the year after the newest version that any of the rules has."""
    if group.kind is RuleSetKind.REFERENCE:
        return on
    starts = [_since(one.item) for one in group.proposed]
    return date(max([on.year, *(start.year for start in starts if start)]) + 1, 1, 1)


def _since(item: Mapping[str, str]) -> date | None:
    """The first day of the newest published version of the rule or setting that the item is about."""
    if "rule_id" in item:
        rule = published.newest_rules().get(item["rule_id"])
        return rule.periodic_from if rule else None
    return published.newest_settings()[item["key"]][0]


def _contents(group: _Group, on: date) -> dict[str, Any]:
    items = [dict(one.item) for one in group.proposed]
    if group.kind is RuleSetKind.REFERENCE:
        return {"rows": items}
    if group.kind in LINES:
        put = {item["rule_id"]: VersionLine.parse(item) for item in items}
        lines = {rule.rule_id: VersionLine.of(rule) for rule in drafts.newest_lines(group.kind, on)}
        return {"lines": [line.as_text() for line in (lines | put).values()]}
    newest = drafts.newest_settings(group.kind)
    values = {key: row.value for key, row in newest.items()} | {item["key"]: item["value"] for item in items}
    return {"values": values, "base": {key: row.valid_from.isoformat() for key, row in newest.items()}}
