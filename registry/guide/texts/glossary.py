"""The words of the field: as offices write them, in English, and what they mean; docs/glossary.md says where each is in the code.

The same words in the same order stand in both (tests/guide/test_glossary.py).
"""

from __future__ import annotations

from typing import NamedTuple

from registry.base.labels import N_


class Term(NamedTuple):
    word: str
    english: str
    meaning: str


GLOSSARY = (
    Term("企业培育名录库", "directory", N_("全市有望成为“四上”单位的科技服务业企业的名单，以及每家企业走到了哪一步。")),
    Term("企业 · 曾用名", "firm · former name", N_("一个统一社会信用代码为一家企业；改过的名称保留为曾用名，按曾用名也能查到。")),
    Term("法人单位 · 视同法人 · 产业活动单位", "unit kind", N_("统计上的单位类型；分公司等产业活动单位不能单独申报，视同法人须经批准。")),
    Term("统一社会信用代码", "credit code", N_("营业执照上的十八位代码，末位为校验码，输错会被指出。")),
    Term("行业代码 · 行政区划", "industry · division", N_("国民经济行业分类的四位代码；企业所在的县区。")),
    Term("单位 · 角色", "office · role", N_("人员所属的县区、园区或部门；在系统中承担的工作，决定能看什么、能办什么。")),
    Term("线索 … 已合并", "stages of the pathway", N_("企业在培育过程中所处的阶段，从线索、提名、在库培育、达标应入、申报到入库，以及退出和合并。")),
    Term("提交 · 受理 · 退回 · 审核通过 · 不予通过 · 撤回", "actions", N_("提名过程中各方的办理动作；每个动作都记下人员、时间和理由。")),
    Term("提名", "nomination", N_("填报单位把一家企业推荐进名录库，由牵头部门核查。")),
    Term("认领争议", "claim", N_("两个单位都认为同一家企业应由自己填报，由市里裁定。")),
    Term("营业收入 · 期", "figure · period", N_("从材料上抄录的金额，以及它所属的年度或累计月份。")),
    Term("未证 · 已证", "unproven · proven", N_("有没有同期材料证明且金额相符；未证的数只作参考，不计入达标和目标。")),
    Term("存疑 · 核实", "doubt · settle", N_("数字与其他资料不符时提出的疑问；由填报单位说明或更正后了结。")),
    Term("材料 · 材料清单", "document · checklist", N_("证明企业情况的文件；申报时必须备齐的文件及其要求。")),
    Term("核对印章 · 批量归集材料", "seal · papers in bulk", N_("由主管部门看过文件后确认已盖章；一次上传多份材料，由系统归到各企业。")),
    Term("经营状态", "operating state", N_("在业、注销、吊销、迁出等，注明日期和来源；不在业的不能申报。")),
    Term("入库线 · 四上标准", "admission line · statutory line", N_("进入本名录库的营业收入要求；成为“四上”单位的法定标准，按行业不同。")),
    Term("达标率 · 档", "rate · tier", N_("本年累计营业收入与四上标准之比；A档已达标，B档为八成以上，C档为五成以上，D档不足五成，界线可在规则中调整。")),
    Term("还差什么", "position, shortfall", N_("企业走到下一步还缺的条件和材料，逐条列出，能办的附有按钮。")),
    Term("申报窗口 · 申报纳统 · 逐级审核 · 年度复核", "intake window · filing · level · re-check", N_("统计部门受理申报的起止日期；申报成为“四上”单位；县、市、省、国家逐级审核；入库后每年再核对一次。")),
    Term("查重 · 疑似重复", "duplicates · pair", N_("找出可能是同一家的企业；等待人判断的一对。")),
    Term("合并 · 并入", "merge · merged away", N_("确为同一家的两条并成一条；被并入的一条保留历史，不再单独列出。")),
    Term("市场主体库", "register", N_("市场监管部门的企业登记资料，用于核对名称、代码和地址。")),
    Term("导入批次 · 错误 · 提示", "import batch · fault · notice", N_("一次上传的名单；必须改正才能写入的问题；只是告知、不妨碍写入的情况。")),
    Term("指定的表头 · 随带保存", "heading given by hand · carried along", N_("由人指明对应哪一栏的表头；本系统用不到但一并保存的列。")),
    Term("离线填报 · 签发 · 交回", "workbook · issued · returned", N_("领取工作簿在表格里填写；系统发出工作簿；填好后上传，逐格比对。")),
    Term("工作方案 · 版次", "plan · version", N_("市政府印发的提升方案；经修改后重新生效的每一版。")),
    Term("目标 · 措施 · 责任单位", "target · measure · office that answers", N_("方案要达到的数；为此要做的事；负责这件事的单位。")),
    Term("已计 · 申报中 · 还差 · 不计", "counted · under way · needed · left out", N_("已算入目标的、正在申报的、距目标还缺的，以及因注明的原因不算入的。")),
    Term("目标分解 · 补助事项 · 工作要求", "split · subsidy · working rule", N_("目标分到各县区；方案规定的补助；对办理时限和方式的要求。")),
    Term("研发平台机构 · 依托单位", "institution · owner", N_("工程中心、实验室、新型研发机构等；设立或依托它的企业或单位。")),
    Term("专家意见 · 回避 · 密封 · 开封", "opinion · recusal · sealed · opened", N_("专家对事项的评审意见；有利害关系的不参加；交齐前任何人看不到，交齐后一起打开。")),
    Term("认定证书 · 校验码", "certificate · check code", N_("事项办结后颁发的证书；凭此核对证书真伪的号码。")),
    Term("上级表 · 回填 · 未填", "upper form · fill · left empty", N_("上级下发的表格；用名录的数据填好；因没有把握而留空，由人补填。")),
    Term("税务授权数据 · 企业授权", "tax figure · consent", N_("经企业同意由税务部门提供的销售额，用于核对；企业同意提供的书面材料。")),
    Term("阶段节点", "milestone", N_("一项任务中须按时完成的一步。")),
    Term("年度责任清单 · 牵头单位 · 督办", "task · lead · supervision", N_("当年各单位要完成的任务；负总责的单位；对逾期任务的催促和记录。")),
    Term("考核 · 考核方案 · 权重", "appraisal · scheme · weight", N_("按方案对责任单位评分；评分的项目和办法；各项所占的比重。")),
    Term("资质 · 资质种类 · 检测项目", "qualification · kind of qualification · test item", N_("企业取得的证书；证书的种类；证书允许开展的检测项目。")),
    Term("换证 · 更正 · 作废（资质）", "renew · correct · void", N_("到期换发新证；改正登记错误；取消一条登记并写明原因。")),
    Term("科技资源 · 资源种类", "resource · kind of resource", N_("可供共享的仪器、设施和服务；它们的分类。")),
    Term("发布 · 撤回发布（资源）", "release · withdraw", N_("把资源放到公开门户；从公开门户撤下。")),
    Term("创新券使用", "use", N_("企业用创新券支付的一次科技服务。")),
    Term("高技术服务业企业认定", "mark", N_("对企业作出的认定，注明文号和有效期。")),
    Term("预算 · 结转 · 结余", "budget · carry-over · left", N_("当年可用于补助的资金；转到下一年使用；尚未安排的部分。")),
    Term("收款账户 · 付款批次 · 付款", "account of a payee · batch · payment", N_("经核对的收款账号；一次付给多家的一组；付给一家的一笔。")),
    Term("银行文件 · 对账", "bank file · reconciliation", N_("银行给出的付款结果；与应付款项逐笔核对。")),
    Term("追回 · 支付后抽查", "demand back · sample", N_("要求退回不应支付的款项；付款后按比例抽取核查。")),
    Term("季度名录 · 冻结", "quarter · snapshot", N_("季度末的名录；关闭后不再变化的一份。")),
    Term("事项 · 事项规则 · 补助年度", "case · kind (in editions) · cohort", N_("按规则办理的一件认定或补助；办理它的条件和步骤；补助所属的年度。")),
    Term("公示 · 异议 · 申诉", "notice · objection · appeal", N_("结果在规定期限内公开；他人提出的不同意见；当事方对决定的申诉。")),
    Term("重复使用（发票、设备、平台）", "use, used once only", N_("同一张发票、设备或平台只能用于一次补助，重复的会被指出。")),
    Term("补助金额计算单", "slip", N_("补助金额怎样算出，每一步的依据和数。")),
    Term("季度通报 · 文字模板 · 确认（通报中的数字）", "bulletin · wording · confirmation", N_("每季度的进展通报；通报的固定写法；有人对通报中的数逐个核对。")),
    Term("确认（季度数据） · 延期", "certificate · extension", N_("各单位确认本单位的季度数据属实；经同意推迟确认的期限。")),
    Term("台账", "ledger", N_("一行一家企业的总表，可筛选、排序、导出。")),
    Term("勾选 · 预览 · 没有列入的", "ticked · preview · left out", N_("在列表中选定多项一起办理；办理前逐项列出将怎样办；当时不能办的，写明原因。")),
    Term("可以申报 · 只差一项 · 条件不足", "ready · short · far", N_("达标应入企业在本期申报中的三种情况：条件都已满足；只差一份材料或只待核对印章；还有其他条件不满足。")),
    Term("申报材料包", "packet", N_("一家或多家企业的申报材料，按材料清单的次序编号，附清单，缺的写明。")),
    Term("上级审核结果（文件）", "level file", N_("上级下发的名单，写明各企业通过还是退回；核对后成批登记。")),
    Term("企业档案", "dossier", N_("一家企业的全部情况。")),
    Term("待办 · 等待办理的清单", "inbox · pending", N_("等您办理的事项，按清单分类列出。")),
    Term("消息 · 催办", "notice · nudge", N_("系统告知的情况；请有关单位尽快办理的提醒。")),
    Term("预测与预警", "forecast", N_("按往年和本年各月推算全年营业收入；只供参考，不存入企业档案，也不对外提供。")),
    Term("基础数据 · 版本 · 移交", "reference data · edition · hand over", N_("规则、机构、区划等；按生效日期区分的各版；把一个单位的工作转给另一个单位。")),
    Term("节假日 · 调休 · 工作日", "day off · working day", N_("计算办理期限所依据的日历。")),
    Term("规则集 · 草案", "rule set · draft", N_("同时生效的一组规则；发布前等待他人核对的改动。")),
    Term("公开门户 · 公开 · 典型案例", "portal · release · typical case", N_("供社会查看的网页；决定公开的内容；经企业同意刊登的事例。")),
    Term("接口令牌 · 可读范围", "token · scope", N_("其他系统读取数据所用的凭证；它能读到的内容。")),
    Term("变更流", "change feed", N_("按先后列出的变动，供其他系统跟上最新情况。")),
    Term("操作留痕", "trail", N_("谁在什么时候做了什么，不能修改或删除。")),
    Term("当时所知 · 现在所知", "as known then · as known now", N_("按过去某日已知的情况，或按现在已知的情况，看同一天的名录。")),
)  # fmt: skip
