"""A firm at the end of a past day, for whoever may see it now and might have seen it then."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from flask import render_template
from flask_babel import gettext as _

from registry.base.clocks import AsOf, Known
from registry.base.contacts import RESTRICTED
from registry.base.extensions import db
from registry.base.firm_fields import FIELDS
from registry.base.periods import Period
from registry.base.permissions import can
from registry.base.vocabulary import STAGE_LABELS, Stage
from registry.figures import views
from registry.figures.queries import on_record
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.views import values
from registry.ledger.queries import asof
from registry.ledger.views import frozen_on
from registry.pathway.queries import directory, positions
from registry.pathway.queries.directory import Past
from registry.pathway.rules.revenue import is_past
from registry.pathway.views import explained, steps
from registry.reference.queries import reference
from registry.site.access import actor, refuse


# -- one firm -------------------------------------------------------------------------------------
def dossier_page(firm_id: int, as_of: AsOf) -> str:
    """The firm at the end of a past day, for whoever may see it now and might have seen it then.

    As known now, also one that entered later: its figures of that time judged by the rules of that day, at no stage.
    """
    day = as_of.day
    firm = db.session.scalars(firms.one(actor(), firm_id)).unique().one_or_none()
    if (
        firm is None
        or not can(actor(), "firm.read", firm)
        or (as_of.known is Known.THEN and firm.created_at >= as_of.end)
    ):
        refuse("firm.read")
    past = Past.among(firms.one(actor(), firm_id).with_only_columns(Firm.id), since=day)
    then = past.values(firm.id, day)
    step = asof.course_of(firm.id, as_of).last_step(day)
    if (step is None and as_of.known is Known.THEN) or not asof.seen_then(actor(), then):
        refuse("firm.read")
    position = positions.replayed(firm, as_of=as_of)
    events = directory.events_of(firm, as_of)
    held = on_record.rows_of(firm, as_of)
    return render_template(
        "dossier/past.html",
        firm=firm,
        then=then,
        stage=step.target if step else None,
        stage_on=step.on if step else None,
        day=day,
        as_of=as_of,
        frozen=frozen_on(day),
        identity=_identity(then, day),
        events=[(event, STAGE_LABELS[event.target]) for event in reversed(events)],
        figures=views.figure_rows(
            cast(Firm, SimpleNamespace(**then)),
            [figure for figure in held.figures if is_past(Period(figure.year, figure.month), day)],
            (),
            held.documents,
        ),
        papers=[(reference.materials()[paper.material].name, paper) for paper in held.documents],
        position=position,
        why=explained.rows(position),
        why_heading=steps.heading(step.target) if step else steps.heading(Stage.LEAD),
        bases=explained.bases(position),
    )


def _identity(then: dict[str, Any], day: date) -> dict[str, str]:
    offices = reference.offices()
    words = {key: values.shown(key, then[key]) for key in FIELDS if key not in RESTRICTED and key in then}
    helping = [reference.office_name(code, day) for code in then["co_bureaus"].split(",") if code in offices]
    return words | {"co_bureaus": _("、").join(helping)}
