"""The parameters that lists offer, out of the forms of their pages; and the forms of tokens."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from registry.api.queries import tokens
from registry.api.rules.parameters import TEXT, Parameter, choice, pattern
from registry.api.rules.scopes import SCOPE_LABELS
from registry.base.labels import N_
from registry.base.vocabulary import STAGE_LABELS
from registry.cases.queries import cases
from registry.ledger.forms import LedgerFilter
from registry.ledger.queries.ledger import GROUPS
from registry.site.forms.worded import Worded, reason_field

TICKED = ("y", "true", "false")
"""What a box in the address may say."""
_INDUSTRY_CODE = "^([0-9]{2,4})?$"


# -- what lists may be asked ----------------------------------------------------------------------
def ledger_parameters() -> tuple[Parameter, ...]:
    """Every field of the ledger's own query, with what it offers today."""
    return tuple(_ledger_parameters(LedgerFilter(MultiDict())))


def _ledger_parameters(form: LedgerFilter) -> Iterator[Parameter]:
    yield choice("stage", ("", *STAGE_LABELS, *GROUPS), N_("阶段"))
    for item in form:
        text = str(item.label.text)
        if isinstance(item, SelectField):
            offered = item.choices or []
            groups = offered.values() if isinstance(offered, dict) else [offered]
            yield choice(item.name, dict.fromkeys(str(one[0]) for group in groups for one in group), text)
        elif isinstance(item, BooleanField):
            yield choice(item.name, TICKED, text)
        else:
            yield pattern(item.name, _INDUSTRY_CODE if item.name == "code" else TEXT, text)


def case_parameters() -> tuple[Parameter, ...]:
    codes = dict.fromkeys(["", *sorted(row.code for row in cases.editions_in_use())])
    return (
        choice("kind", codes, N_("事项种类")),
        choice("state", ("", "open", "good", "bad"), N_("办理中、办结（通过）、办结（未通过）")),
        pattern("q", TEXT, N_("申报单位或编号")),
    )


# -- tokens ---------------------------------------------------------------------------------------
class AskToken(Worded):
    name = StringField(
        _l("名称"),
        [DataRequired(_l("请填写名称。")), Length(max=60, message=_l("请控制在 60 个字以内。"))],
        description=_l("哪个系统用，例如：市政务数据共享平台。"),
    )
    office = SelectField(
        _l("单位"),
        [DataRequired(_l("请选择单位。"))],
        validate_choice=False,
        description=_l("令牌能读到的，是这个单位的人员在页面上能看到的。"),
    )
    scopes = SelectMultipleField(
        _l("可读范围"),
        [DataRequired(_l("请至少选一项可读范围。"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    expires_on = DateField(_l("到期日"), [DataRequired(_l("请填写日期，如 2021-09-30。"))])
    reason = reason_field(_l("依据"), _l("谁提出、用在哪里；会写入操作留痕。"))

    def offer(self) -> None:
        self.office.choices = [("", _("请选择")), *((row.code, row.short_name) for row in tokens.offices())]
        self.scopes.choices = [(scope, _(label)) for scope, label in SCOPE_LABELS.items()]


class RevokeToken(Worded):
    reason = reason_field(_l("理由"))
