"""New versions of rules: copied from those in force, edited, checked by a second person, published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.reference.models import Parameter, Threshold
from registry.reference.queries import reference
from registry.reference.rules.versions import KIND_LABELS, LINES, DraftState, RuleSetKind, VersionLine, published
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.rulesets.rules.faults import line_faults, start_faults
from registry.rulesets.services import newrows
from registry.rulesets.services.rulechecks import DraftFaults, checkable, editable, hold, sound, wrong_values
from registry.rulesets.texts.drafts import RULESET_ERRORS
from registry.trail.services import trail


@dataclass(frozen=True)
class Head:
    """What a draft says of itself, beside its rules."""

    title: str
    valid_from: date
    annual_from: int | None
    source: str
    verified: bool
    note: str


def prepare(actor: Actor, kind: RuleSetKind, *, title: str, at: datetime, on: date) -> RuleDraft:
    """A draft with the newest versions of the set as they are; it begins with the first day of next year."""
    permission = "reference.draft" if kind is RuleSetKind.REFERENCE else "ruleset.draft"
    if actor.user_id is None or not can(actor, permission):
        raise NotAllowed
    start = on if kind is RuleSetKind.REFERENCE else date(on.year + 1, 1, 1)
    draft = RuleDraft(
        kind=kind,
        title=title,
        contents=_copied(kind, on),
        valid_from=start,
        annual_from=start.year if kind is RuleSetKind.STATUTORY else None,
        source="",
        note="",
        prepared_by_id=actor.user_id,
        prepared_by_name=actor.name,
        prepared_at=at,
    )
    db.session.add(draft)
    db.session.flush()
    trail.record(actor, "draft_rules", draft, at=at, after={"ruleset": KIND_LABELS[kind]})
    return draft


def _copied(kind: RuleSetKind, on: date) -> dict[str, Any]:
    if kind is RuleSetKind.REFERENCE:
        return {"rows": []}
    if kind in LINES:
        return {"lines": [VersionLine.of(rule).as_text() for rule in drafts.newest_lines(kind, on)]}
    newest = drafts.newest_settings(kind)
    return {
        "values": {key: row.value for key, row in newest.items()},
        "base": {key: row.valid_from.isoformat() for key, row in newest.items()},
    }


# -- editing --------------------------------------------------------------------------------------
def revise(
    actor: Actor, draft: RuleDraft, head: Head, values: Mapping[str, str], *, seen: int, at: datetime, on: date
) -> None:
    """Change what the draft says of itself, and its settings. Raises DraftFaults with every fault, StaleRecord."""
    editable(actor, draft, seen)
    faults = [FieldError(name, RULESET_ERRORS[name]) for name in ("title", "source") if not getattr(head, name).strip()]
    faults += start_faults(
        RuleSetKind(draft.kind), head.valid_from, head.annual_from, on=on, newest=drafts.newest_start(draft)
    )
    faults += wrong_values(draft, values)
    if faults:
        raise DraftFaults(faults)
    names = ("title", "valid_from", "annual_from", "source", "verified", "note")
    before = {name: getattr(draft, name) for name in names} | {"content": _told(drafts.values_of(draft))}
    for name in names:
        setattr(draft, name, getattr(head, name))
    if values:
        draft.contents = {**draft.contents, "values": dict(values)}
    after = {name: getattr(draft, name) for name in names} | {"content": _told(drafts.values_of(draft))}
    _record_edit(actor, draft, before, after, at=at)


def write_line(
    actor: Actor, draft: RuleDraft, line: VersionLine, *, seen: int, at: datetime, adding: bool = False
) -> None:
    """Put a line in the place of the one with its number, or add it. Raises DraftFaults, StaleRecord."""
    editable(actor, draft, seen)
    kind, lines = LINES[RuleSetKind(draft.kind)], drafts.lines_of(draft)
    known = frozenset(row.code for row in reference.classification().all())
    faults = list(line_faults(line, kind, known))
    taken = {rule.rule_id for rule in reference.rules().all()} | {one.rule_id for one in lines}
    if adding and line.rule_id in taken:
        faults.append(FieldError("rule_id", RULESET_ERRORS["rule_taken"], rule=line.rule_id))
    if faults:
        raise DraftFaults(faults)
    before = [one for one in lines if one.rule_id == line.rule_id]
    put = [*lines, line] if adding else [line if one.rule_id == line.rule_id else one for one in lines]
    draft.contents = {**draft.contents, "lines": [one.as_text() for one in put]}
    _record_edit(actor, draft, {"content": _said(before)}, {"content": _said([line])}, at=at)


def drop_line(actor: Actor, draft: RuleDraft, rule_id: str, *, seen: int, at: datetime) -> None:
    """Take a line out again that this draft added; a published one can only end."""
    editable(actor, draft, seen)
    lines = drafts.lines_of(draft)
    gone = [one for one in lines if one.rule_id == rule_id and not one.base]
    draft.contents = {**draft.contents, "lines": [one.as_text() for one in lines if one not in gone]}
    _record_edit(actor, draft, {"content": _said(gone)}, {"content": ""}, at=at)


def write_row(
    actor: Actor, draft: RuleDraft, item: Mapping[str, str], *, seen: int, at: datetime, number: int | None = None
) -> None:
    """Put a row of reference data in the place of the one with this number, or add it. Raises StaleRecord."""
    editable(actor, draft, seen)
    rows = list(draft.contents["rows"])
    before = [] if number is None else [rows[number - 1]]
    if number is None:
        rows.append(dict(item))
    else:
        rows[number - 1] = dict(item)
    draft.contents = {**draft.contents, "rows": rows}
    draft.source = draft.source or item["source"]
    _record_edit(actor, draft, {"content": _rows_said(before)}, {"content": _rows_said([item])}, at=at)


def write_rows(actor: Actor, draft: RuleDraft, items: Iterable[Mapping[str, str]], *, seen: int, at: datetime) -> None:
    """Add rows of reference data, all of them or none. Raises StaleRecord."""
    editable(actor, draft, seen)
    added = [dict(item) for item in items]
    draft.contents = {**draft.contents, "rows": [*draft.contents["rows"], *added]}
    draft.source = draft.source or next((item["source"] for item in added), "")
    _record_edit(actor, draft, {"content": ""}, {"content": _rows_said(added)}, at=at)


def drop_row(actor: Actor, draft: RuleDraft, number: int, *, seen: int, at: datetime) -> None:
    """Take a row out of the draft again."""
    editable(actor, draft, seen)
    rows = list(draft.contents["rows"])
    gone = rows.pop(number - 1)
    draft.contents = {**draft.contents, "rows": rows}
    _record_edit(actor, draft, {"content": _rows_said([gone])}, {"content": ""}, at=at)


def _rows_said(rows: Iterable[Mapping[str, str]]) -> str:
    return "\n".join(" ".join(f"{name}={text}" for name, text in row.items() if text) for row in rows)


def _record_edit(
    actor: Actor, draft: RuleDraft, before: Mapping[str, Any], after: Mapping[str, Any], *, at: datetime
) -> None:
    names = [name for name in after if before[name] != after[name]]
    db.session.flush()
    if names:
        trail.record(
            actor, "edit_rules", draft, at=at,
            before={name: before[name] for name in names}, after={name: after[name] for name in names},
        )  # fmt: skip


def _said(lines: Iterable[VersionLine]) -> str:
    """Lines as the trail keeps them: every column by name."""
    rows = (line.as_text() for line in lines)
    return "\n".join(" ".join(f"{name}={text}" for name, text in row.items() if text) for row in rows)


def _told(values: Mapping[str, str]) -> str:
    return " ".join(f"{key}={text}" for key, text in sorted(values.items()))


# -- two people -----------------------------------------------------------------------------------
def submit(actor: Actor, draft: RuleDraft, *, seen: int, at: datetime, on: date) -> None:
    """Ask for the check of a second person. Raises DraftFaults where the draft could not be published as it is."""
    editable(actor, draft, seen)
    sound(draft, on)
    draft.submitted_at = at
    db.session.flush()
    trail.record(actor, "submit_rules", draft, at=at, after={"valid_from": draft.valid_from})


def give_back(actor: Actor, draft: RuleDraft, *, opinion: str, seen: int, at: datetime) -> None:
    """The second person wants it mended: it is a draft again, with the opinion beside it."""
    checkable(actor, draft, seen, opinion)
    if draft.prepared_by_id is None:
        raise RegistryError(RULESET_ERRORS["by_file"])
    draft.submitted_at, draft.opinion = None, opinion.strip()
    db.session.flush()
    trail.record(actor, "return_rules", draft, at=at, reason=draft.opinion)


def refuse(actor: Actor, draft: RuleDraft, *, opinion: str, seen: int, at: datetime) -> None:
    checkable(actor, draft, seen, opinion)
    _close(actor, draft, DraftState.REFUSED, opinion, at=at)
    trail.record(actor, "refuse_rules", draft, at=at, reason=draft.opinion)


def withdraw(actor: Actor, draft: RuleDraft, *, seen: int, at: datetime) -> None:
    """Whoever prepared it lets it go, submitted or not."""
    hold(draft, seen)
    if not can(actor, "ruleset.edit", draft):
        raise NotAllowed
    _close(actor, draft, DraftState.WITHDRAWN, "", at=at)
    trail.record(actor, "withdraw_rules", draft, at=at)


def publish(actor: Actor, draft: RuleDraft, *, opinion: str, seen: int, at: datetime, on: date) -> None:
    """Append the new versions; those before end the day before, and no row of theirs is touched."""
    checkable(actor, draft, seen, opinion)
    sound(draft, on)
    versions = _append(draft)
    _close(actor, draft, DraftState.PUBLISHED, opinion, at=at)
    trail.record(
        actor, "publish_rules", draft, at=at, reason=draft.opinion,
        after={"valid_from": draft.valid_from, "versions": versions},
    )  # fmt: skip
    reference.forget_rules()


def _append(draft: RuleDraft) -> list[str]:
    """Add what the draft publishes; what each new row is called."""
    kind = RuleSetKind(draft.kind)
    if kind is RuleSetKind.REFERENCE:
        return newrows.publish(draft)
    added = _new_lines(draft) if kind in LINES else _new_settings(draft)
    db.session.add_all(row for _, row in added)
    return [label for label, _ in added]


def _new_lines(draft: RuleDraft) -> list[tuple[str, Any]]:
    kind, added = LINES[RuleSetKind(draft.kind)], []
    for line in drafts.changed_lines(draft):
        rule = published(
            line, kind, valid_from=draft.valid_from, annual_from=draft.annual_from,
            source=draft.source, verified=draft.verified,
        )  # fmt: skip
        columns = {name: getattr(rule, name) for name in rule.__slots__}
        columns["industry_prefixes"] = " ".join(rule.industry_prefixes)
        added.append((f"{rule.rule_id} v{rule.version}", Threshold(**columns, draft_id=draft.id)))
    return added


def _new_settings(draft: RuleDraft) -> list[tuple[str, Any]]:
    bases = drafts.settings_at_base(draft)
    return [
        (
            f"{key}={text}",
            Parameter(
                key=key, value=text, valid_from=draft.valid_from, label=bases[key].label, source=draft.source,
                verified=draft.verified, draft_id=draft.id,
            ),
        )
        for key, text in drafts.changed_settings(draft).items()
    ]  # fmt: skip


def _close(actor: Actor, draft: RuleDraft, outcome: DraftState, opinion: str, *, at: datetime) -> None:
    draft.outcome, draft.opinion = outcome, opinion.strip() or draft.opinion
    draft.decided_by_id, draft.decided_by_name, draft.decided_at = actor.user_id, actor.name, at
    try:
        db.session.flush()
    except IntegrityError as error:  # another draft of the same rule was published this very moment
        db.session.rollback()
        raise RegistryError(RULESET_ERRORS["moved"], rule=KIND_LABELS[draft.kind]) from error
