"""Shared resources of the invented city: instruments, laboratories, services; released, waiting, expired, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from registry.base.extensions import SHANGHAI, db
from registry.base.permissions import can
from registry.base.vocabulary import LISTED_STAGES
from registry.cases.models import Case
from registry.firms.models.firms import Firm
from registry.institutions.models import Institution
from registry.resources.models import Resource
from registry.resources.rules.rights import ResourceOwner
from registry.resources.services import recording, releasing, using
from registry.resources.services.checking import ResourceFacts
from registry.resources.texts import CASE_KIND

if TYPE_CHECKING:
    from registry.demo.story import Teller

DAY = date(2021, 10, 14)
_START = date(2021, 5, 1)


@dataclass(frozen=True)
class _Offer:
    """Of which owner (an institution by name, or a firm by industry and place), what, and what becomes of it."""

    owner: str | tuple[str, int]
    kind: str
    name: str
    capability: str
    price: str
    act: str = ""
    more: dict[str, Any] = field(default_factory=dict)


_OFFERS = (
    _Offer(
        "示例电子信息检验检测公共平台",
        "instrument",
        "电磁兼容测试系统",
        "电子产品电磁兼容发射和抗扰度测试，依据 GB/T 9254.1-2021",
        "1200元/小时",
        "released",
        {"maker": "示例测量仪器公司", "model": "EMC-3000", "serial": "EMC-2018-0007"},
    ),
    _Offer(
        "示例电子信息检验检测公共平台",
        "testing",
        "电子元器件可靠性检测",
        "高低温、湿热、盐雾、振动试验，可出具检测报告",
        "按项目计费，批量面议",
        "used",
    ),
    _Offer(
        "示例粤东海上风电研究院",
        "instrument",
        "叶片全尺寸疲劳试验台",
        "风电叶片静力和疲劳试验，最长 90 米",
        "面议",
        "released",
        {"maker": "示例重工", "model": "BT-90", "serial": "BT90-19-002"},
    ),
    _Offer(
        "示例粤东海上风电研究院",
        "laboratory",
        "海上风电运维仿真实验室",
        "机组载荷仿真、运维方案评估，可接待企业技术人员驻场",
        "2000元/天",
        "public",
    ),
    _Offer("示例红海湾水产研究所", "calibration", "水质分析仪校准", "pH、溶解氧、盐度现场校准", "150元/台", "expired"),
    _Offer(
        ("745", 0),
        "testing",
        "建筑材料检测",
        "水泥、钢筋、混凝土试块的力学性能和化学成分检测，依据 GB/T 17671-1999",
        "80元/样起",
        "released",
    ),
    _Offer(
        ("745", 1),
        "instrument",
        "气相色谱质谱联用仪",
        "室内空气和水中有机物定性定量分析，依据 GB/T 18204.2-2014",
        "200元/样",
        "withdrawn",
        {"maker": "示例分析仪器公司", "model": "GCMS-20", "serial": "GC20-0415"},
    ),
    _Offer(
        ("745", 2),
        "instrument",
        "气相色谱质谱联用仪",
        "农产品农药残留检测",
        "180元/样",
        "twin",
        {"maker": "示例分析仪器公司", "model": "GCMS-20", "serial": "GC20 0415"},
    ),
    _Offer(
        ("752", 0),
        "intellectual_property",
        "专利检索和申请代理",
        "专利查新检索、撰写、申请，免费首次咨询",
        "发明专利4500元/件起",
        "released",
    ),
    _Offer(
        ("752", 1), "novelty_search", "科技查新", "立项、成果鉴定、报奖查新，5个工作日出报告", "1500元/项", "waiting"
    ),
    _Offer(("65", 0), "facility", "软件适配测试环境", "信息系统国产化适配和压力测试", "800元/天", "private"),
)


def steps() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    yield DAY, _enter


def _enter(teller: Teller) -> None:
    for number, offer in enumerate(_OFFERS):
        owner = _owner(offer.owner)
        if owner is None:
            continue
        office = (owner.firm or owner.institution).office
        if can(teller.speaker(office), "resource.record", owner):
            _one(teller, owner, office, offer, number)


def _owner(named: str | tuple[str, int]) -> ResourceOwner | None:
    if isinstance(named, str):
        rows = select(Institution).where(Institution.name == named)
        row = db.session.scalars(rows).unique().one_or_none()
        return ResourceOwner(institution=row) if row is not None else None
    industry, place = named
    listed = select(Firm).where(Firm.industry.startswith(industry), Firm.stage.in_(LISTED_STAGES)).order_by(Firm.id)
    firm = db.session.scalars(listed.offset(place).limit(1)).unique().first()
    return ResourceOwner(firm=firm) if firm is not None else None


def _one(teller: Teller, owner: ResourceOwner, office: Any, offer: _Offer, number: int) -> None:
    who, at = teller.speaker(office), datetime.combine(teller.day, time(15, number), SHANGHAI)
    body = owner.firm or owner.institution
    facts = ResourceFacts(
        kind=offer.kind, name=offer.name, division=body.division, capability=f"{offer.capability}（演示）",
        valid_from=_START, valid_to=date(2021, 9, 30) if offer.act == "expired" else date(2024, 4, 30),
        price=offer.price, contact_name="预约员", contact_phone=f"0660-33600{number:02d}",
        contact_public=offer.act == "public", wishes_release=offer.act != "private", **offer.more,
    )  # fmt: skip
    row = recording.enter(who, owner, facts, doubt_reason="已核对铭牌和公示（演示）", at=at, on=teller.day)
    if offer.act in ("released", "public", "used", "withdrawn"):
        releasing.release(teller.person("science"), row, seen=row.revision, at=at, on=teller.day)
    if offer.act == "withdrawn":
        releasing.withdraw(who, row, reason="仪器送修，暂停对外服务（演示）", at=at)
    if offer.act == "used":
        _link(teller, row, at)


def _link(teller: Teller, row: Resource, at: datetime) -> None:
    """A voucher case that was submitted paid for a use."""
    found = select(Case).where(Case.code == CASE_KIND, Case.state.not_in(("draft", "refused"))).order_by(Case.id)
    case = db.session.scalars(found.limit(1)).unique().first()
    if case is not None and not case.is_draft:
        using.link(teller.person("science"), row, case.number, at=at)
