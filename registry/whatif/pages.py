"""What a draft of rules would do to today's directory: counts, targets, firm by firm; read, printed, taken as CSV."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.sentences import LIST_MARK
from registry.base.vocabulary import STAGE_LABELS
from registry.reference.queries import reference
from registry.reference.rules.versions import KIND_LABELS
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.rulesets.texts.drafts import WHAT_IF_NOTE
from registry.site.access import actor, concerns, load_or_404
from registry.site.display import percent
from registry.site.pagination import ListPages
from registry.trail.services import trail
from registry.whatif import queries
from registry.whatif.queries import Touched
from registry.whatif.rules import EFFECT_LABELS, WhatifEffect
from registry.whatif.sheets import Cell, csv_of, in_units

pages = Blueprint("whatif", __name__)


@pages.get("/rulesets/drafts/<int:draft_id>/whatif")
@concerns("ruleset.read_draft")
def show(draft_id: int) -> ResponseReturnValue:
    draft: RuleDraft = load_or_404(drafts.one(actor(), draft_id), "ruleset.read_draft")
    found = queries.over(actor(), draft, clock.today())
    chosen = request.args.get("effect", "")
    kept = [row for row in found.rows if chosen not in set(WhatifEffect) or chosen in row.effects]
    names = reference.division_names()
    return render_template(
        "whatif/show.html",
        draft=draft,
        found=found,
        chosen=chosen,
        page=ListPages(kept),
        effects=EFFECT_LABELS,
        kinds=KIND_LABELS,
        note=WHAT_IF_NOTE,
        names=names,
        counties=sorted(found.counties.items(), key=lambda pair: pair[0] or "~"),
        totals=found.totals,
    )


@pages.post("/rulesets/drafts/<int:draft_id>/whatif/export")
@concerns("ruleset.export")
def export(draft_id: int) -> ResponseReturnValue:
    """The whole list; who took it is on the trail."""
    draft: RuleDraft = load_or_404(drafts.one(actor(), draft_id), "ruleset.export")
    at = clock.now()
    found = queries.over(actor(), draft, clock.today())
    content = csv_of(_cells(found.rows))
    after = {"rows": len(found.rows), "sha256": hashlib.sha256(content).hexdigest()}
    trail.record(actor(), "export", draft, at=at, after=after)
    db.session.commit()
    name = _("规则试算_%(number)s_%(day)s.csv", number=draft.id, day=found.on.isoformat())
    return send_file(io.BytesIO(content), mimetype="text/csv", as_attachment=True, download_name=name)


def _cells(rows: list[Touched]) -> Iterator[list[Cell]]:
    names = reference.division_names()
    for row in rows:
        before, after = row.before, row.after
        yield [
            row.name,
            row.credit_code,
            names.get(row.county, ""),
            row.industry,
            STAGE_LABELS[row.stage],
            STAGE_LABELS[row.stage_after],
            LIST_MARK.join(EFFECT_LABELS[effect] for effect in row.effects),
            in_units(before.line),
            in_units(after.line),
            percent(before.rate, 2) if before.rate is not None else None,
            percent(after.rate, 2) if after.rate is not None else None,
            before.tier,
            after.tier,
            in_units(before.admission_line),
            in_units(after.admission_line),
        ]
