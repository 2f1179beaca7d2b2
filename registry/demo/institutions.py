"""The invented city's institutions: each kind once or more; one is recognised, one stands before its experts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.base.extensions import SHANGHAI, db
from registry.base.vocabulary import Stage
from registry.cases.models import Case
from registry.cases.queries import cases, kinds
from registry.cases.services import entering, notices, opinions
from registry.cases.services import steps as taking
from registry.cases.services.entering import ForWhom
from registry.cases.services.opinions import GivenOpinion
from registry.demo.papers import written
from registry.firms.models.firms import Firm
from registry.institutions import services
from registry.institutions.models import Institution
from registry.institutions.rules.kinds import InstitutionKind as Of
from registry.people.queries import people

if TYPE_CHECKING:
    from registry.demo.story import Teller

_BODIES = (
    (Of.LAB_BRANCH, "示例海洋实验室汕尾分中心", "示例海洋大学", "441521",
     "海洋生物资源", date(2020, 6, 18), "钟海"),
    (Of.INSTITUTE, "示例红海湾水产研究所", "示例水产技术推广中心", "441502-Z1",
     "近海养殖", date(2009, 3, 2), "简渔"),
    (Of.NEW_TYPE, "示例粤东海上风电研究院", "示例理工大学", "441581",
     "海上风电运维", date(2019, 11, 8), "方风"),
    (Of.NEW_TYPE, "示例红海湾海洋装备研究院", "示例海洋工程学会", "441502-Z1",
     "海洋装备", date(2019, 4, 2), "程洋"),
    (Of.PLATFORM, "示例电子信息检验检测公共平台", "示例质量计量检测所", "441502-Z2",
     "电子信息检验检测", date(2018, 5, 21), "计量"),
    (Of.OVERSEAS, "示例海智计划汕尾工作站", "示例科学技术协会", "441502",
     "引才引智", date(2020, 9, 15), "联智"),
)  # fmt: skip
"""Kind, name, body, place, field, founded, head."""
_OF_FIRMS = (
    (Of.ACADEMICIAN, "院士工作站", "441502", "新一代信息技术", date(2019, 12, 6), "石磊"),
    (Of.EXPERT, "省科技专家工作站", "441521", "软件工程", date(2020, 4, 28), "余工"),
    (Of.POSTDOC, "博士后科研工作站", "441502-Z2", "检测技术", date(2020, 8, 3), "牛博"),
    (Of.ACADEMICIAN, "院士工作站", "441523", "生态环境", date(2021, 2, 24), "岳山"),
)  # fmt: skip
"""Kind, what it is called behind the name of its firm, place, field, founded, head."""
_DAY = date(2021, 4, 20)
_RECOGNISED, _BEFORE_EXPERTS = "示例粤东海上风电研究院", "示例红海湾海洋装备研究院"
_APPLIED, _OPENED, _APPROVED, _AGAIN = date(2021, 6, 7), date(2021, 6, 21), date(2021, 7, 5), date(2021, 9, 27)
_VALUES = {
    "legal": "是", "started_on": "2019-11-08", "equipment": "3200000", "space": "860", "researchers": "32",
    "staff": "58", "research_cost": "2750000", "income": "9100000", "direction": "海上风电装备的运行维护和检测",
}  # fmt: skip
_EXPERTS = (
    ("许教授", "示例南方大学", ("35", "24.5", "26"), True),
    ("郭研究员", "示例能源研究所", ("31", "26", "22"), True),
    ("容高工", "示例电力设计院", ("33", "22", "27"), False),
)
_REASONS = ("有样机和授权专利", "带头人和常驻人员齐备，尚缺试验人员", "与本市海上风电产业衔接")
_SOURCE = "市科技局台账（演示）"


def steps() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    yield _DAY, _enter
    yield _APPLIED, lambda teller: _apply(teller, _RECOGNISED, len(_EXPERTS))
    yield _OPENED, _open
    yield _APPROVED, _approve
    yield _AGAIN, lambda teller: _apply(teller, _BEFORE_EXPERTS, 2)


def _enter(teller: Teller) -> None:
    for kind, name, body, place, field, founded, head in _BODIES:
        _one(teller, kind, name, None, body, place, field, founded, head)
    used: set[int] = set()
    for kind, called, place, field, founded, head in _OF_FIRMS:
        firm = _firm_of(place, used)
        if firm is not None:
            used.add(firm.id)
            _one(teller, kind, f"{firm.name}{called}", firm, "", place, field, founded, head)


def _firm_of(place: str, used: set[int]) -> Firm | None:
    """The oldest one of the place that is in the directory and has none yet."""
    listed = (Stage.ADMITTED, Stage.QUALIFIED, Stage.ENROLLED)
    rows = select(Firm).where(Firm.division == place, Firm.stage.in_(listed), Firm.id.not_in(used))
    return db.session.scalars(rows.order_by(Firm.id).limit(1)).unique().first()


def _one(
    teller: Teller, kind: str, name: str, firm: Firm | None, body: str, place: str, field: str, founded: date, head: str
) -> None:
    who, office = teller.clerk(place), people.office(place)
    given = {
        "kind": kind, "name": name, "credit_code": None, "firm": firm, "body_name": body, "division": place,
        "address": "", "field": field, "founded_on": founded, "head": head, "contact_name": f"{head[0]}联系",
        "contact_phone": "0660-3360000", "source": _SOURCE,
    }  # fmt: skip
    services.enter(who, office, given, at=_at(teller), on=teller.day, apart=True)


# -- one is recognised, one is before its experts --------------------------------------------------
def _apply(teller: Teller, name: str, experts: int) -> None:
    """Entered, found in order, and as many opinions as that, each under its seal."""
    row = db.session.scalars(select(Institution).where(Institution.name == name)).unique().one()
    clerk, science, at = teller.clerk(row.office.code), teller.person("science"), _at(teller)
    edition = kinds.published("recognition-new-rd", teller.day)
    if edition is None:
        return
    case = entering.begin(clerk, edition, ForWhom(institution=row), cohort=None, at=at, on=teller.day)
    entering.save(clerk, case, _VALUES, {}, seen=case.revision, at=at)
    for paper in cases.missing_papers(case):
        content = written("Invented", case.number, paper.code)
        entering.attach(
            clerk, case, paper=paper.code, filename=f"{paper.name[:20]}.pdf", content=content,
            year=cases.paper_year(case, paper), at=at,
        )  # fmt: skip
    taking.take(clerk, case, "submit", at=at, on=teller.day)
    taking.take(science, case, "review", at=at, on=teller.day)
    aside = "所在单位是该机构的依托单位"
    opinions.enter(science, case, GivenOpinion("罗工", row.body_name, interests="无", recusal=aside), at=at)
    for expert, employer, scores, favours in _EXPERTS[:experts]:
        pairs = zip((one.code for one in case.kind.criteria), zip(scores, _REASONS, strict=True), strict=True)
        said = "条件具备，建议认定。" if favours else "试验人员不足，建议补齐后再认定。"
        given = GivenOpinion(
            expert, employer, interests="无", scores=dict(pairs), opinion=said, favours=favours, filename="意见.pdf",
            content=written("Invented opinion", case.number, employer),
        )  # fmt: skip
        opinions.enter(science, case, given, at=at)


def _case() -> Case | None:
    return db.session.scalars(select(Case).where(Case.applicant == _RECOGNISED)).unique().one_or_none()


def _open(teller: Teller) -> None:
    if (case := _case()) is None:
        return
    at = _at(teller)
    opinions.open_all(teller.person("science"), case, at=at)
    taking.take(teller.person("science"), case, "pass", at=at, on=teller.day)
    notices.post(teller.person("cityoffice"), [case], first=teller.day, at=at, on=teller.day)


def _approve(teller: Teller) -> None:
    if (case := _case()) is not None:
        taking.take(teller.person("cityoffice"), case, "approve", at=_at(teller), on=teller.day)


def _at(teller: Teller) -> datetime:
    """Times of their own, so that the story's other moments stay what they were."""
    return datetime.combine(teller.day, time(14, 20), SHANGHAI)
