"""How people call the papers of a firm in the names of their files, and what is said of such a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

# In this order: what a pattern has read is gone for those after it, so that an attachment of the VAT return (M06) is
# not the return itself (M05), nor a note on the accounting standards (M08) a licence.
PAPER_WORDS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        code: re.compile(words, re.IGNORECASE)
        for code, words in {
            "M06": r"(?:增值税)?(?:及附加税费)?(?:纳税)?申报表?附列资料(?:\(?[一1]\)?)?|附列资料(?:\(?[一1]\)?)?",
            "M12": r"(?:上年)?同期分月[^/]{0,8}|分月营业收入|12个月(?:营业)?收入",
            "M07": r"差异(?:情况)?说明|不一致(?:情况)?说明|利润表[^/]{0,8}增值税[^/]{0,8}说明",
            "M08": r"(?:执行)?(?:企业)?会计(?:准则|制度)[^/]{0,8}说明",
            "M05": r"增值税(?:及附加税费)?(?:纳税)?\s*申报表|增值税(?:纳税)?申报|VAT",
            "M04": r"利润(?:及利润分配)?表|损益表|收入费用表|业务活动表",
            "M02": r"基本情况表?|101-1表?",
            "M01": r"(?:纳入|入库)申报表|审核登记表",
            "M03": r"营业执照(?:副本|正本)?(?:复印件)?|执照|登记证书|法人证书",
            "M09": r"现场核查(?:确认书)?",
            "M10": r"(?:统计)?(?:数据)?(?:真实性)?承诺书",
            "M11": r"经营场所(?:照片)?|门牌|门头照?|招牌",
            "M13": r"更名(?:证明|通知书?)?|准予变更登记通知书?|改制证明|拆分证明",
            "M14": r"转专业(?:说明)?",
            "M15": r"社保(?:缴费)?(?:明细|清单)?|工资(?:明细)?表|从业人员(?:证明)?|参保(?:缴费)?(?:证明)?",
        }.items()
    }
)
FULL_YEAR = re.compile("年度|全年|年报")
OTHER_YEAR = re.compile("上年|去年|上一年|同期|前年")
"""Where one of these stands, the year that is written may not be the paper's."""
QUARTERS_FIRST = "一"
QUARTERS: Mapping[str, int] = MappingProxyType({"一": 1, "二": 2, "三": 3, "四": 4})

TIME_WORDS = re.compile("(?:[0-9]年?度?|[0-9]月份?|季度|年度|全年)$")
BRANCH = re.compile(
    r"第?[一二三四五六七八九十0-9]{0,3}(?:.{0,6}(?:分公司|分厂|分店|分部|分所|支行|营业部|门市|办事处|工会|党支部|子公司))"
)
"""What makes the name of a branch, or of a body within the firm, of the firm's."""

FIRM_UNREAD = N_("文件名里没有本单位企业的代码或全称，请填企业的统一社会信用代码或全称。")
FIRM_SEVERAL = N_("文件名对得上几家企业，请填统一社会信用代码。")
FIRM_UNSURE = N_("文件名里“%(name)s”的前后还有别的字，不一定是这家企业，请核对后填统一社会信用代码。")
FIRM_DISAGREES = N_("文件名里的代码（%(code)s）和名称（%(name)s）不是同一家，请核对后填代码。")
FIRM_UNKNOWN = N_("本单位没有“%(code)s”这家企业，请核对代码或全称。")
FIRM_CLOSED = N_("“%(name)s”现在的阶段不能由本单位上传材料。")
CODE_WRONG = N_("代码 %(code)s 不符合校验规则，请核对。")
MATERIAL_UNREAD = N_("看不出是哪一种材料，请选择。")
MATERIAL_SEVERAL = N_(
    "文件名里写了几种材料（%(found)s），请选择这份是哪一种；一个文件里有几份的，请逐份上传并写明页码。"
)
PERIOD_UNREAD = N_("看不出是哪一期，请填写，例如 2021-09，全年填 2021。")
PERIOD_SEVERAL = N_("文件名里有几个期别（%(found)s），请填写这份是哪一期。")
PERIOD_LATER = N_("期别 %(period)s 还没有结束，请核对。")
PERIOD_WRONG = N_("期别请写成 2021-09，全年写 2021。")
ALREADY_FILED = N_("这份文件已经归到该企业的同一材料、同一期，不必再传。")
TWICE_IN_BUNDLE = N_("与本批“%(other)s”是同一个文件，却要归成另一种材料或另一期。")
SAME_IN_BUNDLE = N_("与本批“%(other)s”是同一个文件。")
NOTHING_IN_IT = N_("没有可以归集的文件。")
TOO_MANY = N_("一次最多 %(limit)s 个文件，请分几次上传。")
TOO_LARGE = N_("压缩包解开后超过 %(limit)s MB，请分几次上传。")
ZIP_BROKEN = N_("压缩包打不开，请重新压缩为 .zip 后上传（不收 .rar、.7z）。")
ZIP_LOCKED = N_("压缩包里的“%(name)s”设有密码，请去掉密码。")
NOTHING_CHOSEN = N_("请至少勾选一份要归档的材料。")
ROWS_OPEN = N_("还有 %(count)s 份勾选的材料没有核对好，请补齐，或取消勾选。")
CHANGED = N_("这一批刚刚被别人改过，您的改动没有保存，请按现在的内容核对。")
FILED_SOME = N_("还有 %(count)s 个文件没有归档，仍留在这一批。")
SETTLED = N_("这一批已经归档或放弃。")
