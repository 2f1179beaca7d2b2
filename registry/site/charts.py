"""Charts drawn on the server as SVG: no script, no inline style, so they pass the content policy and print."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any

from babel import Locale
from babel.dates import get_month_names
from flask_babel import get_locale
from markupsafe import Markup, escape

from registry.base.palette import ACCENT, FONT, INK, INK_2, LINE, PAST
from registry.site import bands
from registry.site.bands import PathPoint

Point = tuple[int, Decimal]  # month 1..12, cumulative yuan
Words = tuple[tuple[str, str], ...]

WIDTH, HEIGHT = 420, 230
MID_YEAR = 6
MONTH = {"field": "month", "type": "ordinal"}  # in steps, so that every month keeps its label
AMOUNT = {"field": "amount", "type": "quantitative"}


def revenue_chart(
    points: Sequence[Point],
    *,
    statutory: Decimal | None,
    admission: Decimal | None,
    previous_points: Sequence[Point] = (),
    path: Sequence[PathPoint] = (),
    windows: Sequence[tuple[int, str]] = (),
    words: Mapping[str, str],
) -> str:
    """Cumulative revenue of a year by month against the statutory (solid) and admission (dashed) line, as safe SVG.

    All amounts in yuan, drawn in 万元. `path`: the forecast from the month reached on, with its band; `windows`: names
    by statement month. `words`: title, description, statutory, admission, this_year, previous_year, forecast, in the
    reader's language (components/revenue_figure.html gives them). Drawings are kept by content.
    """
    months = get_month_names("abbreviated", locale=get_locale() or Locale("zh", "CN"))
    return _draw(
        tuple(points),
        tuple(previous_points),
        statutory,
        admission,
        tuple(path),
        tuple(windows),
        tuple(months[number] for number in range(1, 13)),
        tuple(sorted(words.items())),
    )


@lru_cache(maxsize=256)
def _draw(
    points: tuple[Point, ...],
    previous: tuple[Point, ...],
    statutory: Decimal | None,
    admission: Decimal | None,
    path: tuple[PathPoint, ...],
    windows: tuple[tuple[int, str], ...],
    months: tuple[str, ...],
    words: Words,
) -> Markup:
    import vl_convert  # heavy: only the process that draws pays for it

    text = dict(words)
    layers = [
        _frame(months),
        *bands.band(path),
        *bands.windows(windows),
        *_line(previous, text["previous_year"], PAST, inside=dict(points) if path else None),
        *_rule(admission, text["admission"], dashed=True),
        *_rule(statutory, text["statutory"], dashed=False),
        *_line(points, "" if path else text["this_year"], ACCENT),
        *bands.forecast(path, text.get("forecast", "")),
    ]
    svg = vl_convert.vegalite_to_svg(_specification(_words_on_top(layers)))
    return _accessible(svg, text["title"], text["description"])


def _words_on_top(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every word above every line, each on a white ground of its own shape, so that nothing runs through it."""
    words = [layer for layer in layers if layer["mark"]["type"] == "text"]
    ground = {"fill": "#fff", "stroke": "#fff", "strokeWidth": 5, "strokeJoin": "round"}
    lines = [layer for layer in layers if layer not in words]
    return lines + [{**layer, "mark": layer["mark"] | ground} for layer in words] + words


def _wan(yuan: Decimal) -> float:
    return float(yuan / 10_000)


