"""The only writer of a firm's stage; each step appends its event in the same transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.base import errors
from registry.base.errors import Blocked, FieldError, IllegalTransition, NotAllowed, ReasonNeeded
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import ACTION_LABELS, STAGE_LABELS, Action, Role, Stage
from registry.firms.models.firms import Firm
from registry.firms.services.holding import hold
from registry.pathway import texts
from registry.pathway.models import PathwayEvent
from registry.pathway.queries import facts
from registry.pathway.queries.facts import Grounds
from registry.pathway.rules.transitions import SYSTEM, Guard, Transition, blockers, step
from registry.reference.queries import reference
from registry.trail.services import trail

if TYPE_CHECKING:
    from registry.proposals.models import Proposal

# These leave the directory or four-above, with a coded reason.
EXITS = frozenset({Action.REMOVE, Action.DELIST})
# What the statistics side decides; nobody else may copy it from paper either.
_STATISTICAL = frozenset({Stage.FILED, Stage.IN_CHAIN, Stage.ENROLLED, Stage.DELISTED})


def begin(actor: Actor, firm: Firm, *, action: Action, at: datetime, on: date, note: str = "") -> PathwayEvent:
    """The first event of a firm: named for the first time, it is a lead."""
    firm.stage, firm.stage_on = Stage.LEAD, on
    db.session.flush()
    return _append(actor, firm, action, None, Stage.LEAD, at=at, on=on, note=note)


def advance(
    actor: Actor,
    firm: Firm,
    action: Action,
    *,
    at: datetime,
    on: date,
    proposal: Proposal | None = None,
    reason_code: str | None = None,
    exit_reason: str | None = None,
    note: str = "",
    grounds: Grounds | None = None,
) -> PathwayEvent:
    """Take one step, or raise: IllegalTransition, NotAllowed, ReasonNeeded, Blocked (with every unmet guard).

    `grounds`: what a step of a filing rests on; without them no filing goes on.
    """
    hold(firm)
    transition = _permitted(actor, firm, action)
    if action in EXITS:
        _coded(action, exit_reason, note, on)
    elif transition.needs_reason and not (reason_code or note.strip()):
        raise ReasonNeeded
    if reason_code and reason_code not in reference.return_reasons(on):
        raise FieldError("reason_code", errors.REASON_CODE_NEEDED)
    seen = facts.of(firm, on=on, actor=actor, proposal=proposal, grounds=grounds or Grounds())
    if unmet := blockers(transition, seen):
        raise Blocked(tuple(guard.sentence for guard in unmet), action=ACTION_LABELS[action])
    source, firm.stage, firm.stage_on = firm.stage, transition.target, on
    event = _append(
        actor,
        firm,
        action,
        source,
        transition.target,
        at=at,
        on=on,
        proposal=proposal,
        reason_code=reason_code,
        exit_reason=exit_reason,
        note=note,
    )
    trail.record(
        actor,
        action,
        firm,
        at=at,
        before={"stage": source},
        after={"stage": transition.target},
        reason=" ".join(filter(None, (reason_code, exit_reason, note))),
    )
    return event


def _coded(action: Action, exit_reason: str | None, note: str, on: date) -> None:
    """Raise where an exit has no coded reason, or one that belongs to the other kind of exit."""
    reason = reference.exit_reasons(on).get(exit_reason or "")
    if reason is None:
        raise FieldError("exit_reason", texts.EXIT_REASON)
    if action not in reason.actions.split():
        unfit = {"reason": reason.reason, "action": ACTION_LABELS[action]}
        raise FieldError("exit_reason", texts.EXIT_REASON_UNFIT, **unfit)
    if not note.strip():
        raise ReasonNeeded


def take_over(
    actor: Actor, firm: Firm, target: Stage, *, action: Action, at: datetime, on: date, note: str,
    exit_reason: str | None = None,
) -> PathwayEvent:  # fmt: skip
    """Copy a step of the statistics side that was taken on paper before this registry: no guard is asked again.

    Only a statistician (or the system that builds the demo) may, only for the stages that statistics decides, and the
    note names the paper. No page, import or command calls this.
    """
    if actor.user_id is not None and not actor.holds(Role.STATISTICIAN):
        raise NotAllowed
    if target not in _STATISTICAL:
        raise IllegalTransition(stage=STAGE_LABELS[firm.stage], action=ACTION_LABELS[action])
    if not note.strip():
        raise ReasonNeeded
    source, firm.stage, firm.stage_on = firm.stage, target, on
    event = _append(actor, firm, action, source, target, at=at, on=on, exit_reason=exit_reason, note=note)
    trail.record(
        actor, "take_over", firm, at=at, before={"stage": source}, after={"stage": target}, reason=note
    )  # fmt: skip
    return event


def restore(actor: Actor, firm: Firm, *, at: datetime, on: date, note: str) -> PathwayEvent:
    """Take a merge back: the firm stands again where its last merge found it. The caller has judged whether it may."""
    if not note.strip():
        raise ReasonNeeded
    merged = select(PathwayEvent).where(PathwayEvent.firm_id == firm.id, PathwayEvent.target == Stage.MERGED)
    step_back = db.session.scalars(merged.order_by(PathwayEvent.id.desc()).limit(1)).one()
    target = Stage(step_back.source or Stage.LEAD)
    source, firm.stage, firm.stage_on = firm.stage, target, on
    event = _append(actor, firm, Action.UNMERGE, source, target, at=at, on=on, note=note)
    trail.record(
        actor, Action.UNMERGE, firm, at=at, before={"stage": source}, after={"stage": target}, reason=note
    )  # fmt: skip
    return event


def import_undone(
    actor: Actor, firm: Firm, target: Stage, *, since: date, at: datetime, on: date, note: str
) -> PathwayEvent:
    """An import that took the firm a step further is undone: it stands where it stood, and since when."""
    source, firm.stage, firm.stage_on = firm.stage, target, since
    event = _append(actor, firm, Action.UNDO_IMPORT, source, target, at=at, on=on, note=note)
    trail.record(
        actor, Action.UNDO_IMPORT, firm, at=at, before={"stage": source}, after={"stage": target}, reason=note
    )  # fmt: skip
    return event


def unmet(
    actor: Actor,
    firm: Firm,
    action: Action,
    *,
    on: date,
    proposal: Proposal | None = None,
    grounds: Grounds | None = None,
) -> tuple[Guard, ...]:
    """Every guard in the way of `action`; empty where nothing is, or where the stage does not allow it."""
    transition = step(action, firm.stage)
    if transition is None:
        return ()
    return blockers(transition, facts.of(firm, on=on, actor=actor, proposal=proposal, grounds=grounds or Grounds()))


def _permitted(actor: Actor, firm: Firm, action: Action) -> Transition:
    transition = step(action, firm.stage)
    if transition is None:
        raise IllegalTransition(stage=STAGE_LABELS[firm.stage], action=ACTION_LABELS[action])
    if not (
        transition.roles & actor.roles
        or (SYSTEM in transition.roles and actor.user_id is None)
        or _stands_in(actor, transition)
    ):
        raise NotAllowed
    return transition


def _stands_in(actor: Actor, transition: Transition) -> bool:
    """The city office acts for firms that the city itself holds; the permission table has checked whose they are."""
    return "city_office" in actor.roles and "clerk" in transition.roles


def _append(
    actor: Actor,
    firm: Firm,
    action: Action,
    source: str | None,
    target: Stage,
    *,
    at: datetime,
    on: date,
    proposal: Proposal | None = None,
    reason_code: str | None = None,
    exit_reason: str | None = None,
    note: str = "",
) -> PathwayEvent:
    event = PathwayEvent(
        firm_id=firm.id,
        proposal_id=proposal.id if proposal else None,
        action=action,
        source=source,
        target=target,
        on=on,
        at=at,
        actor_id=actor.user_id,
        actor_name=actor.name,
        office_id=actor.office_id,
        reason_code=reason_code,
        exit_reason=exit_reason,
        note=note.strip(),
    )
    db.session.add(event)
    db.session.flush()
    return event
