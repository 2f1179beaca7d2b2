"""Whether two records are one firm: levels, bands, links and sentences."""

from __future__ import annotations

from datetime import date
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.base.credit_code import check_character
from registry.matching import sentences
from registry.matching.decide import compare
from registry.matching.judgement import Band, Level, Link
from registry.matching.lexicons import rows
from registry.matching.normalise import LONGEST_NAME, name_key
from registry.matching.records import FormerRecord, Record
from tests.matching import ENDLESS


def code(first_17: str) -> str:
    return first_17 + check_character(first_17)


CODE_A = code("91441500MA4W00011")
CODE_B = code("91441521MA4W00022")
CODE_A_MOVED = code("91441521MA4W00011")


@pytest.mark.parametrize(
    "one, other, level, band",
    [
        ("汕尾市善美科技有限公司", "汕尾市善美科技有限公司", "D2", "same"),
        ("汕尾市善美科技有限公司", "汕尾巿善美科技有限公司（已注銷）", "D2", "same"),
        ("市衞健局", "市卫健局", "D2", "review"),
        ("科技創新劵服務中心", "科技创新券服务中心", "D2", "same"),
        ("北京红光酒业发展有限公司", "红光(北京)酒业发展有限公司", "D3", "review"),
        ("汕尾善美科技有限公司", "汕尾市善美科技有限公司", "D3", "same"),
        ("北京红光酒业有限公司", "红光酒业有限公司", "D4", "review"),
        ("北京红光酒业有限公司", "北京红光酒厂", "D4", "review"),
        ("海丰县善美商贸有限公司", "陆丰市善美商贸有限公司", "D4", "different"),
        ("北京牛栏山酒业有限公司", "北京牛兰山酒业有限公司", "D6", "review"),
        ("汕尾市晟达科技有限公司", "汕尾市盛达科技有限公司", "D6", "review"),
        ("北京阿里巴巴网络科技有限公司", "北京阿里巴巴巴巴网络科技有限公司", "NEAR", "review"),
        ("汕尾市晟达科技有限公司", "广州盛达科技有限公司", "NONE", "different"),
        ("陆丰市第二建筑工程公司", "陆丰市第三建筑工程公司", "NONE", "different"),
        ("汕尾市善美科技有限公司", "汕尾市善美物流有限公司", "NONE", "different"),
        ("", "", "NONE", "different"),
        ("★", "★", "NONE", "different"),
        ("有限公司", "股份有限公司", "NONE", "different"),
    ],
)
def test_names_alone(one: str, other: str, level: str, band: str) -> None:
    judgement = compare(Record(one), Record(other))
    assert (judgement.level, judgement.band, judgement.link, judgement.warning) == (level, band, None, False)


def test_equal_codes_are_one_firm_whatever_the_names() -> None:
    judgement = compare(Record("汕尾市善美科技有限公司", CODE_A), Record("海丰县宏图物流有限公司", CODE_A.lower()))
    assert (judgement.level, judgement.band) == (Level.SAME_CODE, Band.SAME)
    assert str(judgement) == (
        f"统一社会信用代码相同（{CODE_A}），名称不同（汕尾市善美科技有限公司、海丰县宏图物流有限公司），"
        "是同一家企业，可能已更名。"
    )


def test_organisation_code_kept_under_another_prefix_is_for_review() -> None:
    judgement = compare(Record("汕尾市善美科技有限公司", CODE_A), Record("海丰县善美科技有限公司", CODE_A_MOVED))
    assert (judgement.level, judgement.band) == (Level.SAME_ORGANISATION, Band.REVIEW)
    assert judgement.values == {"organisation": "MA4W00011"}


@pytest.mark.parametrize(
    "one, other, level, warning",
    [
        ("汕尾市善美科技有限公司", "汕尾市善美科技有限公司", "D2", True),
        ("北京红光酒业有限公司", "红光（北京）酒业有限公司", "D3", True),
        ("北京红光酒业有限公司", "北京红光酒厂", "D4", False),
        ("北京牛栏山酒业有限公司", "北京牛兰山酒业有限公司", "NONE", False),
    ],
)
def test_differing_valid_codes_outweigh_any_name(one: str, other: str, level: str, warning: bool) -> None:
    judgement = compare(Record(one, CODE_A), Record(other, CODE_B))
    assert (judgement.level, judgement.band, judgement.warning) == (level, Band.DIFFERENT, warning)


