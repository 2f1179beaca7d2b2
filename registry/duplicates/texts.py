"""Words of the certificate of recall, for its page, its print and the notes of a closed quarter."""

from __future__ import annotations

from registry.base.labels import N_
from registry.matching.recall import Found

KIND_LABELS = {
    Found.BOTH: N_("名称相近，另有佐证"),
    Found.NAMES: N_("只有名称相近"),
    Found.HELPED: N_("名称不够相近，靠佐证列为疑似"),
    Found.EVIDENCE: N_("只有佐证，系统未列为疑似"),
}
