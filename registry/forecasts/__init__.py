"""Early warning (预警): where a firm's year may end, worked out anew each time and kept nowhere."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry, Parts

PARTS = Parts(
    pages=("pages",),
    menu=(MenuEntry(Group.FILINGS, 40, N_("预测与预警"), "forecasts.listing", "forecast.list"),),
)