def test_a_code_that_fails_its_check_counts_as_missing() -> None:
    wrong = CODE_B[:-1] + ("0" if CODE_B[-1] != "0" else "1")
    judgement = compare(Record("汕尾市善美科技有限公司", CODE_A), Record("汕尾市善美科技有限公司", wrong))
    assert (judgement.level, judgement.band) == (Level.SAME_NAME, Band.SAME)


def test_a_former_name_is_for_review_where_a_code_is_missing() -> None:
    renamed = Record(
        "汕尾市善美科技有限公司", CODE_A, (FormerRecord("汕尾市宏圖科技有限公司", None, date(2020, 5, 1)),)
    )
    judgement = compare(renamed, Record("汕尾市宏图科技有限公司"))
    assert (judgement.level, judgement.band) == (Level.SAME_NAME, Band.REVIEW)
    assert str(judgement) == "“汕尾市宏圖科技有限公司”是其中一方的曾用名，可能是同一家企业，请核对。"


def test_a_former_name_under_another_code_is_a_warning() -> None:
    renamed = Record("汕尾市善美科技有限公司", CODE_A, (FormerRecord("汕尾市宏图科技有限公司"),))
    judgement = compare(renamed, Record("汕尾市宏图科技有限公司", CODE_B))
    assert (judgement.level, judgement.band, judgement.warning) == (Level.SAME_NAME, Band.DIFFERENT, True)


def test_two_firms_that_swapped_names_on_a_date_are_not_offered() -> None:
    day = date(2021, 3, 1)
    one = Record("汕尾市善美科技有限公司", None, (FormerRecord("汕尾市宏图科技有限公司", None, day),))
    other = Record("汕尾市宏图科技有限公司", None, (FormerRecord("汕尾市善美科技有限公司", None, day),))
    judgement = compare(one, other)
    assert (judgement.level, judgement.band) == (Level.NONE, Band.DIFFERENT)


def test_names_swapped_without_dates_are_for_review() -> None:
    one = Record("汕尾市善美科技有限公司", None, (FormerRecord("汕尾市宏图科技有限公司"),))
    other = Record("汕尾市宏图科技有限公司", None, (FormerRecord("汕尾市善美科技有限公司"),))
    assert compare(one, other).band == Band.REVIEW


@pytest.mark.parametrize(
    "branch, parent",
    [
        ("深圳市善美科技有限公司汕尾分公司", "深圳市善美科技有限公司"),
        ("善美（深圳）科技有限公司汕尾分公司", "善美(深圳)科技有限公司"),
        ("汕尾市善美大药房有限公司城东药店", "汕尾市善美大药房有限公司"),
        ("善美科技汕尾分公司", "善美科技有限公司"),
        ("陆丰市河图供销社土产公司第六门市部", "陆丰市河图供销社土产公司"),
    ],
)
@pytest.mark.parametrize("codes", [(None, None), (CODE_A, CODE_B)])
def test_branch_and_parent_are_linked_and_never_duplicates(
    branch: str, parent: str, codes: tuple[str | None, str | None]
) -> None:
    down = compare(Record(branch, codes[0]), Record(parent, codes[1]))
    up = compare(Record(parent, codes[1]), Record(branch, codes[0]))
    assert (down.level, down.band, down.link) == (Level.BRANCH, Band.DIFFERENT, Link.BRANCH_OF)
    assert (up.level, up.band, up.link) == (Level.BRANCH, Band.DIFFERENT, Link.PARENT_OF)
    assert down.values == up.values == {"branch": branch, "parent": parent}


def test_two_branches_of_one_parent_are_siblings() -> None:
    judgement = compare(Record("善美超市有限公司三分店"), Record("善美超市有限公司六分店"))
    assert (judgement.level, judgement.band, judgement.link) == (Level.BRANCH, Band.DIFFERENT, Link.SIBLING)


@pytest.mark.parametrize(
    "shared, level",
    [
        ({"phone": "0660-3366001"}, "NONE"),
        ({"phone": "0660-3366001", "address": "汕尾市城区香洲路12号"}, "D7"),
        ({"phone": "0660-3366001", "representative": "林大海"}, "D7"),
        ({"address": "汕尾市城区香洲路12号", "representative": "林大海"}, "D7"),
        ({"phone": "0660-3366001", "address": "汕尾市城区香洲路12号", "representative": "林大海"}, "D7"),
    ],
)
def test_two_of_three_contacts_hint_at_common_control(shared: dict[str, str], level: str) -> None:
    judgement = compare(Record("汕尾市善美科技有限公司", **shared), Record("海丰县宏图物流有限公司", **shared))
    assert (judgement.level, judgement.band) == (level, Band.DIFFERENT)


