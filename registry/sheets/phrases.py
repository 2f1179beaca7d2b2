"""Headings as they are put together: whose, which, what, and how it is counted; patterns for each column.

A word that stands in no pattern makes a heading another thing (法人, 母公司, 实缴, 女, 税务 ...): it is asked for.
"""

from __future__ import annotations

import re
from functools import cache

from registry.sheets.words import ENGLISH_HEADINGS

_LONGEST = 40
_WHOSE = r"(?:(?:企业|单位|公司|机构|商户|其他市场主体|(?:市场|经营|商事)?主体|经营业户)[/、及或和]?)"
_OURS = rf"{_WHOSE}{{0,3}}的?"
_NOW = r"(?:现有|现|目前|当前)?"
_TITLE = r"(?:名称|全称|全名|名字|名)"
_HOME = r"(?:所属|所在|所处|归属|隶属|管辖|所辖|注册地址|注册地|注册|登记地|登记|住所地|住所|属地|属)的?"
_COUNTY = (
    r"(?:县级市|自治县|市县区|县市区|区县|县区|县市|市县|旗县|县别|县|区|旗|地区|区域|辖区|属地"
    r"|(?:县级)?行政(?:区划|区域|辖区|区)|区划|功能区)"
)
_TOWN = r"(?:乡镇街道|街道乡镇|镇街道|乡镇|镇街|街镇|街乡镇|街乡|街道办事处|办事处|街道办|镇办|街办|街道|乡|镇|苏木)"
_CODED = r"(?:数字|数)?(?:名称|代码|编码|码){0,2}"
_KIND_OF_FIRM = (
    r"(?:四上|规上|规下|规模以上|规模以下|限上|限额以上|高新技术|科技型|专精特新|中小|民营|重点"
    r"|工业|服务业|建筑业|商贸)"
)
_ROLE = r"(?:申报|申请|被?认定|入库|在库|拟入库|入选|培育|获评)"
_LEVEL = r"(?:门类|大类|中类|小类)"
_DIGITS = r"(?:[2-4二两三四]位)"
_CREDIT = (
    rf"{_OURS}(?:法人)?(?:营业执照)?(?:(?:统一|社会){{0,2}}信用(?:统一|社会)?|(?:统一|社会){{2}})"
    r"(?:代码|编码|号码|码|号)(?:证书?)?(?:号码?|编号)?"
)
_OTHER_CODE = r"(?:纳税人识别号|税号|(?:工商|企业)?注册号|组织机构代码(?:证号?)?|营业执照(?:注册)?号码?)"
_AND = r"[/、,及或和(]{1,2}"
_STAFF = (
    r"(?:从业人员|从业者|雇员|劳动用工|就业人员|从业|员工|职工|人员|用工"
    r"|在职(?:员工|职工|人员)?|(?:在岗|在册)(?:员工|职工|人员)?)"
)
_COUNT = r"(?:总人数|总数|总量|总计|人数|数量|数|合计)"
_AT_END = r"(?:年末|期末|月末|季末)?"
_PERSON = r"(?:联系人员?|联络人员?|联络员|经办人员?|对接人员?|接口人)"
_HELD = (
    r"(?:已获得?|已取得|获得|取得|具备|拥有|持有|现有|所获|专业|主要|相关|经营|行业|建筑业?|施工|总承包|专业承包|的)"
)
_DAILY = r"(?:日常|主要|主|第一|常用|业务|工作|工商){0,2}"
_BY_PHONE = r"(?:联系|联络|办公场所|办公室|办公|固定|移动|通讯)"
_PHONE = r"(?:(?:电话|手机|座机|固话)(?:号码?)?)"
_STARTED = r"(?:成立|设立|创立|创办|开办|组建|建厂|注册|登记)"
_ON_LICENCE = r"(?:工商|营业执照|执照|登记|注册|法定|住所)"
_WORKS = r"(?:生产|经营|办公|营业|运营|联系|通讯|通信)"
_JOINS = r"[及和与或、/()]"
_BUSINESS = r"(?:主营|主要|主导|从事|经营|生产|业务|产品|商品|品种|品类|服务|活动|范围|项目|内容|名称|描述|的)"
_DAY = r"(?:时间|日期|年月日|年月|日)"
_FORM = r"(?:法律(?=形式)|登记注册|注册登记|工商登记|工商注册|登记|注册|经济|主体|组织(?=形式))"

