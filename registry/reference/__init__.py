"""Reference data and dated rules: divisions, industries, lines, materials, reasons, routing, settings.

Owns the reference tables; others read them with `queries.reference`, `queries.parameters` and `queries.rules`.
"""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
    provides={"demo_day": "queries.parameters:demo_day"},
)
