"""The time machine: which past day a page is asked for, and what the directory and a firm were at its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from flask import render_template, request
from flask_babel import gettext as _

from registry.domain import errors
from registry.domain.clocks import AsOf, Known
from registry.domain.contacts import RESTRICTED
from registry.domain.errors import PeriodRefused, RegistryError
from registry.domain.firms import FIELDS
from registry.domain.periods import Period, Quarter
from registry.domain.permissions import can
from registry.domain.revenue import is_past
from registry.domain.vocabulary import STAGE_LABELS, Stage
from registry.extensions import clock, db
from registry.models import Firm, Snapshot
from registry.queries import asof, directory, firms, on_record, positions, reference, snapshots
from registry.queries.asof import Then
from registry.queries.directory import Past
from registry.queries.ledger import Order, Wanted
from registry.web import dossier, explained, values
from registry.web.access import actor, refuse
from registry.web.locale import sentence


@dataclass(frozen=True)
class Asked:
    """`?as_of=` and `?known=`: the text as typed, the day it names by one of the clocks, or what is wrong with it."""

    text: str = ""
    as_of: AsOf | None = None
    wrong: str = ""


def asked() -> Asked:
    text = request.args.get("as_of", "").strip()
    if not text:
        return Asked()
    try:
        day = date.fromisoformat(text)
        Quarter.of(day)  # a year that no quarter has is no day of ours either
    except (ValueError, PeriodRefused):
        return Asked(text, wrong=_("“%(text)s”不是日期，请按 2021-09-30 的格式填写。", text=text))
    if day > clock.today():
        return Asked(text, wrong=_(errors.DATE_IN_FUTURE))
    return Asked(text, AsOf(day, Known.NOW if request.args.get("known") == Known.NOW else Known.THEN))


def ledger_of(as_of: AsOf, wanted: Wanted, order: Order) -> tuple[Then | None, Asked]:
    """What the filter finds then; nothing, and why, where it would be too many firms to read back."""
    told = Asked(as_of.day.isoformat(), as_of)
    try:
        return asof.found(actor(), wanted, order, as_of), told
    except RegistryError as error:
        return None, replace(told, wrong=sentence(error))


def then_or_none(wanted: Wanted, order: Order) -> Then | None:
    """For pages without a place for a wrong day: raises what is wrong with it, so that today is never taken for it."""
    told = asked()
    if told.wrong:
        raise RegistryError(told.wrong)
    return asof.found(actor(), wanted, order, told.as_of) if told.as_of else None


def frozen_on(day: date) -> Snapshot | None:
    """The closed quarter whose last day this is."""
    quarter = Quarter.of(day)
    return snapshots.of(quarter) if quarter.last == day else None


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
        "firms/past.html",
        firm=firm,
        then=then,
        stage=step.target if step else None,
        stage_on=step.on if step else None,
        day=day,
        as_of=as_of,
        frozen=frozen_on(day),
        identity=_identity(then),
        events=[(event, STAGE_LABELS[event.target]) for event in reversed(events)],
        figures=dossier.figure_rows(
            cast(Firm, SimpleNamespace(**then)),
            [figure for figure in held.figures if is_past(Period(figure.year, figure.month), day)],
            (),
            held.documents,
        ),
        papers=[(reference.materials()[paper.material].name, paper) for paper in held.documents],
        position=position,
        why=explained.rows(position),
        why_heading=dossier.heading(step.target) if step else dossier.heading(Stage.LEAD),
        bases=explained.bases(position),
    )


def _identity(then: dict[str, Any]) -> dict[str, str]:
    offices = reference.offices()
    words = {key: values.shown(key, then[key]) for key in FIELDS if key not in RESTRICTED and key in then}
    helping = [offices[code].short_name for code in then["co_bureaus"].split(",") if code in offices]
    return words | {"co_bureaus": _("、").join(helping)}
