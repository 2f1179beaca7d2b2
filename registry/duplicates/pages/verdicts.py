"""How good the engine's bands prove by the verdicts, what other thresholds would do, and the queue as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from decimal import Decimal

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.labels import N_
from registry.base.vocabulary import BAND_LABELS, PAIRING_STATE_LABELS
from registry.duplicates.forms import Thresholds
from registry.duplicates.models import Pairing
from registry.duplicates.pages.pairings import blindness, carried, sought_here
from registry.duplicates.queries import certificates, pairs, verdicts
from registry.duplicates.views.pair_page import ruling_of, sentence
from registry.sheets.csv_out import write_table
from registry.site.access import actor, requires
from registry.site.display import moment
from registry.trail.services import trail
from registry.trail.services.trail import Act

pages = Blueprint("verdicts", __name__)
HEADINGS = (
    N_("编号"), N_("企业甲"), N_("代码甲"), N_("单位甲"), N_("企业乙"), N_("代码乙"), N_("单位乙"), N_("系统判断"),
    N_("分数"), N_("为什么"), N_("状态"), N_("发现时间"), N_("判定"), N_("理由"), N_("判定人"), N_("判定时间"),
    N_("独立判定"),
)  # fmt: skip


@pages.get("/duplicates/quality")
@requires("pairing.list")
def quality() -> ResponseReturnValue:
    """Of each band, how often people found it right; blind verdicts apart, for a shown opinion persuades."""
    form = Thresholds(request.args)
    given = form.given() if request.args else None
    expected = verdicts.what_if(actor(), same=given[0], review=given[1]) if given else []
    return render_template(
        "duplicates/quality.html", rows=verdicts.quality(actor()), form=form, expected=expected, **blindness()
    )


@pages.post("/duplicates/export")
@requires("pairing.export")
def export() -> ResponseReturnValue:
    """Exactly what the filter shows, with every verdict, as CSV; who took it is on the trail."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    headings = [_(heading) for heading in HEADINGS]
    rows, digest = write_table(file, headings, _lines(pairs.every(actor(), sought_here())))
    facts = {"rows": rows, "filter": carried(), "sha256": digest}
    trail.record_all(actor(), [Act("export", "pairing", subject_label="csv", after=facts)], at=clock.now())
    db.session.commit()
    file.seek(0)
    name = _("疑似重复_%(day)s.csv", day=clock.today().isoformat())
    return send_file(file, mimetype="text/csv; charset=utf-8", as_attachment=True, download_name=name)


def _lines(found: list[Pairing]) -> Iterator[list[str | int | Decimal]]:
    """One line a verdict, and one for a pair that has none."""
    for pairing in found:
        yield from _cells(pairing)


def _cells(pairing: Pairing) -> Iterator[list[str | int | Decimal]]:
    """Blind, nothing of the engine's opinion leaves the house either; nor of a sample that is to be judged so."""
    hidden = blindness()["blind"] or pairing.id in certificates.waiting()
    engine = ["", "", ""] if hidden else [_(BAND_LABELS[pairing.band]), pairing.score, sentence(pairing)]
    firms = [
        cell
        for firm in (pairing.first, pairing.second)
        for cell in (firm.name, firm.credit_code or "", firm.office.short_name)
    ]
    state = _(PAIRING_STATE_LABELS[pairing.state])
    lead = [pairing.id, *firms, *engine, state, moment(pairing.found_at)]
    for verdict in pairing.verdicts:
        blind = _("是") if verdict.blind else _("否")
        yield [*lead, ruling_of(verdict), verdict.reason, verdict.by_name, moment(verdict.at), blind]
    if not pairing.verdicts:
        yield [*lead, "", "", "", "", ""]
