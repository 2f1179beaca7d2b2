"""Whether the end of the trail is noted outside the database, and what the last count of every row found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from registry.base.clocks import SHANGHAI
from registry.base.extensions import clock, db, setting
from registry.base.health import HealthLine
from registry.base.labels import N_
from registry.trail.models import TrailEntry, TrailHead
from registry.trail.services import anchoring

LATE_AFTER = timedelta(hours=2)
"""One is noted each hour while anything is recorded."""
OLD_AFTER = timedelta(days=2)
"""Every row is checked each night."""
_ANCHOR, _ROWS = N_("留痕锚点"), N_("数据核对")
_ELSEWHERE = N_("请把锚点文件放在其他磁盘或共享目录，并定期另存。")


def health() -> Iterator[HealthLine]:
    yield _anchors()
    yield _rows()


def _anchors() -> HealthLine:
    try:
        noted = list(anchoring.read(anchoring.place()))
    except (anchoring.BadAnchors, OSError):
        return HealthLine(_ANCHOR, "bad", N_("锚点文件读不出来"), hint=_ELSEWHERE)
    if not noted:
        return HealthLine(_ANCHOR, "warn", N_("还没有记过锚点"), hint=_ELSEWHERE)
    last, end = noted[-1], db.session.scalar(select(TrailHead.seq)) or 0
    at = datetime.fromisoformat(last.at).astimezone(SHANGHAI)
    late = last.trail[0] != end and datetime.now(SHANGHAI) - max(at, _first_after(last.trail[0])) > LATE_AFTER
    values = {"day": f"{at:%Y-%m-%d %H:%M}", "count": len(noted)}
    hint = "" if setting("ANCHORS") else _ELSEWHERE
    return HealthLine(_ANCHOR, "warn" if late else "ok", N_("最近一次 %(day)s，共 %(count)s 次"), values, hint)


def _rows() -> HealthLine:
    last = last_recount()
    if last is None:
        return HealthLine(_ROWS, "warn", N_("还没有逐行核对过"))
    values = {"day": f"{last.at:%Y-%m-%d %H:%M}", "count": (last.after or {}).get("rows", 0)}
    if (last.after or {}).get("fault"):
        return HealthLine(_ROWS, "bad", N_("%(day)s 核对发现不符"), values, N_("请审计员查看核验留痕页。"))
    tone = "ok" if clock.now() - last.at <= OLD_AFTER else "warn"
    return HealthLine(_ROWS, tone, N_("%(day)s 核对 %(count)s 行，全部相符"), values)


def _first_after(seq: int) -> datetime:
    """When the first act was recorded that no anchor covers yet; on a set day, that day's."""
    found = db.session.scalar(select(TrailEntry.at).where(TrailEntry.seq == seq + 1))
    return found or datetime.min.replace(tzinfo=SHANGHAI)


def last_recount() -> TrailEntry | None:
    """The newest check of every row against its seal."""
    asked = select(TrailEntry).where(TrailEntry.verb == "recount", TrailEntry.subject_kind == "trail")
    return db.session.scalars(asked.order_by(TrailEntry.seq.desc()).limit(1)).first()
