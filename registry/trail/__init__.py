"""The trail (操作留痕): every act with its actor, appended and chained by hash; and refused attempts.

Owns the table of the trail; `services.trail.record` is its only writer.
"""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
)
