"""Certificates: given and taken back by a step, checked by a code that nobody guesses, counted on a day."""

from __future__ import annotations

import itertools
import secrets
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.cases.models import Case, CaseCertificate
from registry.cases.queries import certificates as queries
from registry.cases.queries.certificates import CheckState
from registry.cases.rules import checkcodes
from registry.cases.services import certificates
from registry.cases.services import opinions as sealing
from registry.institutions import queries as institutions
from registry.institutions import services as directory
from registry.institutions.models import Institution
from registry.papers.sheets.docx import read_docx
from registry.papers.texts import NoConverter
from registry.trail.models import TrailEntry
from tests.cases.test_opinions import entered
from tests.cases.worlds import CaseWorld
from tests.cases.worlds import recognition as at_experts
from tests.world import NOW, TODAY, Build, post, signed_in


def recognised(city: CaseWorld, name: str = "汕尾海上风电研究院") -> Case:
    """Through experts, notice and approval."""
    case = at_experts(city, name=name)
    entered(city, case)
    sealing.open_all(city.world.actor("science"), case, at=NOW)
    city.take(case, "pass", "science")
    day = city.noticed(case)
    return city.take(case, "approve", "cityoffice", on=day)


# -- the code ---------------------------------------------------------------------------------------
def test_a_code_is_drawn_whole_and_every_slip_of_one_or_two_is_found() -> None:
    code = checkcodes.draw(secrets.choice)
    assert (len(code), checkcodes.is_whole(code)) == (16, True)
    for at, wrong in itertools.product(range(len(code)), checkcodes.ALPHABET):
        if wrong != code[at]:
            assert not checkcodes.is_whole(code[:at] + wrong + code[at + 1 :])
    for a, b in itertools.combinations(range(len(code)), 2):
        if code[a] != code[b]:
            swapped = list(code)
            swapped[a], swapped[b] = swapped[b], swapped[a]
            assert not checkcodes.is_whole("".join(swapped))


def test_a_code_is_read_however_it_is_typed() -> None:
    code = checkcodes.draw(lambda letters: letters[1])
    assert checkcodes.read(checkcodes.grouped(code).lower()) == code
    assert checkcodes.read("ｏｉｌ－a 5") == "011A5"
    assert checkcodes.grouped(code).count("-") == 3
    assert not checkcodes.is_whole(code[:-1])
    assert not checkcodes.is_whole("")
    assert len(set(checkcodes.ALPHABET)) == 31


# -- given and taken back ---------------------------------------------------------------------------
def test_approval_gives_a_certificate_with_number_text_and_validity(city: CaseWorld) -> None:
    case = recognised(city)
    (row,) = case.certificates
    assert (row.number, row.holder) == ("汕科新研〔2021〕1号", "汕尾海上风电研究院")
    assert row.text.startswith("汕尾海上风电研究院：")
    assert "{" not in row.text
    assert row.valid_to == date(row.issued_on.year + 3, row.issued_on.month, row.issued_on.day) - timedelta(days=1)
    assert checkcodes.is_whole(row.check_code)
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "issue_certificate")).one()
    assert act.after is not None
    assert (act.after["number"], row.check_code in str(act.after), act.source) == (row.number, False, case.number)


def test_numbers_follow_each_other_in_a_year_and_begin_anew(city: CaseWorld) -> None:
    first, second = recognised(city), recognised(city, "汕尾蓝碳研究院")
    assert [one.certificates[0].number for one in (first, second)] == ["汕科新研〔2021〕1号", "汕科新研〔2021〕2号"]
    later = at_experts(city, name="汕尾红海湾研究院")
    assert certificates.issue(later, at=NOW, on=date(2022, 1, 4)).number == "汕科新研〔2022〕1号"


def test_one_case_has_one_certificate_that_stands(city: CaseWorld) -> None:
    case = recognised(city)
    with pytest.raises(RegistryError, match="已有有效的证书"):
        certificates.issue(case, at=NOW, on=TODAY)
    certificates.withdraw(case, reason="复评不合格", at=NOW, on=TODAY)
    with pytest.raises(RegistryError, match="没有可以撤销"):
        certificates.withdraw(case, reason="再来", at=NOW, on=TODAY)


def test_a_withdrawn_one_says_so_with_its_reason(city: CaseWorld) -> None:
    case = recognised(city)
    day = case.certificates[0].issued_on + timedelta(days=30)
    city.take(case, "withdraw", "cityoffice", on=day, reason="年度评价不合格")
    row = case.certificates[0]
    assert (row.withdrawn_on, row.withdrawn_reason, case.state) == (day, "年度评价不合格", "withdrawn")
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "withdraw_certificate")).one()
    assert act.reason == "年度评价不合格"


@pytest.mark.parametrize(
    "on, last",
    [
        (date(2021, 10, 15), date(2024, 10, 14)),
        (date(2021, 1, 1), date(2023, 12, 31)),
        (date(2024, 3, 1), date(2027, 2, 28)),
    ],
)
def test_three_years_end_on_the_day_before(city: CaseWorld, on: date, last: date) -> None:
    assert certificates.issue(at_experts(city), at=NOW, on=on).valid_to == last


# -- checked ------------------------------------------------------------------------------------------
def test_a_code_says_what_the_certificate_is_worth_on_a_day(city: CaseWorld) -> None:
    row = recognised(city).certificates[0]
    assert queries.checked(checkcodes.grouped(row.check_code).lower(), row.issued_on).state is CheckState.VALID
    assert row.valid_to is not None
    assert queries.checked(row.check_code, row.valid_to).state is CheckState.VALID
    assert queries.checked(row.check_code, row.valid_to + timedelta(days=1)).state is CheckState.EXPIRED
    row.withdrawn_on = row.issued_on + timedelta(days=5)
    db.session.flush()
    assert queries.checked(row.check_code, row.issued_on).state is CheckState.VALID
    assert queries.checked(row.check_code, row.withdrawn_on).state is CheckState.WITHDRAWN
    assert queries.checked(checkcodes.draw(secrets.choice), TODAY) == (CheckState.UNKNOWN, None)
    assert queries.checked("0000", TODAY) == (CheckState.MISTYPED, None)


