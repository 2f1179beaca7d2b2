"""What stands in files of reference data in place of a value, or of the right characters."""

from __future__ import annotations

OPEN = "待核"
"""What a source or clause says that nobody has been able to look up yet."""
NOTHING = r"#\S+[!?]|#N/A|n/?a|nan|null|none|todo|tbd|x{2,}|\?+|？+|-+|—+|无|空|待填|待补"
"""What a spreadsheet or a person writes where something is missing."""
MISREAD = r"锟斤拷|[鈥銆锛]|[\u00a1-\u00ff]{2}"
"""What the marks of UTF-8 look like in GBK, also where bytes were lost, and those of GBK in Latin-1."""
FIRM_FORMS = frozenset({"有限公司", "（普通合伙）"})
"""The legal forms of invented firms, as their names end."""
