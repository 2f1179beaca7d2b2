"""Versions of the sets of rules with their dates, the drafts of new ones, and what a draft changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import Select, false, select

from registry.base.belongings import Belonging
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.permissions import Actor, can
from registry.base.vocabulary import Role
from registry.reference.models import Parameter, Threshold
from registry.reference.queries import reference
from registry.reference.rules.thresholds import ThresholdRule
from registry.reference.rules.versions import (
    JUDGING,
    LINES,
    DraftState,
    RuleSetKind,
    VersionLine,
    VersionState,
    changed,
    kind_of,
    latest,
    state,
)
from registry.rulesets.models import RuleDraft

_ORDER = (VersionState.IN_FORCE, VersionState.COMING, VersionState.ENDED)


@dataclass(frozen=True)
class Version:
    """One version of one rule; of a line `rule` says all of it, of a setting `value`."""

    key: str
    label: str
    number: int
    valid_from: date | None
    valid_to: date | None
    source: str
    verified: bool
    state: VersionState
    draft_id: int | None
    rule: ThresholdRule | None = None
    value: str = ""


def versions(kind: RuleSetKind, on: date) -> list[Version]:
    """Every version of a set as it stands on `on`: in force, coming, ended; of each the rules by name."""
    found = _lines(kind, on) if kind in LINES else _settings(kind, on)
    return sorted(found, key=lambda row: (_ORDER.index(row.state), row.key, -row.number))


def _lines(kind: RuleSetKind, on: date) -> list[Version]:
    origin = {(row.rule_id, row.version): row.draft_id for row in db.session.scalars(select(Threshold))}
    return [
        Version(
            rule.rule_id, rule.label, rule.version, rule.periodic_from, rule.periodic_to, rule.source, rule.verified,
            state(rule.periodic_from, rule.periodic_to, on), origin[rule.rule_id, rule.version], rule,
        )
        for rule in reference.rules().all()
        if rule.kind is LINES[kind]
    ]  # fmt: skip


def _settings(kind: RuleSetKind, on: date) -> list[Version]:
    found = []
    for rows in _by_key(kind).values():
        for number, row in enumerate(rows, start=1):
            ends = _last_day(rows, number)
            found.append(
                Version(
                    row.key, row.label, number, row.valid_from, ends, row.source, row.verified,
                    state(row.valid_from, ends, on), row.draft_id, value=row.value,
                )
            )  # fmt: skip
    return found


def last_days(settings: Iterable[Parameter]) -> dict[tuple[str, date], date | None]:
    """Of `settings`, every version of each, the last day a version holds, by key and first day; None is open."""
    found: dict[tuple[str, date], date | None] = {}
    for _key, group in groupby(sorted(settings, key=lambda row: (row.key, row.valid_from)), key=lambda row: row.key):
        rows = list(group)
        found |= {(row.key, row.valid_from): _last_day(rows, number) for number, row in enumerate(rows, start=1)}
    return found


def _last_day(rows: list[Parameter], number: int) -> date | None:
    """Of the version with this number: its own end, else the day before the next version."""
    following = rows[number].valid_from - timedelta(days=1) if number < len(rows) else None
    return min(filter(None, (rows[number - 1].valid_to, following)), default=None)


def _by_key(kind: RuleSetKind) -> dict[str, list[Parameter]]:
    """The versions of every setting of a set, the oldest first."""
    rows: dict[str, list[Parameter]] = {}
    for row in db.session.scalars(select(Parameter).order_by(Parameter.key, Parameter.valid_from)):
        if kind_of(row.key) is kind:
            rows.setdefault(row.key, []).append(row)
    return rows


def newest_settings(kind: RuleSetKind) -> dict[str, Parameter]:
    """The newest version of every setting of a set: what a new draft is copied from."""
    return {key: rows[-1] for key, rows in _by_key(kind).items()}


def newest_lines(kind: RuleSetKind, on: date) -> tuple[ThresholdRule, ...]:
    return latest(reference.rules().all(), LINES[kind], on)


# -- drafts ---------------------------------------------------------------------------------------
def drafts(actor: Actor) -> Select[RuleDraft]:
    """The drafts `actor` may read, the newest first."""
    statement = select(RuleDraft).order_by(RuleDraft.id.desc())
    if can(actor, "ruleset.read_draft"):
        return statement
    return statement.where(RuleDraft.kind == RuleSetKind.REFERENCE if can(actor, "reference.draft") else false())


def own_open(actor: Actor, kind: RuleSetKind) -> Select[RuleDraft]:
    """The drafts of this kind that `actor` is still writing, the newest first."""
    mine = RuleDraft.prepared_by_id == actor.user_id
    return drafts(actor).where(
        mine, RuleDraft.kind == kind, RuleDraft.outcome.is_(None), RuleDraft.submitted_at.is_(None)
    )


def one(actor: Actor, draft_id: int) -> Select[RuleDraft]:
    return drafts(actor).where(RuleDraft.id == draft_id)


def state_of(draft: RuleDraft) -> DraftState:
    if draft.outcome is not None:
        return DraftState(draft.outcome)
    return DraftState.WAITING if draft.submitted_at else DraftState.DRAFT


def to_check(actor: Actor) -> Select[RuleDraft]:
    """The drafts that wait for a check which this very person may give: they never had a hand in it."""
    rows = select(RuleDraft).where(RuleDraft.outcome.is_(None), RuleDraft.submitted_at.is_not(None))
    if not can(actor, "ruleset.draft"):
        return rows.where(false())
    had = RuleDraft.former_hands.contains(f",{actor.user_id},")
    return rows.where(RuleDraft.prepared_by_id.is_distinct_from(actor.user_id), ~had)


def due(on: date) -> list[RuleDraft]:
    """Published sets by which firms are judged, whose day has come and by which they have not been judged yet."""
    rows = (
        select(RuleDraft)
        .where(RuleDraft.outcome == DraftState.PUBLISHED, RuleDraft.effected_at.is_(None), RuleDraft.valid_from <= on)
        .where(RuleDraft.kind.in_(sorted(JUDGING)))
        .order_by(RuleDraft.valid_from, RuleDraft.id)
    )
    return list(db.session.scalars(rows))


def lines_of(draft: RuleDraft) -> list[VersionLine]:
    return [VersionLine.parse(row) for row in draft.contents.get("lines", ())]


def values_of(draft: RuleDraft) -> dict[str, str]:
    """The settings of a draft; one that is known no longer, or never was, is none of them."""
    return {key: text for key, text in draft.contents.get("values", {}).items() if kind_of(key) == draft.kind}


def bases_of(lines: Iterable[VersionLine]) -> dict[tuple[str, int], ThresholdRule]:
    """The published versions that the lines of a draft were copied from."""
    found = {(line.rule_id, line.base): reference.rules().version(line.rule_id, line.base) for line in lines}
    return {key: rule for key, rule in found.items() if rule is not None}


def settings_at_base(draft: RuleDraft) -> dict[str, Parameter]:
    """The published settings that a draft was copied from, by key."""
    since: Mapping[str, str] = draft.contents.get("base", {})
    rows = _by_key(RuleSetKind(draft.kind)) if since else {}
    return {key: row for key in since for row in rows.get(key, ()) if row.valid_from.isoformat() == since[key]}


def changed_lines(draft: RuleDraft) -> list[VersionLine]:
    lines = lines_of(draft)
    return list(changed(lines, bases_of(lines)))


def changed_settings(draft: RuleDraft) -> dict[str, str]:
    bases = settings_at_base(draft)
    return {key: text for key, text in values_of(draft).items() if key not in bases or bases[key].value != text}


def newest_start(draft: RuleDraft) -> date | None:
    """The first day of the newest published version of what the draft changes."""
    if RuleSetKind(draft.kind) in LINES:
        touched = {line.rule_id for line in changed_lines(draft)}
        starts = [rule.periodic_from for rule in reference.rules().all() if rule.rule_id in touched]
    else:
        newest = newest_settings(RuleSetKind(draft.kind))
        starts = [newest[key].valid_from for key in changed_settings(draft) if key in newest]
    return max(filter(None, starts), default=None)


BELONGINGS = (
    Belonging(
        "rule_drafts",
        N_("本人起草、尚未办结的规则或基础数据草稿"),
        RuleDraft.prepared_by_id,
        lambda _user: RuleDraft.outcome.is_(None),
        roles=frozenset({Role.STATISTICIAN, Role.CITY_OFFICE, Role.SYSTEM_ADMIN}),
        named=RuleDraft.prepared_by_name,
        before=RuleDraft.former_hands,
    ),
)