_PATTERNS: dict[str, tuple[str, ...]] = {
    "name": (
        rf"(?:中文)?{_WHOSE}{{1,3}}的?(?:中文|注册|工商|登记)?(?:详细)?{_TITLE}(?:全称)?",
        rf"(?:注册|工商|登记){{1,2}}(?:企业|公司)?{_TITLE}",
        rf"{_ROLE}?{_KIND_OF_FIRM}{{0,2}}(?:企业|单位|公司)(?:详细)?(?:名称|全称)",
    ),
    "credit_code": (rf"(?:{_OTHER_CODE}{_AND}){{0,2}}{_CREDIT}(?:{_AND}{_OTHER_CODE}){{0,3}}\)?",),
    "former_names": (rf"{_OURS}(?:曾用|原|更名前|变更前|历史)的?{_WHOSE}?{_TITLE}",),
    "division": (rf"{_OURS}(?:{_HOME}){{0,3}}{_COUNTY}{_CODED}", rf"{_OURS}{_HOME}(?:县区|区县|[县区])级{_CODED}"),
    "town": (rf"{_OURS}(?:{_HOME}){{0,3}}{_TOWN}{{1,2}}{_CODED}",),
    "registered_address": (
        rf"{_OURS}(?:{_ON_LICENCE}|的|详细|具体|完整|{_JOINS}){{0,6}}(?:地址|住所|住址|详址)(?:详情|全称)?\)?",
        (
            rf"(?=.*(?:注册|登记|住所)){_OURS}(?:{_ON_LICENCE}|的|所在地?|地|详细|具体|{_JOINS}){{0,6}}"
            r"(?:地址|住址|详址|地点|场所|地)"
        ),
    ),
    "operating_address": (
        (
            rf"(?=.*{_WORKS}){_OURS}{_NOW}(?:{_WORKS}|实际|主要|日常|的|所在地?|地|详细|具体|场所|场地|{_JOINS}){{0,7}}"
            r"(?:地址|场所|场地|地点|详址)\)?"
        ),
        rf"{_OURS}{_NOW}(?:实际|主要|日常|生产){{0,3}}(?:经营|办公|营业|运营)(?:所在)?地",
        rf"(?:{_WHOSE}的?|{_WHOSE}?实际)所在地",
    ),
    "industry": (
        (
            rf"{_OURS}(?:所属|所在|所处|归属|从事|归口|主要|主营|主|的|国民经济|国标|工商|{_DIGITS}|{_LEVEL}){{0,4}}"
            rf"行业(?:{_LEVEL}|类别|类型|分类|归类|归属|划分|种类|类){{0,2}}{_DIGITS}?(?:代码|名称|编码|[及和与、/()]){{0,5}}"
        ),
        rf"{_OURS}(?:所属|所在)?国民经济(?:{_LEVEL}|分类|代码){_CODED}",
    ),
    "activity": (
        (
            rf"{_OURS}(?=.*(?:业务|产品|商品|服务|范围|(?:经营|生产)活动|经营(?:内容|品种|品类)|(?:经营|主营)项目))"
            r"(?:主营|主要|主导|主打|从事的?(?:主要|主营)?|经营|生产)"
            rf"(?:{_BUSINESS}|[及和与或、/()]){{1,9}}(?:简介|简述)?"
        ),
    ),
    "legal_form": (
        rf"(?:{_WHOSE}{{1,2}}的?{_FORM}{{0,2}}|{_FORM}{{1,2}})(?:类型|性质|形式){{1,2}}(?:名称)?",
        rf"{_OURS}(?:登记注册|注册登记|工商登记|工商注册|登记|注册)(?:类别|种类)(?:名称)?",
    ),
    "founded_on": (
        rf"(?=.*{_STARTED}){_OURS}(?:工商|营业执照|执照|{_STARTED}|的|{_JOINS}){{1,6}}{_DAY}",
        rf"{_WHOSE}的?(?:创建|建立){_DAY}",
        rf"{_WHOSE}(?:始建|成立|创建|创立|设立)于",
    ),
    "opened_on": (
        rf"{_OURS}(?:实际|正式|建成|竣工)?(?:(?:开业|投产)[/、及或和]?){{1,2}}(?:运营|经营)?{_DAY}",
        rf"{_OURS}(?:正式|开始)(?:营业|运营|投产){_DAY}",
    ),
    "accounting": (rf"{_OURS}(?:执行)?的?(?:财务)?会计(?:制度|准则)(?:类型|类别|名称)?",),
    "taxpayer_kind": (rf"{_OURS}(?:增值税)?纳税人(?:资格|资质|身份|类型|类别|种类|性质){{1,2}}",),
    "to_month": (r"(?:数据|报表|统计|累计)?(?:截至|截止|所属)的?(?:月份|月|年月|期)",),
    "vat_sales": (rf"(?=.*(?:增值税|应税|申报)){_OURS}(?:累计)?(?:增值税|应税|纳税|申报){{1,3}}销售额(?:累计)?",),
    "capital": (
        rf"{_OURS}(?:工商|注册|认缴|登记|的|{_JOINS}){{0,4}}(?:注册|认缴|登记)\)?(?:资本|资金)(?:金额|金|总额|合计|数额|额|数){{0,2}}",
    ),
    "operating_state": (
        rf"{_OURS}{_NOW}(?:工商|登记|生产经营|经营|存续|生存|营业|运营|在营){{1,2}}状态",
        rf"{_WHOSE}的?{_NOW}状态",
        rf"{_OURS}{_NOW}(?:登记|经营)状况",
        rf"{_OURS}(?:存续|在营)情况",
    ),
    "employees": (
        rf"{_OURS}{_NOW}{_AT_END}(?:全部|全体|全职|实有|实际|现有)?{_STAFF}{_AT_END}(?:{_COUNT}{{1,2}}|\((?:人|名|个)\))",
        rf"{_OURS}{_NOW}{_AT_END}(?:全部|全职|实有|实际)?(?:从业|就业)人员",
        rf"{_WHOSE}的?总人数",
        rf"{_OURS}(?:现有|全部|全体|在职|在岗|在册)(?:员工|职工|用工)",
    ),
    "contact_name": (rf"{_OURS}{_DAILY}{_PERSON}的?(?:姓名|名称)?",),
    "contact_phone": (
        rf"{_OURS}{_DAILY}(?:{_PERSON}的?)?{_BY_PHONE}{{0,2}}{_PHONE}{{1,2}}(?:[、/或及和(]{_PHONE}){{0,2}}\)?",
        rf"{_OURS}{_DAILY}(?:{_PERSON}的?(?:联系)?|联系|联络|通讯|通信)(?:方式|号码|办法)",
    ),
    "qualifications": (rf"{_OURS}{_HELD}{{0,3}}资质(?:资格|认证|情况|等级|证书|名称){{0,2}}",),
    "issue": (
        (
            rf"{_OURS}(?:目前|当前|现阶段|主要)?(?:存在|面临|遇到|需要?协调解?决?|(?:需要?|亟需|亟待|急需|希望)解决|反映|制约发展)的?(?:主要)?"
            r"(?:问题|困难|诉求|瓶颈)(?:[及和与、]?(?:问题|困难|诉求|建议|需求)){0,2}"
        ),
        rf"{_OURS}(?:问题|困难|诉求)(?:[及和与、]?(?:问题|困难|诉求|建议)){{1,2}}",
    ),
    "lead_bureau": (
        r"(?:行业)?(?:主管|归口管理|归口|牵头|责任)部门(?:名称)?",
        r"行业(?:主管|归口|归口管理)单位",
    ),
}
_ASKED = re.compile(r".*(?:单位|法人|商户)(?:类型|类别|性质|形式)+(?:名称)?|机构(?:类别|性质|形式)|地址|状态")
"""What a pattern would take, though it is another thing by itself, or more than one."""
_BRACKETS = str.maketrans("", "", "()[]{}【】〔〕<>《》")


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((key, re.compile("|".join(f"(?:{one})" for one in many))) for key, many in _PATTERNS.items())


@cache
def _english() -> dict[str, str]:
    return {word: key for key, words in ENGLISH_HEADINGS.items() for word in words.split()}


def key_of_phrase(text: str) -> str | None:
    """The column of whose words a plain heading without unit and period is put together; None where it is of none."""
    if text.isascii():
        return _english().get(text)
    if len(text) > _LONGEST or _ASKED.fullmatch(text):
        return None
    return next((key for key, pattern in _patterns() if pattern.fullmatch(text)), None)


def unbracketed(text: str) -> str:
    """A plain heading with what stands in brackets read on, as it is spoken: 生产(经营)地址."""
    return text.translate(_BRACKETS)
