"""The directory of institutions: laboratories, workstations, institutes, platforms, and to whom each belongs."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(tables=("models",), adds={"coverage": "rules.rights:COVERAGE"})
