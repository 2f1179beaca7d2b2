"""A form whose texts are cleaned like every stored text."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, StringField

from registry.domain.characters import clean
from registry.domain.errors import RegistryError
from registry.web.forms.refusable import Refusable
from registry.web.locale import sentence


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
