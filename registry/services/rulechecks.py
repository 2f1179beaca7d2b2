"""What stands in the way of a draft of rules: its own faults, its state, who asks, and what was published meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from registry.domain.errors import FieldError, NotAllowed, RegistryError, StaleRecord
from registry.domain.permissions import Actor, can
from registry.domain.rulefaults import line_faults, overlap, same_form, start_faults, value_faults
from registry.domain.rulesets import LINES, RuleSetKind
from registry.domain.rulewords import RULESET_ERRORS as SAY
from registry.extensions import db
from registry.models import RuleDraft
from registry.queries import reference, rulesets
from registry.services import newrows


class DraftFaults(RegistryError):
    """What is wrong with a draft, all of it; each fault names its field."""

    def __init__(self, faults: Iterable[FieldError]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].template, **self.faults[0].values)


# -- who may, and on which state of it ------------------------------------------------------------
def editable(actor: Actor, draft: RuleDraft, seen: int) -> None:
    hold(draft, seen)
    if draft.submitted_at is not None:
        raise RegistryError(SAY["waiting"])
    if not can(actor, "ruleset.edit", draft):
        raise NotAllowed


def checkable(actor: Actor, draft: RuleDraft, seen: int, opinion: str) -> None:
    hold(draft, seen)
    if draft.submitted_at is None:
        raise RegistryError(SAY["not_waiting"])
    if actor.user_id == draft.prepared_by_id:
        raise RegistryError(SAY["own"])
    if not can(actor, "ruleset.publish", draft):
        raise NotAllowed
    if not opinion.strip():
        raise FieldError("opinion", SAY["opinion"])


def hold(draft: RuleDraft, seen: int) -> None:
    """Lock the draft until the commit; whoever looked at an older state of it is told."""
    db.session.flush()
    db.session.refresh(draft, with_for_update=True)
    if draft.outcome is not None:
        raise RegistryError(SAY["not_open"])
    if draft.version != seen:
        raise StaleRecord(who=draft.prepared_by_name)


# -- its content ----------------------------------------------------------------------------------
def sound(draft: RuleDraft, on: date) -> None:
    """Raise DraftFaults with all that keeps the draft from being published today."""
    kind = RuleSetKind(draft.kind)
    if kind is RuleSetKind.REFERENCE:
        if found := newrows.faults(draft):
            raise DraftFaults(found)
        return
    faults = [FieldError(name, SAY[name]) for name in ("title", "source") if not getattr(draft, name).strip()]
    faults += start_faults(kind, draft.valid_from, draft.annual_from, on=on, newest=rulesets.newest_start(draft))
    faults += _sound_lines(draft, kind) if kind in LINES else wrong_values(draft, rulesets.values_of(draft))
    if not (rulesets.changed_lines(draft) if kind in LINES else rulesets.changed_settings(draft)):
        faults.append(FieldError("contents", SAY["same"]))
    if moved := _moved(draft, kind):
        faults.append(FieldError("contents", SAY["moved"], rule=moved))
    if faults:
        raise DraftFaults(faults)


def _sound_lines(draft: RuleDraft, kind: RuleSetKind) -> list[FieldError]:
    lines, known = rulesets.lines_of(draft), frozenset(row.code for row in reference.classification().all())
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
        moved = [one.rule_id for one in rulesets.changed_lines(draft) if versions.get(one.rule_id, 0) != one.base]
    else:
        newest, since = rulesets.newest_settings(kind), draft.contents["base"]
        changed = rulesets.changed_settings(draft)
        moved = [key for key in changed if key not in newest or newest[key].valid_from.isoformat() != since[key]]
    return next(iter(moved), "")


def wrong_values(draft: RuleDraft, values: Mapping[str, str]) -> list[FieldError]:
    held = rulesets.values_of(draft)
    if values.keys() - held.keys():
        raise LookupError(f"no such settings: {sorted(values.keys() - held.keys())}")
    faults = list(value_faults(values))
    wrong = {fault.field for fault in faults}
    bases = rulesets.settings_at_base(draft)
    for key, text in values.items():
        if key in bases and key not in wrong and not same_form(bases[key].value, text):
            faults.append(FieldError(key, SAY["form"], value=bases[key].value))
    return faults
