"""The query of tax-authorised figures, and the file that brings them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Form, HiddenField, SelectField, StringField

from registry.base.characters import clean
from registry.base.errors import UPLOAD_NEEDED, RegistryError
from registry.reference.queries import reference
from registry.site.forms.worded import Worded, reason_field
from registry.site.locale import sentence
from registry.taxfigures.queries.figures import TaxQuery

_TEXT_LIMIT = 100


class TaxFilter(Form):
    q = StringField(_l("企业名称或代码"))
    division = SelectField(_l("县区"), validate_choice=False)

    def __init__(self, arguments: Any) -> None:
        super().__init__(arguments)
        places = [(row.code, row.short_name) for row in reference.counties_and_zones()]
        self.division.choices = [("", _("全部")), *places]

    def wanted(self) -> TaxQuery:
        """What may be asked; a part that cannot be read restricts nothing and is shown as wrong."""
        try:
            text = clean(self.q.data or "", _TEXT_LIMIT).text
        except RegistryError as error:
            self.q.errors, text = [sentence(error)], ""
        choices: Any = self.division.choices or []
        division = self.division.data or ""
        if division not in dict(choices):
            self.division.errors, division = [_("没有这个选项，请重新选择。")], ""
        return TaxQuery(text, division)

    def words(self) -> list[str]:
        """The query in words, one a part."""
        wanted = self.wanted()
        choices: Any = self.division.choices or []
        parts = [(self.q, wanted.text), (self.division, dict(choices).get(wanted.division) if wanted.division else "")]
        return [
            str(_("%(label)s：%(value)s", label=str(item.label.text), value=value)) for item, value in parts if value
        ]


class TaxFileForm(Worded):
    file = FileField(
        _l("文件"),
        description=_l(
            "XLSX 或 CSV；须有“企业名称”“统一社会信用代码”“所属期”“企业授权”和金额（写明单位）。没有企业授权的行不收，金额不保存。"
        ),
        render_kw={"accept": ".xlsx,.csv,.txt,.tsv,.gz"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not self.file.data or not self.file.data.filename:
            self.say("file", _(UPLOAD_NEEDED))
        return sound and not self.errors


class ApplyForm(Worded):
    seen = HiddenField()
    reason = reason_field(_l("依据"), _l("有更正或存疑的行时必填，例如“税务局来函更正”。"), required=False)


class GiveUpForm(Worded):
    """Nothing to fill in: it only asks."""
