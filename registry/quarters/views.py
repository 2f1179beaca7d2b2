"""Pictures of the directory's numbers: the funnel of stages and the movement between two quarters, as safe SVG."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from registry.quarters.sheets.summaries import Movement, TierLine
from registry.site.charts import FONT, INK, INK_2, LINE, PAST, drawn

ROW, WIDTH = 26, 520
RISE, FALL = "#5f9c97", "#c9d1d8"
"""Light enough for the number beside it; rising and falling also differ by the sign in their label."""
SHADES = 4

Bar = tuple[str, int]


def funnel_chart(bars: Sequence[Bar]) -> Markup:
    """Firms by stage, in the order of the path."""
    return _funnel(tuple((str(label), count) for label, count in bars), _("各阶段企业数（家）"))


@lru_cache(maxsize=128)
def _funnel(bars: tuple[Bar, ...], title: str) -> Markup:
    rows = [{"label": label, "start": 0, "end": count, "text": f"{count:,}", "kind": "rise"} for label, count in bars]
    return drawn(_specification(rows), title, _("，").join(f"{label} {count}" for label, count in bars))


def movement_chart(steps: Sequence[Movement]) -> Markup:
    """From the firms at the last quarter's end to those at this one's, step by step."""
    told = tuple((_(step.label), step.firms, step.total) for step in steps)
    return _movement(told, _("季度变动（家）"))


@lru_cache(maxsize=128)
def _movement(steps: tuple[tuple[str, int, bool], ...], title: str) -> Markup:
    rows, level = [], 0
    for label, firms, total in steps:
        start, level = (0, firms) if total else (level, level + firms)
        shown = f"{firms:,}" if total else f"{firms:+,}" if firms else "0"
        kind = "total" if total else "rise" if firms > 0 else "fall"
        rows.append({"label": label, "start": start, "end": level, "text": shown, "kind": kind})
    return drawn(_specification(rows), title, _("，").join(f"{row['label']} {row['text']}" for row in rows))


def shades(lines: Sequence[TierLine]) -> list[list[int]]:
    """For each cell of the heat table a shade from 0 (none) to `SHADES`, by its share of the largest."""
    most = max((count for line in lines for count in line.counts), default=0)
    return [[-(-count * SHADES // most) if most else 0 for count in line.counts] for line in lines]


def _specification(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Bars one below the other, each with its number at its end: read without any colour."""
    order = [row["label"] for row in rows]
    most = max([row["end"] for row in rows] + [row["start"] for row in rows] + [1])
    side = {"field": "label", "type": "nominal", "sort": order}
    across = {"field": "end", "type": "quantitative", "scale": {"domain": [0, most * 1.12]}, "axis": None}
    labels = {"title": None, "ticks": False, "domainColor": PAST, "labelLimit": 200, "labelColor": INK}
    colours = {"total": INK_2, "rise": RISE, "fall": FALL}
    bar = {
        "mark": {"type": "bar", "height": ROW - 8, "stroke": INK_2, "strokeWidth": 0.8},
        "encoding": {
            "y": {**side, "axis": labels},
            "x": {**across, "field": "start"},
            "x2": {"field": "end"},
            "fill": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": list(colours), "range": list(colours.values())},
                "legend": None,
            },
        },
    }
    for row in rows:
        row["edge"] = max(row["start"], row["end"])
    number = {
        "mark": {"type": "text", "align": "left", "dx": 5, "fill": INK},
        "encoding": {"y": side, "x": {**across, "field": "edge"}, "text": {"field": "text", "type": "nominal"}},
    }
    return {
        "width": WIDTH,
        "height": ROW * max(1, len(rows)),
        "data": {"values": rows},
        "layer": [bar, number],
        "background": None,
        "padding": {"left": 4, "right": 8, "top": 4, "bottom": 4},
        "config": {
            "font": FONT,
            "aria": False,
            "view": {"stroke": None},
            "axis": {"labelFontSize": 12, "labelPadding": 6, "gridColor": LINE},
            "text": {"fontSize": 12},
        },
    }
