"""What to look for among the changes of a quarter."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField

from registry.domain.labels import N_
from registry.sheets.summaries import Change, ChangeKind

# Beside the sheet's own words (新增 = entered the directory, never the statistics' 入库).
KIND_LABELS = {
    ChangeKind.ENTERED: N_("新增（入库培育）"),
    ChangeKind.LEFT: N_("退出"),
    ChangeKind.MOVED: N_("跃迁"),
    ChangeKind.ALTERED: N_("变更"),
}


class ChangeFilter(Form):
    q = StringField(_l("名称或代码"))
    division = SelectField(_l("县区"), validate_choice=False)
    kind = SelectField(_l("变化"), validate_choice=False)

    def offer(self, changes: Iterable[Change]) -> None:
        """Places to choose from: those in which something changed."""
        places = sorted({change.division for change in changes if change.division})
        self.division.choices = [("", _("全部")), *((place, place) for place in places)]
        self.kind.choices = [("", _("全部")), *((kind.value, _(label)) for kind, label in KIND_LABELS.items())]

    def chosen(self, changes: Iterable[Change]) -> list[Change]:
        """The changes that fit, in their order."""
        wanted = (self.q.data or "").strip().casefold()
        return [
            change
            for change in changes
            if wanted in f"{change.name} {change.credit_code or ''}".casefold()
            and self.division.data in (None, "", change.division)
            and self.kind.data in (None, "", change.kind)
        ]
