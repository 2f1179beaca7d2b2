"""The sentences in which rules explain themselves: templates with named placeholders, keyed by what was found."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.sentences import sentence_table
from registry.base.vocabulary import STAGE_LABELS, Stage

# Why a firm is not four-above yet: keyed by condition and by what was found (a `Verdict`, or the note of a special case).
# Amounts arrive as 万元 text, divisions as names (`position.sentence_values`).
CONDITION_SENTENCES = sentence_table(
    {
        "credit_code.met": N_("统一社会信用代码有效"),
        "credit_code.unmet": N_("统一社会信用代码 %(code)s 校验不符，请核对营业执照"),
        "credit_code.unknown": N_("尚无统一社会信用代码"),
        "unit_kind.met": N_("是法人单位"),
        "unit_kind.deemed": N_("是经批准的视同法人单位"),
        "unit_kind.not_approved": N_("视同法人单位尚未获国家统计局批准"),
        "unit_kind.unmet": N_("是产业活动单位（分公司），随其法人单位统计；改设为法人单位后方可纳统"),
        "unit_kind.sole_trader": N_("是个体工商户，服务业个体户不纳入四上"),
        "unit_kind.ask_registrant": N_("登记主体不是公司企业，能否纳统须由统计部门认定"),
        "unit_kind.unknown": N_("单位类型未填"),
        "standing.met": N_("未发现注销、吊销、停业或经营异常"),
        "standing.unmet": N_("已注销、吊销、停业或列入经营异常"),
        "standing.unknown": N_("经营状态未核实"),
        "location.met": N_("实际经营地在%(operating)s（在地原则）"),
        "location.moved": N_("注册地在%(registered)s，实际经营地在%(operating)s，按实际经营地统计（在地原则）"),
        "location.unmet": N_("实际经营地在%(operating)s，不由%(counted)s统计（在地原则）"),
        "location.elsewhere": N_("实际经营地不在本市，应由当地统计（在地原则）"),
        "location.unknown": N_("实际经营地未填或未能识别"),
        "accounting.met": N_("执行企业会计制度"),
        "accounting.unmet": N_("未执行企业会计制度"),
        "accounting.unknown": N_("执行会计制度未填"),
        "industry.met": N_("行业代码 %(industry)s，适用“%(rule)s”"),
        "industry.unmet": N_("行业代码 %(industry)s 不在四上统计的行业范围内"),
        "industry.draft": N_("行业代码 %(industry)s 不足四位，须填到四位小类"),
        "industry.unknown": N_("行业代码未填或未能对应到2017版"),
        "admission_line.met": N_("营业收入 %(value)s 万元（%(period)s），已达入库线 %(line)s 万元"),
        "admission_line.unmet": N_("营业收入 %(value)s 万元（%(period)s），未达入库线 %(line)s 万元"),
        "admission_line.unknown": N_("没有可比的营业收入，不能判断是否达到入库线"),
        "admission_line.unproven": N_(
            "营业收入 %(value)s 万元（%(period)s）已达入库线 %(line)s 万元，但没有同期凭证（未证），不能据此认定"
        ),
        "admission_line.no_rule": N_("当日没有生效的入库线"),
        "statutory_line.met": N_("营业收入 %(value)s 万元（%(period)s），已达四上标准 %(line)s 万元"),
        "statutory_line.unmet": N_("营业收入 %(value)s 万元（%(period)s），四上标准 %(line)s 万元"),
        "statutory_line.by_employees": N_(
            "从业人员 %(employees)s 人，达到当时标准的 %(or_employees)s 人（%(period)s）"
        ),
        "statutory_line.ask_employees": N_(
            "营业收入 %(value)s 万元（%(period)s）未达 %(line)s 万元，从业人员未填，不能按当时的双标准判断"
        ),
        "statutory_line.main_revenue": N_("营业收入 %(value)s 万元（%(period)s），标准按主营业务收入，须另行核对"),
        "statutory_line.last_year": N_(
            "本年尚无累计营业收入，不能判断；上年 %(value)s 万元（%(period)s），四上标准 %(line)s 万元"
        ),
        "statutory_line.qualification": N_("该行业以资质或开发经营活动为准，不按营业收入判断"),
        "statutory_line.unknown": N_("没有可比的营业收入，不能判断是否达到四上标准"),
        "statutory_line.unproven": N_(
            "营业收入 %(value)s 万元（%(period)s）已达四上标准 %(line)s 万元，但没有同期凭证（未证），不能据此认定达标"
        ),
        "statutory_line.no_rule": N_("没有适用于该行业和期别的四上标准"),
        "income_statement.met": N_("营业收入（%(period)s）有%(paper)s为证"),
        "income_statement.unproven": N_("营业收入（%(period)s，%(paper)s）没有同期利润表等凭证，属未证数"),
        "income_statement.unknown": N_("营业收入尚未附利润表等凭证"),
        "cross_check.met": N_("利润表营业收入与增值税销售额一致（%(period)s，均为 %(revenue)s 万元）"),
        "cross_check.within": N_(
            "%(period)s 利润表 %(revenue)s，增值税 %(sales)s，差 %(difference)s 万元，在容许的 %(tolerance)s 以内"
        ),
        "cross_check.explained": N_(
            "%(period)s 利润表 %(revenue)s，增值税 %(sales)s，差 %(difference)s 万元，已附差异说明"
        ),
        "cross_check.unconfirmed": N_(
            "%(period)s 利润表 %(revenue)s，增值税 %(sales)s，差 %(difference)s 万元，差异较大，所附说明须由牵头部门确认"
        ),
        "cross_check.unmet": N_(
            "%(period)s 利润表 %(revenue)s，增值税 %(sales)s，差 %(difference)s 万元，没有能说明这一差额的差异说明"
        ),
        "cross_check.unproven": N_("同期增值税销售额（%(period)s）没有申报表为证，未能与利润表核对"),
        "cross_check.unknown": N_("没有同期增值税销售额，未能与利润表核对"),
    }
)
# Beside the conditions where last year's figure is known: it moves no firm (docs/domain.md 1).
LAST_YEAR = N_("上年营业收入 %(value)s 万元（%(period)s），只用于分档和入库线；是否达标看本年累计")
# Shown to offices only, beside an unmet line; the firm's letter never names an amount to reach (docs/domain.md 3).
WITH_GAP = N_("%(sentence)s，缺口 %(gap)s 万元")
GAP = N_("缺口 %(gap)s 万元")
# What a condition rests on where it is not a dated rule of the reference tables.
CONDITION_BASES = sentence_table(
    {
        "credit_code": "GB 32100—2015",
        "unit_kind": N_("国统字〔2011〕96号（法人单位、视同法人单位）"),
        "standing": N_("一套表统计调查制度（退库情形）"),
        "location": N_("国统字〔2011〕96号（在地原则）"),
        "accounting": N_("调查单位审核确认要求（执行企业会计制度）"),
        "industry": "GB/T 4754—2017",
        "income_statement": N_("调查单位申报材料 M04"),
        "cross_check": N_("调查单位申报材料 M04、M05、M07"),
    }
)
ELSEWHERE_NAME = N_("外地")

# What a firm still lacks, in a few words for a row of the ledger: keyed by what was found (`pathway.rules.shortfall`).
SHORTFALL_SENTENCES = sentence_table(
    {
        "missing": N_("缺数据：%(fields)s"),
        "missing_many": N_("缺数据：%(fields)s等 %(count)s 项"),
        "below_admission": N_("未达入库线"),
        "stale": N_("营业收入只到 %(month)s 月，缺 %(due)s 月的数"),
        "overdue": N_("已逾期 %(days)s 个工作日"),
        "gap": N_("缺口 %(gap)s 万元"),
        "coming.in_time": N_("预计 %(month)s 月达标，赶得上本年窗口"),
        "coming.too_late": N_("预计 %(month)s 月达标，赶不上本年窗口"),
        "coming.not_this_year": N_("预计年内不达标"),
        "window_lacking": N_("已达标，还缺 %(count)s 项，窗口还有 %(days)s 天截止"),
        "window_ready": N_("已达标，材料已齐，窗口还有 %(days)s 天截止"),
        "no_window": N_("已达标，没有可用的申报窗口"),
        "no_line": N_("所属行业没有营业收入标准"),
        "returned": N_("请按退回意见补正"),
        "reached": N_("营业收入已达四上标准"),
        "reached_unproven": N_("有数已达四上标准，但未证，请补同期凭证"),
        "reached.lead": N_("营业收入已达四上标准，请提名"),
        "reached.proposed": N_("营业收入已达四上标准，待部门核查"),
        "reached.under_review": N_("营业收入已达四上标准，待部门核查"),
        "reached.admitted": N_("营业收入已达四上标准，其他条件待核对"),
        "reached.qualified": N_("已达标，请备齐申报材料"),
        "filed": N_("已申报，待逐级审核"),
        "in_chain": N_("逐级审核中，待确认入库"),
        "enrolled": STAGE_LABELS[Stage.ENROLLED],
        "removed": STAGE_LABELS[Stage.REMOVED],
        "delisted": STAGE_LABELS[Stage.DELISTED],
        "merged": STAGE_LABELS[Stage.MERGED],
    }
)
REVENUE_TO_DATE = N_("本年累计营业收入")

# The light of a row: one word; its shape and tint are the page's.
LIGHT_LABELS = sentence_table(
    {
        "in_order": N_("正常"),
        "ready": N_("可申报"),
        "lacking": N_("缺数据"),
        "unsettled": N_("待核对"),
        "watched": N_("关注"),
        "below": N_("未达线"),
        "late": N_("赶不上"),
        "due": N_("待申报"),
        "pressing": N_("窗口临近"),
        "overdue": N_("逾期"),
        "to_mend": N_("待补正"),
        "under_way": N_("办理中"),
        "enrolled": N_("已入库"),
        "not_passed": N_("未通过"),
        "gone": N_("已退出"),
    }
)


EXIT_REASON = N_("请选择退出原因。")


EXIT_REASON_UNFIT = N_("“%(reason)s”不适用于%(action)s。")
