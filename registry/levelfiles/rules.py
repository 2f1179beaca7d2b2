"""Who may bring the file of an upper level, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.trail.texts import Words


def _brings(actor: Actor, _: Any) -> bool:
    return actor.holds(Role.STATISTICIAN)


def _settles(actor: Actor, load: Any) -> bool:
    return load.by_id in actor.people and actor.holds(Role.STATISTICIAN)


PERMISSIONS = {"levelfile.load": _brings, "levelfile.settle": _settles}
WORDS = Words(
    verbs={
        "bring_level_file": N_("上传上级审核结果"),
        "load_level_file": N_("登记上级审核结果"),
        "give_up_level_file": N_("放弃上级审核结果文件"),
    },
    subjects={"level_load": N_("上级审核结果文件")},
    fields={
        ("level_load", "passed"): N_("通过"),
        ("level_load", "returned"): N_("退回"),
        ("level_load", "same"): N_("相同"),
        ("level_load", "refused"): N_("不收"),
        ("level_load", "doubtful"): N_("存疑"),
    },
    permissions={
        "levelfile.load": N_("上传上级审核结果"),
        "levelfile.settle": N_("确认或放弃上级审核结果文件"),
    },
)
