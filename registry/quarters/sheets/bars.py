"""Bars with their numbers, as a specification to draw: the firms of each stage, and the steps of a movement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from registry.base.palette import FONT, INK, INK_2, LINE, PAST

ROW, WIDTH = 26, 520
RISE, FALL = "#5f9c97", "#c9d1d8"
"""Light enough for the number beside it; rising and falling also differ by the sign in their label."""

Bar = tuple[str, int]
Step = tuple[str, int, bool]
"""A label, how many firms, and whether it is a total."""


def funnel(bars: Iterable[Bar]) -> list[dict[str, Any]]:
    """A bar for each stage."""
    return [{"label": label, "start": 0, "end": count, "text": f"{count:,}", "kind": "rise"} for label, count in bars]


def movement(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """From a total to the next, each step where the one before ended."""
    rows, level = [], 0
    for label, firms, total in steps:
        start, level = (0, firms) if total else (level, level + firms)
        shown = f"{firms:,}" if total else f"{firms:+,}" if firms else "0"
        kind = "total" if total else "rise" if firms > 0 else "fall"
        rows.append({"label": label, "start": start, "end": level, "text": shown, "kind": kind})
    return rows


def described(rows: Iterable[dict[str, Any]], joint: str) -> str:
    """What the bars show, in words."""
    return joint.join(f"{row['label']} {row['text']}" for row in rows)


def specification(rows: list[dict[str, Any]]) -> dict[str, Any]:
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
            "axis": {"labelFontSize": 13, "labelPadding": 6, "gridColor": LINE},
            "text": {"fontSize": 13},
        },
    }
