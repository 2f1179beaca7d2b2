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
from registry.site.margins import SIZE, Margin, beside, top_of

Point = tuple[int, Decimal]  # month 1..12, cumulative yuan
Words = tuple[tuple[str, str], ...]

WIDTH, HEIGHT = 360, 230
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
    margins = _margins(points, previous, statutory, admission, path, text)
    top = top_of([*(one.amount for one in margins), *(_wan(one.high) for one in path), *map(_amount, points)])
    layers = [
        _frame(months, top),
        *bands.band(path),
        *bands.windows(windows),
        *_line(previous, PAST),
        *_rule(admission, dashed=True),
        *_rule(statutory, dashed=False),
        *_line(points, ACCENT),
        *bands.forecast(path),
        *beside(margins, top=top, width=WIDTH, height=HEIGHT),
    ]
    svg = vl_convert.vegalite_to_svg(_specification(layers))
    return _accessible(svg, text["title"], text["description"])


def _margins(
    points: tuple[Point, ...],
    previous: tuple[Point, ...],
    statutory: Decimal | None,
    admission: Decimal | None,
    path: tuple[PathPoint, ...],
    text: Mapping[str, str],
) -> list[Margin]:
    """The name and value of each line; of two that end at one height the more important stands first."""
    found = []
    if statutory is not None:
        found.append(Margin(_wan(statutory), f"{text['statutory']} {_shown(statutory)}", INK))
    if path:
        likely = f"{text['forecast']} {(path[-1].point / 10_000).quantize(Decimal(1), ROUND_HALF_UP):,}"
        found.append(Margin(_wan(path[-1].point), likely, INK, bold=True))
    if points:
        amount = max(points)[1]
        found.append(Margin(_wan(amount), f"{text['this_year']} {_shown(amount)}", ACCENT, bold=True))
    if admission is not None:
        found.append(Margin(_wan(admission), f"{text['admission']} {_shown(admission)}", INK_2))
    if previous:
        amount = max(previous)[1]
        found.append(Margin(_wan(amount), f"{text['previous_year']} {_shown(amount)}", INK_2))
    return found


def _amount(point: Point) -> float:
    return _wan(point[1])


def _wan(yuan: Decimal) -> float:
    return float(yuan / 10_000)


def _shown(yuan: Decimal) -> str:
    return f"{(yuan / 10_000).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def _line(points: tuple[Point, ...], colour: str) -> list[dict[str, Any]]:
    """The path of one year with a dot a month."""
    if not points:
        return []
    rows = [{"month": month, "amount": _wan(amount)} for month, amount in sorted(points)]
    dots = {"filled": True, "fill": colour, "size": 36}
    width = 2.5 if colour == ACCENT else 1.5
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "line", "stroke": colour, "strokeWidth": width, "point": dots},
            "encoding": {"x": MONTH, "y": AMOUNT},
        }
    ]


def _rule(yuan: Decimal | None, *, dashed: bool) -> list[dict[str, Any]]:
    """A line across all months; its name stands in the margin."""
    if yuan is None:
        return []
    stroke = {"stroke": INK_2, "strokeDash": [4, 3]} if dashed else {"stroke": INK, "strokeWidth": 1.5}
    data = {"values": [{"amount": _wan(yuan)}]}
    return [{"data": data, "mark": {"type": "rule", **stroke}, "encoding": {"y": AMOUNT}}]


def _frame(months: tuple[str, ...], top: float) -> dict[str, Any]:
    """An invisible dot a month: it carries the axes, so that they stand even where a firm has no figure yet."""
    names = "[" + ",".join(f"'{name}'" for name in months) + "][datum.value - 1]"
    across = {"labelExpr": names, "labelAngle": 0, "title": None, "ticks": False, "domainColor": PAST}
    up = {"title": None, "gridColor": LINE, "ticks": False, "domain": False, "tickCount": 5, "format": ",.0f"}
    return {
        "data": {"values": [{"month": number, "amount": 0} for number in range(1, 13)]},
        "mark": {"type": "point", "opacity": 0},
        "encoding": {
            "x": {**MONTH, "axis": across, "scale": {"type": "point", "padding": 0.3}},
            "y": {**AMOUNT, "axis": up, "scale": {"domain": [0, top], "nice": False}},
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
            "axis": {"labelColor": INK_2, "labelFontSize": SIZE, "labelPadding": 6},
            "text": {"fontSize": SIZE},
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