# -- counted ------------------------------------------------------------------------------------------
def test_who_is_recognised_on_a_day_is_counted_by_the_word_of_the_kind(city: CaseWorld) -> None:
    case = recognised(city)
    row = case.certificates[0]
    (told,) = queries.recognised(row.issued_on)
    assert (told.institution_id, told.firm_id, told.counts) == (case.institution_id, None, "institution")
    assert (told.number, told.issued_on, told.withdrawn_on) == (row.number, row.issued_on, None)
    assert queries.recognised(row.issued_on - timedelta(days=1)) == []
    assert queries.recognised(row.issued_on, counts="firm") == []
    assert queries.institution_ids(row.issued_on) == {case.institution_id}
    city.take(case, "withdraw", "cityoffice", on=row.issued_on + timedelta(days=9), reason="不合格")
    assert [one.withdrawn_on for one in queries.recognised(row.issued_on)] == [row.issued_on + timedelta(days=9)]
    assert queries.recognised(row.issued_on + timedelta(days=9)) == []


def test_a_recognised_institution_is_not_voided_and_says_that_it_is_recognised(city: CaseWorld) -> None:
    case = recognised(city)
    row, on = db.session.get_one(Institution, case.institution_id), case.certificates[0].issued_on
    assert institutions.recognised(on) == {row.id}
    with pytest.raises(RegistryError, match="先在认定的事项中撤销认定"):
        directory.void(city.world.actor("haifeng"), row, at=NOW, on=on, reason="重复")


# -- pages --------------------------------------------------------------------------------------------
@pytest.fixture
def shown(app: Flask, build: Build, city_build: Any) -> CaseCertificate:
    """One that stands today."""

    def make(world: Any) -> int:
        case = at_experts(city_build(world))
        return certificates.issue(case, at=NOW, on=TODAY).id

    number = build(make)
    with app.app_context():
        return db.session.get_one(CaseCertificate, number)


def test_pages_show_print_and_check_it(app: Flask, shown: CaseCertificate) -> None:
    client = signed_in(app, "haifeng")
    code = checkcodes.grouped(shown.check_code)
    assert shown.number in client.get("/certificates").get_data(as_text=True)
    assert "没有符合条件的证书" in client.get("/certificates?q=没有").get_data(as_text=True)
    for path in (f"/certificates/{shown.id}", f"/certificates/{shown.id}/print"):
        page = client.get(path).get_data(as_text=True)
        assert (code in page, "认定你单位为汕尾市市级新型研发机构" in page) == (True, True)
    found = client.get(f"/certificates/check?code={code.lower()}").get_data(as_text=True)
    assert ("有效" in found, shown.number in found, f"/certificates/{shown.id}" in found) == (True, True, True)
    assert "请照证书逐位核对" in client.get("/certificates/check?code=1234").get_data(as_text=True)
    assert "核验结果" not in client.get("/certificates/check").get_data(as_text=True)


def test_another_county_checks_a_code_and_opens_nothing(app: Flask, shown: CaseCertificate) -> None:
    client = signed_in(app, "lufeng")
    assert client.get(f"/certificates/{shown.id}").status_code == 404
    page = client.get(f"/certificates/check?code={shown.check_code}").get_data(as_text=True)
    assert (shown.number in page, f"/certificates/{shown.id}" in page) == (True, False)


def test_a_word_file_holds_text_number_and_code_and_is_on_the_trail(app: Flask, shown: CaseCertificate) -> None:
    client = signed_in(app, "science")
    answer = post(client, f"/certificates/{shown.id}/files/docx")
    read = read_docx(answer.get_data())
    assert read[0] == "市级新型研发机构认定证书"
    text = "\n".join(read)
    for part in (
        shown.holder,
        shown.number,
        checkcodes.grouped(shown.check_code),
        "有效期：2021年10月15日至2024年10月14日",
    ):
        assert part in text
    with app.app_context():
        assert db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export")).one().subject_id == shown.id
    assert post(client, f"/certificates/{shown.id}/files/exe").status_code == 404


def test_without_a_converter_the_page_says_so(
    app: Flask, shown: CaseCertificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    answer = post(signed_in(app, "science"), f"/certificates/{shown.id}/files/pdf")
    assert (answer.status_code, NoConverter.template in answer.get_data(as_text=True)) == (503, True)


@pytest.mark.office
@pytest.mark.slow
def test_a_pdf_is_made_where_there_is_a_converter(app: Flask, shown: CaseCertificate) -> None:
    import shutil

    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    answer = post(signed_in(app, "science"), f"/certificates/{shown.id}/files/pdf")
    assert (answer.status_code, answer.get_data()[:4]) == (200, b"%PDF")


def test_the_page_of_an_institution_lists_its_certificates_and_cases(app: Flask, shown: CaseCertificate) -> None:
    with app.app_context():
        number = db.session.get_one(CaseCertificate, shown.id).case.institution_id
    page = signed_in(app, "science").get(f"/institutions/{number}").get_data(as_text=True)
    assert (shown.number in page, "已认定" in page, "/cases/" in page) == (True, True, True)
    assert "已认定" in signed_in(app, "science").get("/institutions?recognised=yes").get_data(as_text=True)
