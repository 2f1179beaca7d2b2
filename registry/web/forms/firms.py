"""The form of a firm: every column a person may write, read by the very rules that read a workbook's cells.

    form = FirmForm(office=office, on=clock.today())                      # a new firm of `office`
    form = FirmForm(office=firm.office, on=.., firm=firm, locked={..})    # an existing one
    if form.validate_on_submit():
        values, names, figures = values_of(form), former_names_of(form), figures_of(form)

Controls hold text as it was typed, so nothing is lost on an error; `templates/firms/_fields.html` draws them by `GROUPS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.widgets import DateInput

from registry.domain import errors
from registry.domain.errors import FAULTS, FieldError, RegistryError
from registry.domain.faults import Fault
from registry.domain.firms import EXTRA_LABELS, FIELDS, FIGURE_FIELDS, RESTRICTED, masked
from registry.domain.labels import N_
from registry.domain.periods import Period
from registry.domain.vocabulary import CHOICES, FigureKind
from registry.models import Firm, Office
from registry.queries import reference
from registry.sheets import cells, words
from registry.sheets.cells import MonthGiven
from registry.sheets.columns import Column, ColumnKind, form_columns

SCALE = words.SCALES["万"]

# Fields of the form that no sheet has a column for.
_EXTRA = (
    Column(
        "no_code_reason",
        EXTRA_LABELS["no_code_reason"],
        ColumnKind.TEXT,
        "F",
        N_("没有统一社会信用代码的，说明原因，例如正在办理登记。"),
        max_length=200,
    ),
    Column(
        "watch_reason",
        EXTRA_LABELS["watch_reason"],
        ColumnKind.TEXT,
        "F",
        N_("营业收入未达入库线、仍要保留为线索的，说明为什么关注。"),
        max_length=500,
    ),
)
COLUMNS: Mapping[str, Column] = {column.key: column for column in (*form_columns(), *_EXTRA)}

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("登记信息"),
        ("name", "credit_code", "no_code_reason", "former_names", "unit_kind", "legal_form", "founded_on", "opened_on", "capital"),
    ),
    (N_("地址"), ("division", "town", "registered_address", "operating_address")),
    (N_("行业"), ("industry", "industry_year", "activity")),
    (N_("经营情况"), ("accounting", "taxpayer_kind", "employees", "door", "qualifications")),
    (N_("营业收入"), FIGURE_FIELDS),
    (N_("联系人"), ("contact_name", "contact_phone")),
    (N_("培育"), ("issue", "watch_reason")),
)  # fmt: skip
LONG = frozenset({"registered_address", "operating_address", "activity", "issue", "watch_reason", "qualifications", "former_names"})
"""Fields that take the width of the page."""

WANTED = N_("提交前必填。")
KEPT_CONTACT = N_("现为 %(masked)s；不改的留空。")
MORE_FORMER_NAMES = N_("只填要补充的；已有的不会删除。更名请用“更名”。")
CAPITAL_HINT = N_("按万元填写；外币的写明币种，如 1000万美元。")
YEAR_UNKNOWN = N_("不清楚")
YEARS = ((2017, N_("2017 版")), (2011, N_("2011 版")))
TOWN_ELSEWHERE = N_("%(town)s不属于%(division)s，请核对所属县区和乡镇街道。")
EXCLUDED_MARK = N_("%(town)s（不纳入）")
TO_MONTH_NEEDED = N_("请填写累计数截至的月份。")
FORM_EXPIRED = N_("页面已失效，请刷新后重新填写。")
_NAMES_JOINT = words.NAME_JOINER


class GivenFigure(NamedTuple):
    """A cumulative amount in yuan as the form gives it; its source and paper are the caller's to say."""

    field: str
    kind: FigureKind
    period: Period
    amount: Decimal


