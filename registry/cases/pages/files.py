"""Cases as a file: exactly what the filter shows; who took it is on the trail."""

from __future__ import annotations

import tempfile

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from registry.base.extensions import clock, db
from registry.cases.models import Case
from registry.cases.pages.cases import asked
from registry.cases.queries import cases
from registry.sheets.csv_out import write_table
from registry.site.access import actor, requires
from registry.trail.services import trail
from registry.trail.services.trail import Act

pages = Blueprint("case_files", __name__)
HEADINGS = (
    _l("编号"), _l("种类"), _l("补助年度"), _l("申请单位"), _l("填报单位"), _l("主管部门"), _l("状态"), _l("期限"),
    _l("金额（元）"), _l("登记日期"),
)  # fmt: skip


@pages.post("/cases/export")
@requires("case.export")
def export() -> ResponseReturnValue:
    """As CSV; the address is that of the list."""
    query = asked()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    found = db.session.scalars(cases.matching(actor(), query)).unique()
    rows, digest = write_table(file, [str(heading) for heading in HEADINGS], (_line(case) for case in found))
    facts = {"rows": rows, "sha256": digest}
    trail.record_all(actor(), [Act("export", "case_file", subject_label="csv", after=facts)], at=clock.now())
    db.session.commit()
    file.seek(0)
    name = _("事项_%(day)s.csv", day=clock.today().isoformat())
    return send_file(file, mimetype="text/csv; charset=utf-8", as_attachment=True, download_name=name)


def _line(case: Case) -> list[str]:
    return [
        case.number, case.edition.name, str(case.cohort.year) if case.cohort else "", case.applicant,
        case.office.short_name, case.bureau.short_name, case.kind.state(case.state).name,
        case.due_on.isoformat() if case.due_on and case.is_open else "", str(case.amount or ""),
        case.at.date().isoformat(),
    ]  # fmt: skip
