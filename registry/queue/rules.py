"""Background jobs: two lanes, whose turn it is, and how often a job may take its worker with it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from registry.base.errors import RegistryError
from registry.base.labels import N_

SHORT_ROWS = 2_000
"""What has more rows than this goes into the long lane."""
SHORT_BYTES = 256 * 1024
"""A file that is larger surely has more; a smaller one that has more is handed over when it is opened."""
MOST_ATTEMPTS = 3
"""A job whose worker died so often is not begun again."""
LOST_AFTER = timedelta(seconds=60)
"""A worker that has not been heard of for so long is not running any more."""


class Lane(StrEnum):
    SHORT = "short"
    LONG = "long"


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


LANE_LABELS = {Lane.SHORT: N_("短任务"), Lane.LONG: N_("长任务")}
STATE_LABELS = {
    JobState.WAITING: N_("排队"),
    JobState.RUNNING: N_("处理中"),
    JobState.DONE: N_("完成"),
    JobState.FAILED: N_("未能完成"),
}
JOB_LABELS = {
    "check_batch": N_("校验导入文件"),
    "apply_batch": N_("导入已确认的名单"),
    "undo_batch": N_("撤销导入"),
    "compare_workbook": N_("比对交回的工作簿"),
    "apply_workbook": N_("写入工作簿"),
    "find_pairs": N_("为导入的企业查重"),
    "scan_pairs": N_("全库查重"),
    "draw_sample": N_("抽取查全样本"),
    "rekey_names": N_("重算名称比对键"),
    "refresh_standing": N_("更新各企业达标情况"),
    "send_letters": N_("发送邮件"),
    "nudge_overdue": N_("逾期催办"),
    "expire_approvals": N_("过期的管理员申请作废"),
}

CRASHED = N_("后台处理这一件时连续 %(times)s 次意外中断，已停止处理，没有再动名录。请联系系统管理员。")
UNAVAILABLE = N_("数据库或磁盘连续 %(times)s 次无法使用，这一件没有办完；文件和已办的部分都还在。请告知系统管理员。")
UNKNOWN = N_("队列中的这一条不是本系统放入的，没有执行。")


class Unavailable(RegistryError):
    """Nothing is wrong with the work, only with the ground it stands on: what there is of it is kept."""

    template = UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job in the queue; `office_id` is whose it is, None for the system's own."""

    id: int
    office_id: int | None


def in_turn(waiting: Iterable[Waiting], served: Mapping[int | None, datetime]) -> list[Waiting]:
    """The order in which one lane takes them: the office that was served longest ago first, and of one office the
    oldest; so an office's second job waits for everybody's first.

    `served`: when the last job of an office was begun in this lane.
    """
    queues: dict[int | None, deque[Waiting]] = {}
    for job in sorted(waiting, key=lambda job: job.id):
        queues.setdefault(job.office_id, deque()).append(job)
    last = {office: (0, served[office].timestamp()) if office in served else (0, 0.0) for office in queues}
    order: list[Waiting] = []
    while queues:
        office = min(queues, key=lambda office: (last[office], queues[office][0].id))
        order.append(queues[office].popleft())
        last[office] = (1, float(len(order)))
        if not queues[office]:
            del queues[office]
    return order
