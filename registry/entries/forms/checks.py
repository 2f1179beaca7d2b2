"""What several fields of the form of a firm have to say together; each check puts its sentence at a field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from flask_babel import gettext as _

from registry.base import errors
from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.vocabulary import UnitKind
from registry.firms.models.firms import Firm
from registry.reference.queries import reference
from registry.reference.rules import industries
from registry.reference.rules.industries import Classification, Resolution
from registry.sheets.cells import MonthGiven

TOWN_ELSEWHERE = N_("%(town)s不属于%(division)s，请核对所属县区和乡镇街道。")
NOT_OFFERED = N_("不在可选项内，请从下拉中选择。")
APPROVAL_OF_DEEMED = N_("只有视同法人单位填写批准文号；单位类型不是视同法人的请清空。")
TWO_MEANINGS = N_("%(code)s 在两版分类中含义不同：2017版是“%(now)s”，2011版是“%(before)s”。请在下面选定。")
_BOTH = {"now": industries.CURRENT, "before": industries.FORMER}
TO_MONTH_NEEDED = N_("请填写累计数截至的月份。")


class SubmittedForm(Protocol):
    """A form whose fields have been read: `given` by key; `say` puts a sentence at a field and drops its value."""

    given: dict[str, Any]
    on: date
    firm: Firm | None

    def say(self, key: str, sentence: str) -> None: ...
    def meant(self) -> str: ...
    def ask_meaning(self, choices: list[tuple[str, str]]) -> None: ...


def code(form: SubmittedForm) -> None:
    """A firm without a code says why; a firm with one has no reason left to give."""
    if form.given.get("credit_code"):
        form.given["no_code_reason"] = ""
    elif "credit_code" in form.given and not form.given.get("no_code_reason"):
        form.say("no_code_reason", _(errors.CODE_REASON_NEEDED))


def unit_kind(form: SubmittedForm) -> None:
    """Only a deemed legal person is approved as one."""
    kind = form.given.get("unit_kind", form.firm.unit_kind if form.firm else None)
    if form.given.get("deemed_approval") and kind != UnitKind.DEEMED_LEGAL_PERSON:
        form.say("deemed_approval", _(APPROVAL_OF_DEEMED))


def days(form: SubmittedForm) -> None:
    for key in ("founded_on", "opened_on", "operating_state_on"):
        if (day := form.given.get(key)) and day > form.on:
            form.say(key, _(errors.DATE_IN_FUTURE))


def place(form: SubmittedForm) -> None:
    """The town lies in the county or zone; a town that another city runs is left to the service, which says why."""
    territory = reference.territory()
    for key, levels in (("division", ("county", "zone")), ("town", ("town",))):
        row = territory.get(form.given.get(key) or "")
        if form.given.get(key) and (row is None or row.level not in levels):
            form.say(key, _(NOT_OFFERED))
    town = form.given.get("town")
    division = form.given.get("division") or (form.firm.division if form.firm else None)
    if town and division and not territory.excluded_reason(town) and territory.covers(division, town) is False:
        names = reference.division_names()
        form.say("town", _(TOWN_ELSEWHERE, town=names[town], division=names[division]))


def industry(form: SubmittedForm) -> None:
    """The 2017 code that the given one stands for; digits with two meanings are asked about, and one of them chosen."""
    if not (given := form.given.get("industry")):
        return
    known = reference.classification()
    resolved = known.resolve(given, form.given.get("industry_year"))
    code = resolved.code_2017
    if code is None and form.meant() in resolved.candidates:
        code = form.meant()
    if code is None:
        form.ask_meaning([(one, _meaning(known, resolved, one)) for one in resolved.candidates])
        both = {"code": resolved.given, **{key: known.name_of(resolved.given, year) for key, year in _BOTH.items()}}
        asks = resolved.note is industries.Note.ASK_YEAR
        form.say("industry", _(TWO_MEANINGS, **both) if asks else _(resolved.template) % resolved.values)
        return
    form.given |= {"industry": code, "industry_year": industries.CURRENT}


def _meaning(known: Classification, resolved: Resolution, code: str) -> str:
    """A 2017 code that the given digits may stand for, with its name and by which reading."""
    name = known.name_of(code)
    if code == resolved.given:
        return str(_("按2017版：%(code)s %(name)s", code=code, name=name))
    former = known.name_of(resolved.given, industries.FORMER)
    return str(_("按2011版“%(former)s”：现为 %(code)s %(name)s", former=former, code=code, name=name))


def figures(form: SubmittedForm) -> None:
    """A cumulative figure says to which month, and that month is over."""
    month = form.given.get("to_month")
    if isinstance(month, MonthGiven):
        period = Period(month.year or form.on.year, month.month)
        if period.end > form.on:
            form.say("to_month", _(errors.FIGURE_FUTURE, period=period.label))
        return
    dated = ("revenue_to_date", "revenue_same_period", "vat_sales")
    if "to_month" in form.given and any(form.given.get(key) is not None for key in dated):
        form.say("to_month", _(TO_MONTH_NEEDED))


CHECKS: tuple[Callable[[SubmittedForm], None], ...] = (code, unit_kind, days, place, industry, figures)
