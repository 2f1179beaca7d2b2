"""The form of a firm: every column a person may write, read by the very rules that read a workbook's cells.

    form = FirmForm(office=office, on=clock.today())                      # a new firm of `office`
    form = FirmForm(office=firm.office, on=.., firm=firm, locked={..})    # an existing one
    if form.validate_on_submit():
        values, names, figures = values_of(form), former_names_of(form), figures_of(form)

Controls hold text as it was typed, so nothing is lost on an error; `templates/entries/_fields.html` draws them by `GROUPS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.widgets import DateInput

from registry.base import contacts, requirements
from registry.base.contacts import RESTRICTED
from registry.base.firm_fields import EXTRA_LABELS, FIELDS, FIGURE_FIELDS
from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.vocabulary import CHOICES, NO_DATA, Action, FigureKind, Stage, UnitKind
from registry.entries.forms.checks import CHECKS
from registry.firms.models.firms import Firm
from registry.people.models import Office
from registry.reference.queries import reference
from registry.reference.rules import industries
from registry.sheets import cells, words
from registry.sheets.cells import MonthGiven
from registry.sheets.columns import Column, ColumnKind, form_columns
from registry.site.forms.choices import divisions, towns
from registry.site.forms.refusable import Refusable

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
        "deemed_approval",
        EXTRA_LABELS["deemed_approval"],
        ColumnKind.TEXT,
        "F",
        N_("视同法人单位才填：批准其按视同法人统计的文件和文号。"),
        max_length=200,
    ),
    Column(
        "operating_state_on",
        EXTRA_LABELS["operating_state_on"],
        ColumnKind.DATE,
        "F",
        N_("从哪天起，或哪天查到的；留空的按登记当天。"),
    ),
    Column(
        "operating_state_source",
        EXTRA_LABELS["operating_state_source"],
        ColumnKind.TEXT,
        "F",
        N_("例如：国家企业信用信息公示系统、企业来函。"),
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
        ("name", "credit_code", "no_code_reason", "former_names", "unit_kind", "deemed_approval", "legal_form", "founded_on",
         "opened_on", "capital"),
    ),
    (N_("地址"), ("division", "town", "registered_address", "operating_address")),
    (N_("行业"), ("industry", "industry_year", "activity")),
    (N_("经营情况"), ("operating_state", "operating_state_on", "operating_state_source", "accounting", "taxpayer_kind", "employees", "door",
                         "qualifications")),
    (N_("营业收入"), FIGURE_FIELDS),
    (N_("联系人"), ("contact_name", "contact_phone")),
    (N_("培育"), ("issue", "watch_reason")),
)  # fmt: skip
LONG = frozenset(
    {"registered_address", "operating_address", "activity", "issue", "watch_reason", "qualifications", "former_names"}
)
"""Fields that take the width of the page."""

HINTS = {
    "credit_code": N_("18位，照抄营业执照；暂无代码的留空，另填无代码原因。"),
    "industry": N_("填几个字（如“软件开发”）从列出的行业中选，代码写在前面；知道代码的，直接填4位小类代码。"),
}
"""Where a form says otherwise than a template."""
BEFORE_REVIEW = frozenset({Stage.LEAD, Stage.RETURNED})
BEFORE_FILING = BEFORE_REVIEW | {Stage.PROPOSED, Stage.UNDER_REVIEW, Stage.ADMITTED, Stage.QUALIFIED}

OCCASIONAL = frozenset(
    {"no_code_reason", "former_names", "deemed_approval", "legal_form", "opened_on", "capital", "industry_year",
     "operating_state", "operating_state_on", "operating_state_source", "door", "qualifications", "issue",
     "watch_reason"}
)  # fmt: skip
"""Fields that a new firm is not asked for unless they apply: whoever has something to say of them says it later."""
NAMED = 12
INDUSTRY_NAMED = N_("没有填代码。按文字找到下列行业，请选定一个；都不是的，请填4位小类代码。")
KEPT_CONTACT = N_("现为 %(masked)s；不改的留空。")
MORE_FORMER_NAMES = N_("只填要补充的；已有的不会删除。更名请用“更名”。")
YEAR_UNKNOWN = N_("不清楚")
YEARS = ((industries.CURRENT, N_("2017 版")), (industries.FORMER, N_("2011 版")))
INDUSTRY_UNREAD = N_("没有读到行业代码，请填国民经济行业分类的4位小类代码，如 6513。")
SENTENCES = {"masked": N_("%(heading)s隐去了部分内容，请填完整内容。")}
"""Where a form says otherwise than a workbook; keyed like `errors.FAULTS`."""
_NAMES_JOINT = words.NAME_JOINER


class GivenFigure(NamedTuple):
    """A cumulative amount in yuan as the form gives it; its source and paper are the caller's to say."""

    field: str
    kind: FigureKind
    period: Period
    amount: Decimal


