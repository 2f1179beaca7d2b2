"""The invented city's cases: vouchers of both years at every stage, a recognition, firms that are being brought in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.base.extensions import SHANGHAI, db
from registry.base.permissions import Actor
from registry.base.vocabulary import Stage
from registry.cases.models import Case, CaseKind
from registry.cases.queries import cases, kinds
from registry.cases.services import entering, notices, steps
from registry.cases.services import kinds as publishing
from registry.cases.services.entering import ForWhom
from registry.demo.papers import written
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.institutions.models import Institution

if TYPE_CHECKING:
    from registry.demo.story import Teller

_PUBLISHED, _ENTERED, _CHECKED, _NOTICED, _DECIDED = (
    date(2021, 3, 15), date(2021, 9, 6), date(2021, 9, 13), date(2021, 9, 15), date(2021, 10, 8),
)  # fmt: skip
_CLOSES = date(2021, 12, 31)
_SERVICES = (
    ("441521", "860000", 2021), ("441581", "2600000", 2021), ("441502-Z2", "320000", 2020), ("441502", "145000", 2021),
    ("441521", "12000000", 2021),
)  # fmt: skip
"""Office, cost in yuan and year of vouchers for services."""
_LEADS = (
    ("441502-Z2", "深圳市前海知桥知识产权代理有限公司", "知识产权代理", "深圳市", "signed"),
    ("441502", "广州衡信会计师事务所（普通合伙）", "会计师事务所", "广州市", "visit"),
    ("441581", "深圳市蓝湾工程咨询有限公司", "项目咨询", "深圳市", "intent"),
    ("441523", "东莞市科评信息咨询有限公司", "科技咨询", "东莞市", "lost"),
)  # fmt: skip


def steps_told() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    yield _PUBLISHED, _publish
    yield _ENTERED, _enter
    yield _CHECKED, _check
    yield _NOTICED, _notice
    yield _DECIDED, _decide


def _publish(teller: Teller) -> None:
    at, city_office = _at(teller, time(9, 0)), teller.person("cityoffice")
    for row in db.session.scalars(select(CaseKind).where(CaseKind.state == "draft").order_by(CaseKind.id)):
        publishing.publish(city_office, row, at=at)
    for year in (2020, 2021):
        document = f"汕科函〔{year}〕12号（虚构）"
        publishing.open_cohort(
            city_office, group="voucher", year=year, document=document, opens_on=_PUBLISHED, closes_on=_CLOSES, at=at
        )


def _enter(teller: Teller) -> None:
    for number, (office, cost, year) in enumerate(_SERVICES):
        clerk = teller.clerk(office)
        firm = _firm(clerk, number)
        if firm is None:
            continue
        row = {
            "number": f"1839{number}027", "code": "044001900111", "day": "2021-06-18", "seller": "广州质检科技有限公司",
            "seller_contact": "广州市黄埔区科学大道8号 020-82000011", "amount": cost,
        }  # fmt: skip
        values = {"service": "检验检测", "uses_facilities": "是", "legal_person": "王海生"}
        case = _begun(teller, clerk, "voucher-service", ForWhom(firm=firm), year)
        _filled(teller, clerk, case, values, {"invoices": [row]})
        if number != 3:  # is still being entered
            _take(teller, clerk, case, "submit")
    _station(teller)
    _introduce(teller)


def _station(teller: Teller) -> None:
    found = db.session.scalars(select(Institution).where(Institution.kind == "academician")).first()
    if found is None:
        return
    clerk = teller.clerk(found.office.code)
    values = {
        "workstation": found.name, "station_kind": "院士工作站", "recognised_on": "2020-11-20",
        "recognition_no": "粤科函〔2020〕88号（虚构）", "support": "1500000",
    }  # fmt: skip
    case = _begun(teller, clerk, "voucher-workstation", ForWhom(institution=found), 2021)
    _filled(teller, clerk, case, values, {})
    _take(teller, clerk, case, "submit")


def _introduce(teller: Teller) -> None:
    for office, name, trade, place, state in _LEADS:
        clerk = teller.clerk(office)
        case = _begun(teller, clerk, "introduction", ForWhom(body={"name": name}), 2021)
        _filled(teller, clerk, case, {"trade": trade, "from_place": place, "shape": "独立法人"}, {})
        road = {"visit": 1, "intent": 2, "signed": 3, "lost": 1}[state]
        for verb in ("visit", "intend", "sign")[:road]:
            _take(teller, clerk, case, verb)
        if state == "lost":
            _take(teller, clerk, case, "lose", reason="对方决定暂不在粤东设点")
        else:
            entering.agree_next(
                clerk, case, step="约对方负责人来汕看场地", day=date(2021, 10, 22), at=_at(teller, time(17, 0))
            )


def _check(teller: Teller) -> None:
    science = teller.person("science")
    waiting = _of_state("city_check")
    for case in waiting[:-1]:
        if case.applicant == waiting[1].applicant:
            cells = {"legal_person": "与营业执照所载法定代表人不一致，请核对"}
            _take(teller, science, case, "return", cells=cells)
        else:
            _take(teller, science, case, "pass")


def _notice(teller: Teller) -> None:
    at = _at(teller, time(10, 0))
    for row in kinds.newest():
        ready = [case for case in _of_state("notice") if case.kind_id == row.id]
        if ready:
            notices.post(teller.person("cityoffice"), ready, first=teller.day, at=at, on=teller.day)


def _decide(teller: Teller) -> None:
    """Above the limit the second person has not said anything yet."""
    for case in _of_state("notice"):
        _take(teller, teller.person("cityoffice"), case, "approve")


def _of_state(state: str) -> list[Case]:
    return list(db.session.scalars(select(Case).where(Case.state == state).order_by(Case.id)))


def _firm(clerk: Actor, number: int) -> Firm | None:
    rows = firms.visible_to(clerk).where(Firm.stage == Stage.ADMITTED, Firm.office_id == clerk.office_id)
    found = list(db.session.scalars(rows.order_by(Firm.id).limit(number + 1)).unique())
    return found[-1] if found else None


def _begun(teller: Teller, clerk: Actor, code: str, whom: ForWhom, year: int) -> Case:
    edition = kinds.published(code, teller.day)
    if edition is None:
        raise LookupError(code)
    cohort = next((one for one in kinds.cohorts([edition.group]) if one.year == year), None)
    return entering.begin(clerk, edition, whom, cohort=cohort, at=_at(teller, time(9, 30)), on=teller.day)


def _filled(
    teller: Teller, clerk: Actor, case: Case, values: Mapping[str, str], rows: Mapping[str, list[dict[str, str]]]
) -> None:
    at = _at(teller, time(10, 0))
    entering.save(clerk, case, values, rows, seen=case.revision, at=at)
    for paper in cases.missing_papers(case):
        content = written("Invented", str(case.id), paper.code)
        entering.attach(
            clerk, case, paper=paper.code, filename=f"{paper.name[:20]}.pdf", content=content,
            year=cases.paper_year(case, paper), at=at,
        )  # fmt: skip


def _take(
    teller: Teller, who: Actor, case: Case, verb: str, *, reason: str = "", cells: Mapping[str, str] | None = None
) -> None:
    steps.take(who, case, verb, at=_at(teller, time(16, 30)), on=teller.day, reason=reason, cells=cells)


def _at(teller: Teller, hour: time) -> datetime:
    """Times of their own, so that the story's other moments stay what they were."""
    return datetime.combine(teller.day, hour, SHANGHAI)
