"""The sentences of notices by their kind, filled where they are shown, and of the letter that says one waits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.base.labels import N_

# A claim's notices know the code alone: one of the two offices may not see more of the firm.
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "submitted": N_("%(office)s提交了“%(firm)s”，请核查"),
        "resubmitted": N_("%(office)s补正后重新提交了“%(firm)s”，请核查"),
        "withdrawn": N_("%(office)s撤回了“%(firm)s”的提名"),
        "returned": N_("%(office)s退回“%(firm)s”，请补正 %(cells)s 处"),
        "admitted": N_("“%(firm)s”通过%(office)s核查，入库培育"),
        "rejected": N_("%(office)s对“%(firm)s”作出不予通过的决定"),
        "claim_raised": N_("%(office)s认领代码为 %(code)s 的企业"),
        "evidence_added": N_("%(office)s为代码 %(code)s 的认领争议补充了举证"),
        "claim_granted": N_("代码 %(code)s 的认领争议已裁定：支持%(office)s认领"),
        "claim_refused": N_("代码 %(code)s 的认领争议已裁定：不支持%(office)s认领"),
        "entry_changed": N_("%(office)s修改了“%(firm)s”的 %(count)s 项内容"),
        "entry_renamed": N_("%(office)s将“%(before)s”更名为“%(firm)s”"),
        "entry_removed": N_("%(office)s将“%(firm)s”出库"),
        "entry_delisted": N_("%(office)s将“%(firm)s”退库"),
        "entry_reopened": N_("%(office)s将“%(firm)s”重新列为线索"),
        "entry_merged": N_("%(office)s将“%(firm)s”并入“%(other)s”"),
        "entry_merged_elsewhere": N_("%(office)s将“%(firm)s”并入%(place)s的另一条登记（填报单位：%(holder)s）"),
        "entry_took": N_("%(office)s将“%(other)s”并入“%(firm)s”"),
        "entry_took_elsewhere": N_("%(office)s将%(place)s的另一条登记（填报单位：%(holder)s）并入“%(firm)s”"),
        "entry_parted": N_("%(office)s撤销合并，“%(firm)s”恢复为单独一条"),
        "entry_gave": N_("%(office)s撤销合并，原先并入“%(firm)s”的一条登记恢复为单独一条"),
        "office_ended": N_("“%(office)s”已于 %(day)s 终止，它的企业、未办结案件和账号已移交本单位"),
        "filing_returned": N_("%(level)s于 %(day)s 退回“%(firm)s”的纳统申报：%(reason)s"),
        "filing_returned_noted": N_("%(level)s于 %(day)s 退回“%(firm)s”的纳统申报：%(reason)s；说明：%(note)s"),
        "statement_voided": N_("“%(firm)s”申报所依据的凭证（%(period)s）已作废，该数现为未证，请复核"),
        "nudged_review": N_("%(office)s催办：请核查“%(firm)s”"),
        "nudged_mend": N_("%(office)s催办：请补正“%(firm)s”"),
        "nudged_claim": N_("%(office)s催办：请裁定代码 %(code)s 的认领争议"),
        "nudged_task": N_("市培育办催办责任清单事项：%(task)s"),
        "nudged_case": N_("%(office)s催办：请办理“%(applicant)s”的事项 %(number)s"),
        "overdue_case": N_("“%(applicant)s”的事项 %(number)s 已逾期 %(days)s 个工作日，系统自动催办"),
        "overdue_review": N_("“%(firm)s”的核查已逾期 %(days)s 个工作日，系统自动催办"),
        "overdue_mend": N_("“%(firm)s”的补正已逾期 %(days)s 个工作日，系统自动催办"),
        "overdue_claim": N_("代码 %(code)s 的认领争议裁定已逾期 %(days)s 个工作日，系统自动催办"),
        "certificate_ended": N_("本单位确认过的 %(quarter)s 数据已有变动，原确认失效，请重新核对并确认"),
        "certificate_extended": N_("市培育办准许本单位延至 %(day)s 确认 %(quarter)s 的数据"),
        "bulletin_to_confirm": N_("%(quarter)s 通报送本单位确认：其中有本单位的 %(numbers)s 个数字"),
        "bulletin_returned": N_("%(quarter)s 通报被退回修改：%(reason)s"),
        "bulletin_objected": N_("%(office)s对 %(quarter)s 通报中的数字有异议：%(reason)s"),
        "bulletin_issued": N_("%(quarter)s 通报已印发"),
        "case_moved": N_("“%(applicant)s”的事项 %(number)s：%(step)s，现为“%(state)s”"),
        "qualification_first": N_("“%(firm)s”的%(kind)s将于 %(day)s 到期，还有 %(days)s 天"),
        "qualification_last": N_("“%(firm)s”的%(kind)s将于 %(day)s 到期，只剩 %(days)s 天，请核实是否已换证"),
        "case_posted": N_("“%(applicant)s”的事项 %(number)s 自 %(first)s 至 %(last)s 公示"),
        "case_unposted": N_("“%(applicant)s”的事项 %(number)s 的公示已撤下：%(reason)s"),
        "account_password_asked": N_("%(asked)s为您的账号申请重设密码；如您并未提出，请立即联系另一位管理员"),
        "account_password": N_("您的密码已重设：%(asked)s申请，%(confirmed)s确认"),
        "account_roles": N_("您的角色已更改：%(asked)s申请，%(confirmed)s确认"),
        "account_restored": N_("您的账号已恢复：%(asked)s申请，%(confirmed)s确认"),
        "deputy_named": N_("%(absent)s自 %(first)s 至 %(last)s 不在岗，由您代办其待办事项"),
        "deputy_absent": N_("自 %(first)s 至 %(last)s，您的待办事项由%(deputy)s代办"),
        "deputy_ended": N_("%(deputy)s代办%(absent)s待办事项已提前结束"),
        "work_received": N_("%(giver)s的 %(count)s 项未办事项已交接给您"),
        "work_given": N_("您的 %(count)s 项未办事项已交接给%(taker)s"),
        "letter_test": N_("您请求了一封测试邮件"),
    }
)


# -- the letter: no firm, no figure ---------------------------------------------------------------
SUBJECT = N_("企业培育名录库：有事项等待您查看")
BODY = N_(
    "%(name)s：\n\n"
    "企业培育名录库中有新的事项等待您查看。\n"
    "请登录后在“待办”或“消息”中办理：\n\n"
    "%(address)s\n\n"
    "本邮件由系统自动发送，不含企业名称和数据，请勿回复。\n"
    "不再需要邮件提醒的，可登录后在“邮件提醒”中取消。\n"
)
TEST_SUBJECT = N_("企业培育名录库：测试邮件")
TEST_BODY = N_(
    "%(name)s：\n\n"
    "这是您请求的测试邮件，收到即表示邮件提醒可用。登录地址：\n\n"
    "%(address)s\n\n"
    "本邮件由系统自动发送，请勿回复。\n"
)
NO_ADDRESS = N_("（请使用贵单位登记的网址登录）")
SENDER = N_("企业培育名录库")


# -- one's own address ----------------------------------------------------------------------------
ADDRESS_NEEDED = N_("请填写接收提醒的邮箱地址。")
ADDRESS_FORM = N_("邮箱地址格式不正确，应如 name@example.gov.cn。")
MAIL_IS_OFF = N_("本系统没有配置邮件服务器，不发送邮件。")
TEST_WAITS = N_("上一封测试邮件还在发送，请稍后再试。")
TEST_NEEDS_ADDRESS = N_("请先填写邮箱地址，勾选邮件提醒并保存。")
