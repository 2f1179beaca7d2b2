"""What a page says of work that waits or runs: its place in the queue, and plainly where nobody is at work on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from registry.queue import queries
from registry.queue.queries import QueuePosition
from registry.queue.rules import JobState, Lane
from registry.queue.services import packed
from registry.site.display import moment


@dataclass(frozen=True)
class QueueNotice:
    """A sentence about the queue, '' where there is nothing to say; `warns` where somebody has to look."""

    text: str = ""
    warns: bool = False


def of(names: Iterable[str], number: int) -> QueueNotice:
    """Of the job of one of these names that works on record `number`."""
    found = queries.standing(names, packed((number,)))
    if found.state is JobState.FAILED:
        return QueueNotice(
            _("后台多次处理都没有成功，已停止；文件仍在。请把本页地址告诉系统管理员，由其在“后台任务”中重试。"),
            warns=True,
        )
    if not found.is_served:
        return QueueNotice(_unserved(found), warns=True)
    return QueueNotice(" ".join(text for text in (_place(found), _interrupted(found)) if text))


def _unserved(found: QueuePosition) -> str:
    if found.dead_since is None:
        return str(_("后台处理程序没有启动。内容已经收下，不会丢失，启动后自动处理；请告知系统管理员。"))
    at = moment(found.dead_since)
    return str(_("后台处理程序自 %(at)s 起没有运行。内容已经收下，不会丢失，恢复后自动继续；请告知系统管理员。", at=at))


def _place(found: QueuePosition) -> str:
    if found.state is not JobState.WAITING or found.before is None:
        return ""
    if found.behind_own:
        return str(_("前面还有 %(count)s 件；本单位的另一份大名单处理完，才轮到这一份。", count=found.before))
    if not found.before:
        return str(_("正在排队，下一件就是这一件。"))
    if found.lane is Lane.LONG:
        return str(_("内容较多，在大名单的队列里排队，前面还有 %(count)s 件。", count=found.before))
    return str(_("正在排队，前面还有 %(count)s 件。", count=found.before))


def _interrupted(found: QueuePosition) -> str:
    """A job at work is in one attempt more than were broken off."""
    broken = found.attempts - (found.state is JobState.RUNNING)
    return str(_("处理曾意外中断 %(count)s 次，自动从头再来。", count=broken)) if broken > 0 else ""
