"""The published list: every field that may ever be public, by collection. What is not here cannot be released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry.base.labels import N_

ENTRIES, RESOURCES, NOTICES, STORIES, PROGRESS = "entries", "resources", "notices", "stories", "progress"


@dataclass(frozen=True)
class PublicField:
    """`type` as in Table Schema: string, date, year, integer; `fixed`: a row without it would be none."""

    key: str
    label: str
    about: str
    type: str = "string"
    fixed: bool = False


@dataclass(frozen=True)
class Collection:
    """`by_row`: offices choose fields and rows; else a row is public by the act that its own feature has for it.

    `place` and `facet`: the fields by which a list is narrowed, as far as they are public.
    """

    code: str
    label: str
    about: str
    fields: tuple[PublicField, ...]
    by_row: bool = False
    place: str = ""
    facet: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(field.key for field in self.fields)

    @property
    def fixed(self) -> tuple[str, ...]:
        return tuple(field.key for field in self.fields if field.fixed)

    def field(self, key: str) -> PublicField:
        """Raises KeyError."""
        return {field.key: field for field in self.fields}[key]


_NAME = PublicField("name", N_("名称"), N_("单位登记的全称"), fixed=True)
COLLECTIONS: Mapping[str, Collection] = MappingProxyType(
    {
        one.code: one
        for one in (
            Collection(
                ENTRIES,
                N_("培育名录企业"),
                N_("已纳入培育名录并经主管单位公开的企业"),
                (
                    _NAME,
                    PublicField("credit_code", N_("统一社会信用代码"), N_("登记机关赋予的18位代码")),
                    PublicField("county", N_("所在县区"), N_("县（市、区）或功能区")),
                    PublicField("industry", N_("行业"), N_("国民经济行业分类（GB/T 4754）的代码和名称")),
                    PublicField("activity", N_("主营业务"), N_("登记的主营业务")),
                    PublicField("stage", N_("在库情况"), N_("是否在培育名录库；不公开以后的阶段")),
                    PublicField("admitted_on", N_("入库日期"), N_("第一次纳入培育名录的日期"), "date"),
                    PublicField("founded_on", N_("成立日期"), N_("营业执照上的成立日期"), "date"),
                    PublicField("registered_address", N_("注册地址"), N_("营业执照上的住所")),
                    PublicField("qualifications", N_("有效资质"), N_("现行有效的资质种类")),
                ),
                by_row=True,
                place="county",
                facet="industry",
            ),
            Collection(
                RESOURCES,
                N_("科技资源"),
                N_("可以共享的仪器设备、实验室和科技服务"),
                (
                    _NAME,
                    PublicField("kind", N_("种类"), N_("资源的种类")),
                    PublicField("owner", N_("提供单位"), N_("提供资源的企业或平台机构")),
                    PublicField("county", N_("所在县区"), N_("县（市、区）或功能区")),
                    PublicField("place", N_("地点"), N_("资源所在地点")),
                    PublicField("maker", N_("生产厂商"), N_("仪器设备的生产厂商")),
                    PublicField("model", N_("型号"), N_("仪器设备的型号")),
                    PublicField("capability", N_("能做什么"), N_("用途和能力")),
                    PublicField("price", N_("收费"), N_("收费说明")),
                    PublicField("valid_from", N_("有效期自"), N_("登记的有效期起"), "date"),
                    PublicField("valid_to", N_("有效期至"), N_("登记的有效期止；没有的为长期"), "date"),
                ),
                place="county",
                facet="kind",
            ),
            Collection(
                NOTICES,
                N_("公示"),
                N_("科技创新券、认定等事项的公示"),
                (
                    PublicField("name", N_("标题"), N_("公示标题"), fixed=True),
                    PublicField("number", N_("编号"), N_("公示编号")),
                    PublicField("text", N_("正文"), N_("公示正文")),
                    PublicField("items", N_("公示内容"), N_("单位、所在地、事项、金额（元），每行一项")),
                    PublicField("first_day", N_("公示起始日期"), N_("公示期第一天"), "date"),
                    PublicField("last_day", N_("公示截止日期"), N_("公示期最后一天"), "date"),
                ),
            ),
            Collection(
                STORIES,
                N_("典型案例"),
                N_("经企业书面同意公开的典型案例"),
                (
                    PublicField("name", N_("标题"), N_("案例标题"), fixed=True),
                    PublicField("firm", N_("企业"), N_("同意公开的企业")),
                    PublicField("year", N_("年度"), N_("案例所属年度"), "year"),
                    PublicField("summary", N_("摘要"), N_("一两句话")),
                    PublicField("text", N_("正文"), N_("案例全文")),
                ),
            ),
            Collection(
                PROGRESS,
                N_("工作方案进展"),
                N_("由市培育办公布的工作方案目标进展"),
                (
                    PublicField("name", N_("目标"), N_("工作方案中的目标"), fixed=True),
                    PublicField("goal", N_("目标数"), N_("工作方案规定的数量"), "integer"),
                    PublicField("value", N_("完成数"), N_("公布日期的完成数量"), "integer"),
                    PublicField("unit", N_("单位"), N_("计数单位")),
                    PublicField("as_of", N_("截至日期"), N_("完成数截至的日期"), "date"),
                    PublicField("plan", N_("工作方案"), N_("目标所在的工作方案")),
                ),
            ),
        )
    }
)
SEARCHED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        ENTRIES: ("name", "credit_code", "industry", "activity"),
        RESOURCES: ("name", "owner", "kind", "maker", "model", "capability"),
        NOTICES: ("name", "number", "items"),
        STORIES: ("name", "firm", "summary"),
        PROGRESS: ("name",),
    }
)
"""Of the public fields those in which a text is looked for."""


def chosen(collection: Collection, keys: object) -> tuple[str, ...]:
    """Those of `keys` that the published list has, with the fixed ones, in its order."""
    wanted = set(keys) if isinstance(keys, list | tuple | set | frozenset) else set()
    return tuple(field.key for field in collection.fields if field.fixed or field.key in wanted)
