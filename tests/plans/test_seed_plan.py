"""The plan of the seeds against its text: every target, and for every measure each office that is printed, none extra."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from registry.base.extensions import db
from registry.config import ROOT
from registry.plans.models import Plan, PlanVersion
from registry.plans.queries import plans
from registry.plans.rules.filechecks import printed_in
from registry.seeding.services import seeds
from tests.world import TODAY, World

COUNTIES = {"441502", "441521", "441523", "441581"}
# Read from the text of the plan, measure by measure; written here by hand.
MATRIX = {
    "三（一）1": {"science", "reform", "industry", "finance", "resources", "forestry", "labour", "441581"},
    "三（一）2": {"reform", "education", "science", "industry", "health", "agriculture", "labour", *COUNTIES, "441502-Z2"},
    "三（一）3": {
        "science", "reform", "education", "industry", "health", "civil-affairs", "agriculture", "labour", *COUNTIES, "441502-Z2",
    },
    "三（二）1": {"industry", "reform", "science", *COUNTIES},
    "三（二）2": {"science", "industry", "market", "commerce", *COUNTIES, "441502-Z1", "441581-Z1", "441502-Z2"},
    "三（三）1": {"reform", "science", "industry", "market", "commerce", *COUNTIES},
    "三（三）2": {"reform", "science", "industry", "market", "commerce", *COUNTIES},
    "三（四）": {"reform", "science", "industry", "market", *COUNTIES},
}  # fmt: skip


@pytest.fixture
def version(world: World) -> PlanVersion:
    found = plans.in_force(db.session.scalars(select(Plan)).one(), TODAY)
    assert found is not None
    return found


def test_every_measure_has_each_office_that_the_text_prints_and_none_extra(version: PlanVersion) -> None:
    told = {measure.code: [one.office.code for one in measure.offices] for measure in version.measures}
    assert {code: set(offices) for code, offices in told.items()} == MATRIX
    assert {code: len(offices) for code, offices in told.items()} == {
        code: len(found) for code, found in MATRIX.items()
    }


def test_the_offices_stand_under_the_names_that_the_text_prints_in_its_order(version: PlanVersion) -> None:
    text = {row.code: row.text for row in version.paragraphs}
    told = {one.code: list(dict.fromkeys(office.printed for office in one.offices)) for one in version.measures}
    assert told == {code: printed_in(text[code]) for code in MATRIX}
    assert (told["三（一）1"][1], told["三（一）3"][1]) == (
        "市发改局",
        "市发展改革局",
    )  # one bureau, printed in two ways


def test_the_four_targets_are_two_two_five_and_three(version: PlanVersion) -> None:
    assert [(one.code, one.amount, one.unit) for one in version.targets] == [
        ("T1", 2, "家"), ("T2", 2, "家"), ("T3", 5, "家"), ("T4", 3, "家"),
    ]  # fmt: skip


def test_the_four_subsidies_have_the_shares_and_caps_of_part_four(version: PlanVersion) -> None:
    told = [[one.share, one.lump, one.cap, one.cap_public] for one in version.subsidies]
    assert [[None if value is None else float(value) for value in row] for row in told] == [
        [0.3, None, 500_000, None], [None, 1_000_000, None, None], [0.05, None, 500_000, None], [0.2, None, 1_000_000, 2_000_000],
    ]  # fmt: skip


def test_the_working_rules_are_those_of_part_five(version: PlanVersion) -> None:
    text = {row.code: row.text for row in version.paragraphs}
    assert [row.code for row in version.working_rules] == ["五（一）", "五（二）", "五（三）", "五（四）"]
    assert [row.code for row in version.working_rules if row.title not in text[row.code]] == []
    assert "每季度量化通报每一项指标" in text["五（三）"]


def test_the_plan_says_that_it_is_a_draft_for_comments(version: PlanVersion) -> None:
    assert (version.edition, version.document_no, version.first_year, version.last_year) == (
        "征求意见稿",
        "",
        2021,
        2021,
    )


@pytest.mark.skipif(not (ROOT.parent / "shared").exists(), reason="the plan is not beside the checkout")
def test_the_text_is_that_of_the_paper_but_for_its_characters_and_marks(version: PlanVersion) -> None:
    convert = pytest.importorskip("opencc").OpenCC("hk2s").convert
    (path,) = (ROOT.parent / "shared" / "plan").glob("*.txt")
    paper = convert(path.read_text(encoding="utf-8"))
    body = paper[paper.index("深入实施创新") : paper.index("热门标签")]
    assert plain(body) == plain("".join(row.text for row in version.paragraphs if row.code != "题"))


def plain(text: str) -> str:
    return re.sub(r"[^\w“”]", "", text)


def test_loading_again_changes_nothing_and_says_so(world: World) -> None:
    db.session.commit()
    again = {one.file: one for one in seeds.load(ROOT / "seeds") if one.file.startswith("plans/")}
    assert len(again) == 7
    assert {(one.added, len(one.differs), one.kept) for one in again.values()} == {(0, 0, 0)}
    assert again["plans/2021/measure_offices.csv"].same == sum(len(offices) for offices in MATRIX.values())
