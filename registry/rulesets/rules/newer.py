"""A row of reference data in a draft: its columns as text, what it was copied from, whether it ends."""

from __future__ import annotations

FROM_THE_FIRST = "-"
"""In `base` of a row in a draft: copied from a version without a first day. Empty: a new row; else that day."""
BASE, ENDED, FILE = "base", "ended", "file"
