"""Certificates of the invented city: valid, about to expire, expired, renewed, corrected, voided; some with a paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.base.extensions import SHANGHAI, db
from registry.base.permissions import can
from registry.base.vocabulary import LISTED_STAGES
from registry.demo.papers import written
from registry.documents.services import attachments
from registry.firms.models.firms import Firm
from registry.institutions.models import Institution
from registry.institutions.rules.kinds import InstitutionKind
from registry.qualifications.models import Qualification
from registry.qualifications.rules.items import read_items
from registry.qualifications.services import recording
from registry.qualifications.services.recording import CertificateEntry, CertificateFacts

if TYPE_CHECKING:
    from registry.demo.story import Teller

DAY = date(2021, 10, 14)
_SCOPE = "建设工程材料及室内空气检测（演示）"
_ITEMS = read_items(
    "土工 | 含水率 | GB/T 50123-2019\n土工 | 界限含水率 | GB/T 50123-2019\n水泥 | 安定性 | GB/T 1346-2011\n"
    "水泥 | 抗压强度 | GB/T 17671-1999\n钢筋 | 抗拉强度 | GB/T 228.1-2010\n室内空气 | 甲醛 | GB/T 18204.2-2014"
)
_CMA, _LAB, _OFFICE = "广东省市场监督管理局（演示）", "中国合格评定国家认可委员会（演示）", "国家知识产权局（演示）"
_HIGH = "广东省科学技术厅等（演示）"
_Row = tuple[str, int, CertificateFacts, str]


def _row(
    industry: str, place: int, kind: str, number: str, issuer: str, first: date, last: date | None, act: str = ""
) -> _Row:
    """Of the firms of an industry the one at a place, and what becomes of its certificate."""
    tests = kind == "cma"
    facts = CertificateFacts(kind, number, issuer, first, last, _SCOPE if tests else "", _ITEMS if tests else ())
    return industry, place, facts, act


_ROWS: tuple[_Row, ...] = (
    _row("745", 0, "cma", "161900150001", _CMA, date(2016, 1, 10), date(2022, 1, 9), "paper"),
    _row("745", 1, "cma", "181900150002", _CMA, date(2018, 5, 20), date(2024, 5, 19), "paper"),
    _row("745", 2, "cma", "151900150003", _CMA, date(2015, 11, 5), date(2021, 11, 4)),
    _row("745", 3, "cma", "151900150004", _CMA, date(2015, 9, 1), date(2021, 8, 31)),
    _row("745", 4, "cma", "151900150005", _CMA, date(2015, 10, 20), date(2021, 10, 19), "renewed"),
    _row("745", 1, "cnas", "L9001", _LAB, date(2019, 6, 1), date(2025, 5, 31), "paper"),
    _row("752", 0, "patent_agency", "44901", _OFFICE, date(2019, 3, 12), None, "paper"),
    _row("752", 1, "patent_agency", "44902", _OFFICE, date(2020, 7, 1), None, "voided"),
    _row("65", 0, "high_tech", "GR201844009001", _HIGH, date(2018, 11, 28), date(2021, 11, 27)),
    _row("65", 1, "high_tech", "GR201944009002", _HIGH, date(2019, 12, 2), date(2022, 12, 1), "paper"),
    _row("65", 2, "high_tech", "GR202044009003", _HIGH, date(2020, 12, 9), date(2023, 12, 8), "corrected"),
    _row("65", 3, "high_tech", "GR202044009004", _HIGH, date(2020, 12, 9), date(2023, 12, 8)),
    _row(
        "65",
        1,
        "specialised",
        "粤专精特新-2020-901",
        "广东省工业和信息化厅（演示）",
        date(2020, 6, 1),
        date(2023, 5, 31),
    ),
)


def steps() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    yield DAY, _enter


def _enter(teller: Teller) -> None:
    for minute, (industry, place, facts, act) in enumerate(_ROWS):
        listed = select(Firm).where(Firm.industry.startswith(industry), Firm.stage.in_(LISTED_STAGES)).order_by(Firm.id)
        firm = db.session.scalars(listed.offset(place).limit(1)).unique().first()
        if firm is not None and can(teller.speaker(firm.office), "qualification.record", firm):
            _one(teller, firm, facts, act, datetime.combine(teller.day, time(10, minute), SHANGHAI))

    _of_an_institution(teller)


def _of_an_institution(teller: Teller) -> None:
    """The first platform tests for others, and has a certificate of its own."""
    rows = select(Institution).where(Institution.kind == InstitutionKind.PLATFORM).order_by(Institution.id).limit(1)
    row = db.session.scalars(rows).unique().first()
    if row is None:
        return
    who, at = teller.speaker(row.office), datetime.combine(teller.day, time(11, 30), SHANGHAI)
    content = written("INVENTED FOR THE DEMO", "certificate of an institution", "cma")
    paper = recording.attach(who, row, filename="cma证书.pdf", content=content, at=at)
    facts = CertificateFacts("cma", "191900150010", _CMA, date(2019, 12, 20), date(2025, 12, 19), _SCOPE, _ITEMS[:4])
    recording.add(who, row, CertificateEntry(facts, paper, "已核对证书原件（演示）"), at=at, on=teller.day)


def _one(teller: Teller, firm: Firm, facts: CertificateFacts, act: str, at: datetime) -> None:
    who, paper = teller.speaker(firm.office), None
    if act == "paper":
        content = written("INVENTED FOR THE DEMO", "certificate of", firm.credit_code or str(firm.id), facts.kind)
        name = f"{facts.kind}证书.pdf"
        paper = attachments.attach(who, firm, filename=name, content=content, material="M16", at=at)
    entry = CertificateEntry(facts, paper, "已核对证书原件（演示）")
    row = recording.add(who, firm, entry, at=at, on=teller.day)
    _follow(teller, row, facts, act, at)


def _follow(teller: Teller, row: Qualification, facts: CertificateFacts, act: str, at: datetime) -> None:
    who = teller.speaker(row.holder.office)
    if act == "renewed":
        later = replace(facts, number="211900150005", valid_from=date(2021, 10, 8), valid_to=date(2027, 10, 7))
        recording.renew(who, row, CertificateEntry(later), at=at, on=teller.day)
    elif act == "corrected":
        entry = CertificateEntry(replace(facts, number="GR202044009030"))
        recording.correct(who, row, entry, reason="编号抄错两位（演示）", at=at, on=teller.day)
    elif act == "voided":
        recording.void(who, row, reason="登记到了另一家企业名下（演示）", at=at)
