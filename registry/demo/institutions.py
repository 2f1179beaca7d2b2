"""The invented city's institutions: each kind once or more, in several places, of firms and of bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.firms.models.firms import Firm
from registry.institutions import services
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
_SOURCE = "市科技局台账（演示）"


def steps() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    yield _DAY, _enter


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
    services.enter(who, office, given, at=teller.at, on=teller.day, apart=True)
