"""What somebody does on the first day in a role: steps in order, each with the page where it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry.base.labels import N_
from registry.base.vocabulary import Role


@dataclass(frozen=True)
class FirstStep:
    title: str
    text: str
    endpoint: str


_PASSWORD = FirstStep(
    N_("改好密码"),
    N_("用管理员给的初始密码登录，第一次登录须改成自己的密码；不要把密码告诉别人，系统里所做的都记在您名下。"),
    "accounts.password",
)
_HOME = FirstStep(
    N_("看首页"),
    N_("首页列出等您办理的全部事项。每天上班先看一遍，从最上面的开始办。"),
    "home.start",
)

FIRST_DAYS: Mapping[str, tuple[FirstStep, ...]] = MappingProxyType(
    {
        Role.CLERK: (
            _PASSWORD,
            _HOME,
            FirstStep(N_("认识自己的企业"), N_("名录台账里是本单位的企业。先看离四上标准最近的几家，打开档案，看还差什么。"), "ledger.listing"),
            FirstStep(N_("登记一家企业的营业收入"), N_("从企业档案登记当月累计营业收入，同时附上利润表等证明材料；没有材料的数不计入达标。"), "unproven.listing"),
            FirstStep(N_("提名一家企业"), N_("填写企业名称和代码，已登记过的会自动带出；核对后提交，由牵头部门核查。"), "proposals.new"),
            FirstStep(N_("企业多的时候"), N_("可以领取离线填报的工作簿，填好后交回；或者把现成的名单导入，先校验，再确认。"), "workbooks.listing"),
        ),
        Role.OFFICER: (
            _PASSWORD,
            _HOME,
            FirstStep(N_("核查一件提名"), N_("打开等待最久的一件，受理后对照材料看有差异的地方，再作决定。退回的要写清怎样补正。"), "reviews.queue"),
            FirstStep(N_("看本部门牵头的企业"), N_("名录台账里是本部门牵头或协办的企业，可以按县区、档次和阶段筛选。"), "ledger.listing"),
            FirstStep(N_("弄清依据"), N_("哪些行业由哪个部门牵头、按什么标准判断，都在规则里，每条都有依据。"), "rules.listing"),
        ),
        Role.CITY_OFFICE: (
            _PASSWORD,
            _HOME,
            FirstStep(N_("看全市进展"), N_("工作方案的目标完成了多少、差在哪个县区和部门，点数字可以看到是哪些企业。"), "overview.show"),
            FirstStep(N_("处理疑似重复"), N_("逐对判定是不是同一家企业；确为同一家的再合并。"), "pairings.queue"),
            FirstStep(N_("裁定认领争议"), N_("两个单位都提名的企业，比较双方依据后裁定归谁填报。"), "claims.listing"),
            FirstStep(N_("办理季度名录"), N_("季度末催各单位确认，看齐后关闭季度，再起草通报。"), "quarters.listing"),
        ),
        Role.STATISTICIAN: (
            _PASSWORD,
            _HOME,
            FirstStep(N_("看本期申报"), N_("哪些企业可以申报、哪些只差一份材料、哪些本期来不及，一页看清。"), "filings.listing"),
            FirstStep(N_("核对申报窗口"), N_("每年的起止日期以通知为准；照抄上一年的，须对照通知逐个更正。"), "windows.listing"),
            FirstStep(N_("核实规则的依据"), N_("标有“※”的依据还没有对照文件原文。找到原文后起草更正，由另一人核对发布。"), "rules.listing"),
            FirstStep(N_("登记各级审核结果"), N_("一家一家登记，或者把省里返回的名单带入，成批登记。"), "filings.listing"),
        ),
        Role.LEADER: (
            _PASSWORD,
            FirstStep(N_("看工作方案"), N_("首页就是方案的目标：已完成多少、预计多少、差在哪里。不需要填报任何内容。"), "overview.show"),
            FirstStep(N_("看进展"), N_("各阶段有多少企业，各县区各档次有多少，本季度进了多少、出了多少。"), "progress.show"),
            FirstStep(N_("追到一家企业"), N_("点任何一个数字，看到组成它的企业；再点企业，看到证明它的材料。"), "ledger.listing"),
        ),
        Role.AUDITOR: (
            _PASSWORD,
            FirstStep(N_("看异常"), N_("先看首页列出的异常：存疑的数、被推翻的判断、逾期的改动和被拒绝的操作。"), "home.start"),
            FirstStep(N_("核对一个数"), N_("从季度名录的一个数，点到企业，再点到证明材料，看是否相符。"), "quarters.listing"),
            FirstStep(N_("查操作留痕"), N_("按企业、人员或时间查找，看改动前后各是什么，理由是什么。"), "trail.listing"),
        ),
        Role.FINANCE: (
            _PASSWORD,
            _HOME,
            FirstStep(N_("看待付的批次"), N_("批准的补助编成批次后出现在这里。核对收款账户和金额，再付款。"), "payment_batches.listing"),
            FirstStep(N_("对账"), N_("导入银行文件，对上的自动记为已付；对不上的逐笔看原因。"), "reconciling.listing"),
        ),
        Role.SYSTEM_ADMIN: (
            _PASSWORD,
            FirstStep(N_("看运行状况"), N_("有没有失败的后台任务，备份是什么时候做的。每天看一次。"), "jobs.listing"),
            FirstStep(N_("开通账户"), N_("按书面申请开通，写明单位；权限由安全管理员授予。"), "users.listing"),
        ),
        Role.SECURITY_ADMIN: (
            _PASSWORD,
            FirstStep(N_("看谁有什么权限"), N_("每个人只应有工作需要的权限；调离的人，账户应已停用。"), "users.listing"),
            FirstStep(N_("同意或不同意一项授权"), N_("授予权限要两名管理员：一人提出，另一人同意。看清理由再同意。"), "approvals.listing"),
        ),
        Role.AUDIT_ADMIN: (
            _PASSWORD,
            FirstStep(N_("核验留痕"), N_("看最近一次核验的结果；不通过的，立即报告。"), "trail.verification"),
            FirstStep(N_("查管理员的操作"), N_("管理员开通、停用、授权的每一步都在留痕里，按人员查找。"), "trail.listing"),
        ),
    }
)  # fmt: skip
