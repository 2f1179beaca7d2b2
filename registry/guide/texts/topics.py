"""Of each kind of page: what it is, what one does there, what happens then. The help on the page and the handbook say the same."""

from __future__ import annotations

from dataclasses import dataclass

from registry.base.labels import N_


@dataclass(frozen=True)
class Topic:
    """`pages`: the blueprints, or single endpoints, that stand under it; `picture`: a name in docs/screenshots."""

    key: str
    title: str
    what: str
    do: str
    then: str
    pages: tuple[str, ...]
    picture: str = ""


TOPICS = (
    Topic(
        "home", N_("工作台"),
        N_("登录后的首页，列出等您办理的全部事项，按期限先后排列；没有列出的，就没有事在等您。"),
        N_("从上到下逐项办理：点事项后的按钮，直接到该办的地方。逾期的排在最前，并有标志。"),
        N_("办完的事项从首页消失，在“已办”里可以查到；别人退回或转来的，会重新出现。"),
        ("home", "notices", "nudges", "search", "handovers", "chasing"), "home",
    ),
    Topic(
        "ledger", N_("名录台账"),
        N_("本单位可见的全部企业，一行一家，列出行业、营业收入、达标率、阶段和还差什么。"),
        N_("用上方条件筛选，点表头排序；点企业名称进入档案。需要的列可以自选，筛选条件可以存成常用视图。"),
        N_("导出或打印的就是当前筛选的结果。联系方式不随表导出，确有需要的另行申请，并记入操作留痕。"),
        ("ledger", "ledger_kept", "ledger_ticked"), "ledger",
    ),
    Topic(
        "dossier", N_("企业档案"),
        N_("一家企业的全部情况：走到哪一步、还差什么、营业收入、材料、核查意见和历次变动。"),
        N_("先看“还差什么”，点后面的按钮补上；把材料登记到对应的一行。填报单位登记数字，其他单位只能看，有疑问的可以提出。"),
        N_("补齐后，系统按规则重新判断阶段和下一步；每次改动都留下记录，原来的数不会被覆盖。"),
        ("firms", "documents", "figures", "upkeep", "months", "unproven", "exits"), "dossier",
    ),
    Topic(
        "propose", N_("提名"),
        N_("填报单位把一家企业推荐入库的表和办理过程。"),
        N_("填写或核对企业情况，附上证明营业收入的材料，核对无误后提交。被退回的，只改退回意见指明的栏目。"),
        N_("提交后由牵头部门受理并核查，结果是通过、退回补正或不予通过；受理前可以撤回。"),
        ("proposals",), "propose",
    ),
    Topic(
        "review", N_("核查"),
        N_("牵头部门核查提名的地方：左边是等待核查的案件，中间是需要判断的内容，旁边是证明材料。"),
        N_("先受理，再对照材料看有差异、不符合或存疑的地方，然后选通过、退回或不予通过。退回要指明栏目并写清怎样补正。"),
        N_("决定立即生效并通知提名单位；通过的进入在库培育，退回的由提名单位补正后再次提交。"),
        ("reviews",), "review",
    ),
    Topic(
        "imports", N_("导入与离线填报"),
        N_("把名单、离线填报的工作簿或成批的材料一次带进系统。"),
        N_("上传文件，先看校验结果：新增、变化、无变化、重复和有误各有多少。有误的下载错误表改好再传，存疑的写明理由再确认。"),
        N_("只有确认后才写入，写入的是线索或已有企业的指定栏目；一批可以整批撤销。"),
        ("imports", "workbooks", "bundles", "upper_forms", "upper_form_headings"), "imports",
    ),
    Topic(
        "filings", N_("申报与审核"),
        N_("达标应入企业在申报窗口内向统计部门申报，并逐级审核到入库的过程。"),
        N_("先看本期哪些企业可以申报、哪些只差一份材料；勾选后先看清单，再申报。各级结果可以逐家登记，也可以按名单成批登记。"),
        N_("各级全部通过、确认生效月份后即为入库；被退回的记下原因代码，补正后在下一窗口再报。"),
        ("filings", "windows", "rechecks", "checklists", "level_loads", "packets"), "filings",
    ),
    Topic(
        "pairs", N_("查重与合并"),
        N_("系统认为可能是同一家的企业，一对一对列出，并说明相同和不同之处。"),
        N_("对照名称、代码、地址和联系方式，判定为同一家或不是同一家；确为同一家的，选定保留哪一条再合并。"),
        N_("判定过的不再出现；合并后数字、材料和历史都归到保留的一条，必要时可以撤销合并。"),
        ("pairings", "verdicts", "groups", "merges"), "pairs",
    ),
    Topic(
        "claims", N_("认领争议"),
        N_("两个单位都提名同一家企业时，由市里裁定归谁填报。"),
        N_("提出方写明理由并附材料；市里比较双方依据后裁定。"),
        N_("裁定后企业归一个单位填报，另一方收到通知；企业只有一条，不会重复计数。"),
        ("claims",),
    ),
    Topic(
        "quarters", N_("季度名录"),
        N_("每个季度末的名录，关闭后冻结，以后的改动不影响它。"),
        N_("各单位先确认自己的部分，市里看齐后关闭季度；需要时可以比较两个季度。"),
        N_("冻结后任何时候下载的文件内容都相同；发现错误的，在以后季度改正并说明。"),
        ("quarters", "quarter_rows", "closing", "certifying", "certificates"), "quarters",
    ),
    Topic(
        "plans", N_("工作方案与进展"),
        N_("工作方案的目标、措施和责任单位，以及按名录算出的完成情况。"),
        N_("看哪个目标可能完不成、差在哪里；点数字可以看到是哪些企业。责任单位按节点报送进展。"),
        N_("完成情况由系统按已证实的数计算，不需要另外填报；逾期的节点进入督办。"),
        ("overview", "plans", "plan_drafts", "tasks", "milestones", "supervision", "progress", "marks", "forecasts"),
        "plans",
    ),
    Topic(
        "bulletins", N_("季度通报与考核"),
        N_("按冻结的季度数据起草的通报，以及对责任单位的考核。"),
        N_("逐个核对标出来源的数字，补写文字，确认后送审。"),
        N_("定稿后生成可打印和可编辑的文件；原稿、改动和确认人都留有记录。"),
        ("bulletins", "bulletin_drafts", "bulletin_steps", "bulletin_wordings", "appraisals"),
    ),
    Topic(
        "cases", N_("专项事项"),
        N_("机构认定、创新券等按规则办理的事项，每件有条件、材料、意见和结果。"),
        N_("按条件逐条核对，缺的材料当场登记；需要专家意见的，密封收齐后一起开封。"),
        N_("办结后形成公示、证书或补助计算单；有异议的在规定期限内受理。"),
        ("cases", "case_steps", "case_opinions", "case_kinds", "case_books", "case_certificates", "case_files"), "cases",
    ),
    Topic(
        "payments", N_("补助资金"),
        N_("补助从预算、付款批次到与银行对账的全过程。"),
        N_("核对收款账户，把已批准的补助编成批次，付款后导入银行文件对账。"),
        N_("对上的自动记为已付，对不上的列出原因；多付、错付的由此追回。"),
        ("payments", "payees", "payment_batches", "reconciling", "samples"), "payments",
    ),
    Topic(
        "resources", N_("机构、资质与科技资源"),
        N_("研发平台机构、企业资质、科技资源和税务授权数据的名册。"),
        N_("登记或改正一条记录，附上证书或来源；成批的用表格带入，逐项核对后采用。"),
        N_("快到期的会提前提示；改正时保留原来的记录，作废的写明原因。"),
        ("institutions", "qualifications", "qualification_steps", "qualification_loads", "resources", "resource_steps",
         "resource_loads", "tax_figures", "tax_loads", "register"),
    ),
    Topic(
        "rules", N_("规则与基础数据"),
        N_("四上标准、申报条件、材料清单、行业对应和机构等系统所依据的规则，每条都有依据和生效日期。"),
        N_("需要调整的，先起草，写明依据；另一人核对后才能发布。标有“※”的依据还没有对照原文，请统计部门核实。"),
        N_("新规则从生效日起使用，以前的判断仍按当时的规则；发布前可以先看对现有企业有什么影响。"),
        ("rules", "rulesets", "dictionary", "whatif", "mailing"), "rules",
    ),
    Topic(
        "trail", N_("操作留痕"),
        N_("谁在什么时候做了什么，改动前后各是什么；任何人都不能修改或删除。"),
        N_("按人员、企业、时间或行为查找，点开看前后变化；定期核验留痕是否完整。"),
        N_("核验不通过的会立即提示；查看留痕本身也会留下记录。"),
        ("trail",), "trail",
    ),
    Topic(
        "users", N_("账户与权限"),
        N_("谁可以登录、属于哪个单位、有什么权限。"),
        N_("新人到岗开通账户，调离时停用，并把未办事项移交给接手的人；授予权限要由另一名管理员同意。"),
        N_("停用后立即不能登录，原来的记录仍在其名下；密码由本人首次登录时修改。"),
        ("users", "approvals", "accounts"),
    ),
    Topic(
        "system", N_("系统运行"),
        N_("后台任务、邮件、备份和对外接口的状况。"),
        N_("每天看一次：有没有失败的任务，最近一次备份是什么时候；失败的看清原因后重做。"),
        N_("重做不会重复写入；仍不成功的，把消息编号告诉运行维护人员。"),
        ("jobs", "api_tokens", "api_guide"),
    ),
    Topic(
        "portal", N_("公开门户"),
        N_("向社会公开的目录、数据和典型案例，由各单位逐条决定公开哪些内容。"),
        N_("选择要公开的条目，看清公开后的样子再确认；涉及企业的须先取得企业同意。"),
        N_("公开后任何人都能看到；可以撤回，撤回的时间和理由留有记录。"),
        ("portal", "portal_releases", "portal_stories"),
    ),
)  # fmt: skip
