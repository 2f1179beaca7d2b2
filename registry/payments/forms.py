"""Forms of payments: budgets, accounts, batches, days and vouchers, files, money demanded back, draws and results."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, DecimalField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from registry.base.errors import UPLOAD_NEEDED
from registry.payments.services.payees import NamedAccount
from registry.payments.services.settling import Demanded
from registry.site.forms.refusable import Refusable
from registry.site.forms.worded import TOO_LONG, Worded, reason_field

_NEEDED = _l("请填写。")
_DAY = _l("请按 2021-10-15 的格式填写日期。")
_MOST = Decimal(10) ** 11


def _text(label: Any, longest: int, hint: Any = "", *, required: bool = True) -> StringField:
    checks = [InputRequired(_NEEDED) if required else Optional(), Length(max=longest, message=TOO_LONG)]
    return StringField(label, checks, description=hint)


def _day(label: Any, hint: Any = "") -> Any:
    """Required, so that its data is a day once the form was found sound."""
    return DateField(label, [InputRequired(_DAY)], description=hint, invalid_value_message=_DAY)  # type: ignore[call-arg]


def _yuan(label: Any, hint: Any = "") -> Any:
    wrong = _l("请填写金额，单位元，例如 1000.50。")
    checks = [InputRequired(wrong), NumberRange(-_MOST, _MOST, message=wrong)]
    field: Any = DecimalField  # the stubs are older
    return field(label, checks, places=2, description=hint, invalid_value_message=wrong)


class BudgetEntry(Worded):
    amount = _yuan(_l("金额（元）"), _l("照文件填写；调减填负数。"))
    document = _text(_l("依据文件"), 200, _l("文件名称和文号。"))


class CarryOver(Worded):
    into = SelectField(_l("转入年度"), [InputRequired(_l("请选择转入年度。"))], validate_choice=False)
    amount = _yuan(_l("金额（元）"), _l("不超过本年度结余。"))
    document = _text(_l("结转决定"), 200, _l("文件名称和文号；没有决定的不能结转。"))


class SecondPerson(Worded):
    """Of a second person: it is so, or it is not."""

    outcome = RadioField(
        _l("结论"),
        [InputRequired(_l("请选择结论。"))],
        choices=[SelectChoice("yes", _l("与材料一致")), SelectChoice("no", _l("不予认可，请重新登记"))],
    )
    opinion = reason_field(_l("意见"), _l("写明对照了什么材料。"))

    @property
    def sound(self) -> bool:
        return bool(self.outcome.data == "yes")


class PayeeCheck(SecondPerson):
    """Only who holds the paper can type the number that nobody is shown."""

    number = _text(
        _l("照材料输入账号"), 64, _l("系统不显示完整账号，两次输入一致才确认；不予认可的不必填。"), required=False
    )


class PayeeForm(Worded):
    holder = _text(_l("户名"), 200, _l("照开户许可或银行证明填写。"))
    bank = _text(_l("开户银行"), 200, _l("写到支行。"))
    number = _text(_l("账号"), 64, _l("只写数字；空格和短横会去掉。"))
    reason = reason_field(_l("理由或核对说明"), _l("更换账户，或有下列疑点时必填。"), required=False)

    def named(self) -> NamedAccount:
        return NamedAccount(self.holder.data or "", self.bank.data or "", self.number.data or "")


class BatchForm(Refusable):
    cases = SelectMultipleField(
        _l("列入批次的事项"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def offer(self, choices: Iterable[tuple[int, str]]) -> None:
        self.cases.choices = [SelectChoice(number, words) for number, words in choices]


class BatchCheck(Worded):
    opinion = reason_field(_l("复核意见"), required=False)


class SendBatch(Worded):
    day = _day(_l("送银行日期"), _l("回单日期早于这一天的会在对账时列出。"))


class PayBatch(Worded):
    day = _day(_l("支付日期"), _l("照支付凭证填写。"))
    voucher = _text(_l("凭证号"), 80, required=False)


class ReasonOnly(Worded):
    reason = reason_field(_l("理由"))


class SettlePayment(Worded):
    outcome = RadioField(
        _l("结果"),
        [InputRequired(_l("请选择结果。"))],
        choices=[SelectChoice("paid", _l("已支付")), SelectChoice("bank_returned", _l("银行退回"))],
    )
    day = _day(_l("日期"))
    voucher = _text(_l("凭证号"), 80, required=False)
    reason = reason_field(_l("依据和理由"), _l("写明看过哪张凭证，为什么不由银行文件对账。"))


class ClawBackForm(Worded):
    document = _text(_l("追回决定"), 200, _l("文件名称和文号。"))
    on = _day(_l("决定日期"), _l("利息从支付日期算到这一天。"))
    due_on = _day(_l("缴还期限"))
    reason = reason_field(_l("追回理由"))

    def demanded(self) -> Demanded:
        """What was filled in; the form has been found sound."""
        return Demanded(self.document.data or "", self.on.data, self.due_on.data, self.reason.data or "")


class ClawBackCheck(Worded):
    """`shown`: the trail's number of what the second person has before it."""

    shown = HiddenField()
    opinion = reason_field(_l("复核意见"), _l("写明对照了什么文件；有误的不要复核，由登记人重新登记。"))

    @property
    def seen(self) -> int:
        shown = self.shown.data or ""
        return int(shown) if shown.isdecimal() else 0


class ReceiptForm(Worded):
    amount = _yuan(_l("到账金额（元）"), _l("可以分次缴还，每次登记一笔。"))
    day = _day(_l("到账日期"))
    voucher = _text(_l("凭证号"), 80, _l("国库或银行的缴款凭证编号。"))


class BankUpload(Refusable):
    file = FileField(
        _l("银行或国库的文件"),
        [FileRequired(_l(UPLOAD_NEEDED))],
        description=_l("回单、代发结果或支付明细，.xlsx 或 .csv；账号请按文本导出。上传后先看结果，确认后才登记。"),
        render_kw={"accept": ".xlsx,.csv,.txt"},
    )


class ConfirmFile(Worded):
    shown = HiddenField()
    said = reason_field(
        _l("不符各项怎样处理"), _l("有不符的必填；不符的款项留在批次里，逐笔核实后人工登记。"), required=False
    )


class DrawSample(Worded):
    seed = _text(_l("种子"), 40, _l("字母、数字或连字符，例如抽签当日日期；同一种子从同一批事项中抽出的总是相同。"))
    reason = reason_field(_l("再抽的理由"), _l("本年度第一次抽样不必填写。"), required=False)


class SampleResult(Worded):
    outcome = RadioField(
        _l("核查结果"),
        [InputRequired(_l("请选择核查结果。"))],
        choices=[SelectChoice("in_order", _l("属实")), SelectChoice("faults", _l("有问题"))],
    )
    day = _day(_l("核查日期"))
    verifier = _text(_l("核查人"), 80, _l("两人以上的都写。"))
    said = reason_field(_l("问题"), _l("有问题的必填：查了什么，与材料哪里不符。"), required=False)


def cohort_choices(names: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    return [("", _("请选择")), *((str(number), name) for number, name in names)]
