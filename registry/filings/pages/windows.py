"""Intake windows: the calendar of a year, its list, and the forms by which statistics announces and corrects them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.audit.views import recorded
from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.vocabulary import Door
from registry.filings.forms.windows import FIRST_YEAR, LAST_YEAR, Announce, Change, Void
from registry.filings.models import IntakeWindow
from registry.filings.queries import announced
from registry.filings.services import announcing
from registry.site.access import actor, requires
from registry.site.locale import sentence
from registry.site.timeline import Happening
from registry.trail.texts import VERB_LABELS

pages = Blueprint("windows", __name__)

MONTHS = 12


@dataclass(frozen=True)
class Mark:
    """What a month of the calendar holds of one window: it opens, runs on, or closes then."""

    row: IntakeWindow
    opens: bool
    closes: bool


@pages.get("/windows")
@requires("window.read")
def listing() -> ResponseReturnValue:
    year = _year()
    rows = list(db.session.scalars(announced.rows(year)))
    standing = [row for row in rows if row.voided_at is None]
    known = sorted({*announced.years(), year, clock.today().year}, reverse=True)
    return render_template(
        "filings/windows/list.html",
        year=year,
        years=known,
        rows=rows,
        calendar=calendar(standing, year),
        months=range(1, MONTHS + 1),
        copies=not standing and year - 1 in known,
    )


def _year() -> int:
    year = request.args.get("year", clock.today().year, type=int)
    return year if FIRST_YEAR <= year <= LAST_YEAR else clock.today().year


def calendar(rows: Iterable[IntakeWindow], year: int) -> list[tuple[Door, list[list[Mark]]]]:
    """For each door the twelve months of `year` and January after it, each with what happens in it."""
    rows = list(rows)
    doors = [
        door for door in (Door.MONTHLY, Door.ANNUAL_FIRST, Door.ANNUAL_SECOND) if any(r.door == door for r in rows)
    ]
    spans = [date(year + (month - 1) // MONTHS, (month - 1) % MONTHS + 1, 1) for month in range(1, MONTHS + 3)]
    return [
        (door, [_marks([r for r in rows if r.door == door], *spans[i : i + 2]) for i in range(MONTHS + 1)])
        for door in doors
    ]


def _marks(rows: Iterable[IntakeWindow], first: date, after: date) -> list[Mark]:
    """Of the windows that touch the days from `first` to before `after`."""
    return [
        Mark(row, opens=first <= row.opens_on < after, closes=first <= row.closes_on < after)
        for row in rows
        if row.opens_on < after and first <= row.closes_on
    ]


@pages.route("/windows/new", methods=["GET", "POST"])
@requires("window.manage")
def new() -> ResponseReturnValue:
    form = Announce(year=_year(), statement_year=_year())
    if form.validate_on_submit():
        try:
            row = announcing.announce(actor(), form.values, at=clock.now())
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            year = row.year
            db.session.commit()
            flash(_("已公布申报窗口。"), "success")
            return redirect(url_for("windows.listing", year=year))
    status = 422 if form.is_submitted() else 200
    return render_template("filings/windows/edit.html", form=form, row=None, history=[]), status


@pages.route("/windows/<int:window_id>", methods=["GET", "POST"])
@requires("window.manage")
def edit(window_id: int) -> ResponseReturnValue:
    row = _load(window_id)
    form = Change() if request.method == "POST" else Change.of(row)
    if form.validate_on_submit():
        try:
            announcing.change(actor(), row, form.values, at=clock.now(), reason=form.reason.data or "")
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            year = row.year
            db.session.commit()
            flash(_("已更正，更正前的内容留在记录中。"), "success")
            return redirect(url_for("windows.listing", year=year))
    page = render_template("filings/windows/edit.html", form=form, row=row, history=_history(row))
    return page, 422 if form.is_submitted() else 200


@pages.route("/windows/<int:window_id>/void", methods=["GET", "POST"])
@requires("window.manage")
def void(window_id: int) -> ResponseReturnValue:
    row, form = _load(window_id), Void()
    if form.validate_on_submit():
        try:
            announcing.void(actor(), row, at=clock.now(), reason=form.reason.data or "")
        except RegistryError as error:
            db.session.rollback()
            form.refuse(error)
        else:
            year = row.year
            db.session.commit()
            flash(_("已作废，不能再在该窗口申报；已办理的申报不受影响。"), "success")
            return redirect(url_for("windows.listing", year=year))
    page = render_template("filings/windows/void.html", form=form, row=row, uses=announced.uses(row))
    return page, 422 if form.is_submitted() else 200


@pages.post("/windows/copies")
@requires("window.manage")
def copy() -> ResponseReturnValue:
    """Last year's windows as drafts marked unverified; nothing of them holds until the notice says so."""
    year = request.form.get("year", clock.today().year, type=int)
    try:
        drafts = announcing.copy_year(actor(), year, at=clock.now())
    except RegistryError as error:
        db.session.rollback()
        flash(sentence(error), "warning")
    else:
        number = len(drafts)
        db.session.commit()
        flash(_("已照抄上一年 %(count)s 个窗口，均标注“待核”，请按当年通知逐个更正。", count=number), "success")
    return redirect(url_for("windows.listing", year=year))


def _history(row: IntakeWindow) -> list[Happening]:
    return [
        Happening(_(VERB_LABELS[act.verb]), act.actor_name, act.at, act.reason, recorded.written(act))
        for act in announced.history_of(row)
    ]


def _load(window_id: int) -> IntakeWindow:
    row = db.session.scalars(announced.one(window_id)).one_or_none()
    if row is None:
        abort(404)
    return row
