"""How old the newest whole backup is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from registry.backups.services import folder
from registry.base.clocks import SHANGHAI
from registry.base.extensions import setting
from registry.base.health import HealthLine
from registry.base.labels import N_

OLD_AFTER = timedelta(hours=36)
"""One is made each night; an older one means that a night was missed."""
_LABEL = N_("备份")
_HINT = N_("请把备份另存到其他设备，并定期试恢复。")


def health() -> Iterator[HealthLine]:
    kept = folder.kept()
    if not kept:
        said = N_("还没有备份") if setting("BACKUPS_KEPT") else N_("夜间备份已关闭，也没有备份")
        yield HealthLine(_LABEL, "bad", said, hint=_HINT)
        return
    newest = kept[0]
    values = {"day": f"{newest.made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", "count": len(kept)}
    tone = "ok" if datetime.now(UTC) - newest.made_at <= OLD_AFTER else "warn"
    yield HealthLine(_LABEL, tone, N_("最近一份 %(day)s，共 %(count)s 份"), values, _HINT)