def _shown(yuan: Decimal) -> str:
    return f"{(yuan / 10_000).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def _line(
    points: tuple[Point, ...], label: str, colour: str, *, inside: dict[int, Decimal] | None = None
) -> list[dict[str, Any]]:
    """The path of one year with a dot a month, and its name and value over the last one.

    `inside`: a path beside it with a forecast, whose end takes that place; the name then stands in mid-year, on the
    other side of that path, and the value in the table.
    """
    if not points:
        return []
    rows = [{"month": month, "amount": _wan(amount)} for month, amount in sorted(points)]
    month, amount = max(points)
    end = {"month": month, "amount": _wan(amount), "label": f"{label} {_shown(amount)}".strip()}
    mark = {"align": "right" if month > 8 else "left", "dy": -12}
    if inside is not None:
        month, amount = max(point for point in points if point[0] <= MID_YEAR or point == min(points))
        end = {"month": month, "amount": _wan(amount), "label": label}
        above = amount > inside.get(month, amount)
        mark = {"align": "right", "dx": -4, "dy": -10} if above else {"align": "left", "dx": 4, "dy": 14}
    place = {"x": MONTH, "y": AMOUNT}
    dots = {"filled": True, "fill": colour, "size": 36}
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "line", "stroke": colour, "strokeWidth": 2.5 if colour == ACCENT else 1.5, "point": dots},
            "encoding": place,
        },
        {
            "data": {"values": [end]},
            "mark": {"type": "text", "fill": colour, "fontWeight": 600} | mark,
            "encoding": {**place, "text": {"field": "label", "type": "nominal"}},
        },
    ]


def _rule(yuan: Decimal | None, label: str, *, dashed: bool) -> list[dict[str, Any]]:
    """A line across all months; the statutory one named above it, the admission one below, so they never collide."""
    if yuan is None:
        return []
    row = {"amount": _wan(yuan), "month": 1, "label": f"{label} {_shown(yuan)}"}
    stroke = {"stroke": INK_2, "strokeDash": [4, 3]} if dashed else {"stroke": INK, "strokeWidth": 1.5}
    return [
        {"data": {"values": [row]}, "mark": {"type": "rule", **stroke}, "encoding": {"y": AMOUNT}},
        {
            "data": {"values": [row]},
            "mark": {"type": "text", "align": "left", "dy": 11 if dashed else -8, "fill": INK_2 if dashed else INK},
            "encoding": {
                "x": MONTH,
                "y": AMOUNT,
                "text": {"field": "label", "type": "nominal"},
            },
        },
    ]


def _frame(months: tuple[str, ...]) -> dict[str, Any]:
    """An invisible dot a month: it carries the axes, so that they stand even where a firm has no figure yet."""
    names = "[" + ",".join(f"'{name}'" for name in months) + "][datum.value - 1]"
    across = {"labelExpr": names, "labelAngle": 0, "title": None, "ticks": False, "domainColor": PAST}
    up = {"title": None, "gridColor": LINE, "ticks": False, "domain": False, "tickCount": 5, "format": ",.0f"}
    return {
        "data": {"values": [{"month": number, "amount": 0} for number in range(1, 13)]},
        "mark": {"type": "point", "opacity": 0},
        "encoding": {
            "x": {**MONTH, "axis": across, "scale": {"type": "point", "padding": 0.3}},
            "y": {**AMOUNT, "axis": up, "scale": {"zero": True}},
        },
    }


def _specification(layers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "layer": layers,
        "background": None,
        "padding": {"left": 4, "right": 16, "top": 8, "bottom": 4},
        "config": {
            "font": FONT,
            "aria": False,
            "view": {"stroke": None},
            "axis": {"labelColor": INK_2, "labelFontSize": 13, "labelPadding": 6},
            "text": {"fontSize": 13},
        },
    }


def drawn(specification: dict[str, Any], title: str, description: str) -> Markup:
    """A Vega-Lite specification as safe SVG, one picture with a name and a description."""
    import vl_convert  # heavy: only the process that draws pays for it

    return _accessible(vl_convert.vegalite_to_svg(specification), title, description)


def _accessible(svg: str, title: str, description: str) -> Markup:
    """The drawing as one picture with a name and a description, without any inline style."""
    bare = re.sub(r'\s(?:style|role|aria-[a-z]+)="[^"]*"', "", svg)
    key = sha256((bare + title).encode()).hexdigest()[:12]
    names = f'role="img" focusable="false" aria-labelledby="t{key} d{key}"'
    words = f'<title id="t{key}">{escape(title)}</title><desc id="d{key}">{escape(description)}</desc>'
    return Markup(re.sub(r"<svg([^>]*)>", lambda tag: f"<svg{tag[1]} {names}>{words}", bare, count=1))  # noqa: S704 - our own drawing, words escaped
