"""The forms of an import: a file with the year it speaks of, and what to look for among batches and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Form, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired

from registry.base.errors import COLUMN_CARRIED, COLUMN_LEFT_OUT, UPLOAD_NEEDED
from registry.base.vocabulary import BATCH_STATE_LABELS
from registry.imports.services import columns
from registry.sheets.byhand import ColumnUse, HeadingChoice
from registry.site.forms.refusable import Refusable

CARRIED, LEFT_OUT = ColumnUse.CARRIED.value, ColumnUse.LEFT_OUT.value


class Upload(Refusable):
    file = FileField(
        _l("文件"),
        [FileRequired(_l(UPLOAD_NEEDED))],
        description=_l(
            "WPS 或 Excel 保存的 .xlsx（20 MB、20 万行以内），或 CSV（UTF-8、GB18030）。不收 .xls、.et、.xlsm。"
        ),
        render_kw={"accept": ".xlsx,.csv,.txt,.tsv,.gz"},
    )
    year = IntegerField(
        _l("年度"),
        [InputRequired(_l("请填写年度。"))],
        description=_l("文件中“本年”“上年”是相对哪一年说的。"),
    )


class Batches(Form):
    """The query above the list of batches."""

    q = StringField(_l("文件名"))
    state = SelectField(_l("状态"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = [("", _("全部")), *((state, _(label)) for state, label in BATCH_STATE_LABELS.items())]


class Rows(Form):
    """The query above the rows of a batch."""

    q = StringField(_l("名称或代码"))


class Applying(Refusable):
    checked = BooleanField(_l("存疑的各行已对照凭证和原件核对，照文件导入"))
    reason = StringField(_l("理由"), description=_l("例如：已与企业核对，单位确为万元。记入留痕。"))
    correction = StringField(
        _l("更正理由"),
        description=_l("更正在库企业的资料须写明理由，例如：企业迁址，见新营业执照。逐家记入留痕。"),
        render_kw={"maxlength": 500},
    )


class Columns(Refusable):
    """What each column of a file is to be; its fields are made for the columns that it has (`columns_form`)."""


def columns_form(asked: Sequence[Mapping[str, Any]], ways: Sequence[tuple[str, str]] | None = None) -> Columns:
    """One select for each of `asked`, which have `name`, `label`, `now` (what it is) and `choice` (what is chosen).

    `ways`: what else may be chosen, by default what a list of firms may hold.
    """

    class Table(Columns):
        pass

    for column in asked:
        setattr(Table, column["name"], SelectField(column["label"], default=column["choice"]))
    form, offered = Table(), _ways() if ways is None else ways
    for column in asked:
        form[column["name"]].choices = [("heading", column["now"]), *offered]
    return form


def choice_of(way: str) -> HeadingChoice | None:
    """What was chosen in one of these selects; None for a heading that is read by itself."""
    use, _colon, key = way.partition(":")
    return HeadingChoice(ColumnUse(use), key or None) if use in set(ColumnUse) else None


def _ways() -> list[tuple[str, str]]:
    return [
        *((use, str(_(label))) for use, label in ((CARRIED, COLUMN_CARRIED), (LEFT_OUT, COLUMN_LEFT_OUT))),
        *((f"read:{key}", str(_("读作：%(heading)s", heading=_(heading)))) for key, heading in columns.offered()),
    ]


class HeadingGiven(Refusable):
    """A heading said by itself, without a file."""

    heading = StringField(_l("表头"), [InputRequired(_l("请填写文件里的表头原文。"))])
    way = SelectField(_l("怎样读"), [InputRequired(_l("请选择怎样读。"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = [("", _("请选择")), *_ways()]
