"""Charts drawn on the server as SVG: no script, no inline style, so they pass the content policy and print."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any

from babel import Locale
from babel.dates import get_month_names
from flask_babel import get_locale
from markupsafe import Markup, escape

Point = tuple[int, Decimal]  # month 1..12, cumulative yuan
Words = tuple[tuple[str, str], ...]

FONT = "Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, sans-serif"
INK, INK_2, LINE, ACCENT, PAST = "#16232e", "#43525e", "#e6ebef", "#0a5651", "#7a8893"
WIDTH, HEIGHT = 420, 230
MONTH = {"field": "month", "type": "ordinal"}  # in steps, so that every month keeps its label


def revenue_chart(
    points: Sequence[Point],
    *,
    statutory: Decimal | None,
    admission: Decimal | None,
    year: int,
    previous_points: Sequence[Point] = (),
    words: Mapping[str, str],
) -> str:
    """Cumulative revenue of `year` by month against the statutory (solid) and admission (dashed) line, as safe SVG.

    All amounts in yuan, drawn in 万元. `words`: title, description, statutory, admission, this_year, previous_year,
    in the reader's language (components/revenue_figure.html gives them). Drawings are kept by content.
    """
    months = get_month_names("abbreviated", locale=get_locale() or Locale("zh", "CN"))
    return _draw(
        tuple(points),
        tuple(previous_points),
        statutory,
        admission,
        year,
        tuple(months[number] for number in range(1, 13)),
        tuple(sorted(words.items())),
    )


@lru_cache(maxsize=256)
def _draw(
    points: tuple[Point, ...],
    previous: tuple[Point, ...],
    statutory: Decimal | None,
    admission: Decimal | None,
    year: int,
    months: tuple[str, ...],
    words: Words,
) -> Markup:
    import vl_convert  # heavy: only the process that draws pays for it

    text = dict(words)
    layers = [
        *_line(previous, text["previous_year"], PAST, year - 1),
        *_rule(admission, text["admission"], dashed=True),
        *_rule(statutory, text["statutory"], dashed=False),
        *_line(points, text["this_year"], ACCENT, year),
    ]
    svg = vl_convert.vegalite_to_svg(_specification(layers, months))
    return _accessible(svg, text["title"], text["description"])


def _wan(yuan: Decimal) -> float:
    return float(yuan / 10_000)


def _shown(yuan: Decimal) -> str:
    return f"{yuan / 10_000:,.2f}"


def _line(points: tuple[Point, ...], label: str, colour: str, year: int) -> list[dict[str, Any]]:
    """The path of one year with a dot a month, and its name and value at the last one."""
    if not points:
        return []
    rows = [{"month": month, "amount": _wan(amount), "year": year} for month, amount in sorted(points)]
    month, amount = max(points)
    end = {"month": month, "amount": _wan(amount), "label": f"{label} {_shown(amount)}"}
    anchor = "right" if month > 8 else "left"
    place = {"x": MONTH, "y": {"field": "amount", "type": "quantitative"}}
    dots = {"filled": True, "fill": colour, "size": 36}
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "line", "stroke": colour, "strokeWidth": 2.5 if colour == ACCENT else 1.5, "point": dots},
            "encoding": place,
        },
        {
            "data": {"values": [end]},
            "mark": {"type": "text", "align": anchor, "dx": 0, "dy": -12, "fill": colour, "fontWeight": 600},
            "encoding": {**place, "text": {"field": "label", "type": "nominal"}},
        },
    ]


def _rule(yuan: Decimal | None, label: str, *, dashed: bool) -> list[dict[str, Any]]:
    """A line across all months; the statutory one named above it, the admission one below, so they never collide."""
    if yuan is None:
        return []
    row = {"amount": _wan(yuan), "month": 1, "label": f"{label} {_shown(yuan)}"}
    height = {"field": "amount", "type": "quantitative"}
    stroke = {"stroke": INK_2, "strokeDash": [4, 3]} if dashed else {"stroke": INK, "strokeWidth": 1.5}
    return [
        {"data": {"values": [row]}, "mark": {"type": "rule", **stroke}, "encoding": {"y": height}},
        {
            "data": {"values": [row]},
            "mark": {"type": "text", "align": "left", "dy": 11 if dashed else -8, "fill": INK_2 if dashed else INK},
            "encoding": {
                "x": MONTH,
                "y": height,
                "text": {"field": "label", "type": "nominal"},
            },
        },
    ]


def _specification(layers: list[dict[str, Any]], months: tuple[str, ...]) -> dict[str, Any]:
    names = "[" + ",".join(f"'{name}'" for name in months) + "][datum.value - 1]"
    across = {
        "values": list(range(1, 13)),
        "labelExpr": names,
        "title": None,
        "grid": False,
        "ticks": False,
    }
    up = {"title": None, "grid": True, "gridColor": LINE, "ticks": False, "domain": False, "tickCount": 5}
    axes = {
        "x": {
            "axis": {**across, "domainColor": PAST},
            "scale": {"type": "point", "domain": list(range(1, 13)), "padding": 0.3},
        },
        "y": {"axis": {**up, "format": ",.0f"}, "scale": {"zero": True}},
    }
    first, *rest = layers or [{"data": {"values": []}, "mark": "point", "encoding": {}}]
    encoding = {name: {**first["encoding"].get(name, {"datum": 0}), **axes[name]} for name in axes}
    first = {**first, "encoding": {**first["encoding"], **encoding}}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "layer": [first, *rest],
        "background": None,
        "padding": {"left": 4, "right": 16, "top": 8, "bottom": 4},
        "config": {
            "font": FONT,
            "aria": False,
            "view": {"stroke": None},
            "axis": {"labelColor": INK_2, "labelFontSize": 11, "labelPadding": 6},
            "text": {"fontSize": 12},
        },
    }


def _accessible(svg: str, title: str, description: str) -> Markup:
    """The drawing as one picture with a name and a description, without any inline style."""
    bare = re.sub(r'\s(?:style|role|aria-[a-z]+)="[^"]*"', "", svg)
    key = sha256((bare + title).encode()).hexdigest()[:12]
    names = f'role="img" focusable="false" aria-labelledby="t{key} d{key}"'
    words = f'<title id="t{key}">{escape(title)}</title><desc id="d{key}">{escape(description)}</desc>'
    return Markup(re.sub(r"<svg([^>]*)>", lambda tag: f"<svg{tag[1]} {names}>{words}", bare, count=1))  # noqa: S704 - our own drawing, words escaped
