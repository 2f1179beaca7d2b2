"""The queries above the pages of the register, all of them in the address, and the choice of a file."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, StringField

from registry.base.permissions import Actor
from registry.reference.queries import reference
from registry.register.queries import candidates
from registry.register.queries.candidates import CandidateFilter
from registry.register.rules import COMPARED_LABELS, SECTOR_LABELS
from registry.sheets.kinds import FileKind
from registry.site.forms.refusable import Refusable


class Lookup(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False

    q = StringField(_l("名称或代码"))


class CandidateQuery(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False

    q = StringField(_l("名称"))
    county = SelectField(_l("县区"), validate_choice=False)
    sector = SelectField(_l("行业线索"), validate_choice=False)

    def offer(self, actor: Actor) -> None:
        """The places in reach and the sectors, in the reader's language."""
        names, city = reference.division_names(), reference.city().code
        places = [(code, _("县区未明") if code == city else names[code]) for code in candidates.within(actor)]
        self.county.choices = [("", _("全部")), *places]
        self.sector.choices = [("", _("全部")), *((key, _(label)) for key, label in SECTOR_LABELS.items())]

    def asked(self) -> CandidateFilter:
        return CandidateFilter(self.sector.data or "", self.county.data or "", (self.q.data or "").strip())

    def words(self) -> list[str]:
        """The filter in words, for a page or a file."""
        told = []
        for field in (self.county, self.sector):
            told += [_of(field, choice[1]) for choice in field.iter_choices() if choice[2] and choice[0]]
        text = self.asked().text
        return [*told, _of(self.q, text)] if text else told


class DifferenceQuery(FlaskForm):  # type: ignore[misc]
    class Meta:
        csrf = False

    field = SelectField(_l("不一致的栏目"), validate_choice=False)

    def offer(self) -> None:
        self.field.choices = [("", _("全部")), *((key, _(label)) for key, label in COMPARED_LABELS.items())]


class Export(Refusable):
    kind = RadioField(_l("格式"), default=FileKind.XLSX)

    def offer(self) -> None:
        self.kind.choices = [(FileKind.XLSX, _("Excel 工作簿（.xlsx）")), (FileKind.CSV, _("CSV（行数很多时用）"))]


def _of(field: Field, text: object) -> str:
    return str(_("%(label)s：%(value)s", label=field.label.text, value=text))
