"""The directory by quarter: what it held on the last day, what changed, its pictures, and the workbook to sign."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL
from registry.quarters import views
from registry.quarters.forms import KIND_LABELS, ChangeFilter
from registry.quarters.queries import certificates, quarters, snapshots
from registry.quarters.rules.certificates import STANDING_LABELS
from registry.quarters.rules.closing import POINT_LABELS
from registry.quarters.services import exporting
from registry.quarters.sheets import summaries
from registry.quarters.sheets.certified import CertifiedLine
from registry.site.access import actor, requires
from registry.site.pagination import ListPages

pages = Blueprint("quarters", __name__)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/quarters")
@requires("quarter.read")
def listing() -> ResponseReturnValue:
    lines = quarters.finished(actor(), clock.today())
    closed = [line.quarter.label for line in lines if line.snapshot]
    return render_template(
        "quarters/list.html",
        page=ListPages(lines),
        running=Quarter.of(clock.today()),
        whole=whole(),
        next_open=next((line.quarter for line in reversed(lines) if line.snapshot is None), None),
        pair=closed[1::-1] if len(closed) > 1 else None,
    )


@pages.get("/quarters/<label>")
@requires("quarter.read")
def show(label: str) -> ResponseReturnValue:
    quarter = exporting.over(label, clock.today())
    snapshot = snapshots.of(quarter)
    who = None if whole() else actor()
    book = quarters.shown(quarter, snapshot, who)
    form = ChangeFilter(request.args)
    form.offer(book)
    return render_template(
        "quarters/show.html",
        quarter=quarter,
        book=book,
        snapshot=snapshot,
        total=summaries.summary("", book.rows()),
        counties=summaries.by_county(book),
        industries=summaries.by_industry(book),
        stages=summaries.by_stage(book),
        tiers=summaries.by_tier(book),
        steps=summaries.movement(book),
        counts=summaries.changed_firms(book),
        kinds=KIND_LABELS,
        form=form,
        page=ListPages(form.chosen(book.changes)),
        whole=whole(),
        digest=summaries.printed_digest(book) if snapshot else "",
        firm_href=firm_href,
        rows_href=partial(rows_href, quarter),
        pictures=views,
        points=POINT_LABELS,
        certified=_certified(quarter),
        standings=STANDING_LABELS,
    )


def _certified(quarter: Quarter) -> list[CertifiedLine] | None:
    """All parts for those who see the city, else the reader's own."""
    lines = quarters.certified(quarter)
    if lines is None or whole():
        return lines
    own = certificates.own_offices(actor())
    return [line for line in lines if line.office_id in own]


@pages.post("/quarters/<label>/export")
@requires("quarter.export")
def export(label: str) -> ResponseReturnValue:
    who, taken_at = actor(), clock.now()
    taken = exporting.workbook(exporting.over(label, clock.today()))
    exporting.record_export(who, taken, at=taken_at)
    db.session.commit()
    name = _("企业培育名录_%(quarter)s.xlsx", quarter=taken.quarter.label)
    if taken.draft:
        name = _("企业培育名录_%(quarter)s_未冻结.xlsx", quarter=taken.quarter.label)
    return send_file(io.BytesIO(taken.content), mimetype=WORKBOOK, as_attachment=True, download_name=name)


def rows_href(quarter: Quarter, **asked: str) -> str:
    """The address of the rows behind a number."""
    values: dict[str, Any] = {"label": quarter.label, **asked}
    return url_for("quarter_rows.listing", **values)


def firm_href(firm_id: int) -> str:
    return url_for("firms.show", firm_id=firm_id)


def whole() -> bool:
    """Whether the reader's pages are of the whole city."""
    return actor().holds(*SEES_ALL)
