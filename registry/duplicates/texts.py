"""Words of the certificate of recall, on its page and in the sample of a file."""

from __future__ import annotations

from registry.base.labels import N_

# Kind of a pair (`matching.recall.FoundBy`) -> its words; the engine itself is not loaded for them.
KIND_LABELS = {
    "both": N_("名称相近，另有佐证"),
    "names": N_("只有名称相近"),
    "helped": N_("名称不够相近，靠佐证列为疑似"),
    "evidence": N_("只有佐证，系统未列为疑似"),
}

VERDICTS = {"same": True, "同一": True, "different": False, "不同": False, "unsure": None, "不确定": None}
"""What may stand in a judged sample; compared without case."""
REPRESENTATIVE = ("representative", "法定代表人", "法人代表")
"""Headings of a column that no other file of ours has."""
