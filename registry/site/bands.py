"""What a forecast adds to the revenue path: its band, its dashed path, and the windows as vertical lines.

Told apart by dashes, dots and words, never by colour alone: the page is printed in black and white.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

INK, INK_2, GROUND = "#16232e", "#43525e", "#dde4e9"
MONTH = {"field": "month", "type": "ordinal"}
CEILING = -10  # above the drawing, where no line passes
LABELLED = 3
"""More windows than this are drawn without their names: the table has them."""


class PathPoint(Protocol):
    """A month to come: cumulative yuan, and the interval around it."""

    @property
    def month(self) -> int: ...
    @property
    def low(self) -> Decimal: ...
    @property
    def point(self) -> Decimal: ...
    @property
    def high(self) -> Decimal: ...


def band(path: Sequence[PathPoint]) -> list[dict[str, Any]]:
    """The interval as a grey ground between two dotted lines."""
    if not path:
        return []
    rows = [{"month": p.month, "low": _wan(p.low), "high": _wan(p.high)} for p in path]
    edge = {"type": "line", "stroke": INK_2, "strokeWidth": 1, "strokeDash": [1, 3]}
    low, high = ({"field": name, "type": "quantitative"} for name in ("low", "high"))
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "area", "fill": GROUND, "line": False},
            "encoding": {"x": MONTH, "y": low, "y2": {"field": "high"}},
        },
        {"data": {"values": rows}, "mark": edge, "encoding": {"x": MONTH, "y": low}},
        {"data": {"values": rows}, "mark": edge, "encoding": {"x": MONTH, "y": high}},
    ]


def forecast(path: Sequence[PathPoint]) -> list[dict[str, Any]]:
    """The likely path, dashed with hollow dots."""
    if not path:
        return []
    rows = [{"month": p.month, "amount": _wan(p.point)} for p in path]
    place = {"x": MONTH, "y": {"field": "amount", "type": "quantitative"}}
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "line", "stroke": INK, "strokeWidth": 1.5, "strokeDash": [5, 3]},
            "encoding": place,
        },
        {
            "data": {"values": rows[1:]},
            "mark": {"type": "point", "filled": True, "fill": "#fff", "stroke": INK, "size": 22, "opacity": 1},
            "encoding": place,
        },
    ]


def windows(marks: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    """A dash-dotted vertical line at each statement month; of few windows the name, each on a line of its own."""
    if not marks:
        return []
    rows = [{"month": month} for month in sorted({month for month, _name in marks})]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "stroke": INK_2, "strokeWidth": 1, "strokeDash": [7, 2, 1, 2]},
            "encoding": {"x": MONTH},
        }
    ]
    for number, (month, name) in enumerate(marks if len(marks) <= LABELLED else ()):
        layers.append(
            {
                "data": {"values": [{"month": month, "label": name}]},
                "mark": {"type": "text", "align": "center", "fill": INK_2},
                "encoding": {
                    "x": MONTH,
                    "y": {"value": CEILING - 17 * number},
                    "text": {"field": "label", "type": "nominal"},
                },
            }
        )
    return layers


def _wan(yuan: Decimal) -> float:
    return float(yuan / 10_000)
