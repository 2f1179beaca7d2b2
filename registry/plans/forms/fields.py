"""Fields that forms of plans are made of, with what they say where something else was typed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

DAY = _l("请按 2021-10-15 的格式填写日期。")
WHOLE = _l("请填写整数。")
NEEDED = _l("请填写。")
AMOUNT = _l("请填写数字。")


def text_field(label: Any, longest: int, hint: Any = "", *, required: bool = True) -> StringField:
    checks = [InputRequired(NEEDED)] if required else [Optional()]
    return StringField(
        label, [*checks, Length(max=longest, message=_l("请控制在 %(max)d 个字以内。"))], description=hint
    )


def long_field(label: Any, hint: Any = "", rows: int = 3) -> TextAreaField:
    return TextAreaField(label, [InputRequired(NEEDED)], description=hint, render_kw={"rows": rows})


def whole_field(label: Any, least: int, most: int) -> IntegerField:
    between = NumberRange(least, most, message=_l("请填写 %(min)s 至 %(max)s 之间的整数。"))
    return IntegerField(label, [InputRequired(WHOLE), between], invalid_value_message=WHOLE)  # type: ignore[call-arg]


def day_field(label: Any, hint: Any = "") -> DateField:
    return DateField(label, [InputRequired(DAY)], description=hint, invalid_value_message=DAY)  # type: ignore[call-arg]


def amount_field(label: Any, hint: Any = "") -> DecimalField:
    checks: list[Any] = [Optional(), NumberRange(0, 1_000_000, message=AMOUNT)]
    typed: Any = {"invalid_value_message": AMOUNT, "render_kw": {"inputmode": "decimal", "type": "text"}}
    return DecimalField(label, checks, places=None, description=hint, **typed)