class FirmForm(FlaskForm):  # type: ignore[misc]
    """`locked` maps fields that are not open to the reason why; what is sent for them is not looked at.

    `figures` adds the figure fields (for a nomination; an existing firm's figures are recorded on a page of their own).
    """

    def __init__(
        self,
        *args: Any,
        office: Office,
        on: date,
        firm: Firm | None = None,
        locked: Mapping[str, str] | None = None,
        figures: bool = False,
        **kwargs: Any,
    ) -> None:
        self.office, self.on, self.firm = office, on, firm
        self.locked = dict(locked or {})
        self.given: dict[str, Any] = {}
        texts = texts_of(firm) if firm else {}
        super().__init__(*args, **{"data": texts, **kwargs})
        if not figures:
            for key in FIGURE_FIELDS:
                del self[key]
        for key in self.locked.keys() & self._fields.keys():
            self[key].process(None, texts.get(key, ""))
            self[key].raw_data = None
        self._word()
        self._offer()

    def _word(self) -> None:
        """Labels and hints in the reader's language."""
        for key, column in self.columns():
            self[key].label.text = _(column.heading)
            hints = [_(column.note)] if column.note else []
            if self.firm and key in RESTRICTED and getattr(self.firm, key):
                hints = [_(KEPT_CONTACT, masked=masked(key, getattr(self.firm, key)))]
            elif self.firm and key == "former_names":
                hints = [_(MORE_FORMER_NAMES)]
            if column.wanted and not column.required:
                hints.append(_(WANTED))
            self[key].description = " ".join(hints)

    def _offer(self) -> None:
        """The choices of every select, with the value that is stored even where it is no longer offered."""
        for key, column in self.columns():
            if column.choices:
                labels = CHOICES[column.choices]
                self[key].choices = [("", ""), *((code, _(label)) for code, label in labels.items())]
        self["industry_year"].choices = [("", _(YEAR_UNKNOWN)), *((str(year), _(label)) for year, label in YEARS)]
        self["division"].choices = _divisions(self.office, self["division"].data)
        self["town"].choices = _towns(self.office, self["town"].data)

    def columns(self) -> Iterator[tuple[str, Column]]:
        """The columns on this form, by key."""
        return ((key, column) for key, column in COLUMNS.items() if key in self._fields)

    def validate(self, extra_validators: Any = None) -> bool:
        """Read every open field into `given`; what cannot be read is said at the field."""
        sound = bool(super().validate(extra_validators))
        if self.csrf_token.errors if "csrf_token" in self else False:
            self.form_errors = [*self.form_errors, _(FORM_EXPIRED)]
        self.given = {}
        for key, column in self.columns():
            if key not in self.locked:
                self._read(key, column)
        for check in (_check_code, _check_days, _check_place, _check_industry, _check_figures):
            check(self)
        return sound and not self.errors

    def _read(self, key: str, column: Column) -> None:
        text = self[key].data or ""
        parsed = cells.parse(column, text, scale=SCALE)
        if parsed.fault is not None:
            if not (column.required and self.firm and not text.strip() and key == "name"):
                self.complain(key, parsed.fault)
            else:
                self.say(key, _(errors.NAME_NEEDED))
            return
        self.given[key] = parsed.value
        if key == "capital":
            self.given["capital_currency"] = parsed.currency
        if key == "industry" and parsed.value is None and text.strip() and parsed.notices:
            self.complain(key, Fault("bad_industry", key, {"heading": column.heading, "text": text.strip()[:40]}))

    def complain(self, key: str, fault: Fault) -> None:
        """Put the sentence of `fault` at its field, in the reader's language."""
        heading = _(str(fault.values.get("heading", "")))
        self.say(key, _(fault.template) % {**fault.values, "heading": heading})

    def say(self, key: str, sentence: str) -> None:
        """Put a sentence at a field, or on top where the form does not have it."""
        self.given.pop(key, None)
        if key in self._fields:
            self[key].errors = [*self[key].errors, sentence]
        else:
            self.form_errors = [*self.form_errors, sentence]

    def refuse(self, error: RegistryError) -> None:
        """Show what a service refused: a FieldError at its field, anything else on top."""
        text = _(error.template) % error.values if error.values else _(error.template)
        self.say(error.field if isinstance(error, FieldError) else "", text)


