"""The queue of suspected pairs by its pages: order, filters, both records side by side, verdicts, blind mode, scope."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.base.vocabulary import Ruling
from registry.duplicates.models import Pairing, PairVerdict
from registry.duplicates.services import judging, pairings
from registry.duplicates.services.judging import RecordedVerdict
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, post, signed_in

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")
COPIES = ("海豐縣雲谷軟件有限公司", "海豐縣星河數據有限公司", "海豐縣南湖網絡有限公司")


def twins(world: World, number: int = 0, *, by: str = "haifeng", **values: Any) -> int:
    """A firm and its traditional-script copy without a code; the pair's id."""
    world.firm(NAMES[number])
    copy = world.firm(COPIES[number], by=by, credit_code=None, no_code_reason="尚未领照", **values)
    return db.session.scalars(select(Pairing.id).where(Pairing.second_id == copy.id)).one()


def three(world: World) -> list[int]:
    return [twins(world, number) for number in range(3)]


def page_of(answer: Any) -> Any:
    return html.fromstring(answer.get_data(as_text=True))


def words(answer: Any) -> str:
    return " ".join(page_of(answer).find(".//main").text_content().split())


def said(app: Flask) -> list[tuple[str, str, bool]]:
    with app.app_context():
        rows = db.session.scalars(select(PairVerdict).order_by(PairVerdict.id))
        return [(row.ruling, row.by_name, row.blind) for row in rows]


def judge(client: FlaskClient, pairing_id: int, ruling: str, **more: Any) -> Any:
    data = {"ruling": ruling, "rounds": "0", "reason": "核对过营业执照", **more}
    return post(client, f"/duplicates/{pairing_id}/verdict", data)


def exported(client: FlaskClient, query: str = "") -> str:
    with post(client, f"/duplicates/export{query}") as answer:
        return str(answer.get_data(as_text=True))


