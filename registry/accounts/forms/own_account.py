"""Forms for signing in, passwords and accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length


class SignIn(FlaskForm):  # type: ignore[misc]
    username = StringField(
        _l("用户名"), [DataRequired(_l("请填写用户名。")), Length(max=64)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        _l("密码"), [DataRequired(_l("请填写密码。"))], render_kw={"autocomplete": "current-password"}
    )


class ChangePassword(FlaskForm):  # type: ignore[misc]
    old = PasswordField(
        _l("当前密码"), [DataRequired(_l("请填写当前密码。"))], render_kw={"autocomplete": "current-password"}
    )
    new = PasswordField(
        _l("新密码"),
        [DataRequired(_l("请填写新密码。"))],
        description=_l("至少 10 位，并含大写、小写、数字、符号中的三类。"),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("再次输入新密码"),
        [DataRequired(_l("请再次输入新密码。")), EqualTo("new", _l("两次输入的新密码不一致。"))],
        render_kw={"autocomplete": "new-password"},
    )
