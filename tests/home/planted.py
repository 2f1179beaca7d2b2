"""Rows on every list that waits, and for whom of the invented city each is: `PLANTED`, by the name of the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from registry.accounts.models import Approval
from registry.api.models import ApiToken
from registry.appraisals.models import AppraisalScheme
from registry.base.extensions import db
from registry.base.vocabulary import ApprovalKind, BatchState, Stage
from registry.bulletins.models import Bulletin, BulletinWording
from registry.bundles.models import DocumentBundle
from registry.cases.models import CaseKind
from registry.claims.services import claiming
from registry.documents.models import Document
from registry.duplicates.models import Pairing
from registry.figures.queries import figures
from registry.figures.services import recording
from registry.imports.models import ImportBatch
from registry.levelfiles.models import LevelLoad
from registry.notices.models import Notice
from registry.pathway.models import PathwayEvent
from registry.payments.models import BankFile, PaymentBatch
from registry.payments.services import batches as paying
from registry.payments.services import budgeting, payees, sampling, settling
from registry.payments.services.payees import NamedAccount
from registry.payments.services.settling import Demanded
from registry.people.queries import people
from registry.plans.models import Plan, PlanTask, PlanVersion
from registry.plans.services import tasks
from registry.portal.models import PortalStory
from registry.proposals.services import reviews
from registry.qualifications.models import QualificationLoad
from registry.quarters import jobs as quarters
from registry.quarters.models import Snapshot
from registry.queue.models import Job
from registry.queue.rules import JobState, Lane
from registry.resources.models import ResourceLoad
from registry.rulesets.models import RuleDraft
from registry.taxfigures.models import TaxLoad
from registry.workbooks.models import WorkbookReturn
from registry.workbooks.rules import ReturnState
from tests.filed import filed, qualified, window
from tests.lives import listed
from tests.payments import vouchers
from tests.world import NOW, TODAY, World

Counts = dict[str, int]
SAME_OFFICE = {"haifeng": 1, "haifeng2": 1}
BOTH_OFFICERS = {"industry": 1, "industry2": 1}


def review(world: World) -> Counts:
    world.submitted("海丰县云谷软件有限公司")
    world.under_review("海丰县星河数据有限公司")
    return {"industry": 2, "industry2": 2}


def mend(world: World) -> Counts:
    for name in ("海丰县南湖网络有限公司", "海丰县银瓶智能有限公司"):
        proposal = world.under_review(name)
        reviews.send_back(
            world.actor("industry"),
            proposal,
            reason_code="R02",
            cells={"industry": "请核对"},
            note="",
            at=NOW,
            on=TODAY,
        )
    world.under_review("海丰县鹅埠数据有限公司")
    return {"haifeng": 2, "haifeng2": 2}


def lead(world: World) -> Counts:
    for number, name in enumerate(("海丰县联安软件有限公司", "海丰县陶河软件有限公司", "海丰县可塘软件有限公司")):
        firm = world.firm(name)
        if number:
            world.figure(firm, "1500")
    small = world.firm("海丰县平东软件有限公司")
    world.figure(small, "900")
    return {"haifeng": 2, "haifeng2": 2}


def claim(world: World) -> Counts:
    firm = world.firm("海丰县公平软件有限公司")
    claiming.claim(world.actor("lufeng"), firm, world.user("lufeng").office, ground="属实", at=NOW)
    return {"cityoffice": 1}


def claim_answer(world: World) -> Counts:
    claim(world)
    return SAME_OFFICE


def pair(world: World) -> Counts:
    first, second = world.firm("海丰县赤坑软件有限公司"), world.firm("汕尾市东涌检测有限公司")
    db.session.add(
        Pairing(
            first_id=first.id, second_id=second.id, score=Decimal("80"), band="likely", level="review", warning=True,
            suspected=True, template="名称相近", likeness="name", first_digest="1" * 64, second_digest="2" * 64,
            value=Decimal(0), found_at=NOW, compared_at=NOW,
        )
    )  # fmt: skip
    return {"cityoffice": 1, **BOTH_OFFICERS, "science": 1}


def batch(world: World) -> Counts:
    person = world.user("haifeng")
    for state in (BatchState.CHECKED, BatchState.APPLIED):
        db.session.add(
            ImportBatch(
                filename=f"{state}.xlsx", state=state, office_id=person.office_id, by_id=person.id, by_name=person.name,
                year=2021, created_at=NOW, touched_at=NOW,
            )
        )  # fmt: skip
    return {"haifeng": 1}


def workbook(world: World) -> Counts:
    person = world.user("haifeng")
    for state in (ReturnState.COMPARED, ReturnState.DISCARDED):
        db.session.add(
            WorkbookReturn(
                office_id=person.office_id, by_id=person.id, by_name=person.name, at=NOW, filename=f"{state}.xlsx",
                state=state,
            )
        )  # fmt: skip
    return {"haifeng": 1}


def bundle(world: World) -> Counts:
    for outcome in (None, "given_up"):
        db.session.add(
            DocumentBundle(
                filename="9月利润表.zip", office_id=world.user("haifeng").office.id, by_name="陈晓", at=NOW,
                outcome=outcome,
            )
        )  # fmt: skip
    return SAME_OFFICE


def seal(world: World) -> Counts:
    window(world)
    qualified(world, "海丰县梅陇软件有限公司")
    return {"statistics": 1, **BOTH_OFFICERS}


def file(world: World) -> Counts:
    qualified(world, "海丰县大湖软件有限公司")
    world.admitted("海丰县小漠软件有限公司")
    return {"statistics": 1}


def level(world: World) -> Counts:
    filed(world)
    return {"statistics": 1}


def recheck(world: World) -> Counts:
    for number, day in enumerate((date(2020, 11, 1), date(2021, 3, 1))):
        firm = world.firm(f"海丰县联金软件{'一二'[number]}有限公司")
        firm.stage = Stage.ENROLLED
        db.session.add(
            PathwayEvent(
                firm_id=firm.id, action="confirm", source="in_chain", target=Stage.ENROLLED, on=day, at=NOW,
                actor_name="赵统",
            )
        )  # fmt: skip
    return {"statistics": 1}


def rule(world: World) -> Counts:
    for submitted in (NOW, None):
        db.session.add(
            RuleDraft(
                kind="windows", title="预警天数", valid_from=TODAY, source="来源", prepared_by_name="王培",
                prepared_by_id=world.user("cityoffice").id, prepared_at=NOW, submitted_at=submitted,
            )
        )  # fmt: skip
    return {"statistics": 1}


def own_rule(world: World) -> Counts:
    rule(world)
    return {"cityoffice": 1}


def case(world: World) -> Counts:
    found = vouchers.case("TQ2021-0001", state="draft")
    found.turn = ",clerk,"
    taken = vouchers.case("TQ2021-0002", office="441581")
    taken.turn = ",bureau,"
    return {"haifeng": 1, "haifeng2": 1, "science": 1}


def case_kind(world: World) -> Counts:
    for number, by in enumerate(("cityoffice", "statistics")):
        db.session.add(
            CaseKind(
                code=f"drafted{number}", edition=1, name="检测券", group="test", state="draft", definition={},
                digest="0" * 64, valid_from=TODAY, prepared_at=NOW, prepared_by_id=world.user(by).id,
            )
        )  # fmt: skip
    return {"statistics": 1, "cityoffice": 1}


def _task(world: World, due_on: date) -> PlanTask:
    plan = db.session.scalars(select(Plan)).first()
    assert plan is not None
    row = PlanTask(
        plan=plan, measure="2.2", office=people.office("441521"), title="建立联络机制", person="陈晓", deliverable="名单",
        starts_on=date(2021, 1, 1), due_on=due_on, by_id=world.user("cityoffice").id, by_name="王培", at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def task(world: World) -> Counts:
    _task(world, TODAY)
    tasks.nudge(world.actor("cityoffice"), _task(world, TODAY), at=NOW, on=TODAY)
    return SAME_OFFICE


def task_overdue(world: World) -> Counts:
    _task(world, TODAY)
    _task(world, TODAY - timedelta(days=20))
    return SAME_OFFICE


def plan(world: World) -> Counts:
    held = db.session.scalars(select(Plan)).first()
    assert held is not None
    db.session.add(
        PlanVersion(
            plan=held, number=9, name="修订稿", first_year=2021, last_year=2021, valid_from=TODAY, prepared_at=NOW,
            prepared_by_id=world.user("cityoffice").id, submitted_at=NOW,
        )
    )  # fmt: skip
    return {"statistics": 1}


def _quarter(world: World) -> None:
    listed(world, "海丰县黄羌软件有限公司", 1, on=date(2021, 8, 10))
    db.session.commit()
    quarters.draw_quarters()


def certify(world: World) -> Counts:
    _quarter(world)
    return {**SAME_OFFICE, **BOTH_OFFICERS}


def close(world: World) -> Counts:
    _quarter(world)
    return {"cityoffice": 1}


def bulletin(world: World) -> Counts:
    person = world.user("cityoffice")
    held = Snapshot(
        quarter="2021Q2", as_of=date(2021, 6, 30), closed_at=NOW, closed_by_name=person.name, rows=0, changes=0,
        digest="0" * 64, chain_seq=1, chain_hash="0" * 64,
    )  # fmt: skip
    wording = db.session.scalars(select(BulletinWording)).first()
    db.session.add(held)
    db.session.flush()
    assert wording is not None
    db.session.add(
        Bulletin(
            quarter="2021Q2", snapshot_id=held.id, wording_id=wording.id, state="approved", numbers={}, signature="市科技局",
            drafted_by_id=person.id, drafted_by_name=person.name, drafted_at=NOW,
        )
    )  # fmt: skip
    db.session.add(
        Bulletin(  # who handed it over does not approve it
            quarter="2021Q1", snapshot_id=held.id, wording_id=wording.id, state="confirming", numbers={},
            signature="市科技局", drafted_by_id=person.id, drafted_by_name=person.name, drafted_at=NOW,
            former_hands=f",{world.user('statistics').id},",
        )
    )  # fmt: skip
    return {"cityoffice": 1}


def notice(world: World) -> Counts:
    for role in (None, "clerk"):
        db.session.add(
            Notice(
                office_id=people.office("441521").id,
                role=role,
                kind="submitted",
                values={"office": "海丰县", "firm": "甲"},
                at=NOW,
            )
        )
    return {"haifeng": 2, "haifeng2": 2}


def approval(world: World) -> Counts:
    db.session.add(
        Approval(
            user_id=world.user("haifeng").id, kind=ApprovalKind.STOP, reason="离岗", at=NOW, asked_by_name="系统员",
            asked_by_id=world.user("sysadmin").id, expires_at=NOW + timedelta(days=3),
        )
    )  # fmt: skip
    return {"secadmin": 1, "auditadmin": 1}


def token(world: World) -> Counts:
    for confirmed in (None, NOW):
        db.session.add(
            ApiToken(
                name="一网通办", office_id=people.office("441521").id, scopes=[], expires_on=date(2022, 1, 1), reason="对接",
                asked_by_id=world.user("sysadmin").id, asked_by_name="系统员", at=NOW, confirmed_at=confirmed,
            )
        )  # fmt: skip
    return {"sysadmin": 1, "secadmin": 1}


def appraisal(world: World) -> Counts:
    db.session.add(
        AppraisalScheme(
            year=2021, document_no="汕科函〔2021〕9号", document_name="考核办法", document_on=TODAY, valid_from=TODAY,
            valid_to=date(2021, 12, 31), prepared_by_id=world.user("cityoffice").id, prepared_by_name="王培",
            prepared_at=NOW,
        )
    )  # fmt: skip
    return {"statistics": 1}


def story(world: World) -> Counts:
    firm, person = world.admitted("海丰县附城软件有限公司"), world.user("industry")
    for state in ("entered", "public"):
        db.session.add(
            PortalStory(
                firm_id=firm.id, title="一年越线", year=2021, summary="摘要", text="正文", consent_by="陈小明",
                consent_on=TODAY, filename="同意书.pdf", stored_name=state, media_type="application/pdf", size=1,
                sha256="0" * 64, state=state, office_id=person.office_id, by_id=person.id, by_name=person.name, at=NOW,
            )
        )  # fmt: skip
    return {"cityoffice": 1}


def _brought(world: World, model: Any, by: str = "haifeng") -> None:
    person = world.user(by)
    for outcome in (None, "given_up"):
        db.session.add(
            model(
                office_id=person.office_id, by_id=person.id, by_name=person.name, at=NOW, filename="清单.xlsx",
                sha256="0" * 64, rows=[], reading={}, counts={}, outcome=outcome,
            )
        )  # fmt: skip


def qualification_load(world: World) -> Counts:
    _brought(world, QualificationLoad)
    return {"haifeng": 1}


def resource_load(world: World) -> Counts:
    _brought(world, ResourceLoad)
    return {"haifeng": 1}


def level_load(world: World) -> Counts:
    person = world.user("statistics")
    for outcome in (None, "given_up"):
        db.session.add(
            LevelLoad(
                office_id=person.office_id, by_id=person.id, by_name=person.name, at=NOW, filename="结果.xlsx",
                sha256="0" * 64, rows=[], reading={}, counts={}, outcome=outcome, level="province",
            )
        )  # fmt: skip
    return {"statistics": 1}


def taxfigure_load(world: World) -> Counts:
    _brought(world, TaxLoad, by="cityoffice")
    return {"cityoffice": 1}


def dispute(world: World) -> Counts:
    firm = world.admitted("海丰县海城软件有限公司")
    recording.dispute(world.actor("industry"), figures.figures_of(firm)[0], at=NOW, reason="与增值税申报表不符")
    return SAME_OFFICE


def explanation(world: World) -> Counts:
    firm = world.admitted("海丰县莲花山软件有限公司")
    world.document(firm, material="M07")
    seen = world.document(firm, material="M07", month=8)
    seen.confirmed_at = NOW
    return BOTH_OFFICERS


def doubt(world: World) -> Counts:
    world.admitted("海丰县新山软件有限公司").doubted = ",revenue_to_date,"
    world.firm("海丰县龙津软件有限公司").doubted = ",revenue_to_date,"
    return {"cityoffice": 1, "statistics": 1, **BOTH_OFFICERS}


def unproven(world: World) -> Counts:
    firm = world.admitted("海丰县红城软件有限公司")
    for paper in db.session.scalars(select(Document).where(Document.firm_id == firm.id)):
        paper.voided_at = NOW
    return {
        "haifeng": 1, "haifeng2": 1, "science": 1, **BOTH_OFFICERS, "cityoffice": 1, "statistics": 1, "leader": 1, "auditor": 1,
    }  # fmt: skip


def job(world: World) -> Counts:
    for state in (JobState.FAILED, JobState.WAITING):
        db.session.add(Job(name="check_batch", arguments="[1]", lane=Lane.SHORT, state=state, queued_at=NOW))
    return {"sysadmin": 1}


def payee_name(world: World) -> Counts:
    vouchers.budget(world, "50000")
    vouchers.approved(world, 1)
    vouchers.case("TQ2020-0100")
    return {**SAME_OFFICE, "finance": 1, "finance2": 1}


def payee_confirm(world: World) -> Counts:
    row = vouchers.case("TQ2020-0100")
    named = NamedAccount(row.applicant, "汕尾农商银行", vouchers.account_number(7))
    payees.propose(world.actor("finance"), row, named, reason="", at=NOW)
    return {**SAME_OFFICE, "finance2": 1}


def budget_check(world: World) -> Counts:
    vouchers.budget(world, "50000")
    budgeting.enter(world.actor("cityoffice"), vouchers.cohort(), Decimal(10), document="财教〔2020〕2号", at=NOW)
    return {"finance": 1, "finance2": 1}


def _collected(world: World) -> PaymentBatch:
    vouchers.budget(world, "50000")
    return vouchers.collected(world, vouchers.approved(world, 2))


def batch_check(world: World) -> Counts:
    _collected(world)
    return {"finance2": 1, "cityoffice": 1}


def batch_send(world: World) -> Counts:
    paying.check(world.actor("finance2"), _collected(world), opinion="", at=NOW)
    return {"finance": 1, "finance2": 1}


def _sent(world: World) -> PaymentBatch:
    vouchers.budget(world, "50000")
    return vouchers.sent(world, vouchers.approved(world, 2))


def batch_settle(world: World) -> Counts:
    _sent(world)
    return {"finance": 1, "finance2": 1}


def bank_file(world: World) -> Counts:
    batch_id = _sent(world).id
    for state in ("waiting", "dropped"):
        db.session.add(
            BankFile(
                batch_id=batch_id, filename="回单.csv", stored_name=state, sha256=state.ljust(64, "0"), size=1, state=state,
                by_id=world.user("finance").id, by_name="罗财", at=NOW,
            )
        )  # fmt: skip
    return {"finance": 1, "finance2": 1}


def _paid(world: World) -> PaymentBatch:
    batch = _sent(world)
    paying.pay(world.actor("finance"), batch, day=TODAY, voucher="V", at=NOW, on=TODAY)
    return batch


_DEMANDED = Demanded("汕科函〔2021〕20号", TODAY, TODAY + timedelta(days=30), "材料不实")


def sample(world: World) -> Counts:
    _paid(world)
    sampling.draw(world.actor("cityoffice"), vouchers.cohort(), seed="1", reason="", at=NOW, on=TODAY)
    return {"cityoffice": 1, "finance": 1, "finance2": 1}


def demand(world: World) -> Counts:
    settling.ask_claw_back(world.actor("finance"), _paid(world).payments[0], _DEMANDED, at=NOW, on=TODAY)
    return {"finance": 1, "finance2": 1}


def demand_open(world: World) -> Counts:
    vouchers.clawed_back(world, _paid(world).payments[0], _DEMANDED)
    return {"finance": 1, "finance2": 1}


PLANTED: dict[str, Callable[[World], Counts]] = {
    plant.__name__: plant
    for plant in (
        review, mend, lead, claim, claim_answer, pair, batch, workbook, bundle, seal, file, level, recheck, rule,
        own_rule, case, case_kind, task, task_overdue, plan, certify, close, bulletin, notice, approval, token,
        appraisal, story, qualification_load, resource_load, level_load, taxfigure_load, dispute, explanation, doubt, unproven, job,
        payee_name, payee_confirm, budget_check, batch_check, batch_send, batch_settle, bank_file, sample, demand,
        demand_open,
    )
}  # fmt: skip
