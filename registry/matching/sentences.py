"""The sentences by which a judgement explains itself; named placeholders, translated where they are shown."""

from __future__ import annotations

from registry.domain.labels import N_

NAME_TOO_LONG = N_("名称有 %(length)s 个字，超过 %(limit)s 个字，不能比对。请核对后重新填写。")

# -- by code --------------------------------------------------------------------------------------
SAME_CODE = N_("统一社会信用代码相同（%(code)s），是同一家企业。")
SAME_CODE_OTHER_NAME = N_(
    "统一社会信用代码相同（%(code)s），名称不同（%(name_a)s、%(name_b)s），是同一家企业，可能已更名。"
)
SAME_ORGANISATION = N_(
    "组织机构代码相同（%(organisation)s），统一社会信用代码的其他位不同，可能是换发过代码的同一家企业，请核对。"
)

# -- by name --------------------------------------------------------------------------------------
SAME_NAME = N_("名称相同（%(name_b)s），且至少一方没有有效的统一社会信用代码，按同一家企业处理，请确认。")
SAME_PLAIN_NAME = N_("名称相同（%(name_b)s），但名称中没有行政区划和公司形式，可能是两家，请核对。")
SAME_NAME_OTHER_CODE = N_(
    "名称相同，但统一社会信用代码不同（%(code_a)s、%(code_b)s），按两家企业处理。请核对代码是否填错。"
)
FORMER_NAME = N_("“%(former)s”是其中一方的曾用名，可能是同一家企业，请核对。")
FORMER_NAME_OTHER_CODE = N_(
    "“%(former)s”是其中一方的曾用名，但统一社会信用代码不同（%(code_a)s、%(code_b)s），按两家企业处理。"
)
SWAPPED_NAMES = N_("两家企业互换过名称（%(name_a)s、%(name_b)s），不是同一家企业。")
SAME_PARTS = N_("名称的组成部分相同，只是次序或写法不同（%(name_a)s、%(name_b)s），请核对。")
SAME_PARTS_OTHER_CODE = N_(
    "名称的组成部分相同，但统一社会信用代码不同（%(code_a)s、%(code_b)s），按两家企业处理。请核对代码是否填错。"
)
SAME_CORE = N_("字号和行业相同（%(core)s），行政区划或组织形式不同，可能为关联企业，请核对。")
SAME_CORE_OTHER_PLACE = N_("字号和行业相同（%(core)s），行政区划不同，多为两家企业，可能为关联企业，请核对。")
SAME_CORE_OTHER_CODE = N_("字号和行业相同（%(core)s），统一社会信用代码不同，是两家企业，可能为关联企业。")
SAME_SOUND = N_("字号读音相同（%(trade_a)s、%(trade_b)s），行业相同，请留意是否写错字。")
TRADE_NAME_WITHIN = N_("一方的字号包含另一方的字号（%(trade_a)s、%(trade_b)s），行业相同，请留意。")

# -- links and hints ------------------------------------------------------------------------------
BRANCH = N_("“%(branch)s”是“%(parent)s”的分支机构，应并入法人单位，不是重复企业。")
SIBLINGS = N_("两者是“%(parent)s”的不同分支机构，不是重复企业。")
SAME_CONTROL = {
    "phone+address": N_("名称不同，但电话和注册地址相同，可能为同一控制。"),
    "phone+representative": N_("名称不同，但电话和法定代表人相同，可能为同一控制。"),
    "address+representative": N_("名称不同，但注册地址和法定代表人相同，可能为同一控制。"),
    "phone+address+representative": N_("名称不同，但电话、注册地址和法定代表人都相同，可能为同一控制。"),
}
NOTHING = N_("名称和代码都不同，没有发现重复的迹象。")
