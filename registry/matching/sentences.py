"""The sentences by which a judgement explains itself; named placeholders, translated where they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from registry.base.labels import N_

Translate = Callable[[str], str]

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
SWAPPED_NAMES = N_("两家企业在 %(day)s 互换过名称（现名 %(name_a)s、%(name_b)s），不是同一家企业。")
SAME_PARTS = N_("名称的组成部分相同，只是次序或写法不同（%(name_a)s、%(name_b)s），请核对。")
SAME_PARTS_OTHER_CODE = N_(
    "名称的组成部分相同，但统一社会信用代码不同（%(code_a)s、%(code_b)s），按两家企业处理。请核对代码是否填错。"
)
WRITTEN = N_(
    "名称只有写法不同（%(name_a)s、%(name_b)s），且至少一方没有有效的统一社会信用代码，按同一家企业处理，请确认。"
)
RIVALLED = N_("名称只有写法不同或相近（%(name_a)s、%(name_b)s），但名单中还有同样相近的名称，请核对。")
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

# -- by what the names have in common and what not ------------------------------------------------
NEAR_REVIEW = N_("名称相近，可能是同一家企业（%(reasons)s），请核对。")
UNLIKE = N_("多半不是同一家企业（%(reasons)s）。")
UNLIKE_IN_LIST = N_("名称相近（%(reasons)s），但多半不是同一家企业。")
UNLIKE_CODES = N_("统一社会信用代码不同，按两家企业处理（%(reasons)s）。")
ONLY_PLACED = N_("行政区划、字号、行业和组织形式都相同，只是写法不同")

EVIDENCE: dict[str, str] = {
    "intercept": N_("起点（未见差别时）"),
    "code_equal": N_("统一社会信用代码相同"),
    "code_differs": N_("统一社会信用代码不同"),
    "organisation_equal": N_("组织机构代码相同"),
    "former_equal": N_("是另一方的曾用名"),
    "phone_equal": N_("电话相同"),
    "address_equal": N_("地址相同"),
    "representative_equal": N_("法定代表人相同"),
    "equal": N_("名称相同"),
    "written": N_("名称只有写法不同"),
    "place_inner": N_("字号和行业相同，行政区划一大一小"),
    "trade_for_place": N_("一方在行政区划处写了别的词"),
    "place_country": N_("一方没有写“中国”"),
    "form_of_other_law": N_("组织形式的法律性质不同"),
    "form_unsaid": N_("一方没有写合伙的种类"),
    "form_unlike_short": N_("简称所说的组织形式，另一方没有"),
    "group_member": N_("一方是另一方集团的成员"),
    "group_before": N_("一方在名称前写了集团名"),
    "numeral_written": N_("数字写法不同"),
    "unit_equal": N_("分支机构名相同"),
    "unit_place": N_("分支机构名中行政区划详略不同"),
    "unit_kind": N_("分支机构的称呼不同"),
    "romanised": N_("一方用拼音书写，读音相同"),
    "reordered": N_("用字相同，次序不同"),
    "several": N_("差别不止一处"),
    "common": N_("相同的部分较常见"),
    "generic_block": N_("除多出的词外没有字号"),
    "generic": N_("相同的部分很常见"),
    "short_start": N_("一方是另一方的简称"),
    "short_within": N_("一方是另一方名称中的一段"),
    "short_adds": N_("简称比全称多一个词"),
    "short_torn": N_("简称只是另一字号的一段"),
    "short_initials": N_("一方像是另一方的缩写"),
    "own_missing": N_("一方没有字号"),
    "trade_equal": N_("字号相同"),
    "trade_near": N_("字号只差一字"),
    "trade_differs": N_("字号不同"),
    "words_differ": N_("用词不同"),
    "inner_block": N_("中间多一个词"),
    "industry_heard": N_("行业用语读音相同"),
    "industry_slip": N_("行业用语像是写错一字"),
    "industry_most": N_("一方少了大半行业用语"),
    "place_missing": N_("一方没有写行政区划"),
    "place_within": N_("行政区划一大一小"),
    "place_conflict": N_("行政区划不同"),
    "form_missing": N_("一方没有写组织形式"),
    "form_alike": N_("组织形式不同，同为公司"),
    "form_differs": N_("组织形式不同"),
    "branch": N_("一方是分支机构"),
}
"""Kind of evidence -> what it says; kinds made of a part and a step are put together from the two tables below."""
PARTS = {
    "trade": N_("字号"),
    "industry": N_("行业用语"),
    "place": N_("行政区划"),
    "form": N_("组织形式"),
    "tail": N_("分支机构名"),
}
STEPS = {
    "sound": N_("有一字读音相同"),
    "reading": N_("有一字另有相同的读音，不常用"),
    "shape": N_("有一字字形相近"),
    "hint": N_("有一字字形略近"),
    "numeral": N_("序号不同"),
    "direction": N_("方位或大小不同"),
    "other": N_("有一字不同"),
    "turned": N_("两字颠倒"),
    "doubled": N_("多写一个相同的字"),
    "one": N_("多一字"),
    "block": N_("多一个词"),
    "replaced": N_("换了词"),
}


def evidence(kind: str, translate: Translate = str) -> str:
    """What a kind of evidence says; a kind nobody knows is given back as it is."""
    if kind in EVIDENCE:
        return translate(EVIDENCE[kind])
    part, _, step = kind.partition("_")
    return _put_together(part, step, translate) if part in PARTS and step in STEPS else kind


def _put_together(part: str, step: str, translate: Translate) -> str:
    return translate(PART_STEP) % {"part": translate(PARTS[part]), "step": translate(STEPS[step])}


PART_STEP = N_("%(part)s%(step)s")


def said(template: str, values: Mapping[str, Any], found: Iterable[Any], translate: Translate = str) -> str:
    """`template` filled; `%(reasons)s` stands for the heaviest of `found` (evidence) and what they were seen in."""
    reasons = (_reason(one, translate) for one in found if one.kind not in _UNSAID)
    filled = {**values, "reasons": translate(COMMA).join(list(reasons)[:_MOST]) or translate(ONLY_PLACED)}
    return translate(template) % filled


COMMA = N_("，")
_UNSAID = frozenset({"intercept", "several"})
_MOST = 3
_LONGEST_SEEN = 12


def _reason(one: Any, translate: Translate) -> str:
    seen = [text for text in (one.a, one.b) if text and len(text) <= _LONGEST_SEEN]
    label = evidence(one.kind, translate)
    return translate(REASON_SEEN) % {"reason": label, "seen": translate(BESIDE).join(seen)} if seen else label


REASON_SEEN = N_("%(reason)s：%(seen)s")
BESIDE = N_("与")
