"""The font and the colours of every chart, on a page and on paper."""

from __future__ import annotations

FONT = "Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, sans-serif"
INK, INK_2, LINE, ACCENT, PAST = "#16232e", "#43525e", "#e6ebef", "#0a5651", "#7a8893"