@pytest.mark.timeout(ENDLESS)
def test_a_million_characters_are_answered_at_once() -> None:
    long, short = (
        Record("丰" * 1_000_000, "9" * 1_000_000, (FormerRecord("光" * 1_000_000),)),
        Record("汕尾市善美有限公司"),
    )
    compare(short, short)
    judgement = compare(long, short)
    assert (judgement.level, judgement.band) == (Level.NONE, Band.DIFFERENT)
    assert str(judgement) == f"名称有 1000000 个字，超过 {LONGEST_NAME} 个字，不能比对。请核对后重新填写。"


@pytest.mark.parametrize("name", ["㍿" * LONGEST_NAME, "ß" * LONGEST_NAME])
def test_a_name_that_outgrows_the_limit_once_unfolded_is_told_not_raised(name: str) -> None:
    long, short = (
        Record(name, former_names=(FormerRecord(name),)),
        Record("汕尾市善美有限公司", None, (FormerRecord(name),)),
    )
    for a, b in ((long, short), (short, long), (long, long)):
        assert compare(a, b).template == sentences.NAME_TOO_LONG
    assert compare(short, short).band is Band.SAME


PIECES = [
    "汕尾市",
    "海丰",
    "（深圳）",
    "红光",
    "善美",
    "晟达",
    "盛达",
    "科技",
    "酒业",
    "有限公司",
    "集团",
    "分公司",
    "厂",
    "1、",
    "%",
]
NAMES = st.one_of(st.text(max_size=20), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
DATES = st.one_of(st.none(), st.dates())
RECORDS = st.builds(
    Record,
    name=NAMES,
    credit_code=st.sampled_from([None, "", CODE_A, CODE_B, CODE_A_MOVED, "9144"]),
    former_names=st.lists(st.builds(FormerRecord, NAMES, DATES, DATES), max_size=2).map(tuple),
    phone=st.sampled_from([None, "0660-3366001"]),
    address=st.sampled_from([None, "汕尾市城区香洲路12号"]),
)
MIRRORED = {None: None, Link.BRANCH_OF: Link.PARENT_OF, Link.PARENT_OF: Link.BRANCH_OF, Link.SIBLING: Link.SIBLING}


@given(RECORDS, RECORDS)
def test_compare_is_symmetric_and_always_has_a_sentence(a: Record, b: Record) -> None:
    there, back = compare(a, b), compare(b, a)
    assert (there.level, there.band, there.warning) == (back.level, back.band, back.warning)
    assert there.score == pytest.approx(back.score)
    assert sorted((one.kind, one.weight) for one in there.evidence) == sorted(
        (one.kind, one.weight) for one in back.evidence
    )
    assert compare(a, b) == there
    assert 0 <= there.score <= 100
    assert there.link == MIRRORED[back.link]
    assert str(there)


@given(NAMES)
def test_equal_names_score_a_hundred(name: str) -> None:
    judgement = compare(Record(name), Record(f"\u200b{name} "))
    assert judgement.score == (100 if name_key(name) else 0)


def test_the_score_is_the_sum_of_its_evidence() -> None:
    judgement = compare(Record("汕尾市善美科技有限公司"), Record("善镁科技公司"))
    odds = sum(one.weight for one in judgement.evidence)
    assert judgement.score == pytest.approx(100 / (1 + exp(-odds)))
    assert {one.kind for one in judgement.evidence} == {"form_alike", "trade_sound", "place_missing", "intercept"}


def test_the_sentence_names_what_was_seen() -> None:
    judgement = compare(Record("汕尾市善美科技有限公司"), Record("善镁科技有限公司"))
    assert str(judgement) == (
        "名称相近，可能是同一家企业（字号有一字读音相同：美与镁，一方没有写行政区划：汕尾市），请核对。"
    )


def test_contacts_weigh_but_are_not_told() -> None:
    shared = {"phone": "0660-3366001"}
    judgement = compare(Record("汕尾市善美科技有限公司", **shared), Record("汕尾市善镁科技有限公司", **shared))
    assert ("phone_equal", "", "") in {(one.kind, one.a, one.b) for one in judgement.evidence}
    assert "3366001" not in str(judgement)
    assert judgement.score > compare(Record("汕尾市善美科技有限公司"), Record("汕尾市善镁科技有限公司")).score


def test_every_kind_of_evidence_with_a_weight_has_a_label() -> None:
    kinds = {row["kind"] for file in ("weights.csv", "given_weights.csv") for row in rows(file)}
    assert {kind for kind in kinds if sentences.evidence(kind) == kind} == set()
