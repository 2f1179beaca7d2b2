"""The query above the list of early warnings."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from registry.reference.queries import reference


class Listing(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False

    q = StringField(_l("名称或代码"))
    division = SelectField(_l("所属县区"), validate_choice=False)

    def offer(self) -> None:
        places = reference.counties_and_zones()
        self.division.choices = [("", _("全部")), *((row.code, row.short_name) for row in places)]
