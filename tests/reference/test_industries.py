from __future__ import annotations

import pytest

from registry.reference.rules.industries import Classification, Note, Resolution, normalise


@pytest.mark.parametrize(
    "given, code",
    [
        ("6513", "6513"),
        (" ６５１３ ", "6513"),
        ("I6513", "6513"),
        ("6513 应用软件开发", "6513"),
        ("6513应用软件开发", "6513"),
        ("i", "I"),
        ("I 信息传输、软件和信息技术服务业", "I"),
        ("65", "65"),
        ("65131", "65131"),
        ("应用软件开发", "应用软件开发"),
    ],
)
def test_codes_are_read_in_the_spellings_in_use(given: str, code: str) -> None:
    assert normalise(given) == code


@pytest.mark.parametrize(
    "code_2011, code_2017",
    [
        ("7250", "7520"),
        ("7520", "7530"),
        ("6520", "6531"),
        ("6530", "6560"),
        ("6540", "6550"),
        ("6550", "6520"),
        ("6410", "6410"),
        ("6592", "6591"),
        ("7231", "7241"),
        ("7492", "8060"),
    ],
)
def test_2011_codes_with_one_successor_become_it(
    classification: Classification, code_2011: str, code_2017: str
) -> None:
    assert classification.resolve(code_2011, 2011) == Resolution(code_2011, code_2017, 2011, Note.MAPPED)


@pytest.mark.parametrize(
    "code_2011, candidates",
    [
        ("7450", ("7451", "7452", "7453", "7454", "7455", "7459")),
        ("6591", ("6571", "6572", "6579")),
        ("6510", ("6511", "6512", "6513", "6519")),
        ("7240", ("7251", "7259")),
        ("7590", ("7540", "7590")),
    ],
)
def test_2011_codes_that_were_split_ask(
    classification: Classification, code_2011: str, candidates: tuple[str, ...]
) -> None:
    resolution = classification.resolve(code_2011, 2011)
    assert resolution == Resolution(code_2011, None, 2011, Note.ASK_SPLIT, candidates)
    assert resolution.ambiguous is True


@pytest.mark.parametrize(
    "code, candidates",
    [
        ("7520", ("7520", "7530")),
        ("6520", ("6520", "6531")),
        ("6550", ("6550", "6520")),
        ("6540", ("6540", "6550")),
        ("6591", ("6591", "6571", "6572", "6579")),
        ("7231", ("7231", "7241")),
        ("7271", ("7271", "7291")),
        ("725", ("725", "752")),
    ],
)
def test_digits_with_two_meanings_ask_unless_the_year_is_given(
    classification: Classification, code: str, candidates: tuple[str, ...]
) -> None:
    assert classification.resolve(code) == Resolution(code, None, None, Note.ASK_YEAR, candidates)
    assert classification.resolve(code, 2017).code_2017 == code


@pytest.mark.parametrize("code", ["6513", "7452", "7310", "6410", "7111", "7530", "6599", "6490", "7112"])
def test_digits_with_one_meaning_do_not_ask(classification: Classification, code: str) -> None:
    assert classification.resolve(code) == Resolution(code, code, 2017, Note.PLAIN)


def test_a_code_of_2011_alone_is_read_as_2011(classification: Classification) -> None:
    assert classification.resolve("7250") == Resolution("7250", "7520", 2011, Note.MAPPED)
    assert classification.resolve("6420").note is Note.ASK_SPLIT


def test_a_code_that_is_not_in_the_given_year_is_not_taken(classification: Classification) -> None:
    assert classification.resolve("7250", 2017) == Resolution("7250", None, 2017, Note.OTHER_YEAR, ("7520",))
    assert classification.resolve("6513", 2011) == Resolution("6513", None, 2011, Note.OTHER_YEAR, ("6513",))


@pytest.mark.parametrize("code", ["9999", "6500", "7521", "应用软件开发", "", "65131"])
def test_unknown_codes_are_unknown_in_every_year(classification: Classification, code: str) -> None:
    for year in (None, 2017, 2011):
        resolution = classification.resolve(code, year)
        assert (resolution.code_2017, resolution.note, resolution.ambiguous) == (None, Note.UNKNOWN, False)


def test_short_codes_are_for_drafts(classification: Classification) -> None:
    for code in ("I", "65", "745"):
        resolution = classification.resolve(code)
        assert (resolution.code_2017, resolution.note, resolution.is_class) == (code, Note.DRAFT_ONLY, False)
    assert classification.resolve("725", 2011) == Resolution("725", "752", 2011, Note.DRAFT_ONLY)


def test_a_class_of_a_section_kept_to_divisions_is_taken_unchecked(classification: Classification) -> None:
    assert classification.resolve("3921") == Resolution("3921", "3921", 2017, Note.UNLISTED)
    assert classification.section_of("3921") == "C"
    assert classification.name_of("3921") == "计算机、通信和其他电子设备制造业"


def test_sections_and_names_are_found_for_codes_of_any_length(classification: Classification) -> None:
    assert [classification.section_of(code) for code in ("6513", "65", "I", "7520", "00")] == ["I", "I", "I", "M", None]
    assert classification.section_of("7250", 2011) == "L"
    assert classification.name_of("7520") == "知识产权服务"
    assert classification.name_of("00") == ""


def test_only_the_sectors_the_plan_names_are_in_scope(classification: Classification) -> None:
    expected = {"6513": True, "7452": True, "7520": True, "7243": True, "7212": True, "7271": False, "5137": False}
    assert {code: classification.in_scope(code) for code in expected} == expected


def test_every_resolution_has_its_sentence(classification: Classification) -> None:
    resolution = classification.resolve("7520")
    assert resolution.template % resolution.values == (
        "代码 7520 在2011版和2017版含义不同，请注明分类版本，或从 7520、7530 中选定"
    )
    for note in Note:
        assert Resolution("6513", "6513", 2017, note).template % resolution.values
