from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.base.credit_code import (
    ALPHABET,
    CodeFault,
    CodeFaultKind,
    CreditCode,
    RegistrantKind,
    check,
    check_character,
    is_registration_number,
    kind,
    normalise,
    organisation_character,
    organisation_check,
    organisation_code,
)
from registry.base.errors import CreditCodeRefused

VALID = ["91350100M000100Y43", "91110000600037341L", "9144030071526726XG", "914403001922038216", "11441502007243734N"]

codes = st.builds(
    lambda head, region, own: (first := head + region + own) + check_character(first),
    st.sampled_from(["91", "92", "93", "31", "52", "12", "A1", "N2", "Y1"]),
    st.sampled_from(["441500", "441502", "441521", "441523", "441581"]),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@pytest.mark.parametrize("code", VALID)
def test_valid_codes_have_no_fault(code: str) -> None:
    assert check(code).fault is None
    assert organisation_check(code) is True


def test_the_worked_example_of_the_standard_is_refused_for_its_letter() -> None:
    assert check("91350100M000100Y4Z").fault == CodeFault(CodeFaultKind.CHARACTER, 18, "Z")


def test_a_wrong_check_character_names_the_right_one() -> None:
    fault = check("91350100M000100Y44").fault
    assert fault == CodeFault(CodeFaultKind.CHECKSUM, 18, "4", "3")
    assert str(fault) == "统一社会信用代码第18位校验不符，请核对营业执照"


@pytest.mark.parametrize(
    "text, code",
    [
        ("９１４４０３００１９２２０３８２１６", "914403001922038216"),
        (" 9144 0300-1922 0382 16\u200b", "914403001922038216"),
        ("9144030071526726xg", "9144030071526726XG"),
        ("\ufeff91110000600037341l\n", "91110000600037341L"),
    ],
)
def test_spelling_is_normalised_before_the_check(text: str, code: str) -> None:
    assert normalise(text) == code
    assert check(text).valid


@pytest.mark.parametrize(
    "text, fault",
    [
        ("", CodeFault(CodeFaultKind.LENGTH)),
        ("91441500MA55", CodeFault(CodeFaultKind.LENGTH, found="91441500MA55")),
        ("440301103097413", CodeFault(CodeFaultKind.REGISTRATION_NUMBER, found="440301103097413")),
        ("440301103097414", CodeFault(CodeFaultKind.LENGTH, found="440301103097414")),
        ("91A50100M000100Y43", CodeFault(CodeFaultKind.CHARACTER, 3, "A")),
        ("914403001922038市16", CodeFault(CodeFaultKind.CHARACTER, 16, "市")),
        ("014403001922038216", CodeFault(CodeFaultKind.LEADING, 1, "0")),
        ("B14403001922038216", CodeFault(CodeFaultKind.LEADING, 1, "B")),
    ],
)
def test_the_first_fault_is_named_with_its_position(text: str, fault: CodeFault) -> None:
    assert check(text).fault == fault


def test_confusable_letters_are_suggested_and_never_applied() -> None:
    checked = check("9I44O3OO1922O382I6")
    assert checked.code == "9I44O3OO1922O382I6"
    assert checked.fault == CodeFault(CodeFaultKind.CHARACTER, 2, "I", suggestion="914403001922038216")
    assert "是否为 914403001922038216" in str(checked.fault)


def test_no_suggestion_where_the_exchange_does_not_lead_to_a_valid_code() -> None:
    assert check("9144O3001922038217").fault == CodeFault(CodeFaultKind.CHARACTER, 5, "O")


def test_no_suggestion_where_two_readings_would_be_valid() -> None:
    first = "9U44150012345678U"
    code = first + check_character(first)
    assert (check(code).valid, check(code.replace("U", "Y")).valid) == (True, True)
    assert check(code.replace("U", "V")).fault == CodeFault(CodeFaultKind.CHARACTER, 2, "V")


@given(codes)
def test_a_generated_code_is_valid_and_parses_to_itself(code: str) -> None:
    assert CreditCode.parse(code).value == code
    assert CreditCode.parse(code).organisation == code[8:17]


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_substitution_is_caught(code: str, at: int, character: str) -> None:
    changed = code[:at] + character + code[at + 1 :]
    assert check(changed).valid is (changed == code)


@given(codes, st.integers(0, 16))
def test_every_transposition_of_neighbours_is_caught(code: str, at: int) -> None:
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert check(swapped).valid is (swapped == code)


@given(st.text(max_size=40))
def test_no_text_breaks_the_check(text: str) -> None:
    checked = check(text)
    assert checked.valid is (checked.fault is None)
    assert checked.fault is None or "%(" not in str(checked.fault)


def test_a_refused_code_says_why() -> None:
    with pytest.raises(CreditCodeRefused) as refused:
        CreditCode.parse("440301103097413")
    assert str(refused.value) == "这是原15位工商注册号，请填写营业执照上18位的统一社会信用代码"
    assert refused.value.field == "credit_code"


@pytest.mark.parametrize("number", ["440301103097413", "440301103448669", "110108000000016", "440301117579451"])
def test_old_registration_numbers_are_recognised(number: str) -> None:
    assert is_registration_number(number) is True
    assert is_registration_number(number[:-1] + str((int(number[-1]) + 1) % 10)) is False


@pytest.mark.parametrize("code, fits", [("91440300MA5DLQQW0F", True), ("91440300MA5H8REU3K", True)])
def test_organisation_codes_with_letters_count_a_as_ten(code: str, fits: bool) -> None:
    assert organisation_check(code) is fits
    assert organisation_code(code)[8] == organisation_character(code[8:16])


def test_an_organisation_code_that_does_not_fit_is_only_told() -> None:
    first = "91441500" + "192203822"
    code = first + check_character(first)
    assert check(code).valid is True
    assert organisation_check(code) is False


@pytest.mark.parametrize(
    "start, registrant",
    [
        ("91", RegistrantKind.ENTERPRISE),
        ("92", RegistrantKind.SOLE_TRADER),
        ("93", RegistrantKind.COOPERATIVE),
        ("31", RegistrantKind.LAW_FIRM),
        ("12", RegistrantKind.INSTITUTION),
        ("52", RegistrantKind.NON_PROFIT),
        ("81", RegistrantKind.TRADE_UNION),
        ("N3", RegistrantKind.RURAL_COLLECTIVE),
        ("Y1", RegistrantKind.OTHER),
        ("", RegistrantKind.OTHER),
    ],
)
def test_the_first_two_characters_say_who_stands_behind(start: str, registrant: RegistrantKind) -> None:
    assert kind(start) is registrant
