"""What to look for among the changes of a quarter."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField, TextAreaField

from registry.base.labels import N_
from registry.quarters.queries.comparison import QuarterDifference
from registry.quarters.sheets.summaries import Change, ChangeKind
from registry.site.forms.worded import Worded

# Beside the sheet's own words (新增 = entered the directory, never the statistics' 入库).
KIND_LABELS = {
    ChangeKind.ENTERED: N_("新增（入库培育）"),
    ChangeKind.LEFT: N_("退出"),
    ChangeKind.MOVED: N_("跃迁"),
    ChangeKind.ALTERED: N_("变更"),
    ChangeKind.CORRECTED: N_("更正"),
}


DIFFERENCE_LABELS = {
    QuarterDifference.CAME: N_("新增"),
    QuarterDifference.LEFT: N_("退出"),
    QuarterDifference.STAGE: N_("阶段变动"),
    QuarterDifference.NAME: N_("更名"),
    QuarterDifference.CODE: N_("代码变动"),
    QuarterDifference.TIER: N_("档次变动"),
    QuarterDifference.INDUSTRY: N_("行业变动"),
    QuarterDifference.COUNTY: N_("县区变动"),
    QuarterDifference.OFFICE: N_("填报单位变动"),
    QuarterDifference.CORRECTED: N_("更正"),
}


class Close(Worded):
    note = TextAreaField(
        _l("冻结说明"),
        description=_l("有未办结事项时必填，例如：个别企业报表未报，不影响名录。"),
        render_kw={"rows": 3},
    )


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
