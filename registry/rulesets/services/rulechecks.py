"""What stands in the way of a draft of rules: its own faults, its state, who asks, and what was published meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from registry.base.errors import FieldError, NotAllowed, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.base.permissions import Actor, can, had_before
from registry.reference.queries import reference
from registry.reference.rules.versions import LINES, RuleSetKind
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.rulesets.rules.faults import line_faults, overlap, same_form, start_faults, value_faults
from registry.rulesets.services import rowchecks
from registry.rulesets.texts.drafts import RULESET_ERRORS


class DraftFaults(RegistryError):
    """What is wrong with a draft, all of it; each fault names its field."""

    def __init__(self, faults: Iterable[FieldError]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].template, **self.faults[0].values)


# -- who may, and on which state of it ------------------------------------------------------------
def editable(actor: Actor, draft: RuleDraft, seen: int) -> None:
    hold(draft, seen)
    if draft.submitted_at is not None:
        raise RegistryError(RULESET_ERRORS["waiting"])
    if not can(actor, "ruleset.edit", draft):
        raise NotAllowed


def checkable(actor: Actor, draft: RuleDraft, seen: int, opinion: str) -> None:
    hold(draft, seen)
    if draft.submitted_at is None:
        raise RegistryError(RULESET_ERRORS["not_waiting"])
    if actor.user_id == draft.prepared_by_id or had_before(actor, draft):
        raise RegistryError(RULESET_ERRORS["own"])
    if not can(actor, "ruleset.publish", draft):
        raise NotAllowed
    if not opinion.strip():
        raise FieldError("opinion", RULESET_ERRORS["opinion"])


def hold(draft: RuleDraft, seen: int) -> None:
    """Lock the draft until the commit; whoever looked at an older state of it is told."""
    db.session.flush()
    db.session.refresh(draft, with_for_update=True)
    if draft.outcome is not None:
        raise RegistryError(RULESET_ERRORS["not_open"])
    if draft.version != seen:
        raise StaleRecord(who=draft.prepared_by_name)


# -- its content ----------------------------------------------------------------------------------
def sound(draft: RuleDraft, on: date) -> None:
    """Raise DraftFaults with all that keeps the draft from being published today."""
    kind = RuleSetKind(draft.kind)
    if kind is RuleSetKind.REFERENCE:
        if found := _head_faults(draft, on) + rowchecks.faults(draft, on):
            raise DraftFaults(found)
        return
    faults = [
        FieldError(name, RULESET_ERRORS[name]) for name in ("title", "source") if not getattr(draft, name).strip()
    ]
    faults += start_faults(kind, draft.valid_from, draft.annual_from, on=on, newest=drafts.newest_start(draft))
    faults += _sound_lines(draft, kind) if kind in LINES else wrong_values(draft, drafts.values_of(draft))
    if not (drafts.changed_lines(draft) if kind in LINES else drafts.changed_settings(draft)):
        faults.append(FieldError("contents", RULESET_ERRORS["same"]))
    if moved := _moved(draft, kind):
        faults.append(FieldError("contents", RULESET_ERRORS["moved"], rule=moved))
    if faults:
        raise DraftFaults(faults)


def _head_faults(draft: RuleDraft, on: date) -> list[FieldError]:
    """Of a draft of reference data; what a file proposed says nothing of itself."""
    if draft.prepared_by_id is None:
        return []
    faults = [
        FieldError(name, RULESET_ERRORS[name]) for name in ("title", "source") if not getattr(draft, name).strip()
    ]
    if draft.valid_from < on:
        faults.append(FieldError("valid_from", RULESET_ERRORS["past"]))
    if not draft.contents["rows"]:
        faults.append(FieldError("contents", RULESET_ERRORS["no_rows"]))
    return faults


def _sound_lines(draft: RuleDraft, kind: RuleSetKind) -> list[FieldError]:
    lines, known = drafts.lines_of(draft), frozenset(row.code for row in reference.classification().all())
    faults = [fault for line in lines if not line.ended for fault in line_faults(line, LINES[kind], known)]
    if (clash := overlap(lines)) is not None:
        faults.append(clash)
    return faults


def _moved(draft: RuleDraft, kind: RuleSetKind) -> str:
    """A rule the draft changes of which another version was published since it was copied."""
    if kind in LINES:
        versions: dict[str, int] = {}
        for rule in reference.rules().all():
            versions[rule.rule_id] = max(rule.version, versions.get(rule.rule_id, 0))
        moved = [one.rule_id for one in drafts.changed_lines(draft) if versions.get(one.rule_id, 0) != one.base]
    else:
        newest, since = drafts.newest_settings(kind), draft.contents["base"]
        changed = drafts.changed_settings(draft)
        moved = [key for key in changed if key not in newest or newest[key].valid_from.isoformat() != since[key]]
    return next(iter(moved), "")


def wrong_values(draft: RuleDraft, values: Mapping[str, str]) -> list[FieldError]:
    held = drafts.values_of(draft)
    if values.keys() - held.keys():
        raise LookupError(f"no such settings: {sorted(values.keys() - held.keys())}")
    faults = list(value_faults(values))
    wrong = {fault.field for fault in faults}
    bases = drafts.settings_at_base(draft)
    for key, text in values.items():
        if key in bases and key not in wrong and not same_form(bases[key].value, text):
            faults.append(FieldError(key, RULESET_ERRORS["form"], value=bases[key].value))
    return faults
