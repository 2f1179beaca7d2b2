"""Closing a quarter after a look at what is open, and two closed quarters compared firm by firm."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.quarters.forms import DIFFERENCE_LABELS, close_form
from registry.quarters.pages.quarters import firm_href, whole
from registry.quarters.queries import certificates, closing, comparison, quarters, snapshots
from registry.quarters.queries.comparison import QuarterDifference
from registry.quarters.rules.certificates import STANDING_LABELS
from registry.quarters.rules.closing import Point
from registry.quarters.services import exporting, freezing
from registry.site.access import actor, requires
from registry.site.locale import sentence
from registry.site.pagination import ListPages

pages = Blueprint("closing", __name__)

NAMED = 20
"""Firms named under a point; the rest is a number."""


@pages.route("/quarters/<label>/close", methods=["GET", "POST"])
@requires("quarter.close")
def close(label: str) -> ResponseReturnValue:
    quarter = exporting.over(label, clock.today())
    obstacle = closing.obstacle(quarter, clock.today())
    found = [] if obstacle else certificates.standing(quarter, quarters.parts(quarter))
    form = close_form({one.office.code: one.name for one in found if not one.is_certified})
    if form.validate_on_submit():
        note, without = form.note.data or "", form.without
        try:
            freezing.close(actor(), quarter, note=note, without=without, at=clock.now(), on=clock.today())
        except RegistryError as error:
            form.refuse(error)
        else:
            db.session.commit()
            flash(_("%(quarter)s 已冻结，内容不再变动。", quarter=quarter.label), "success")
            return redirect(url_for("quarters.show", label=quarter.label))
    page = render_template(
        "quarters/close.html",
        quarter=quarter,
        form=form,
        obstacle=sentence(obstacle) if obstacle else "",
        closed=snapshots.of(quarter) is not None,  # what is open today says nothing of a quarter closed long ago
        findings=closing.checklist(quarter, clock.today()),
        found=found,
        standings=STANDING_LABELS,
        links=_links(),
        named={
            Point.FIGURES: closing.without_figure(quarter, NAMED),
            Point.DISPUTES: closing.disputed(NAMED),
            Point.DOUBTS: closing.doubted(NAMED),
        },
        firm_href=firm_href,
    )
    return page, 422 if form.errors else 200


def _links() -> dict[str, str]:
    return {
        Point.PROPOSED: url_for("ledger.listing", stage="proposed"),
        Point.UNDER_REVIEW: url_for("ledger.listing", stage="under_review"),
        Point.RETURNED: url_for("ledger.listing", stage="returned"),
        Point.CLAIMS: url_for("claims.listing"),
        Point.IMPORTS: url_for("imports.listing"),
        Point.FILINGS: url_for("ledger.listing", stage="filing"),
    }


@pages.get("/quarters/diff")
@requires("quarter.read")
def diff() -> ResponseReturnValue:
    """Any two closed quarters; by default the last two."""
    closed = [row.quarter for row in snapshots.closed()]
    before = request.args.get("from", closed[-2] if len(closed) > 1 else "")
    after = request.args.get("to", closed[-1] if len(closed) > 1 else "")
    if not (before and after):
        return render_template("quarters/diff.html", closed=closed, found=None, wrong="", before="", after="")
    try:
        found, wrong = comparison.between(Quarter.parse(before), Quarter.parse(after), actor()), ""
    except RegistryError as error:
        found, wrong = None, sentence(error)
    kind = request.args.get("kind", "")
    kind = kind if kind in set(QuarterDifference) else ""
    lines = found.of(kind) if found else []
    page = render_template(
        "quarters/diff.html",
        closed=closed,
        before=before,
        after=after,
        found=found,
        wrong=wrong,
        kind=kind,
        kinds=DIFFERENCE_LABELS,
        page=ListPages(lines),
        whole=whole(),
        firm_href=firm_href,
    )
    return page, 422 if wrong else 200
