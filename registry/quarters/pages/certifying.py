"""Who has certified a quarter; an office certifies its part or says why not; the city office gives one longer."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.periods import Quarter
from registry.people.queries import people
from registry.quarters.forms import Certify, Extend
from registry.quarters.pages.quarters import whole
from registry.quarters.queries import certificates, closing, quarters, snapshots
from registry.quarters.queries.certificates import PartStanding
from registry.quarters.rules.certificates import ENDED_LABELS, STANDING_LABELS
from registry.quarters.rules.closing import POINT_LABELS
from registry.quarters.services import certifying, exporting
from registry.site.access import actor, requires
from registry.site.acting import done

pages = Blueprint("certifying", __name__)


@pages.get("/quarters/<label>/certificates")
@requires("quarter.read")
def show(label: str) -> ResponseReturnValue:
    """Every office's part as it stands, and everything that was said of it."""
    quarter = exporting.over(label, clock.today())
    closed = snapshots.of(quarter) is not None
    found = [] if closed else certificates.seen_by(actor(), _standing(quarter))
    return render_template(
        "quarters/certificates.html",
        quarter=quarter,
        closed=closed,
        found=found,
        said=certificates.told_to(actor(), quarter),
        longer=certificates.longer_for(actor(), quarter),
        due_on=certificates.due_on(quarter),
        whole=whole(),
        standings=STANDING_LABELS,
        ended=ENDED_LABELS,
        points=POINT_LABELS,
    )


@pages.route("/quarters/<label>/certify", methods=["GET", "POST"])
@requires("quarter.certify")
def certify(label: str) -> ResponseReturnValue:
    """What the office has of the quarter and what of it is open; then the person's word."""
    quarter, form = exporting.over(label, clock.today()), Certify()
    if form.validate_on_submit() and done(form, lambda: _say(quarter, form)):
        return redirect(url_for("certifying.show", label=quarter.label))
    closed = snapshots.of(quarter) is not None
    own = [] if closed else certificates.own(actor(), _standing(quarter))
    form.seen.data = certifying.seen_digest(own)
    page = render_template(
        "quarters/certify.html",
        quarter=quarter,
        form=form,
        closed=closed,
        own=own,
        findings=closing.checklist(quarter, clock.today(), [one.office.id for one in own]),
        standings=STANDING_LABELS,
    )
    return page, 422 if form.errors else 200


def _say(quarter: Quarter, form: Certify) -> None:
    seen, at, on = form.seen.data or "", clock.now(), clock.today()
    if "refuse" in request.form:
        certifying.refuse(actor(), quarter, seen=seen, reason=form.refused.data or "", at=at, on=on)
        flash(_("已记录本单位不予确认的理由。"), "success")
    else:
        certifying.certify(actor(), quarter, seen=seen, note=form.note.data or "", at=at, on=on)
        flash(_("已确认 %(quarter)s 本单位数据。", quarter=quarter.label), "success")


@pages.route("/quarters/<label>/extend", methods=["GET", "POST"])
@requires("quarter.extend")
def extend(label: str) -> ResponseReturnValue:
    quarter, form = exporting.over(label, clock.today()), Extend()
    closed = snapshots.of(quarter) is not None
    form.offer([] if closed else [one for one in _standing(quarter) if not one.is_certified])
    if not form.is_submitted():
        form.office.data = request.args.get("office", form.office.data)
    if form.validate_on_submit():
        office, until, reason = people.office(form.office.data), form.until.data, form.reason.data or ""
        at, on = clock.now(), clock.today()
        if done(form, lambda: certifying.extend(actor(), quarter, office, until=until, reason=reason, at=at, on=on)):
            flash(_("已延长确认期限，并通知该单位。"), "success")
            return redirect(url_for("certifying.show", label=quarter.label))
    page = render_template("quarters/extend.html", quarter=quarter, form=form, closed=closed)
    return page, 422 if form.errors else 200


def _standing(quarter: Quarter) -> list[PartStanding]:
    return certificates.standing(quarter, quarters.parts(quarter))
