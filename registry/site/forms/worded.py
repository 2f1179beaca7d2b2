"""A form whose texts are cleaned like every stored text."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from registry.base.characters import clean
from registry.base.errors import RegistryError
from registry.site.forms.refusable import Refusable
from registry.site.locale import sentence

TOO_LONG = _l("最多 %(max)d 个字，请精简。")


class Worded(Refusable):
    """A character that may not stand is said at its field; no text is longer than `longest` code points."""

    longest = 500

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        for key, field in self._fields.items():
            if isinstance(field, StringField) and not isinstance(field, HiddenField) and not field.errors:
                self._clean(key, field)
        return sound and not self.errors

    def _clean(self, key: str, field: StringField) -> None:
        try:
            field.data = clean(field.data or "", self.longest).text
        except RegistryError as error:
            self.say(key, sentence(error))


def reason_field(label: Any, hint: Any = "", *, required: bool = True) -> TextAreaField:
    checks = [DataRequired(_l("请填写理由。"))] if required else [Optional()]
    return TextAreaField(
        label, [*checks, Length(max=Worded.longest, message=TOO_LONG)], description=hint, render_kw={"rows": 3}
    )


_TOO_LONG = _l("最多 %(max)d 个字，请精简。")
