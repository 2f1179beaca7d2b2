"""Forms of accounts: looking for one, making one, its roles, and why it is stopped."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from registry.base.permissions import ROLE_OFFICES
from registry.base.vocabulary import ROLE_LABELS
from registry.handovers.forms import offered
from registry.handovers.rules import LATER
from registry.people.models import Office, User
from registry.people.queries.roster import AccountQuery
from registry.site.forms.choices import by_kind, typed
from registry.site.forms.refusable import Refusable


class UserFilter(Form):
    q = StringField(_l("用户名或姓名"))
    office = SelectField(_l("单位"), validate_choice=False)
    role = SelectField(_l("角色"), validate_choice=False)
    state = SelectField(_l("状态"), validate_choice=False)

    def offer(self, offices: Iterable[Office]) -> None:
        self.office.choices = {"": [("", _("全部"))], **by_kind(offices)}
        self.role.choices = [("", _("全部")), *((role, _(label)) for role, label in ROLE_LABELS.items())]
        self.state.choices = [("", _("全部")), ("active", _("启用")), ("stopped", _("停用"))]

    def wanted(self) -> AccountQuery:
        return AccountQuery(typed(self.q), typed(self.office), typed(self.role), typed(self.state))


class NewUser(FlaskForm):  # type: ignore[misc]
    username = StringField(
        _l("用户名"),
        [DataRequired(_l("请填写用户名。"))],
        description=_l("2 至 32 位小写字母、数字、点、下划线或连字符；登录时用，不能更改。"),
        render_kw={"autocomplete": "off", "maxlength": 32},
    )
    name = StringField(
        _l("姓名"),
        [DataRequired(_l("请填写姓名。"))],
        description=_l("一人一号，不设共用账号。"),
        render_kw={"autocomplete": "off", "maxlength": 40},
    )
    office = SelectField(  # type: ignore[call-arg]
        _l("单位"), [DataRequired(_l("请选择单位。"))], invalid_choice_message=_l("请从列表中选择单位。")
    )

    def offer(self, offices: Iterable[Office]) -> None:
        self.office.choices = {"": [("", "")], **by_kind(offices)}


class Roles(FlaskForm):  # type: ignore[misc]
    roles = SelectMultipleField(_l("角色"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    reason = StringField(
        _l("依据"),
        [DataRequired(_l("请填写依据。")), Length(max=200, message=_l("依据不超过 200 个字。"))],
        description=_l("例如岗位调整通知的文号；会写入操作留痕。"),
    )

    def offer(self, user: User) -> None:
        """The roles that the person's kind of office may hold."""
        held = [role for role, kinds in ROLE_OFFICES.items() if not kinds or user.office.kind in kinds]
        self.roles.choices = [(role, _(ROLE_LABELS[role])) for role in held]


class AccountStandingForm(Refusable):
    """Stop or restore; which of them is said by the page, so that an old page cannot do the opposite."""

    active = HiddenField(validators=[AnyOf(("yes", "no"))])
    seen = HiddenField()
    taker = SelectField(
        _l("接任人"), validate_choice=False, description=_l("未办事项一次全部移交给接任人，不授予任何角色。")
    )
    reason = TextAreaField(
        _l("理由"),
        [DataRequired(_l("请填写理由。")), Length(max=200, message=_l("理由不超过 200 个字。"))],
        render_kw={"rows": 3},
    )

    def offer(self, able: Iterable[User]) -> None:
        """Who can take over what is open; the administrator says so, or that it is left for later."""
        self.taker.validate_choice = True
        self.taker.validators = [DataRequired(_l("请选择接任人；确实暂不交接的，请选“暂不交接”。"))]
        self.taker.choices = [*offered(able), (LATER, _("暂不交接，以后在“交接”中办理"))]
