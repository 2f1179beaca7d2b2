"""The sentences of a forecast: what it rests on, when it crosses, which window it makes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_
from registry.forecasts.rules.forecast import Crossing, Forecast, Made, Method, Reach

CAUTION = N_("预测仅供培育参考，不是企业数据")
METHOD_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Method.SEASONAL: N_("往年份额"),
        Method.RUN_RATE: N_("月均推算"),
        Method.CLOSED: N_("全年已知"),
        Method.NONE: N_("缺数据"),
    }
)
BASES: Mapping[str, str] = MappingProxyType(
    {
        Method.SEASONAL: N_(
            "按本企业 %(years)s 年 1 至 %(month)s 月占全年的份额（平均 %(share)s）推算，并参照上年余下月份；"
            "越往后越看本年进度"
        ),
        Method.RUN_RATE: N_(
            "本企业没有可用的往年 12 个月数，按最近 %(lately)s 个月（截至 %(month)s 月）的月均数推算以后各月"
        ),
        Method.CLOSED: N_("全年累计已有登记，不再预测"),
        Method.NONE: N_("本年还没有累计营业收入，不作预测"),
    }
)
INTERVALS: Mapping[str, str] = MappingProxyType(
    {
        Method.SEASONAL: N_("往年各年份额的高低，加往年检验误差的第 10 至 90 百分位"),
        Method.RUN_RATE: N_("经验区间：同一方法往年检验误差的第 10 至 90 百分位，不是本企业的历史"),
    }
)
WEAK = N_("年初按月均推算，很不稳，只供留意")
REACHES: Mapping[str, str] = MappingProxyType(
    {
        Reach.MAKES: N_("%(crossing)s：%(statement)s 月报表可赶上%(batch)s（%(closes)s截止）"),
        Reach.TOO_LATE: N_("%(crossing)s：%(year)s 年没有可用的窗口"),
        Reach.NO_WINDOWS: N_("%(crossing)s：尚未录入 %(year)s 年的申报窗口"),
        Reach.NOT_THIS_YEAR: N_("预计 %(year)s 年内达不到标准"),
        Reach.UNKNOWN: N_("没有可比的四上标准或数据，不作判断"),
    }
)
QUARTERLY = N_("小规模纳税人按季申报，只有季末的报表")
CROSSES = N_("预计 %(month)s 月达标")
CROSSED = N_("已于 %(month)s 月达标")
SPAN = N_("最早 %(earliest)s 月，最迟 %(latest)s 月")
SPAN_OPEN = N_("最早 %(earliest)s 月，也可能年内达不到标准")


def basis_values(forecast: Forecast) -> dict[str, object]:
    """What fills `BASES`."""
    years = [str(season.year) for season in reversed(forecast.seasons)]
    shares = [season.share for season in forecast.seasons]
    share = f"{float(sum(shares)) / len(shares):.0%}" if shares else ""
    return {"years": "、".join(years), "month": forecast.month, "share": share, "lately": forecast.lately}


def crossing_template(crossed: Crossing) -> str:
    return CROSSED if crossed.happened else CROSSES


def reach_values(forecast: Forecast, made: Made) -> dict[str, object]:
    """What fills `REACHES`, but for the crossing, the batch and the closing day, told in the reader's language."""
    window = made.window
    return {
        "year": forecast.year,
        "statement": window.statement.month if window and window.statement else "",
    }
