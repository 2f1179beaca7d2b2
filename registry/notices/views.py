"""A nudge as a line of a timeline."""

from __future__ import annotations

from flask_babel import gettext as _

from registry.notices.models import Nudge
from registry.notices.rules import NUDGED, Matter
from registry.site.display import called_then
from registry.site.timeline import Happening, by_line
from registry.trail.texts import VERB_LABELS

_NUDGE = VERB_LABELS["nudge"]


def nudged(nudge: Nudge) -> Happening:
    """A nudge; of a claim it is the city office that was asked."""
    by = by_line(called_then(nudge.from_office, nudge.at), nudge.by_name) if nudge.from_office else _("系统")
    office = _("市培育办") if nudge.subject_kind == Matter.CLAIM else called_then(nudge.office, nudge.at)
    title = _(NUDGED[Matter(nudge.subject_kind)]) % {"office": office}
    detail = "" if nudge.answered_at is None else _("已办理")
    return Happening(_(_NUDGE) + _("：") + title, by, nudge.at, nudge.note, detail, "warn")
