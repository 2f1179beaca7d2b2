"""The words of payments: states, findings of a reconciliation, why something is refused, headings of bank files."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from registry.base.labels import N_
from registry.payments.rules.matching import Finding, Remark

MOVE_LABELS: Mapping[str, str] = MappingProxyType(
    {"grant": N_("下达"), "carry_out": N_("结转转出"), "carry_in": N_("结转转入")}
)
DECISION_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "waiting": N_("待复核"),
        "checked": N_("已复核"),
        "confirmed": N_("已确认"),
        "refused": N_("不予认可"),
    }
)
DECISION_TONES: Mapping[str, str] = MappingProxyType(
    {"waiting": "warn", "checked": "ok", "confirmed": "ok", "refused": "plain"}
)
BATCH_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "open": N_("待复核"),
        "checked": N_("已复核，待送银行"),
        "sent": N_("已送银行，待回单"),
        "paid": N_("已支付"),
        "cancelled": N_("已撤销"),
    }
)
BATCH_TONES: Mapping[str, str] = MappingProxyType(
    {"open": "warn", "checked": "info", "sent": "info", "paid": "ok", "cancelled": "plain"}
)
PAYMENT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "waiting": N_("待支付"),
        "paid": N_("已支付"),
        "bank_returned": N_("银行退回"),
        "cancelled": N_("已撤销"),
    }
)
PAYMENT_TONES: Mapping[str, str] = MappingProxyType(
    {"waiting": "info", "paid": "ok", "bank_returned": "bad", "cancelled": "plain"}
)
PAYEE_DOUBTS: Mapping[str, str] = MappingProxyType(
    {
        "holder": N_("户名与申报单位名称不一致，请核对委托收款或更名材料。"),
        "luhn": N_("账号末位不合银行卡校验规则；对公账号常无校验位，请对照开户许可或银行回单核对。"),
        "shared": N_("同一账号也用于其他申报单位，请核对。"),
    }
)
FILE_STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {"waiting": N_("待确认"), "confirmed": N_("已对账"), "dropped": N_("已放弃")}
)
FILE_STATE_TONES: Mapping[str, str] = MappingProxyType({"waiting": "warn", "confirmed": "ok", "dropped": "plain"})
FINDING_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Finding.MATCHED: N_("相符"),
        Finding.OVERPAID: N_("多付"),
        Finding.UNDERPAID: N_("少付"),
        Finding.UNKNOWN: N_("本批没有这个收款人"),
        Finding.TWICE: N_("重复支付"),
        Finding.ACCOUNT: N_("账号不符"),
        Finding.PAYEE: N_("户名不符"),
        Finding.RETURNED: N_("银行退回"),
        Finding.BACK: N_("退回或冲销的金额、笔数与付款对不上"),
        Finding.OFFSET: N_("付款与冲销互抵"),
        Finding.SPLIT: N_("分笔支付合计相符"),
        Finding.CANCELLED: N_("已撤销的付款被银行支付"),
        Finding.FUTURE: N_("日期在上传之后"),
        Finding.EARLY: N_("日期早于送银行日期"),
        Finding.AMBIGUOUS: N_("不能确定是哪一笔"),
        Finding.UNREADABLE: N_("读不出"),
        Finding.MISSING: N_("文件中没有"),
        Finding.TOTAL: N_("合计行不等于各行之和"),
    }
)
FINDING_TONES: Mapping[str, str] = MappingProxyType(
    {one: "ok" if one is Finding.MATCHED else "warn" if one is Finding.MISSING else "bad" for one in Finding}
)
REMARK_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Remark.HIDDEN: N_("文件只显示部分账号，按可见数字核对"),
        Remark.NO_ACCOUNT: N_("文件没有账号，按户名核对"),
        Remark.NO_PAYEE: N_("文件没有户名，按账号核对"),
        Remark.BY_NUMBER: N_("按支付编号或卷号核对"),
        Remark.STATUS: N_("处理结果不明确，未作已付"),
        Remark.NO_AMOUNT: N_("金额读不出，或不是到分的人民币金额"),
        Remark.NO_DAY: N_("日期读不出"),
        Remark.LOST_DIGITS: N_("账号被存成数字，末几位已丢失，请按文本导出"),
        Remark.CELLS: N_("单元格数与表头不符"),
        Remark.REVERSAL: N_("金额为负，作冲销"),
        Remark.AMOUNT_TOO: N_("金额也不符"),
        Remark.EARLY_TOO: N_("日期也早于送银行日期"),
        Remark.EARLIER_FILE: N_("此前的文件已对过这一笔"),
        Remark.UNREAD_ROWS: N_("有金额读不出的行，差额可能在其中"),
    }
)
SAMPLE_LABELS: Mapping[str, str] = MappingProxyType(
    {"waiting": N_("待核查"), "in_order": N_("属实"), "faults": N_("有问题")}
)
SAMPLE_TONES: Mapping[str, str] = MappingProxyType({"waiting": "warn", "in_order": "ok", "faults": "bad"})

BUDGET_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "zero": N_("金额不能为 0。"),
        "fen": N_("金额请精确到分。"),
        "cut": N_("调减后预算将少于已承诺的金额：预算 %(budget)s 元，已承诺 %(committed)s 元。"),
        "left": N_("结余只有 %(left)s 元，不能结转 %(amount)s 元。"),
        "later": N_("只能结转到以后年度。"),
        "same": N_("结转只能在同一类事项的年度之间办理。"),
        "settled": N_("这项登记已经办结。"),
        "document": N_("请填写文件名称和文号。"),
        "opinion": N_("请填写复核意见，写明对照了什么文件。"),
    }
)
PAYEE_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "number": N_("账号须是 %(least)s 至 %(most)s 位数字。"),
        "settled": N_("这个账户已经办结。"),
        "waiting": N_("已有一个账户待确认，请先办结。"),
        "same": N_("与现用账户相同。"),
        "reason": N_("更换账户须写明理由。"),
        "batched": N_("这笔款项已列入批次 %(number)s，账户不能更换；确需更换的，先撤销批次或等银行退回。"),
        "paid": N_("这一件不在待支付的状态，不能登记账户。"),
        "doubt": N_("请写明怎样核对了上列疑点。"),
        "opinion": N_("请填写确认意见。"),
        "retyped": N_("与登记的账号不同，请照材料重新输入；材料与登记不一致的，选“不予认可”。"),
    }
)
BATCH_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "none": N_("请至少选一件。"),
        "cohort": N_("%(number)s 属于另一年度，不同年度不能列入同一批次。"),
        "state": N_("%(number)s 现为“%(state)s”，不能列入批次。"),
        "payee": N_("%(number)s 没有经两人确认的收款账户。"),
        "gone": N_("%(number)s 已撤销的付款 %(payment)s 银行文件显示已支付，银行文件登记退回前不能再列入批次。"),
        "changing": N_("%(number)s 有 %(by)s 登记的账户待另一人确认，先办结账户再列入批次。"),
        "amount": N_("%(number)s 没有核定金额。"),
        "taken": N_("%(number)s 已列入批次 %(batch)s。"),
        "budget": N_("本年度预算不足：预算 %(budget)s 元，已付和在付 %(used)s 元，本批 %(total)s 元。"),
        "moved": N_("批次 %(number)s 刚才已由 %(by)s 办为“%(state)s”，请刷新后再看。"),
        "maker": N_("复核人须是编制人以外的人。"),
        "empty": N_("批次中没有待支付的款项。"),
        "day": N_("支付日期不能早于送银行日期，也不能晚于今天。"),
        "sent": N_("送银行的日期不能早于复核日期，也不能晚于今天。"),
        "payment": N_("这一笔现为“%(state)s”，不能这样办理。"),
        "cancel": N_("只有还没有支付的批次可以撤销。"),
        "payer": N_("这一笔由您登记为已支付，退回须由您和申请人（%(by)s）以外的人确认，或由银行文件对账登记。"),
        "asked": N_("已由 %(by)s 申请，须由申请人以外的人确认。"),
        "clawed": N_("这一笔已经决定追回。"),
    }
)
FILE_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "headings": N_("没有找到收款人或账号、金额、日期这几列；前几行的文字是：%(found)s。"),
        "no_rows": N_("表头下面没有数据行。"),
        "rows": N_("数据行超过 %(count)s 行，请按批次拆分。"),
        "twice": N_("同一份文件已于 %(day)s 由 %(by)s 用于批次 %(number)s（%(state)s），不能再次上传。"),
        "batch": N_("批次 %(number)s 还没有送银行，不能对账。"),
        "settled": N_("这份文件已经办结。"),
        "changed": N_("上传后批次或付款有变动，请再看一遍结果后确认。"),
        "confirm": N_("有 %(count)s 项不符，请写明怎样处理后确认。"),
    }
)
SAMPLE_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "none": N_("本年度还没有已支付的事项。"),
        "reason": N_("本年度已抽过样，再抽须写明理由。"),
        "seed": N_("种子须是 1 至 40 个字母、数字或连字符。"),
        "same": N_("本年度已用种子 %(seed)s 从同一批事项中抽过，结果相同。"),
        "said": N_("有问题的，请写明问题。"),
        "day": N_("核查日期不能晚于今天，也不能早于支付日期。"),
        "settled": N_("这一件的结果已经登记。"),
    }
)
CLAW_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "state": N_("只有已支付的款项可以追回。"),
        "day": N_("决定日期不能早于支付日期，也不能晚于今天。"),
        "rate": N_("追回利率设为 %(rate)s，不是 0 至 1 之间的比例（0.0435 表示 4.35%%），请先更正事项规则。"),
        "due": N_("缴还期限不能早于决定日期。"),
        "changed": N_("追回登记刚才有变动，请再看一遍后复核。"),
        "owed": N_("请填写大于 0、精确到分、不超过尚欠 %(owed)s 元的金额。"),
        "received": N_("到账日期不能早于追回决定日期，也不能晚于今天。"),
    }
)

BANK_HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "payee": (
            "收款人", "户名", "收款人户名", "收款户名", "收款人名称", "收款单位", "收款单位名称", "收款人全称", "收款方",
            "收款方户名", "收款方名称", "对方户名", "对方名称", "对方账户名称", "账户名称", "收款账户名称", "对方单位名称",
        ),
        "account": (
            "账号", "帐号", "收款账号", "收款帐号", "收款人账号", "收款人帐号", "收款方账号", "收款账户", "收款人账户",
            "对方账号", "对方帐号", "对方账户", "银行账号", "收款银行账号", "账户", "卡号", "收款卡号", "收款账号/卡号",
        ),
        "amount": (
            "金额", "支付金额", "付款金额", "交易金额", "发生额", "实付金额", "转账金额", "划款金额", "借方发生额", "借方金额",
            "拨付金额", "支出金额",
        ),
        "day": (
            "付款日期", "交易日期", "支付日期", "日期", "记账日期", "入账日期", "划款日期", "转账日期", "交易时间", "付款时间",
            "拨付日期", "清算日期", "完成日期",
        ),
        "voucher": (
            "凭证号", "流水号", "交易流水号", "凭证编号", "凭证号码", "支付凭证号", "交易流水", "业务流水号", "银行流水号",
            "核心流水号", "回单编号", "支付令编号",
        ),
        "purpose": ("摘要", "用途", "附言", "备注", "交易附言", "付款用途", "资金用途", "支付编号", "业务编号", "摘要/用途"),
        "status": ("状态", "处理结果", "交易状态", "处理状态", "支付状态", "结果", "交易结果", "付款状态"),
    }
)  # fmt: skip
"""What a column of a bank's or a treasury's file is called, by what it is."""
HEADING_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "payee": N_("户名"),
        "account": N_("账号"),
        "amount": N_("金额"),
        "day": N_("日期"),
        "voucher": N_("凭证号"),
        "purpose": N_("用途"),
        "status": N_("处理结果"),
    }
)
RETURNED_WORDS = (
    "退回", "退汇", "退票", "退款", "失败", "未成功", "不成功", "拒绝", "冲正", "冲销", "撤销", "退", "作废",
)  # fmt: skip
DONE_WORDS = (
    "成功", "支付", "付", "付款", "完成", "入账", "记账", "清算", "正常", "划款", "拨付", "完毕", "到账",
)  # fmt: skip
STATUS_PREFIXES = (
    "交易", "支付", "付款", "转账", "处理", "划款", "入账", "代发", "汇款", "业务", "拨付", "清算", "银行", "行内", "跨行",
    "他行", "状态", "已", "被", "全额", "全部", "成功",
)  # fmt: skip
"""What may stand before a word of either kind and changes nothing of it; any other word makes it doubtful."""
STATUS_NEEDS = ("支付", "付", "付款", "入账", "记账", "清算", "划款", "拨付", "到账", "退")
"""Words that tell of something done only behind 已 or 成功: 支付 alone may be what kind of row it is."""
MARK_LABELS: Mapping[str, str] = MappingProxyType(
    {"hidden": N_("隐藏的行"), "filtered": N_("被筛选隐藏的行"), "struck": N_("划去的行")}
)
BANK_LIST_SHEET = N_("付款清单")
BANK_LIST_TITLE = N_("%(cohort)s年度科技创新券付款清单（%(number)s）")
BANK_LIST_HEADINGS = (
    N_("序号"), N_("支付编号"), N_("卷号"), N_("收款人户名"), N_("开户银行"), N_("收款人账号"), N_("金额（元）"),
    N_("用途"),
)  # fmt: skip
BANK_LIST_TOTAL = N_("合计 %(count)s 笔")
BANK_LIST_WORDS = N_("金额大写：%(words)s")
BANK_LIST_SIGNS = N_("编制：%(maker)s    复核：%(checker)s    负责人（签字盖章）：")


class _Capitals(NamedTuple):
    """The signs in which cheques write amounts; places of four digits each in a group."""

    digits: str = "零壹贰叁肆伍陆柒捌玖"
    places: tuple[str, ...] = ("", "拾", "佰", "仟")
    groups: tuple[str, ...] = ("", "万", "亿")
    yuan: str = "元"
    jiao: str = "角"
    fen: str = "分"
    exactly: str = "整"


CAPITALS = _Capitals()