def values_of(form: FirmForm) -> dict[str, Any]:
    """The plain values of a validated form by the keys of `domain.firms.FIELDS`; locked fields are not among them.

    Of an existing firm, a contact that was left empty stays as it is.
    """
    values = {key: _stored(key, value) for key, value in form.given.items() if key in FIELDS}
    if form.firm is None:
        return values
    kept = {key for key in RESTRICTED if not values.get(key)}
    if values.get("industry") == form.firm.industry:
        kept.add("industry_year")
    return {key: value for key, value in values.items() if key not in kept}


def former_names_of(form: FirmForm) -> tuple[str, ...]:
    """The former names that were typed, without dates; the rules of names hold for them too."""
    return tuple(form.given.get("former_names") or ())


def figures_of(form: FirmForm) -> list[GivenFigure]:
    """The figures of a validated form with their periods: this year's to its month, last year's, the same period's."""
    given = form.given
    found = []
    if (last := given.get("revenue_last_year")) is not None:
        found.append(GivenFigure("revenue_last_year", FigureKind.REVENUE, Period(form.on.year - 1, 0), last))
    month = given.get("to_month")
    if not isinstance(month, MonthGiven):
        return found
    period = Period(month.year or form.on.year, month.month)
    for field, kind, when in (
        ("revenue_to_date", FigureKind.REVENUE, period),
        ("revenue_same_period", FigureKind.REVENUE, period.year_before),
        ("vat_sales", FigureKind.VAT_SALES, period),
    ):
        if (amount := given.get(field)) is not None:
            found.append(GivenFigure(field, kind, when, amount))
    return found


def texts_of(firm: Firm) -> dict[str, str]:
    """An existing firm as the form shows it: 万元, codes of choices, ISO days; contacts stay out (see `reveal`)."""
    texts = {key: text_of(key, getattr(firm, key)) for key in COLUMNS if key in FIELDS and key not in RESTRICTED}
    texts["capital"] = capital_text(firm.capital, firm.capital_currency)
    # Industries are kept as codes of 2017, whatever was given when the firm came in.
    texts["industry_year"] = str(YEARS[0][0]) if firm.industry else ""
    return texts