# -- the queue --------------------------------------------------------------------------------------
def test_the_queue_is_by_what_is_at_stake(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        three(world)
        for number, wan in ((1, "3000"), (2, "500")):
            firm = db.session.scalars(select(Pairing).order_by(Pairing.id)).all()[number].first
            world.figure(firm, wan)
            pairings.find(firm, at=NOW)

    build(make)
    page = page_of(signed_in(app, "industry").get("/duplicates"))
    order = page.xpath("//tbody//td[@class='firm-name']/div[1]/a/text()")
    assert order == [NAMES[1], NAMES[2], NAMES[0]]
    assert page.xpath("//nav[@class='side no-print']//a[contains(@href, '/duplicates')]/span/text()")[0] == "3"


def test_the_queue_is_filtered_by_state_band_county_and_text(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        three(world)
        pairing = db.session.get_one(Pairing, 1)
        judging.judge(world.actor("cityoffice"), pairing, RecordedVerdict(Ruling.DIFFERENT, "两家"), rounds=0, at=NOW)

    build(make)
    client = signed_in(app, "cityoffice")
    found = {
        query: page_of(client.get(f"/duplicates?{query}")).xpath("//td[@class='firm-name']/div[1]/a/text()")
        for query in ("", "state=different", "state=same", "band=review", "county=441521", "county=441581", "q=星河")
    }
    assert found == {
        "": [NAMES[1], NAMES[2]],
        "state=different": [NAMES[0]],
        "state=same": [],
        "band=review": [],
        "county=441521": [NAMES[1], NAMES[2]],
        "county=441581": [],
        "q=星河": [NAMES[1]],
    }
    assert "没有符合条件的疑似重复" in words(client.get("/duplicates?q=没有"))


def test_an_empty_queue_says_so(app: Flask) -> None:
    assert "没有待判定的疑似重复" in words(signed_in(app, "industry").get("/duplicates"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_takes_the_same_statements_whatever_its_length(app: Flask, build: Build, rows: int) -> None:
    build(lambda world: [twins(world, number) for number in range(rows)])
    client = signed_in(app, "industry")
    client.get("/duplicates")
    with queries_counted(app) as statements:
        client.get("/duplicates")
    assert len(statements) == 8, "\n".join(statements)


# -- who sees what ----------------------------------------------------------------------------------
def test_counties_and_administrators_have_no_queue(app: Flask, build: Build) -> None:
    number = build(twins)
    answers = {
        who: (
            signed_in(app, who).get("/duplicates").status_code,
            signed_in(app, who).get(f"/duplicates/{number}").status_code,
        )
        for who in (
            "industry",
            "cityoffice",
            "leader",
            "auditor",
            "statistics",
            "haifeng",
            "gaoxin",
            "sysadmin",
            "auditadmin",
        )
    }
    assert answers == {
        **dict.fromkeys(("industry", "cityoffice", "leader", "auditor", "statistics"), (200, 200)),
        **dict.fromkeys(("haifeng", "gaoxin", "sysadmin", "auditadmin"), (403, 404)),
    }


def test_a_pair_with_one_firm_out_of_reach_is_not_there(app: Flask, build: Build) -> None:
    """The copy is in an industry that another bureau leads, so 市工信局 sees one of the two."""
    number = build(lambda world: twins(world, industry="7520"))
    for who in ("industry", "market"):
        client = signed_in(app, who)
        assert "没有待判定的疑似重复" in words(client.get("/duplicates"))
        assert client.get(f"/duplicates/{number}").status_code == 404
        assert client.get(f"/duplicates/{number}/print").status_code == 404
        assert judge(client, number, "same").status_code == 404
        assert (
            post(client, "/duplicates/together", {"pair": f"{number}:0", "ruling": "same", "reason": "x"}).status_code
            == 404
        )
        assert NAMES[0] not in client.get("/duplicates/clusters").get_data(as_text=True)
        assert COPIES[0] not in client.get("/duplicates/equal").get_data(as_text=True)
        assert COPIES[0] not in exported(client)
    assert said(app) == []
    assert signed_in(app, "cityoffice").get(f"/duplicates/{number}").status_code == 200


def test_a_dossier_shows_only_pairs_within_reach(app: Flask, build: Build) -> None:
    build(lambda world: twins(world, industry="7520"))
    assert COPIES[0] not in signed_in(app, "industry").get("/firms/1/cases").get_data(as_text=True)
    assert COPIES[0] in signed_in(app, "cityoffice").get("/firms/1/cases").get_data(as_text=True)
    assert "疑似重复" not in words(signed_in(app, "haifeng").get("/firms/1/cases"))


def test_leaders_and_auditors_read_and_do_not_judge(app: Flask, build: Build) -> None:
    number = build(twins)
    for who in ("leader", "auditor", "statistics"):
        client = signed_in(app, who)
        assert page_of(client.get(f"/duplicates/{number}")).xpath("//form[@id='verdict']") == []
        assert judge(client, number, "same").status_code == 404
    assert said(app) == []


def test_voided_merged_and_twice_removed_firms_leave_the_queue(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        three(world)
        pairs = list(db.session.scalars(select(Pairing).order_by(Pairing.id)))
        pairs[0].second.voided_at = NOW
        pairs[1].second.stage, pairs[1].second.merged_into_id = "merged", pairs[1].first_id
        pairs[2].first.stage = pairs[2].second.stage = "removed"

    build(make)
    client = signed_in(app, "cityoffice")
    assert "没有待判定的疑似重复" in words(client.get("/duplicates"))
    assert client.get("/duplicates/1").status_code == 404
    assert "其中一家企业已合并，不需要再判定。" in words(client.get("/duplicates/2"))
    assert judge(client, 2, "same").status_code == 422


# -- a pair -----------------------------------------------------------------------------------------
def test_both_records_stand_side_by_side_with_what_differs_marked(app: Flask, build: Build) -> None:
    number = build(lambda world: twins(world, registered_address="海丰县附城镇解放路9号"))
    answer = signed_in(app, "industry").get(f"/duplicates/{number}")
    page = page_of(answer)
    names = ["".join(side.xpath(".//div[@class='parts']/span/text() | .//div[@class='parts']/span/mark/text()"))
             for side in page.xpath("//div[@class='halves']/section")]  # fmt: skip
    assert names == [NAMES[0], COPIES[0]]
    assert page.xpath("//div[@class='parts']//mark/text()") == ["丰县", "云", "软", "豐縣", "雲", "軟"]
    assert page.xpath("//dd/mark/text()") == ["海", "人民", "1", "附", "解放", "9"]
    assert "138****5678" in words(answer)
    assert "13800135678" not in words(answer)


def test_a_verdict_opens_the_next_pair_and_stands_on_the_page(app: Flask, build: Build) -> None:
    build(three)
    client = signed_in(app, "industry")
    assert judge(client, 1, "same").location == "/duplicates/2?last=1"
    assert judge(client, 3, "unsure").location == "/duplicates/2?last=3"
    assert judge(client, 2, "different").location == "/duplicates"
    assert said(app) == [("same", "吴工", False), ("unsure", "吴工", False), ("different", "吴工", False)]
    page = words(client.get("/duplicates/2"))
    assert "第 1 次：不是同一企业：核对过营业执照" in page
    assert "市工信局 吴工" in page


def test_the_filter_goes_along_from_pair_to_pair(app: Flask, build: Build) -> None:
    build(three)
    client = signed_in(app, "industry")
    page = page_of(client.get("/duplicates/1?county=441521"))
    assert page.xpath("//a[@data-key='j']/@href") == ["/duplicates/2?county=441521"]
    assert page.xpath("//a[@data-key='k']/@href") == []
    assert page.xpath("//form[@id='verdict']/@action") == ["/duplicates/1/verdict?county=441521"]
    answer = post(client, "/duplicates/1/verdict?county=441521", {"ruling": "unsure", "rounds": "0"})
    assert answer.location == "/duplicates/2?last=1&county=441521"


def test_what_is_refused_comes_back_with_what_was_typed(app: Flask, build: Build) -> None:
    build(twins)
    client = signed_in(app, "industry")
    answer = judge(client, 1, "different", reason="")
    assert answer.status_code == 422
    assert "判定“不是同一企业”须写明理由" in words(answer)
    assert judge(client, 1, "maybe").status_code == 422
    assert said(app) == []


def test_of_two_at_once_the_second_sees_the_first_ones_verdict(app: Flask, build: Build) -> None:
    build(twins)
    first, second = signed_in(app, "industry"), signed_in(app, "cityoffice")
    assert judge(first, 1, "same").status_code == 302
    answer = judge(second, 1, "different", reason="地址不同")
    assert answer.status_code == 409
    assert "吴工已于 2021-10-15 判定“是同一企业”" in words(answer)
    assert "地址不同" in words(answer)
    assert judge(second, 1, "different", rounds="1").status_code == 302
    assert [row[0] for row in said(app)] == ["same", "different"]


def test_a_pair_comes_back_with_its_history_when_a_record_changed(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        twins(world)
        pairing = db.session.get_one(Pairing, 1)
        judging.judge(
            world.actor("cityoffice"), pairing, RecordedVerdict(Ruling.DIFFERENT, "法人不同"), rounds=0, at=NOW
        )
        entries.edit(world.actor("haifeng"), pairing.second, {"name": "海豐縣雲谷軟件公司"}, at=NOW, on=TODAY)

    build(make)
    client = signed_in(app, "industry")
    assert page_of(client.get("/duplicates")).xpath("//td[@class='firm-name']/div[1]/a/text()") == [NAMES[0]]
    page = words(client.get("/duplicates/1"))
    assert "上次判定之后" in page
    assert "第 1 次：不是同一企业：法人不同" in page


def test_a_pair_judged_the_same_leads_to_the_merge_and_merges_nothing_itself(app: Flask, build: Build) -> None:
    build(twins)
    client = signed_in(app, "cityoffice")
    merge = "/firms/1/merges/new?other=2"
    assert page_of(client.get("/duplicates/1")).xpath(f"//a[@href='{merge}']") == []
    judge(client, 1, "same")
    assert len(page_of(client.get("/duplicates/1")).xpath(f"//a[@href='{merge}']")) == 1
    assert page_of(signed_in(app, "industry").get("/duplicates/1")).xpath(f"//a[@href='{merge}']") == []
    with app.app_context():
        assert [firm.stage for firm in db.session.scalars(select(Firm).order_by(Firm.id))] == ["lead", "lead"]


def test_those_who_judge_see_how_many_wait(app: Flask, build: Build) -> None:
    build(three)
    assert "3 疑似重复待判定" in words(signed_in(app, "industry").get("/inbox"))
    assert "疑似重复待判定" not in words(signed_in(app, "leader").get("/inbox"))
    assert "疑似重复待判定" not in words(signed_in(app, "haifeng").get("/inbox"))


# -- blind ------------------------------------------------------------------------------------------
def test_blind_hides_the_engines_opinion_until_it_is_judged(app: Flask, build: Build) -> None:
    build(three)
    client = signed_in(app, "industry")
    assert "很可能是同一企业" in words(client.get("/duplicates/1"))
    assert post(client, "/duplicates/blind", {"blind": "1", "pairing": "1"}).location == "/duplicates/1"
    hidden = (
        words(client.get("/duplicates/1")) + words(client.get("/duplicates")) + words(client.get("/duplicates/equal"))
    )
    assert "名称相同" not in hidden
    assert "很可能" not in hidden
    assert "独立判定，判定后显示" in hidden
    assert "名称相同" not in exported(client)
    judge(client, 1, "same", blind="1")
    assert "很可能是同一企业" in words(client.get("/duplicates/1"))
    judge(client, 2, "same", blind="")
    assert said(app) == [("same", "吴工", True), ("same", "吴工", False)]


# -- many at once -----------------------------------------------------------------------------------
def test_equal_cases_are_previewed_and_then_judged_together(app: Flask, build: Build) -> None:
    build(three)
    client = signed_in(app, "industry")
    (case,) = page_of(client.get("/duplicates/equal")).xpath("//a[contains(@href, 'case=')]/@href")
    ticks = page_of(client.get(case)).xpath("//input[@name='pair']/@value")
    assert ticks == ["1:0", "2:0", "3:0"]
    data = {"pair": ticks[:2], "ruling": "same", "reason": "繁简不同", "source": "bulk"}
    assert "确认批量判定：2 对" in words(post(client, "/duplicates/together", data))
    assert said(app) == []
    assert post(client, "/duplicates/together", {**data, "confirmed": "1"}).location == "/duplicates/equal"
    assert [row[0] for row in said(app)] == ["same", "same"]
    answer = post(client, "/duplicates/together", {**data, "pair": ["2:0", "3:0"], "confirmed": "1"})
    assert answer.status_code == 409
    assert len(said(app)) == 2


def test_firms_that_hang_together_are_one_group(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        twins(world)
        world.firm("（海丰县）云谷软件有限公司", credit_code=None, no_code_reason="尚未领照")
        twins(world, 1)

    build(make)
    page = page_of(signed_in(app, "industry").get("/duplicates/clusters"))
    assert page.xpath("//section[@class='panel']/h2/text()") == ["第 1 组：3 家企业"]
    assert len(page.xpath("//input[@name='pair']")) == 3


# -- quality ----------------------------------------------------------------------------------------
def test_quality_counts_by_band_and_tries_other_thresholds(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        for pairing_id, ruling in zip(three(world), (Ruling.SAME, Ruling.SAME, Ruling.DIFFERENT), strict=True):
            pairing = db.session.get_one(Pairing, pairing_id)
            judging.judge(world.actor("cityoffice"), pairing, RecordedVerdict(ruling, "核对"), rounds=0, at=NOW)

    build(make)
    client = signed_in(app, "auditor")
    row = page_of(client.get("/duplicates/quality")).xpath("//tbody/tr")[0]
    assert [" ".join(cell.text_content().split()) for cell in row] == [
        "很可能是同一企业", "看着系统判断", "2", "1", "0", "66.6% （20.7% 至 93.8%）",
    ]  # fmt: skip
    tried = page_of(client.get("/duplicates/quality?same=100.0&review=0"))
    assert len(tried.xpath("//table")) == 2
    assert "不能低于" in words(client.get("/duplicates/quality?same=10&review=20"))


def test_the_queue_leaves_as_a_file_with_every_verdict(app: Flask, build: Build) -> None:
    build(three)
    client = signed_in(app, "industry")
    judge(client, 1, "same")
    rows = exported(client, "?state=same").splitlines()
    assert len(rows) == 3
    assert rows[1].startswith(f"1,{NAMES[0]},")
    assert "核对过营业执照,吴工" in rows[1]


def test_a_pair_is_printed_on_one_sheet(app: Flask, build: Build) -> None:
    build(twins)
    page = words(signed_in(app, "industry").get("/duplicates/1/print"))
    assert "疑似重复核对单" in page
    assert "尚未判定。" in page


# -- said at the form -------------------------------------------------------------------------------
def test_what_a_clerk_says_at_the_form_stays_in_the_queue_and_is_not_asked_again(app: Flask, build: Build) -> None:
    build(lambda world: world.firm(NAMES[0]))
    clerk = signed_in(app, "haifeng2")
    given = {"name": COPIES[0], "no_code_reason": "尚未领照", "division": "441521", "draft": "1"}
    assert post(clerk, "/proposals/new/details", given).status_code == 422
    assert post(clerk, "/proposals/new/details", {**given, "checked": "y"}).status_code == 302
    assert said(app) == [("different", "陈岚", False)]
    city = signed_in(app, "cityoffice")
    assert "没有待判定的疑似重复" not in words(city.get("/duplicates"))
    assert "填报人说明不是同一企业（不是判定，待判定）" in words(city.get("/duplicates/1"))
    hint = clerk.get("/firms/2/hints", query_string={"name": COPIES[0]}).get_data(as_text=True)
    assert "海丰县 陈岚于 2021-10-15 填报时说明不是同一企业，尚待判定。" in hint
    other = clerk.get("/firms/2/hints", query_string={"name": NAMES[0]}).get_data(as_text=True)
    assert "判定不是同一企业" not in other


def test_a_tick_at_a_form_does_not_overrule_who_looked_at_the_pair(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        pairing = db.session.get_one(Pairing, twins(world))
        judging.judge(world.actor("cityoffice"), pairing, RecordedVerdict(Ruling.SAME), rounds=0, at=NOW)
        judging.set_apart(world.actor("haifeng"), pairing.second, [pairing.first], at=NOW)

    build(make)
    assert said(app) == [("same", "王培", False)]


# -- what a clerk says at a form --------------------------------------------------------------------
def test_a_clerks_word_never_reads_as_a_verdict(app: Flask, build: Build) -> None:
    """On the page of the pair, the dossier, the shortlist and in the file; in English too."""
    build(twins)
    with app.app_context():
        pair = db.session.scalars(select(Pairing)).one()
        world = World()
        judging.set_apart(world.actor("haifeng"), pair.second, [pair.first], at=NOW, reason="两家不同")
        pairing_id, firm_id = pair.id, pair.second_id
        db.session.commit()
    judge_ = signed_in(app, "cityoffice")
    told = "填报人说明不是同一企业（不是判定，待判定）"
    assert told in words(judge_.get(f"/duplicates/{pairing_id}"))
    assert "海丰县 陈晓于 2021-10-15 填报时说明不是同一企业，待判定 未判定" in words(
        judge_.get(f"/firms/{firm_id}/cases")
    )
    assert told in exported(judge_)
    assert ",不是同一企业," not in exported(judge_)
    english = post(judge_, "/language", {"locale": "en", "next": "/"})
    assert english.status_code == 302
    assert "said on a form to be different firms (no verdict; not judged yet)" in words(
        judge_.get(f"/duplicates/{pairing_id}")
    )


# -- what people said against the engine, and what a verdict leads to -------------------------------
def test_verdicts_against_what_the_engine_says_now_are_listed_and_stand(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        three(world)
        for number, ruling in ((1, Ruling.DIFFERENT), (2, Ruling.SAME)):
            pairing = db.session.get_one(Pairing, number)
            said = RecordedVerdict(ruling, "核对过营业执照")
            judging.judge(world.actor("cityoffice"), pairing, said, rounds=0, at=NOW)
        # as an engine of another version would have it
        db.session.get_one(Pairing, 1).band, db.session.get_one(Pairing, 2).band = "same", "different"

    build(make)
    client = signed_in(app, "cityoffice")
    page = page_of(client.get("/duplicates?state=contrary"))
    assert page.xpath("//td[@class='firm-name']/div[1]/a/text()") == [NAMES[0], NAMES[1]]
    with app.app_context():
        assert [one.state for one in db.session.scalars(select(Pairing).order_by(Pairing.id))][:2] == [
            "different",
            "same",
        ]
    post(client, "/duplicates/blind", {"blind": "1"})
    assert page_of(client.get("/duplicates?state=contrary")).xpath("//td[@class='firm-name']/div[1]/a/text()") == [
        NAMES[2]
    ]


def test_a_verdict_same_leads_to_the_merge(app: Flask, build: Build) -> None:
    build(three)
    client = signed_in(app, "cityoffice")
    onward = judge(client, 1, "same").headers["Location"]
    (link,) = page_of(client.get(onward)).xpath("//a[contains(., '合并这两家')]/@href")
    assert link == "/firms/1/merges/new?other=2"
