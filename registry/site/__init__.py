"""What every page stands in: who is asking, the shell, errors, display, lists, charts, forms pressed twice.

Owns the table of form keys."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
)