class FirmForm(Refusable):
    """`locked` maps fields that are not open to the reason why; what is sent for them is not looked at.

    `figures` adds the figure fields (for a nomination; an existing firm's figures are recorded on a page of their own).
    `brief` leaves out the fields that do not apply and hold nothing.
    """

    wide = LONG
    industry_meant = RadioField(validate_choice=False, choices=[])
    """Which of its meanings a code has that the two classifications read differently; offered once it is asked about."""

    def __init__(
        self,
        *args: Any,
        office: Office,
        on: date,
        firm: Firm | None = None,
        locked: Mapping[str, str] | None = None,
        figures: bool = False,
        brief: bool = False,
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
        if brief:
            for key in OCCASIONAL & self._fields.keys():
                if not self[key].data and not self._applies(key):
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
            if self.firm and key in RESTRICTED and contacts.read(self.firm, key):
                hints = [_(KEPT_CONTACT, masked=contacts.masked(key, contacts.read(self.firm, key)))]
            elif self.firm and key == "former_names":
                hints = [_(MORE_FORMER_NAMES)]
            elif key in HINTS:
                hints = [_(HINTS[key])]
            if said := self._need(key):
                hints.append(_(said))
            self[key].description = " ".join(hints)

    def _need(self, key: str) -> str:
        """From which step on the field has to be filled in, as long as that step lies ahead."""
        rule = requirements.first(key)
        if rule is None or rule.step is Action.CREATE or key in FIGURE_FIELDS:
            return ""
        stage = self.firm.stage if self.firm else Stage.LEAD
        ahead = BEFORE_REVIEW if rule.step is Action.SUBMIT else BEFORE_FILING
        return requirements.MARKS[rule.step] if stage in ahead else ""

    def _offer(self) -> None:
        """The choices of every select, with the value that is stored even where it is no longer offered."""
        for key, column in self.columns():
            if column.choices:
                labels = CHOICES[column.choices]
                self[key].choices = [("", ""), *((code, _(label)) for code, label in labels.items())]
        if "industry_year" in self:
            self["industry_year"].choices = [("", _(YEAR_UNKNOWN)), *((str(year), _(label)) for year, label in YEARS)]
        self["division"].choices = divisions(self.office, self["division"].data)
        self["town"].choices = towns(self.office, self["town"].data)

    def _applies(self, key: str) -> bool:
        """Whether what is said elsewhere on the form asks for this field."""
        if key == "no_code_reason":
            return not (self["credit_code"].data or "").strip()
        return key == "deemed_approval" and self["unit_kind"].data == UnitKind.DEEMED_LEGAL_PERSON

    def columns(self) -> Iterator[tuple[str, Column]]:
        """The columns on this form, by key."""
        return ((key, column) for key, column in COLUMNS.items() if key in self._fields)

    def groups(self) -> list[tuple[str, list[str]]]:
        """The headings of the form with the fields under each, for the template."""
        groups = [(_(heading), [key for key in keys if key in self._fields]) for heading, keys in GROUPS]
        return [(heading, keys) for heading, keys in groups if keys]

    def is_open(self, keys: Iterable[str]) -> bool:
        """Whether any of these fields is open."""
        return any(key not in self.locked for key in keys)

    def shown(self, key: str) -> str | None:
        """What a locked field shows where its control would not say it; contacts are masked."""
        text = str(self[key].data or "")
        if self.firm is not None and key in RESTRICTED:
            text = contacts.masked(key, contacts.read(self.firm, key))
        elif self.firm is not None and key == "former_names":
            text = _NAMES_JOINT.join(former.name for former in self.firm.former_names)
        elif text and COLUMNS[key].unit and not text.endswith(tuple(words.CURRENCIES)):
            text = _("%(amount)s 万元", amount=text)
        elif text:
            return None
        return text or NO_DATA

    def industries(self) -> list[tuple[str, str]]:
        """The classes of the sectors the plan names, offered while an industry is typed."""
        rows = reference.classification().all()
        return [(row.code, row.name) for row in rows if row.in_scope and row.level == industries.IndustryLevel.CLASS]

    def validate(self, extra_validators: Any = None) -> bool:
        """Read every open field into `given`; what cannot be read is said at the field."""
        sound = bool(super().validate(extra_validators))
        self.given = {}
        for key, column in self.columns():
            if key not in self.locked:
                self._read(key, column)
        for check in CHECKS:
            check(self)
        return sound and not self.errors

    def _read(self, key: str, column: Column) -> None:
        parsed = cells.parse(column, self[key].data or "", scale=SCALE)
        if parsed.fault is not None:
            template = SENTENCES.get(parsed.fault.code, parsed.fault.template)
            self.say(key, _(template) % {**parsed.fault.values, "heading": _(column.heading)})
            return
        self.given[key] = parsed.value
        if key == "industry" and parsed.value is None and (text := (self[key].data or "").strip()):
            self._read_words(text)
            return
        if key == "capital":
            self.given["capital_currency"] = parsed.currency
        if any(notice.code == "no_industry_code" for notice in parsed.notices):
            self.say(key, _(INDUSTRY_UNREAD))

    def _read_words(self, text: str) -> None:
        """An industry by its words: the classes they name are offered, and one of them is chosen."""
        found = [(code, f"{code} {name}") for code, name in self.industries() if text in name][:NAMED]
        if self.meant() in {code for code, _name in found}:
            self.given["industry"] = self.meant()
        elif found:
            self.ask_meaning(found)
            self.say("industry", _(INDUSTRY_NAMED))
        else:
            self.say("industry", _(INDUSTRY_UNREAD))

    def meant(self) -> str:
        """The 2017 code that was chosen among the meanings of the given one."""
        return str(self["industry_meant"].data or "")

    def ask_meaning(self, choices: list[tuple[str, str]]) -> None:
        """Offer the meanings beside the code; nothing is chosen beforehand."""
        self["industry_meant"].choices = choices
        self["industry_meant"].label.text = _("行业代码的含义")

    def say(self, key: str, text: str) -> None:
        """As `Refusable.say`; what was read of the field no longer counts."""
        self.given.pop(key, None)
        super().say(key, text)


def values_of(form: FirmForm) -> dict[str, Any]:
    """The plain values of a validated form by the keys of `base.firm_fields.FIELDS`; locked fields are not among them.

    Of an existing firm, a contact that was left empty stays as it is.
    """
    values = {key: _stored(key, value) for key, value in form.given.items() if key in FIELDS}
    if form.firm is None:
        return values
    kept = {key for key in RESTRICTED if not values.get(key)}
    if values.get("industry") == form.firm.industry:
        kept.add("industry_year")
    return {key: value for key, value in values.items() if key not in kept}


def texts_given(form: FirmForm) -> dict[str, str]:
    """What a validated form says, in the very form of `texts_of`: two of them can be compared field by field."""
    values = values_of(form)
    texts = {key: text_of(key, value) for key, value in values.items()}
    if "capital" in values:
        texts["capital"] = capital_text(values["capital"], values["capital_currency"])
    return texts


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
    texts["industry_year"] = str(industries.CURRENT) if firm.industry else ""
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
        return industries.CURRENT if key == "industry_year" else ""
    return value


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
