"""What a change of the annual list begins with: the person of the city office, and the task as it stands, locked."""

from __future__ import annotations

from registry.base.errors import NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.plans.models import PlanTask
from registry.plans.texts import TASK_ERRORS


def city_office(actor: Actor) -> int:
    """The number of the person. Raises NotAllowed."""
    if actor.user_id is None or not can(actor, "plan.assign"):
        raise NotAllowed
    return actor.user_id


def hold(task: PlanTask) -> None:
    """Lock the task until the commit and look at it anew."""
    db.session.flush()
    db.session.refresh(task, with_for_update={"of": PlanTask})
    if task.voided_at is not None:
        raise RegistryError(TASK_ERRORS["voided"])
