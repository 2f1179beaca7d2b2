"""Forms of merges: look for the other entry, choose value by value, say why; and take a merge back."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Optional

from registry.base.vocabulary import UNDO_GROUNDS, UndoGround
from registry.merges.rules import CODE_GROUNDS, Pick
from registry.merges.services.merging import MergeChoice
from registry.site.forms.worded import Worded, reason_field

_SIDES = {"0": Pick.WINNER, "1": Pick.FOLDED}
_KEEP = "keep-"
_DAY = _l("请按 2021-10-15 的格式填写日期。")


class Other(FlaskForm):  # type: ignore[misc]
    """Which firm is the other one."""

    class Meta:
        csrf = False

    q = StringField(_l("另一家企业的名称或代码"))


class Listing(FlaskForm):  # type: ignore[misc]
    """The query above the list of merges."""

    class Meta:
        csrf = False

    q = StringField(_l("名称或代码"))
    state = SelectField(_l("状态"), validate_choice=False)
    since = DateField(_l("自"), [Optional()], invalid_value_message=_DAY)  # type: ignore[call-arg]
    until = DateField(_l("至"), [Optional()], invalid_value_message=_DAY)  # type: ignore[call-arg]

    def offer(self) -> None:
        self.state.choices = [("", _("全部")), ("standing", _("已合并")), ("undone", _("已撤销"))]


class _Picking(Worded):
    """`digest` and `seq` say what was on the page; the choices are radio buttons called `keep-<what>`."""

    digest = HiddenField()
    seq = HiddenField()

    def picks(self) -> dict[str, Pick]:
        """Whose value by field or figure, as far as it was said."""
        said = ((key.removeprefix(_KEEP), _SIDES.get(value)) for key, value in request.form.items() if _is_pick(key))
        return {key: side for key, side in said if side is not None}

    def carried(self) -> dict[str, str]:
        """The choices as hidden fields of the next page."""
        return {key: value for key, value in request.form.items() if _is_pick(key)}

    def seen(self) -> int:
        """The last act that the page knew of."""
        text = self.seq.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


class Merging(_Picking):
    other = HiddenField()
    winner = HiddenField()
    code_ground = SelectField(_l("两个代码属于同一家企业的依据"), validate_choice=False)
    code_checked = BooleanField(_l("再次确认：已核对营业执照，两个代码属于同一家企业"))
    reason = reason_field(
        _l("合并理由"), _l("写明怎样核实是同一家，例如：已电话核实，见同一营业执照。"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code_ground.choices = [("", _("请选择")), *((key, _(text)) for key, text in CODE_GROUNDS.items())]

    def choice(self) -> MergeChoice:
        return MergeChoice(
            reason=self.reason.data or "",
            picks=self.picks(),
            code_ground=self.code_ground.data or "",
            code_checked=bool(self.code_checked.data),
        )


class Undoing(_Picking):
    ground = RadioField(
        _l("撤销依据"),
        [InputRequired(_l("请选择撤销的依据。"))],
        description=_l("是两家企业的，记为对这一对的判定，直到其中一方的记录改变。"),
        choices=[SelectChoice(str(key), _l(text)) for key, text in UNDO_GROUNDS.items()],
    )
    reason = reason_field(_l("撤销理由"), _l("写明怎样核实，例如：核对营业执照，是两家关联企业。"))

    def given_ground(self) -> UndoGround:
        return UndoGround(self.ground.data)


def _is_pick(key: str) -> bool:
    return key.startswith(_KEEP)
