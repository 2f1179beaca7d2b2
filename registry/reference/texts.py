"""How reference data writes that a piece of a source is not known yet."""

from __future__ import annotations

import re

OPEN_PIECE = re.compile(r"[，、；;]?([^，、；;（）()]*)待核(?![对实查])")
"""`行业代码范围待核`: the piece that nobody has held against its source."""
WITH_PIECES = "{plain}（{pieces}）"
