"""The pages of figures: transcribe from a paper, correct, doubt; a bureau never writes one."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from registry.proposals.services import reviews
from tests.dossier.test_pages import text_of
from tests.world import NOW, TODAY, World, post, sign_in

PDF = b"%PDF-1.4 invented"


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "revenue",
        "year": "2021",
        "month": "9",
        "amount": "1,500.5",
        "source": "income_statement",
    } | changes


def upload(name: str = "利润表.pdf", content: bytes = b"") -> tuple[BytesIO, str]:
    return BytesIO(content or PDF + name.encode()), name


def figures_of(firm_id: int) -> list[tuple[int, int, str, int]]:
    db.session.rollback()
    rows = figures.figures_of(db.session.get_one(Firm, firm_id))
    return [(row.year, row.month, str(row.amount), row.revision) for row in rows]


@pytest.fixture
def lead(world: World) -> int:
    firm = world.firm()
    db.session.commit()
    return firm.id


@pytest.fixture
def listed(world: World) -> int:
    firm = world.admitted(wan="1500")
    db.session.commit()
    return firm.id


def test_a_figure_is_recorded_from_a_paper_sent_with_it(client: FlaskClient, lead: int) -> None:
    sign_in(client, "haifeng")
    answer = post(client, f"/firms/{lead}/figures/new", typed(file=upload()))
    assert (answer.status_code, figures_of(lead)) == (302, [(2021, 9, "15005000.00", 1)])
    paper = documents.documents_of(db.session.get_one(Firm, lead))[0]
    assert (paper.material, paper.year, paper.month, paper.filename) == ("M04", 2021, 9, "利润表.pdf")
    page = text_of(client.get(f"/firms/{lead}/figures"))
    assert "2021-09 营业收入 1,500.50 2,000.00 75% 利润表 凭证 海丰县 陈晓" in page


def test_a_figure_is_recorded_from_a_paper_that_is_there_already(client: FlaskClient, world: World, lead: int) -> None:
    paper = world.document(db.session.get_one(Firm, lead))
    db.session.commit()
    sign_in(client, "haifeng")
    assert post(client, f"/firms/{lead}/figures/new", typed(document=paper.id)).status_code == 302
    assert len(documents.documents_of(db.session.get_one(Firm, lead))) == 1


def test_the_page_fills_in_no_amount(client: FlaskClient, listed: int) -> None:
    sign_in(client, "haifeng")
    page = client.get(f"/firms/{listed}/figures/new?kind=revenue&year=2021&month=9").get_data(as_text=True)
    control = re.search(r'<input[^>]*id="amount"[^>]*>', page)
    assert control is not None
    assert 'value=""' in control[0]
    assert "现行登记：1,500.00 万元（第 1 次登记）" in unescape(page)


@pytest.mark.parametrize(
    "change, field, sentence",
    [
        ({"amount": ""}, "amount", "请照凭证填写金额。"),
        ({"amount": "约1500"}, "amount", "不是确定的金额"),
        ({"amount": "-1"}, "amount", "是负数"),
        ({"month": ""}, "month", "请选择累计数截至的月份。"),
        ({"month": "10"}, "period", "2021-10尚未结束，不能登记。"),
        ({"source": ""}, "source", "请选择数据来源。"),
        ({"file": None}, "document", "请选择或上传该期的凭证。"),
        ({"file": ("表.doc", b"\xd0\xcf\x11\xe0")}, "file", "只接受 PDF、PNG、JPG、XLSX 文件"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_nothing_typed_is_lost(
    client: FlaskClient, lead: int, change: dict[str, Any], field: str, sentence: str
) -> None:
    sign_in(client, "haifeng")
    sent = typed(file=upload()) | change
    sent["file"] = upload(*sent["file"]) if change.get("file") else sent["file"]
    answer = post(
        client, f"/firms/{lead}/figures/new", {key: value for key, value in sent.items() if value is not None}
    )
    page = unescape(answer.get_data(as_text=True))
    assert (answer.status_code, sentence in page, figures_of(lead)) == (422, True, [])
    assert f'value="{sent["amount"]}"' in page
    assert (f'id="{field}-error"' in page) is (field != "period")


def test_a_paper_sent_with_a_refused_figure_is_kept_and_chosen(client: FlaskClient, lead: int) -> None:
    sign_in(client, "haifeng")
    answer = post(client, f"/firms/{lead}/figures/new", typed(amount="约1500", file=upload()))
    paper = documents.documents_of(db.session.get_one(Firm, lead))[0]
    page = answer.get_data(as_text=True)
    assert re.search(rf'<option selected value="{paper.id}">', page)
    assert post(client, f"/firms/{lead}/figures/new", typed(document=paper.id)).status_code == 302
    assert len(figures_of(lead)) == 1


def test_a_correction_needs_a_reason_and_keeps_the_first(client: FlaskClient, listed: int) -> None:
    sign_in(client, "haifeng")
    bare = post(client, f"/firms/{listed}/figures/new", typed(amount="1600", file=upload()))
    assert (bare.status_code, "更正已登记的数，请填写理由。" in text_of(bare), len(figures_of(listed))) == (
        422,
        True,
        1,
    )
    mended = post(
        client, f"/firms/{listed}/figures/new", typed(amount="1600", file=upload(), reason="漏记其他业务收入")
    )
    assert mended.status_code == 302
    assert figures_of(listed) == [(2021, 9, "16000000.00", 2), (2021, 9, "15000000.00", 1)]
    told = text_of(client.get(f"/firms/{listed}/figures"))
    assert "第 2 次登记，理由：漏记其他业务收入" in told
    assert "第 1 次登记 1,500.00 利润表 凭证" in told
    assert "更正营业收入（2021-09）：1,500.00 改为 1,600.00 万元" in text_of(client.get(f"/firms/{listed}/course"))


def test_a_doubtful_amount_is_recorded_only_after_a_second_look(client: FlaskClient, listed: int) -> None:
    """15 million typed in yuan where 万元 is meant."""
    sign_in(client, "haifeng")
    slip = typed(month="8", amount="14000000", file=upload())
    answer = post(client, f"/firms/{listed}/figures/new", slip)
    assert (answer.status_code, len(figures_of(listed))) == (422, 1)
    assert "约为按 2021-09 的 1,500.00 万元 推算的一万倍，像是把元当成了万元" in text_of(answer)
    fallen = typed(month="8", amount="1600", file=upload())
    told = text_of(post(client, f"/firms/{listed}/figures/new", fallen))
    assert "高于 2021-09 的累计数 1,500.00 万元；累计数一般只增不减，请核对期别" in told
    sure = post(
        client,
        f"/firms/{listed}/figures/new",
        typed(month="8", amount="1600", file=upload(), assurance="一次性大额合同"),
    )
    assert (sure.status_code, len(figures_of(listed))) == (302, 2)


def test_vat_sales_are_recorded_beside_and_checked_against_the_income_statement(
    client: FlaskClient, listed: int
) -> None:
    sign_in(client, "haifeng")
    sales = typed(kind="vat_sales", source="vat_return", amount="1490", file=upload("申报表.pdf"))
    assert post(client, f"/firms/{listed}/figures/new", sales).status_code == 302
    answer = client.get(f"/firms/{listed}")
    page = text_of(answer)
    assert "不符合 2021-09 利润表 1,500.00，增值税 1,490.00，差 10.00 万元，没有能说明这一差额的差异说明" in page
    assert f'action="/firms/{listed}/papers/M07/2021-09"' in answer.get_data(as_text=True)


def test_the_figure_that_reaches_the_line_moves_the_firm_from_the_page(client: FlaskClient, listed: int) -> None:
    sign_in(client, "haifeng")
    post(client, f"/firms/{listed}/figures/new", typed(amount="2000", file=upload(), reason="补记"))
    db.session.rollback()
    assert db.session.get_one(Firm, listed).stage == Stage.QUALIFIED
    assert "本年累计已达四上标准" in text_of(client.get(f"/firms/{listed}"))


@pytest.mark.few(2)
@pytest.mark.parametrize("username", ["industry", "cityoffice", "statistics", "leader", "auditor", "lufeng", "market"])
def test_nobody_but_the_proposing_office_writes_a_figure(client: FlaskClient, listed: int, username: str) -> None:
    sign_in(client, username)
    assert client.get(f"/firms/{listed}/figures/new").status_code == 404
    answer = post(client, f"/firms/{listed}/figures/new", typed(amount="9999", file=upload(), reason="x"))
    assert (answer.status_code, len(figures_of(listed))) == (404, 1)


def test_a_bureau_disputes_and_the_office_that_gave_the_figure_sees_it(client: FlaskClient, listed: int) -> None:
    figure = figures.current_figures(db.session.get_one(Firm, listed))[0].id
    sign_in(client, "industry")
    path = f"/firms/{listed}/figures/{figure}/dispute"
    assert f'href="{path}"' in client.get(f"/firms/{listed}/figures").get_data(as_text=True)
    assert post(client, path, {"reason": " "}).status_code == 422
    assert post(client, path, {"reason": "与增值税申报表不符"}).status_code == 302
    office = client.application.test_client()
    sign_in(office, "haifeng")
    assert "有异议" in text_of(office.get(f"/firms/{listed}/figures"))
    page = text_of(office.get(f"/firms/{listed}/course"))
    assert "对营业收入（2021-09）提出异议： 与增值税申报表不符" in page
    assert "异议 与增值税申报表不符 市工信局 吴工" in text_of(office.get(f"/firms/{listed}/figures"))
    assert office.get(path).status_code == 404


def test_a_figure_is_disputed_under_its_own_firm_only(client: FlaskClient, world: World, listed: int) -> None:
    other = world.admitted("海丰县鹿境软件有限公司")
    db.session.commit()
    figure = figures.current_figures(other)[0].id
    sign_in(client, "industry")
    assert client.get(f"/firms/{listed}/figures/{figure}/dispute").status_code == 404


def test_a_paper_of_another_firm_proves_nothing_here(client: FlaskClient, world: World, lead: int) -> None:
    other = world.firm("陆丰市暗礁咨询有限公司", by="lufeng")
    paper = world.document(other, by="lufeng")
    db.session.commit()
    sign_in(client, "haifeng")
    answer = post(client, f"/firms/{lead}/figures/new", typed(document=paper.id))
    assert (answer.status_code, figures_of(lead)) == (422, [])
    assert "请选择或上传该期的凭证。" in text_of(answer)
    assert db.session.get_one(Document, paper.id).firm_id == other.id


def test_of_a_returned_case_figures_are_open_where_a_figure_or_a_paper_came_back(
    client: FlaskClient, world: World
) -> None:
    for number, field in enumerate(("activity", "revenue_to_date", "documents"), start=1):
        proposal = world.under_review(f"海丰县云谷{number}软件有限公司")
        reviews.send_back(
            world.actor("industry"), proposal, reason_code="R02", cells={field: "请补正"}, note="", at=NOW, on=TODAY
        )
    db.session.commit()
    sign_in(client, "haifeng")
    assert [client.get(f"/firms/{number}/figures/new").status_code for number in (1, 2, 3)] == [404, 200, 200]


# -- two people at one figure -----------------------------------------------------------------------
def seen_in(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_who_corrects_second_sees_original_theirs_and_mine_and_loses_nothing(
    client: FlaskClient, world: World, listed: int
) -> None:
    sign_in(client, "haifeng")
    opened = client.get(f"/firms/{listed}/figures/new?kind=revenue&year=2021&month=9").get_data(as_text=True)
    world.figure(db.session.get_one(Firm, listed), "1550", reason="漏记其他业务收入")
    db.session.commit()
    mine = typed(amount="1600", reason="汇总有误", seen=seen_in(opened))
    answer = post(client, f"/firms/{listed}/figures/new", mine | {"file": upload()})
    page, told = answer.get_data(as_text=True), text_of(answer)
    assert (answer.status_code, len(figures_of(listed))) == (409, 2)
    assert "1,500.00 万元 · 利润表 · 陈晓" in told
    assert "1,550.00 万元 · 利润表 · 陈晓 · 2021-10-15 · 漏记其他业务收入 1,600.00 万元" in told
    paper = re.search(r'name="document" value="(\d+)"', page)
    assert paper is not None
    again = mine | {"seen": seen_in(page), "document": paper[1]}
    assert post(client, f"/firms/{listed}/figures/new", again).status_code == 302
    assert [amount for _, _, amount, _ in figures_of(listed)] == ["16000000.00", "15500000.00", "15000000.00"]


def test_a_figure_given_while_a_new_one_was_typed_is_shown_too(client: FlaskClient, world: World, lead: int) -> None:
    sign_in(client, "haifeng")
    opened = client.get(f"/firms/{lead}/figures/new?kind=revenue&year=2021&month=9").get_data(as_text=True)
    world.figure(db.session.get_one(Firm, lead), "1550")
    db.session.commit()
    answer = post(client, f"/firms/{lead}/figures/new", typed(seen=seen_in(opened), file=upload()))
    assert (answer.status_code, len(figures_of(lead)), "-- 1,550.00 万元" in text_of(answer)) == (409, 1, True)


def test_an_unproven_figure_says_so_where_it_is_recorded_and_shown(client: FlaskClient, lead: int) -> None:
    sign_in(client, "haifeng")
    post(client, f"/firms/{lead}/figures/new", typed(source="firm_statement", file=upload("说明.pdf")))
    page = text_of(client.get(f"/firms/{lead}/figures"))
    assert "该数没有同类、同期的凭证为证，按未证列示" in page
    assert "企业书面说明 凭证 未证" in page
