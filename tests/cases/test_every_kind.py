"""A case of each kind that the project ships, from entry to its decision, by the forms that people use."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.base.extensions import clock, db
from registry.base.vocabulary import Stage
from registry.cases.models import Case, CaseKind, CaseNotice
from registry.cases.queries import cases
from registry.cases.services import kinds as publishing
from registry.config import ROOT
from registry.firms.models.firms import Firm
from registry.institutions.models import Institution
from tests.cases.test_targets import INSTITUTE, LEAD, opinions
from tests.cases.worlds import PDF, SERVICE, SUPPORT, CaseWorld, equipment, fill, invoice
from tests.world import TODAY, signed_in

NOTICE = "notice"
"""On a road: the city office posts the case, and its notice runs out."""


@dataclass(frozen=True)
class Walk:
    """What is typed for a kind, and the steps by whom; `whom`: name of a field of the first form and what it holds."""

    values: dict[str, str]
    road: tuple[tuple[str, str], ...]
    end: str
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    institution: str = ""
    body: str = ""


_VOUCHER = (
    ("haifeng", "submit"), ("science", "pass"), (NOTICE, ""), ("cityoffice", "approve"), ("cityoffice2", "confirm"),
)  # fmt: skip
_MACHINE = {key: value for key, value in equipment().items() if key != "day"}
WALKS = {
    "voucher-service": Walk(SERVICE, _VOUCHER, "approved", {"invoices": invoice(amount="8600000")}),
    "voucher-workstation": Walk(SUPPORT | {"support": "1500000"}, _VOUCHER, "approved", institution="academician"),
    "voucher-platform": Walk(
        {"platform": "检测平台", "use": "检验检测"}, _VOUCHER, "approved", {"equipment": _MACHINE}, institution="platform"
    ),
    "voucher-new-rd": Walk(
        {"nature": "公益类", "partner": "某企业", "fits": "是", "technology": "漂浮式风机", "team": "12"}, _VOUCHER, "approved",
        {"equipment": equipment()}, institution="new_rd",
    ),
    "recognition-new-rd": Walk(
        INSTITUTE,
        (("haifeng", "submit"), ("science", "review"), ("experts", ""), ("science", "pass"), (NOTICE, ""),
         ("cityoffice", "approve"), ("science", "yearly"), ("science", "recommend"), ("cityoffice", "withdraw")),
        "withdrawn", institution="new_rd",
    ),
    "introduction": Walk(
        LEAD,
        (("haifeng", "visit"), ("haifeng", "intend"), ("haifeng", "sign"), ("firm", ""), ("haifeng", "register"),
         ("listed", ""), ("haifeng", "list")),
        "listed", body="深圳市知桥知识产权代理有限公司",
    ),
}  # fmt: skip
ABOUT = {"objection", "appeal"}
"""Walked in `test_vouchers`, `test_ways_round` and `test_pages`, for they are about a case."""


def test_every_kind_that_is_shipped_is_walked() -> None:
    shipped = {path.parent.name for path in (ROOT / "seeds" / publishing.FOLDER).glob("*/kind.toml")}
    assert shipped == WALKS.keys() | ABOUT


@pytest.mark.parametrize("code", list(WALKS))
def test_a_case_is_walked_by_forms(city: CaseWorld, app: Flask, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    walk, clerk = WALKS[code], signed_in(app, "haifeng")
    begun = _whom(city, walk) | {"cohort": str(city.cohorts[2021].id)}
    kind = db.session.scalars(select(CaseKind).where(CaseKind.code == code)).one()
    assert fill(clerk, f"/cases/new/{kind.id}", begun).status_code == 302
    case = db.session.scalars(select(Case)).one()
    typed = walk.values | {
        f"{name}-0-{column}": value for name, row in walk.rows.items() for column, value in row.items()
    }
    assert fill(clerk, f"/cases/{case.id}/edit", typed).status_code == 302
    _papers(clerk, case)
    for username, verb in walk.road:
        if verb:
            answer = fill(signed_in(app, username), f"/cases/{case.id}/steps/{verb}", {"reason": "依材料办理"})
            assert answer.status_code == 302, (verb, answer.get_data(as_text=True))
            db.session.expire_all()
        else:
            _beside(city, app, case, username, monkeypatch)
    assert case.state == walk.end
    assert len(case.events) == sum(bool(verb) for _username, verb in walk.road)
    for page in ("", "/form", "/slip") if case.slip else ("", "/form"):
        assert clerk.get(f"/cases/{case.id}{page}").status_code == 200


def _whom(city: CaseWorld, walk: Walk) -> dict[str, str]:
    if walk.body:
        return {"whom": "body", "body_name": walk.body}
    if walk.institution:
        row: Institution = city.institution(kind=walk.institution)
        db.session.commit()
        return {"whom": "institution", "institution": str(row.id)}
    firm: Firm = city.world.firm()
    db.session.commit()
    return {"whom": "firm", "firm": firm.name}


def _papers(clerk: FlaskClient, case: Case) -> None:
    for paper in cases.missing_papers(case):
        file = io.BytesIO(PDF + paper.code.encode())
        brought = {"paper": paper.code, "year": str(cases.paper_year(case, paper) or ""), "file": (file, "材料.pdf")}
        assert fill(clerk, f"/cases/{case.id}/papers/new", brought).status_code == 302
    db.session.expire_all()


def _beside(city: CaseWorld, app: Flask, case: Case, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens between two steps."""
    if what == NOTICE:
        posting = {"first_day": TODAY.isoformat(), "cases": str(case.id)}
        fill(signed_in(app, "cityoffice"), f"/case-notices/new/{case.kind_id}", posting)
        last: date = db.session.scalars(select(CaseNotice.last_day)).one()
        monkeypatch.setattr(clock, "today", lambda: last + timedelta(days=1))
    elif what == "experts":
        opinions(case)
    elif what == "firm":
        firm = city.world.firm("汕尾市知桥知识产权代理有限公司", industry="7520")
        db.session.commit()
        fill(signed_in(app, "haifeng"), f"/cases/{case.id}/firm", {"firm": firm.credit_code or ""})
    else:
        assert case.firm_id is not None
        db.session.get_one(Firm, case.firm_id).stage = Stage.ADMITTED
    db.session.commit()
    db.session.expire_all()
