"""A bulletin from the draft to the archive: edited, confirmed, approved by a second person, issued once, corrected by another."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from registry.base.errors import FieldError, NotAllowed, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.bulletins.models import Bulletin, BulletinConfirmation, BulletinFile, BulletinParagraph
from registry.bulletins.queries import bulletins, content
from registry.bulletins.rules.wording import shown
from registry.bulletins.services import archive, deciding, drafting
from registry.bulletins.texts import BulletinStopped
from registry.notices.models import Notice
from registry.papers import services as printing
from registry.papers.sheets.docx import read_docx
from registry.quarters.models import Snapshot, SnapshotRow
from registry.trail.models import TrailEntry
from tests.bulletins.test_numbers import played
from tests.papers.rendered import pages_of
from tests.world import NOW, TODAY, World

Q3 = Quarter(2021, 3)
REASON = "该县经办人员外出，已电话核对。"


@pytest.fixture
def draft(world: World) -> Bulletin:
    played(world)
    return begun(world)


def begun(world: World) -> Bulletin:
    found = drafting.draft(world.actor("cityoffice"), Q3, at=NOW, on=TODAY)
    db.session.commit()
    return found


def sent(world: World, bulletin: Bulletin) -> Bulletin:
    who = world.actor("cityoffice")
    drafting.submit(who, bulletin, long_reason="", seen=bulletin.revision, at=NOW, on=TODAY)
    return bulletin


def confirmed(world: World, bulletin: Bulletin, *but: str) -> Bulletin:
    """By a clerk of each office that has numbers in it."""
    for one in bulletins.concerned(bulletin):
        if one.office.code not in but:
            deciding.confirm(clerk(world, one), bulletin, seen=deciding.seen_digest([one]), at=NOW)
    return bulletin


def clerk(world: World, one: bulletins.OfficeNumbers) -> Actor:
    office, known = one.office, world.actor("haifeng")
    return replace(known, office_id=office.id, office_code=office.code, office_kind=office.kind)


def approved(world: World, bulletin: Bulletin) -> Bulletin:
    who = world.actor("statistics")
    deciding.approve(who, bulletin, without="", seen=bulletin.revision, at=NOW, on=TODAY)
    return bulletin


def issued(world: World, bulletin: Bulletin) -> Bulletin:
    approved(world, confirmed(world, sent(world, bulletin)))
    deciding.issue(world.actor("cityoffice"), bulletin, TODAY, seen=bulletin.revision, at=NOW, on=TODAY)
    db.session.commit()
    return bulletin


def paragraph(bulletin: Bulletin, words: str) -> BulletinParagraph:
    return next(row for row in bulletin.paragraphs if words in row.text)


def test_the_draft_says_what_the_quarter_was_and_nothing_of_what_was_not(draft: Bulletin) -> None:
    said = [shown(row.text) for row in draft.paragraphs]
    assert said[0] == "关于2021年第3季度企业培育工作进展情况的通报"
    assert (
        said[4]
        == "截至2021年9月30日，全市企业培育名录在库企业4家，比上季末净减1家。其中在库培育2家，已申报纳统、逐级审核1家，已入库（四上）1家。"
    )
    assert said[5].startswith(
        "本季新入库培育0家，申报纳统2家，确认入库（四上）1家，退出名录（出库、退库、合并）1家，更名1家。"
    )
    assert [line for line in said if "措施" in line or "增加0" in line] == []


def test_only_the_city_office_drafts_and_a_quarter_has_one(world: World, draft: Bulletin) -> None:
    for name in ("haifeng", "science", "statistics", "leader"):
        with pytest.raises(NotAllowed):
            drafting.draft(world.actor(name), Q3, at=NOW, on=TODAY)
    with pytest.raises(RegistryError, match="已有一份未印发的通报"):
        drafting.draft(world.actor("cityoffice"), Q3, at=NOW, on=TODAY)
    with pytest.raises(RegistryError, match="尚未冻结"):
        drafting.draft(world.actor("cityoffice"), Quarter(2021, 4), at=NOW, on=TODAY)


def test_what_is_edited_by_hand_is_marked_and_its_numbers_are_named(world: World, draft: Bulletin) -> None:
    row = paragraph(draft, "在库企业")
    text_ = row.text + "请于10月31日前报送计划。"
    drafting.rewrite(world.actor("cityoffice"), draft, row, text_, seen=draft.revision, at=NOW)
    assert (row.is_edited, row.by_name, content.of(draft)["paragraphs"][4]["edited"]) == (True, "王培", True)
    found = bulletins.check(draft, TODAY)
    assert ([one.shown for one in found.by_hand], found.faults) == (["10", "31"], [])
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "edit_bulletin")).one()
    assert (act.after or {})["text"] == text_


def test_a_number_that_no_longer_equals_its_source_stops_it(world: World, draft: Bulletin) -> None:
    row = paragraph(draft, "在库企业")
    wrong = row.text.replace("{4|在库}", "{5|在库}")
    drafting.rewrite(world.actor("cityoffice"), draft, row, wrong, seen=draft.revision, at=NOW)
    with pytest.raises(BulletinStopped, match="第 5 段的“5”与数据不符，应为“4”"):
        sent(world, draft)


@pytest.mark.parametrize(
    "text_, said",
    [
        ("在库{4|在库家", "花括号不成对"),
        ("在库{4|在库房}家", "出处“在库房”不在本季的数据中"),
        ("  ", "请填写内容"),
    ],
)
def test_a_text_that_lost_its_sources_is_refused_and_changes_nothing(
    world: World, draft: Bulletin, text_: str, said: str
) -> None:
    row = paragraph(draft, "在库企业")
    before = row.text
    with pytest.raises(FieldError, match=said):
        drafting.rewrite(world.actor("cityoffice"), draft, row, text_, seen=draft.revision, at=NOW)
    assert row.text == before


def test_of_two_who_edit_the_second_is_told(world: World, draft: Bulletin) -> None:
    row, seen = paragraph(draft, "在库企业"), draft.revision
    drafting.rewrite(world.actor("cityoffice"), draft, row, row.text + "。", seen=seen, at=NOW)
    with pytest.raises(StaleRecord):
        drafting.rewrite(world.actor("cityoffice"), draft, row, "另一个", seen=seen, at=NOW)


def test_paragraphs_are_added_and_removed_but_for_the_title(world: World, draft: Bulletin) -> None:
    who, row = world.actor("cityoffice"), paragraph(draft, "在库企业")
    drafting.add(who, draft, row, "body", "另外，四上企业{1|四上}家。", seen=draft.revision, at=NOW)
    db.session.commit()
    after = paragraph(draft, "另外")
    assert (draft.paragraphs.index(after), after.made) == (draft.paragraphs.index(row) + 1, "")
    drafting.remove(who, draft, after, seen=draft.revision, at=NOW)
    with pytest.raises(FieldError, match="标题不能删去"):
        drafting.remove(who, draft, draft.paragraphs[0], seen=draft.revision, at=NOW)


def test_a_long_text_needs_a_word(world: World, draft: Bulletin) -> None:
    who, row = world.actor("cityoffice"), paragraph(draft, "在库企业")
    drafting.add(who, draft, row, "body", "长" * 4000, seen=draft.revision, at=NOW)
    with pytest.raises(FieldError, match="超过 4000 字") as refused:
        sent(world, draft)
    assert refused.value.field == "long_reason"
    drafting.submit(who, draft, long_reason="两个方案一并通报。", seen=draft.revision, at=NOW, on=TODAY)
    assert (draft.state, draft.long_reason) == ("confirming", "两个方案一并通报。")


def test_offices_with_numbers_are_asked_and_confirm_them(world: World, draft: Bulletin) -> None:
    sent(world, draft)
    asked = {one.office.code for one in bulletins.concerned(draft)}
    told = db.session.scalars(select(Notice.office_id).where(Notice.kind == "bulletin_to_confirm"))
    assert asked == {"441502", "441521", "441523", "441581", "441502-Z1", "441502-Z2", "441581-Z1"}
    assert len(list(told)) == 7
    assert [len(list(db.session.scalars(bulletins.to_do(world.actor(name))).unique())) for name in
            ("haifeng", "science", "statistics", "cityoffice", "leader")] == [1, 0, 0, 0, 0]  # fmt: skip
    confirmed(world, draft)
    assert {one.standing for one in bulletins.concerned(draft)} == {"confirmed"}
    assert [len(list(db.session.scalars(bulletins.to_do(world.actor(name))).unique())) for name in
            ("haifeng", "statistics", "cityoffice")] == [0, 1, 0]  # fmt: skip


def test_an_office_without_numbers_confirms_nothing(world: World, draft: Bulletin) -> None:
    sent(world, draft)
    with pytest.raises(RegistryError, match="没有本单位的数字"):
        deciding.confirm(world.actor("commerce"), draft, seen="", at=NOW)


def test_what_was_confirmed_is_void_once_a_number_of_that_office_is_another(world: World, draft: Bulletin) -> None:
    confirmed(world, sent(world, draft))
    deciding.send_back(world.actor("statistics"), draft, reason="陆丰市一段不必列。", at=NOW)
    row = paragraph(draft, "陆丰市|")
    drafting.remove(world.actor("cityoffice"), draft, row, seen=draft.revision, at=NOW)
    sent(world, draft)
    standing = {one.office.code: one.standing for one in bulletins.concerned(draft)}
    assert standing["441521"] == "confirmed"
    assert set(standing.values()) <= {"confirmed", "changed"}


def test_an_objection_stands_in_the_way_until_there_is_a_reason(world: World, draft: Bulletin) -> None:
    confirmed(world, sent(world, draft), "441581")
    own = bulletins.own(world.actor("lufeng"), bulletins.concerned(draft))
    deciding.object_to(world.actor("lufeng"), draft, seen=deciding.seen_digest(own), reason="漏了一家", at=NOW)
    who = world.actor("statistics")
    with pytest.raises(FieldError, match="还有单位没有确认：陆丰市"):
        deciding.approve(who, draft, without=" ", seen=draft.revision, at=NOW, on=TODAY)
    deciding.approve(who, draft, without=REASON, seen=draft.revision, at=NOW, on=TODAY)
    assert [line for line in content.sources(draft) if REASON in line] == [f"未经下列单位确认：陆丰市。理由：{REASON}"]


def test_whoever_had_a_hand_in_it_does_not_approve(world: World, draft: Bulletin) -> None:
    confirmed(world, sent(world, draft))
    for name in ("cityoffice", "leader", "haifeng", "auditor"):
        with pytest.raises(NotAllowed):
            deciding.approve(world.actor(name), draft, without="", seen=draft.revision, at=NOW, on=TODAY)


def test_whoever_once_wrote_in_it_does_not_approve_either(world: World, draft: Bulletin) -> None:
    """Also where somebody else wrote over it, or the paragraph is gone."""
    drafter, other = world.actor("cityoffice"), replace(world.actor("cityoffice"), user_id=world.user("leader").id)
    row = paragraph(draft, "在库企业")
    drafting.rewrite(other, draft, row, row.text + "补。", seen=draft.revision, at=NOW)
    drafting.rewrite(drafter, draft, row, row.text + "再补。", seen=draft.revision, at=NOW)
    db.session.commit()
    confirmed(world, sent(world, draft))
    with pytest.raises(NotAllowed):
        deciding.approve(other, draft, without="", seen=draft.revision, at=NOW, on=TODAY)


def test_an_objection_that_crossed_the_approval_stops_the_issue(world: World, draft: Bulletin) -> None:
    approved(world, confirmed(world, sent(world, draft)))
    one = next(one for one in bulletins.concerned(draft) if one.office.code == "441581")
    db.session.add(
        BulletinConfirmation(
            bulletin_id=draft.id, office_id=one.office.id, digest=one.digest, refused="漏了一家",
            by_id=world.user("lufeng").id, by_name="林海", at=NOW,
        )
    )  # fmt: skip
    db.session.flush()
    with pytest.raises(BulletinStopped, match="还有单位没有确认：陆丰市"):
        deciding.issue(world.actor("cityoffice"), draft, TODAY, seen=draft.revision, at=NOW, on=TODAY)


def test_the_city_office_confirms_what_is_its_own(world: World, draft: Bulletin) -> None:
    sent(world, draft)
    with pytest.raises(RegistryError, match="没有本单位的数字"):
        deciding.confirm(world.actor("cityoffice"), draft, seen="", at=NOW)


def test_what_was_taken_out_and_what_was_typed_is_said_in_the_paper(world: World, draft: Bulletin) -> None:
    who, row = world.actor("cityoffice"), paragraph(draft, "陆丰市|")
    taken = shown(row.text)
    assert content.sources(draft)[-1] == "文字模板第1版；手工修改的段落0处，删去的段落0处。"
    assert "文中数字均取自冻结的数据" in content.sources(draft)[0]
    drafting.remove(who, draft, row, seen=draft.revision, at=NOW)
    row = paragraph(draft, "在库企业")
    drafting.rewrite(who, draft, row, row.text + "请于10月31日前报送计划。", seen=draft.revision, at=NOW)
    db.session.commit()
    assert bulletins.removed(draft) == [taken]
    assert content.sources(draft)[-1] == "文字模板第1版；手工修改的段落1处，删去的段落1处。"
    assert "文中数字除手工填写的外均取自冻结的数据" in content.sources(draft)[0]
    assert "手工填写、不取自冻结数据的数：10、31。" in content.sources(draft)


def test_what_an_erratum_says_is_a_persons_own_words(world: World, draft: Bulletin) -> None:
    issued(world, draft)
    who = world.actor("cityoffice")
    for wrong, said in (("应为{5}家", "花括号不成对"), ("应为{5|没有}家", "出处“没有”不在")):
        with pytest.raises(FieldError, match=said):
            drafting.correct(who, draft, reason=wrong, at=NOW, on=TODAY)
    erratum = drafting.correct(who, draft, reason="“在库企业4家”应为\n“在库企业5家”。", at=NOW, on=TODAY)
    last = erratum.paragraphs[-1]
    assert (last.text, last.is_edited, last.by_name) == ("“在库企业4家”应为 “在库企业5家”。", True, "王培")
    assert [row.is_edited for row in erratum.paragraphs[:-1]] == [False] * 3


def test_an_erratum_of_an_erratum_names_the_erratum(world: World, draft: Bulletin) -> None:
    issued(world, draft)
    who = world.actor("cityoffice")
    first = drafting.correct(who, draft, reason="漏列一项。", at=NOW, on=TODAY)
    approved(world, sent(world, first))
    deciding.issue(who, first, TODAY, seen=first.revision, at=NOW, on=TODAY)
    second = drafting.correct(who, first, reason="再漏一项。", at=NOW, on=TODAY)
    assert shown(second.paragraphs[0].text).startswith("关于更正《关于更正《关于2021年")
    approved(world, sent(world, second))
    deciding.issue(who, second, TODAY, seen=second.revision, at=NOW, on=TODAY)
    assert (bulletins.errata_of(draft), bulletins.errata_of(first)) == ([first], [second])


def test_it_is_issued_once_with_its_paper_and_nothing_changes_it(world: World, draft: Bulletin) -> None:
    issued(world, draft)
    (file,) = db.session.scalars(select(BulletinFile))
    assert (draft.state, file.kind, file.digest) == ("issued", "docx", hashlib.sha256(file.content).hexdigest())
    with pytest.raises(NotAllowed):
        deciding.issue(world.actor("cityoffice"), draft, TODAY, seen=draft.revision, at=NOW, on=TODAY)
    with pytest.raises(RegistryError, match="已经印发"):
        drafting.draft(world.actor("cityoffice"), Q3, at=NOW, on=TODAY)
    for statement in (
        update(Bulletin).values(digest="0" * 64),
        update(BulletinParagraph).where(BulletinParagraph.bulletin_id == draft.id).values(text="改"),
        update(BulletinFile).values(digest="0" * 64),
        text("update bulletin_paragraph set text = text || 'x'"),
        text("delete from bulletin_paragraph"),
        text("delete from bulletin"),
        text("insert into bulletin_paragraph (bulletin_id, rank, level, text, made, by_name) values "
             f"({draft.id}, 999, 'body', '加', '', '')"),
    ):  # fmt: skip
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(statement)
        db.session.rollback()


@pytest.mark.parametrize("day", [date(2021, 10, 14), date(2021, 10, 16), None])
def test_the_day_of_issue_is_not_before_the_approval_nor_ahead(world: World, draft: Bulletin, day: date | None) -> None:
    approved(world, confirmed(world, sent(world, draft)))
    with pytest.raises(FieldError) as refused:
        deciding.issue(world.actor("cityoffice"), draft, day, seen=draft.revision, at=NOW, on=TODAY)
    assert refused.value.field == "day"


def test_a_quarter_that_was_tampered_with_stops_the_issue(world: World, draft: Bulletin) -> None:
    approved(world, confirmed(world, sent(world, draft)))
    for table in ("snapshot_row",):
        _unguard(table)
    db.session.execute(update(SnapshotRow).values(payload=SnapshotRow.payload.concat(" ")))
    with pytest.raises(BulletinStopped, match="2021Q2 名录核验不符"):
        deciding.issue(world.actor("cityoffice"), draft, TODAY, seen=draft.revision, at=NOW, on=TODAY)
    db.session.rollback()


def _unguard(table: str) -> None:
    dialect = db.engine.dialect.name
    if dialect == "sqlite":
        db.session.execute(text(f"drop trigger {table}_no_update"))
    else:
        db.session.execute(text(f"alter table {table} disable trigger all"))


def test_every_number_reads_the_same_in_the_paper_and_in_its_print(
    world: World, draft: Bulletin, tmp_path: Path
) -> None:
    issued(world, draft)
    paper = archive.file_of(draft, "docx")
    assert paper is not None
    read = read_docx(paper.content)
    written = [row["head"] + shown(row["text"]) for row in content.of(draft)["paragraphs"]]
    assert [line for line in written if line not in read and f"{line}：" not in read] == []
    cells = [cell[0] for table in content.of(draft)["tables"] for row in table["rows"] for cell in row]
    assert [cell for cell in cells if cell not in read] == []
    assert draft.snapshot.digest in "".join(read)
    try:
        pdf = printing.to_pdf(paper.content)
    except RegistryError:
        pytest.skip("LibreOffice is not installed")
    (tmp_path / "paper.pdf").write_bytes(pdf)
    printed = "".join(line.text for page in pages_of(tmp_path / "paper.pdf") for line in page.lines)
    bare = "".join(printed.split())
    assert [line for line in written if "".join(line.split()) not in bare] == []


def test_an_erratum_is_a_paper_of_its_own_that_names_the_old_one(world: World, draft: Bulletin) -> None:
    issued(world, draft)
    who = world.actor("cityoffice")
    with pytest.raises(FieldError, match="请填写理由"):
        drafting.correct(who, draft, reason=" ", at=NOW, on=TODAY)
    erratum = drafting.correct(who, draft, reason="第三部分漏列一项。", at=NOW, on=TODAY)
    said = [shown(row.text) for row in erratum.paragraphs]
    assert said[0] == "关于更正《关于2021年第3季度企业培育工作进展情况的通报》的通知"
    assert said[2].endswith("（2021年10月15日印发）有误，现更正如下：")
    assert (content.of(erratum)["tables"], bulletins.concerned(erratum)) == ([], [])
    assert [line for line in content.sources(erratum) if draft.digest[:16] in line] != []
    approved(world, sent(world, erratum))
    deciding.issue(who, erratum, TODAY, seen=erratum.revision, at=NOW, on=TODAY)
    db.session.commit()
    assert (bulletins.errata_of(draft), draft.state) == ([erratum], "issued")


def test_a_withdrawn_draft_makes_room_for_another(world: World, draft: Bulletin) -> None:
    drafting.withdraw(world.actor("cityoffice"), draft, reason="按新模板重拟。", at=NOW)
    db.session.commit()
    assert begun(world).id != draft.id


def test_a_new_wording_is_for_drafts_from_then_on(world: World, draft: Bulletin) -> None:
    who, first = world.actor("cityoffice"), bulletins.wording()
    assert first is not None
    lines = [{"level": "title", "each": "", "when": "", "text": "{年}年第{季}季度通报"}]
    wrong = {"level": "body", "each": "", "when": "", "text": "{在库房}"}
    with pytest.raises(BulletinStopped, match="没有名为“在库房”的数字"):
        drafting.word(who, [*lines, wrong], reason="精简", seen=1, at=NOW)
    drafting.word(who, lines, reason="精简", seen=1, at=NOW)
    db.session.commit()
    assert (draft.wording.number, len(draft.paragraphs) > 10) == (1, True)
    with pytest.raises(RegistryError, match="已由他人改过"):
        drafting.word(who, lines, reason="精简", seen=1, at=NOW)
    drafting.withdraw(who, draft, reason="换模板", at=NOW)
    assert [shown(row.text) for row in begun(world).paragraphs] == ["2021年第3季度通报"]


def test_the_quarter_is_left_as_it_was(world: World, draft: Bulletin) -> None:
    digest = db.session.scalars(select(Snapshot.digest).where(Snapshot.quarter == "2021Q3")).one()
    issued(world, draft)
    assert db.session.scalars(select(Snapshot.digest).where(Snapshot.quarter == "2021Q3")).one() == digest


def test_a_number_put_into_other_words_is_confirmed_again(world: World, draft: Bulletin) -> None:
    """The number is the same; what is said with it is not."""
    confirmed(world, sent(world, draft))
    deciding.send_back(world.actor("statistics"), draft, reason="改写陆丰市一段。", at=NOW)
    row = paragraph(draft, "陆丰市|")
    other = row.text.replace("在库", "只有", 1)
    drafting.rewrite(world.actor("cityoffice"), draft, row, other, seen=draft.revision, at=NOW)
    standing = {one.office.code: one.standing for one in bulletins.concerned(draft)}
    assert (standing["441581"], standing["441521"]) == ("changed", "confirmed")


def test_an_objection_is_told_to_whoever_drafts(world: World, draft: Bulletin) -> None:
    sent(world, draft)
    own = bulletins.own(world.actor("haifeng"), bulletins.concerned(draft))
    deciding.object_to(world.actor("haifeng"), draft, seen=deciding.seen_digest(own), reason="漏了一家", at=NOW)
    notice = db.session.scalars(select(Notice).where(Notice.kind == "bulletin_objected")).one()
    assert (notice.user_id, notice.values["reason"]) == (world.user("cityoffice").id, "漏了一家")


def test_a_paragraph_is_not_moved_into_an_issued_one(world: World, draft: Bulletin) -> None:
    issued(world, draft)
    erratum = drafting.correct(world.actor("cityoffice"), draft, reason="漏列一项。", at=NOW, on=TODAY)
    moved = text(f"update bulletin_paragraph set bulletin_id = {draft.id} where bulletin_id = {erratum.id}")
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(moved)
    db.session.rollback()
