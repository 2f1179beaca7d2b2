"""A form that can show what a service refused: at the field it is about, else on top."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from registry.base.characters import require_storable
from registry.base.errors import BadCharacter, Blocked, FieldError, RegistryError
from registry.site.locale import sentence


class Refusable(FlaskForm):  # type: ignore[misc]
    def validate(self, extra_validators: Any = None) -> bool:
        """What no database holds is said at its field."""
        sound = bool(super().validate(extra_validators))
        for key, field in self._fields.items():
            if isinstance(field.data, str) and not field.errors:
                try:
                    require_storable(field.data)
                except BadCharacter as error:
                    self.say(key, sentence(error))
        return sound and not self.errors

    def say(self, key: str, text: str) -> None:
        """Put a sentence at a field, or on top where the form does not have it."""
        if key in self._fields:
            self[key].errors = [*self[key].errors, text]
            return
        on_top: list[str] = self.form_errors
        on_top.append(text)

    def refuse(self, error: RegistryError) -> None:
        """Show why a service refused; of a blocked action, every condition in the way."""
        self.say(error.field if isinstance(error, FieldError) else "", sentence(error))
        for blocker in error.blockers if isinstance(error, Blocked) else ():
            self.say("", sentence(blocker) if isinstance(blocker, RegistryError) else _(blocker))
