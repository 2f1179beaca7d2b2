"""Speed and memory at city scale, each beside a named floor in the same run; figures are ratios, not promises."""

from __future__ import annotations

from registry import features

features.load_tables()  # a part may map a firm before its feature is loaded, also in a process of its own
