"""A step of the path as a line of a timeline."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.base.vocabulary import Action
from registry.pathway.models import PathwayEvent
from registry.reference.queries import reference
from registry.site.display import called_then
from registry.site.timeline import Happening, by_line
from registry.trail.texts import VERB_LABELS

_TONES = {
    Action.SEND_BACK: "warn",
    Action.RETURN_FILING: "warn",
    Action.DISQUALIFY: "warn",
    Action.REJECT: "bad",
    Action.REMOVE: "bad",
    Action.DELIST: "bad",
}


def step_taken(event: PathwayEvent) -> Happening:
    code = event.reason_code or event.exit_reason or ""
    return Happening(
        _(VERB_LABELS.get(event.action, event.action)),
        by_line(called_then(event.office, event.at), event.actor_name) if event.office else _("系统"),
        event.at,
        event.note,
        f"{code} {reference.reason_told(code, event.at.date())}" if code else "",
        _TONES.get(Action(event.action)) if event.action in set(Action) else None,
    )
