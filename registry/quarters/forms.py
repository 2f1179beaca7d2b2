"""What to look for among the changes of a quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from registry.base.labels import N_
from registry.base.vocabulary import STAGE_LABELS
from registry.quarters.queries.certificates import PartStanding
from registry.quarters.queries.comparison import QuarterDifference
from registry.quarters.rules.lines import SliceQuery, sought_in, told
from registry.quarters.sheets.summaries import (
    TIERS,
    Change,
    ChangeKind,
    FoundLater,
    QuarterBook,
    Row,
    by_county,
    by_industry,
    by_stage,
    change_traits,
    changed_spots,
    offices_of,
    traits_of,
)
from registry.site.forms.worded import Worded, reason_field

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

    codes: tuple[str, ...] = ()

    @property
    def without(self) -> dict[str, str]:
        """Why the quarter is closed without these offices' certificates, by their codes."""
        return {code: self[f"without_{code}"].data for code in self.codes if self[f"without_{code}"].data}


def close_form(missing: Mapping[str, str]) -> Close:
    """With a reason for each office that has not certified, by its code."""
    fields = {f"without_{code}": reason_field(name, required=False) for code, name in missing.items()}
    form: Close = type("CloseWithout", (Close,), fields)()
    form.codes = tuple(missing)
    return form


class Certify(Worded):
    """One person's word: the button says which."""

    seen = HiddenField()
    note = reason_field(_l("说明"), _l("可不填，例如：2 家企业 9 月报表未报，已催。"), required=False)
    refused = reason_field(_l("不予确认的理由"), _l("只在不予确认时填写，冻结时会印出。"), required=False)


class Extend(Worded):
    office = SelectField(_l("单位"))
    until = DateField(_l("延至"), [Optional()], invalid_value_message=_l("请填写日期，如 2021-10-29。"))  # type: ignore[call-arg]
    reason = reason_field(_l("理由"), required=False)

    def offer(self, open_: Iterable[PartStanding]) -> None:
        """Those that have not certified."""
        self.office.choices = [(one.office.code, one.name) for one in open_]


class RowFilter(Form):
    """Rows of a quarter's book by what its tables count: a place (county, or zone within one), a trade, a stage, .."""

    q = StringField(_l("名称或代码"))
    place = SelectField(_l("县区、功能区"), validate_choice=False)
    industry = SelectField(_l("行业"), validate_choice=False)
    stage = SelectField(_l("阶段"), validate_choice=False)
    tier = SelectField(_l("档"), validate_choice=False)
    office = SelectField(_l("单位"), validate_choice=False)
    only = SelectField(_l("范围"), validate_choice=False)

    def offer(self, book: QuarterBook) -> None:
        """What occurs in the book; `-` is what has no tier."""
        every = ("", _("全部"))
        self.place.choices = [every, *((line.label, line.label) for line in by_county(book) if line.firms)]
        self.industry.choices = [every, *((line.label, line.label) for line in by_industry(book))]
        stages = (line.label for line in by_stage(book) if line.firms)
        self.stage.choices = [every, *((stage, _(STAGE_LABELS.get(stage, stage))) for stage in stages)]
        self.tier.choices = [every, *((tier, tier) for tier in TIERS), ("-", _("无档"))]
        self.office.choices = [every, *((name, name) for name in offices_of(book))]
        self.only.choices = [every, ("listed", _("季末在库")), ("reported", _("有营业收入数据"))]

    def asked(self) -> dict[str, str]:
        return {name: field.data for name, field in self._fields.items() if field.data}

    def chosen(self, book: QuarterBook) -> Sequence[Row]:
        """The rows that fit, in the order of the book."""
        asked = SliceQuery.of(self.q.data, {name: value for name, value in self.asked().items() if name != "q"})
        if book.sums:
            return book.sums.firms.that(asked)
        return [row for group in book.groups for row in group.rows if _fits(asked, book, group.label, row)]


class ChangeFilter(Form):
    q = StringField(_l("名称或代码"))
    division = SelectField(_l("县区"), validate_choice=False)
    kind = SelectField(_l("变化"), validate_choice=False)

    def offer(self, book: QuarterBook) -> None:
        """Places to choose from: those in which something changed."""
        places = changed_spots(book)
        self.division.choices = [("", _("全部")), *((place, place) for place in places)]
        self.kind.choices = [("", _("全部")), *((kind.value, _(label)) for kind, label in KIND_LABELS.items())]

    def chosen(self, changes: Sequence[Change]) -> Sequence[Change]:
        """The changes that fit, in their order."""
        traits = {"division": self.division.data, "kind": self.kind.data}
        asked = SliceQuery.of(self.q.data, {name: value for name, value in traits.items() if value})
        if isinstance(changes, FoundLater):
            return changes.that(asked)
        return [one for one in changes if asked.fits(sought_in(one.name, one.credit_code), told(change_traits(one)))]


def _fits(asked: SliceQuery, book: QuarterBook, county: str, row: Row) -> bool:
    traits = told(traits_of(book.divisions, county, row))
    return asked.fits(sought_in(row["name"], row["credit_code"]), traits)