def text_of(key: str, value: Any) -> str:
    """One stored value as its control holds it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return wan_text(value) if isinstance(value, Decimal) else str(value)


def wan_text(yuan: Decimal) -> str:
    """Yuan as 万元 without separators and without noughts behind the point, as a person would type it."""
    text = f"{yuan / SCALE:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def capital_text(amount: Decimal | None, currency: str) -> str:
    """Registered capital in 万元, with its currency where it is a foreign one: `1000万美元`."""
    if amount is None:
        return ""
    plain = wan_text(amount)
    name = next((word for word, code in words.CURRENCIES.items() if code == currency), currency)
    return plain if currency == "CNY" else f"{plain}万{name}"


def _stored(key: str, value: Any) -> Any:
    """A value as its column of the table wants it: no NULL where the column has none."""
    if isinstance(value, tuple):
        value = _NAMES_JOINT.join(value)
    if value is None and not Firm.__table__.columns[key].nullable:
        return 2017 if key == "industry_year" else ""
    return value


# -- checks of several fields ---------------------------------------------------------------------
def _check_code(form: FirmForm) -> None:
    """A firm without a code says why; a firm with one has no reason left to give."""
    if form.given.get("credit_code"):
        form.given["no_code_reason"] = ""
    elif "credit_code" in form.given and not form.given.get("no_code_reason"):
        form.say("no_code_reason", _(errors.CODE_REASON_NEEDED))


def _check_days(form: FirmForm) -> None:
    for key in ("founded_on", "opened_on"):
        if (day := form.given.get(key)) and day > form.on:
            form.say(key, _(errors.DATE_IN_FUTURE))


def _check_place(form: FirmForm) -> None:
    territory = reference.territory()
    for key, levels in (("division", ("county", "zone")), ("town", ("town",))):
        row = territory.get(form.given.get(key) or "")
        if form.given.get(key) and (row is None or row.level not in levels):
            heading, choices = COLUMNS[key].heading, ""
            form.complain(key, Fault("bad_choice", key, {"heading": heading, "text": str(form.given[key]), "choices": choices}))
    division = form.given.get("division") or (form.firm.division if form.firm else None)
    town = form.given.get("town")
    if division and town and territory.covers(division, town) is False and not territory.excluded_reason(town):
        names = reference.division_names()
        form.say("town", _(TOWN_ELSEWHERE, town=names[town], division=names[division]))


def _check_industry(form: FirmForm) -> None:
    """The 2017 code that the given one stands for; the same digits with two meanings ask for the classification."""
    given = form.given.get("industry")
    if not given:
        return
    resolved = reference.classification().resolve(given, form.given.get("industry_year"))
    if resolved.code_2017 is None:
        form.say("industry", _(resolved.template) % resolved.values)
        return
    form.given["industry"] = resolved.code_2017
    form.given["industry_year"] = YEARS[0][0]


def _check_figures(form: FirmForm) -> None:
    needing = [key for key in ("revenue_to_date", "revenue_same_period", "vat_sales") if form.given.get(key) is not None]
    month = form.given.get("to_month")
    if needing and month is None and "to_month" in form and not form["to_month"].errors:
        form.say("to_month", _(TO_MONTH_NEEDED))
    if isinstance(month, MonthGiven) and (period := Period(month.year or form.on.year, month.month)).end > form.on:
        form.say("to_month", _(errors.FIGURE_FUTURE, period=period.label))


# -- choices --------------------------------------------------------------------------------------
def _divisions(office: Office, stored: str | None) -> list[tuple[str, str]]:
    territory = reference.territory()
    rows = [
        (row.code, row.short_name)
        for row in reference.counties_and_zones()
        if not office.division or territory.covers(office.division, row.code) is not False or row.code == stored
    ]
    return [("", ""), *rows]


def _towns(office: Office, stored: str | None) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """Towns by county or zone; those another city runs are named and cannot be chosen."""
    territory, names = reference.territory(), reference.division_names()
    groups: dict[str, list[tuple[str, str, dict[str, Any]]]] = {"": [("", "", {})]}
    for row in reference.towns():
        if office.division and territory.covers(office.division, row.code) is False and row.code != stored:
            continue
        area = territory.zone_of(row.code) or row.statistical_county or ""
        closed = bool(row.excluded_reason)
        label = _(EXCLUDED_MARK, town=row.name) if closed else row.name
        groups.setdefault(names.get(area, ""), []).append((row.code, label, {"disabled": True} if closed else {}))
    return groups


# -- controls -------------------------------------------------------------------------------------
def _control(column: Column) -> Field:
    attributes: dict[str, Any] = {}
    if column.kind in (ColumnKind.CHOICE, ColumnKind.DIVISION, ColumnKind.TOWN, ColumnKind.YEAR):
        return SelectField(validate_choice=False)
    if column.kind is ColumnKind.DATE:
        return StringField(widget=DateInput())
    if column.key in ("activity", "issue", "watch_reason"):
        return TextAreaField(render_kw={"rows": 3})
    if column.kind in (ColumnKind.MONEY, ColumnKind.INTEGER):
        attributes["inputmode"] = "decimal" if column.kind is ColumnKind.MONEY else "numeric"
    if column.key == "industry":
        attributes["list"] = "industries"
    if column.required:
        attributes["required"] = True
    return StringField(render_kw={"autocomplete": "off", **attributes})


for _column in COLUMNS.values():
    setattr(FirmForm, _column.key, _control(_column))
