"""What may be said of a row that looks like a firm on record."""

from __future__ import annotations

from registry.base.labels import N_

TWO, SAME, LATER = "two", "same", "later"
"""两家, 同一家 (with the number of the firm), 暂缓."""

APART = N_("导入时选定为两家，不是同一企业。")
"""What stands with the verdict."""
