"""Forms of requests between administrators: why one is asked for, why one is refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length


class Ground(FlaskForm):  # type: ignore[misc]
    reason = StringField(
        _l("依据"),
        [DataRequired(_l("请填写依据。")), Length(max=200, message=_l("依据不超过 200 个字。"))],
        description=_l("例如本人何时、以何种方式提出；会写入操作留痕。"),
    )


class Refusal(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(
        _l("理由"),
        [DataRequired(_l("请填写理由。")), Length(max=200, message=_l("理由不超过 200 个字。"))],
        render_kw={"rows": 3},
    )
