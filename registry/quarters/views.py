"""Pictures of the directory's numbers: the funnel of stages and the movement between two quarters, as safe SVG."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from flask_babel import gettext as _
from markupsafe import Markup

from registry.base.extensions import clock
from registry.quarters.sheets.bars import Bar, Step, described, funnel, movement, specification
from registry.quarters.sheets.summaries import Movement, TierLine
from registry.reference.queries import reference
from registry.site.charts import drawn
from registry.site.display import percent

SHADES = 4


def funnel_chart(bars: Sequence[Bar]) -> Markup:
    """Firms by stage, in the order of the path."""
    return _funnel(tuple((str(label), count) for label, count in bars), _("各阶段企业数（家）"))


@lru_cache(maxsize=128)
def _funnel(bars: tuple[Bar, ...], title: str) -> Markup:
    rows = funnel(bars)
    return drawn(specification(rows), title, described(rows, _("，")))


def movement_chart(steps: Sequence[Movement]) -> Markup:
    """From the firms at the last quarter's end to those at this one's, step by step."""
    told = tuple((_(step.label), step.firms, step.total) for step in steps)
    return _movement(told, _("季度变动（家）"))


@lru_cache(maxsize=128)
def _movement(steps: tuple[Step, ...], title: str) -> Markup:
    rows = movement(steps)
    return drawn(specification(rows), title, described(rows, _("，")))


def shades(lines: Sequence[TierLine]) -> list[list[int]]:
    """For each cell of the heat table a shade from 0 (none) to `SHADES`, by its share of the largest."""
    most = max((count for line in lines for count in line.counts), default=0)
    return [[-(-count * SHADES // most) if most else 0 for count in line.counts] for line in lines]


def tiers_explained() -> str:
    """What A to D mean, by the bounds that hold today."""
    edges = reference.tier_edges(clock.today())
    text: str = _(
        "A档：达标率 %(a)s 以上；B档：%(b)s 以上；C档：%(c)s 以上；D档：不足 %(c)s；无档：没有营业收入。"
        "达标率为营业收入与四上标准之比，取上年全年和本年累计中较高的。",
        a=percent(edges.a), b=percent(edges.b), c=percent(edges.c),
    )  # fmt: skip
    return text
