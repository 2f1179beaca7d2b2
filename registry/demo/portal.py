"""The invented city's portal: open, with firms that were released, a typical case, and progress of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.base.extensions import SHANGHAI, db
from registry.base.vocabulary import LISTED_STAGES
from registry.demo.papers import written
from registry.firms.models.firms import Firm
from registry.portal.rules.catalog import COLLECTIONS
from registry.portal.services import releasing, stories, switching
from registry.portal.services.stories import StoryFacts
from registry.portal.services.switching import PortalChoice

if TYPE_CHECKING:
    from registry.demo.story import Teller

DAY = date(2021, 10, 14)
COUNT = 40
_FIELDS = ("credit_code", "county", "industry", "activity", "admitted_on")
_STORY = StoryFacts(
    "从接单检测到自建实验室",
    2021,
    "一家县域检测机构三年里补齐资质、设备和人员，服务了本地三十多家企业。（演示）",
    "公司成立之初只承接委托检测。纳入培育名录后，主管部门帮助梳理资质缺口，两年内取得检验检测机构资质认定。\n"
    "如今实验室面向全市开放预约，本地企业不必再把样品送到外地。（演示内容，企业和情节均为虚构。）",
    "演示",
    date(2021, 10, 12),
)


def steps() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    yield DAY, _open


def _open(teller: Teller) -> None:
    city, at, on = teller.person("cityoffice"), datetime.combine(teller.day, time(15), SHANGHAI), teller.day
    fields = {code: list(one.keys) for code, one in COLLECTIONS.items()}
    licence = "可自由使用，须注明来源（演示）"
    switching.choose(city, PortalChoice(True, fields, licence, "", 30, "市培育办会议纪要（演示）"), at=at, on=on)
    listed = select(Firm).where(Firm.stage.in_(LISTED_STAGES), Firm.voided_at.is_(None)).order_by(Firm.id).limit(COUNT)
    firms = list(db.session.scalars(listed).unique())
    releasing.release(city, firms, _FIELDS, at=at, on=on)
    tested = next((firm for firm in firms if (firm.industry or "").startswith("745")), firms[0])
    content = written("INVENTED FOR THE DEMO", "consent of", tested.credit_code or str(tested.id), "case")
    bureau = teller.speaker(tested.lead_bureau) if tested.lead_bureau else city
    told = stories.enter(bureau, tested, _STORY, filename="同意书.pdf", content=content, at=at, on=on)
    stories.approve(city, told, seen=told.revision, at=at, on=on)
    found = releasing.progress_now(on)
    if found is not None:
        releasing.publish(city, [one.target.code for one in found.targets], at=at, on=on)
