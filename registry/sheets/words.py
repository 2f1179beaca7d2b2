"""The lexicon of cells: units, currencies, words for nothing, and what people write instead of a choice."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

_BLANKS = "n/a na #n/a nan nil none null 无 暂无 没有 空 不详 未知 未填 略 - -- --- ---- — —— – ― / \\ * . 。 ? 〓"
BLANK_WORDS = frozenset(["", *_BLANKS.split()])
"""Compared after NFKC, without spaces, in lower case."""

SCALES: Mapping[str, Decimal] = {
    "": Decimal(1),
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1_000),
    "万": Decimal(10_000),
    "十万": Decimal(100_000),
    "百万": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
}
"""How many yuan the word before 元 stands for."""

ENGLISH_SCALES: Mapping[str, Decimal] = {
    "10k": Decimal(10_000),
    "10,000": Decimal(10_000),
    "tenthousand": Decimal(10_000),
    "thousand": Decimal(1_000),
    "million": Decimal(1_000_000),
}
"""Before a currency, without spaces: 10k CNY, RMB million."""

MULTIPLE = "亿|千万|百万|十万|万|千|百|十"
YUAN = "元"
UNIT_WORD = "单位"
OPTIONAL_WORDS = ("必填", "选填", "可选", "非必填", "下拉选择")

CURRENCIES: Mapping[str, str] = {
    "人民币": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "¥": "CNY",
    "美元": "USD",
    "美金": "USD",
    "usd": "USD",
    "us$": "USD",
    "$": "USD",
    "港币": "HKD",
    "港元": "HKD",
    "香港元": "HKD",
    "hkd": "HKD",
    "hk$": "HKD",
    "欧元": "EUR",
    "eur": "EUR",
    "€": "EUR",
    "日元": "JPY",
    "日圆": "JPY",
    "jpy": "JPY",
    "英镑": "GBP",
    "gbp": "GBP",
    "澳元": "AUD",
    "澳大利亚元": "AUD",
    "aud": "AUD",
    "加元": "CAD",
    "加拿大元": "CAD",
    "新加坡元": "SGD",
    "新币": "SGD",
    "新台币": "TWD",
    "台币": "TWD",
    "澳门元": "MOP",
    "澳门币": "MOP",
    "韩元": "KRW",
    "韩币": "KRW",
    "瑞士法郎": "CHF",
    "德国马克": "DEM",
}

DATE = r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?"
MONTH = r"(?:(\d{4})(?:年|[-/.]))?(?:1(?:月)?[-~至到])?(\d{1,2})月?份?"
MONTH_RUN = r"(\d{4})(\d{2})"
PEOPLE = "人|名|个"
NAME_SEPARATORS = "[;；、|]"
NAME_JOINER = "；"

TRADITIONAL = str.maketrans(
    "亞佔來個備傳債僅價億內冊別則創劃動務勞區協參員問單國圍園圓團執報場塊夥實審寫專對導屬崗師帶幣庫從態應戶掛換擇據擬"
    "敗數時暫書會業榮構標機檔權歐歷歸決沒況淨測準潤濟為無營爲牽狀獨獲現環產畝當發監碼稅種稱積節範築簡納級細組結絡統經"
    "網編縣總織繳續聯職臨臺與萬蓋薦蘇處號術裏裡複規視計訊記訪設許訴註評話該詳認說説調請證識議譽變負財貨責買費貿資質賬"
    "購軟轄辦農運達適選還郵鄉鈎鉤銀銷錄鎊鎮長門開間關階際險隸難電韓響頃項預領頭頸題額類風餘馬駐驗體麼點黨",
    "亚占来个备传债仅价亿内册别则创划动务劳区协参员问单国围园圆团执报场块伙实审写专对导属岗师带币库从态应户挂换择据拟"
    "败数时暂书会业荣构标机档权欧历归决没况净测准润济为无营为牵状独获现环产亩当发监码税种称积节范筑简纳级细组结络统经"
    "网编县总织缴续联职临台与万盖荐苏处号术里里复规视计讯记访设许诉注评话该详认说说调请证识议誉变负财货责买费贸资质账"
    "购软辖办农运达适选还邮乡钩钩银销录镑镇长门开间关阶际险隶难电韩响顷项预领头颈题额类风余马驻验体么点党",
)
"""Of the characters that headings are made of: as Hong Kong, Macao and Taiwan write them -> as we do."""

ENGLISH_HEADINGS: Mapping[str, str] = {
    "name": "companyname enterprisename businessname nameofcompany nameofenterprise",
    "credit_code": "unifiedsocialcreditcode socialcreditcode creditcode uscc unifiedcreditcode",
    "former_names": "formername formernames previousname",
    "division": "district county",
    "registered_address": "registeredaddress companyaddress address",
    "operating_address": "officeaddress mailingaddress businessaddress operatingaddress",
    "industry": "industry industryname industrycode industrycategory",
    "activity": "businessscope scopeofbusiness mainbusiness mainproducts",
    "legal_form": "companytype enterprisetype typeofenterprise legalform",
    "founded_on": "establishmentdate dateofestablishment incorporationdate dateofincorporation registrationdate",
    "capital": "registeredcapital",
    "operating_state": "operatingstatus registrationstatus companystatus businessstatus",
    "employees": "employees numberofemployees employeecount totalemployees headcount",
    "contact_name": "contact contactperson contactname",
    "contact_phone": "phone telephone tel mobile phonenumber telephonenumber mobilephone contactphone contactnumber",
}
"""Column -> headings in English, compared without spaces, in lower case; what is of a year is never among them."""

CHOICE_ALIASES: Mapping[str, Mapping[str, str]] = {
    "unit_kind": {
        "法人": "legal_person",
        "企业法人": "legal_person",
        "独立法人": "legal_person",
        "视同法人": "deemed_legal_person",
        "产业活动单位": "branch",
        "分公司": "branch",
        "分支机构": "branch",
    },
    "accounting": {
        "企业会计制度": "enterprise",
        "小企业会计制度": "small_enterprise",
        "事业单位": "institution",
        "政府会计制度": "institution",
        "民办非企业会计制度": "non_profit",
        "民间非营利组织": "non_profit",
        "其他": "other",
    },
    "taxpayer_kind": {
        "一般": "general",
        "增值税一般纳税人": "general",
        "小规模": "small_scale",
        "增值税小规模纳税人": "small_scale",
    },
    "door": {"年度一批": "annual_first", "年度二批": "annual_second", "月度": "monthly", "月度新开业": "monthly"},
    "legal_form": {
        "有限公司": "limited",
        "有限责任公司(自然人独资)": "limited",
        "一人有限责任公司": "limited",
        "有限责任公司(自然人投资或控股)": "limited",
        "有限责任公司(法人独资)": "limited",
        "有限责任公司 港、澳、台": "limited",
        "有限责任公司 外商投资企业": "limited",
        "有限责任公司 国有企业": "limited",
        "有限责任公司(国有独资)": "limited",
        "股份公司": "joint_stock",
        "股份有限公司 国有企业": "joint_stock",
        "股份有限公司(非上市)": "joint_stock",
        "股份有限公司(上市)": "joint_stock",
        "国有企业": "state_owned",
        "全民": "state_owned",
        "国有": "state_owned",
        "集体": "collective",
        "集体企业": "collective",
        "集体(非上市)": "collective",
        "普通合伙": "partnership",
        "普通合伙企业": "partnership",
        "有限合伙": "partnership",
        "有限合伙企业": "partnership",
        "特殊普通合伙": "partnership",
        "合伙": "partnership",
        "个人独资": "sole_owner",
        "农民专业合作社": "cooperative",
        "农民专业合作经济组织": "cooperative",
        "专业合作社": "cooperative",
        "民办非企业": "non_profit",
        "社会服务机构": "non_profit",
        "个体户": "sole_trader",
        "个体": "sole_trader",
        "个体工商户(临时)": "sole_trader",
        "临时个体工商户": "sole_trader",
        "分公司": "branch",
        "集体分支机构(非法人)": "branch",
        "股份合作制分支机构": "branch",
    },
}
"""Vocabulary -> what is written -> code; compared after NFKC, without spaces, in lower case."""
CODE_IN_NAME = r"[\s(（【\[,，、:：]*(?<![0-9A-Za-z])([0-9A-Za-z]{18})(?![0-9A-Za-z])[)）】\]]?"
"""A credit code that was written into the cell of the name, with what parts it from the name."""
