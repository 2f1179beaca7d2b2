"""A county with cases in every state, each of its texts marked, so that a word of it elsewhere is a leak."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select

from registry.accounts.models import Approval
from registry.accounts.services import two_people
from registry.appraisals import services as appraising
from registry.appraisals.models import AppraisalScheme
from registry.appraisals.services import SchemeHead
from registry.base.extensions import db
from registry.base.periods import Period, Quarter
from registry.base.vocabulary import ApprovalKind, BatchState, RowKind, Ruling
from registry.bulletins.models import Bulletin
from registry.bulletins.queries import kept
from registry.bulletins.services import drafting as bulletining
from registry.bundles import queries as bundles
from registry.bundles import services as bundling
from registry.bundles.services import BroughtFile
from registry.cases.models import Case, CaseCohort, CaseKind
from registry.cases.queries import cases as case_queries
from registry.cases.queries import kinds as published_kinds
from registry.cases.services import certificates, entering, opinions
from registry.cases.services import kinds as case_kinds
from registry.cases.services import notices as case_notices
from registry.cases.services import steps as case_steps
from registry.cases.services.entering import ForWhom
from registry.claims.models import Claim
from registry.claims.services import claiming
from registry.demo.papers import written
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.duplicates.models import Pairing
from registry.duplicates.services import judging
from registry.duplicates.services.judging import RecordedVerdict
from registry.entries.services import entries as firms
from registry.figures.models import Figure
from registry.figures.services import recording
from registry.filings.models import Filing, IntakeWindow, LevelResult
from registry.filings.services import announcing
from registry.firms.models.firms import Firm
from registry.handovers.services import name_deputy
from registry.imports.models import ColumnChoice, ImportBatch, ImportRow
from registry.institutions import services as institutions
from registry.institutions.models import Institution
from registry.ledger.models import LedgerView
from registry.ledger.services import keeping
from registry.levelfiles.models import LevelLoad
from registry.merges.services import merging
from registry.notices.models import Notice
from registry.nudges.services import nudging
from registry.people.models import User
from registry.people.queries import people
from registry.plans.models import Plan
from registry.plans.services import drafting as planning
from registry.plans.services import milestones
from registry.plans.services import recording as recorded
from registry.plans.services import tasks as tasking
from registry.plans.services.milestones import MilestoneSet
from registry.plans.services.tasks import TaskSet
from registry.portal.models import PublicRow
from registry.portal.services import drawing, releasing, stories
from registry.portal.services.stories import StoryFacts
from registry.proposals.models import Proposal
from registry.proposals.services import reviews
from registry.qualifications.models import QualificationLoad
from registry.qualifications.rules.items import ScopeItem
from registry.qualifications.services import recording as qualifying
from registry.qualifications.services.recording import CertificateEntry, CertificateFacts
from registry.quarters.models import Snapshot
from registry.quarters.queries import corrections
from registry.quarters.rules.frozen import canonical, digest
from registry.queue.models import Job
from registry.queue.rules import JobState, Lane
from registry.reference.rules.thresholds import Basis
from registry.reference.rules.versions import RuleSetKind
from registry.register.models import RegisterLoad
from registry.resources.models import ResourceLoad
from registry.resources.rules.rights import ResourceOwner
from registry.resources.services import recording as offering
from registry.resources.services import using
from registry.resources.services.checking import ResourceFacts
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.rulesets.services import drafting
from registry.taxfigures.models import TaxFigure, TaxLoad
from registry.trail.models import TrailEntry
from registry.upperforms.models import UpperForm
from registry.workbooks.models import ReturnedValue, WorkbookReturn
from registry.workbooks.services import issuing
from tests import registered
from tests.api.tokens import asked
from tests.payments import staged
from tests.portal.opened import opened, released
from tests.world import NOW, TODAY, World, credit_code

OWNER = "lufeng"
MARK = "朱雀"
"""Stands in every text of the county's firms and of what was done about them."""

PHONE, AMOUNT = "13977665544", "7,654.32"
CANARIES = (MARK, PHONE, AMOUNT, "76543200")


@dataclass
class Scene:
    """The firms by their state, and one record for each name of a parameter in an address."""

    firms: dict[str, Firm]
    records: dict[str, Any]
    codes: list[str] = field(default_factory=list)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody outside may read."""
        return (*CANARIES, *self.codes)


@dataclass(frozen=True)
class Places:
    """Where the records of a scene lie, for a test on a copy of its database."""

    firms: dict[str, Any]
    records: dict[str, Any]
    codes: tuple[str, ...]

    @classmethod
    def of(cls, scene: Scene) -> Places:
        places = ({name: _place(record) for name, record in part.items()} for part in (scene.firms, scene.records))
        return cls(*places, codes=tuple(scene.codes))

    def scene(self) -> Scene:
        firms, records = ({name: _found(at) for name, at in part.items()} for part in (self.firms, self.records))
        return Scene(firms, records, list(self.codes))


def _place(record: Any) -> Any:
    return record if isinstance(record, str) else (type(record), inspect(record).identity)


def _found(place: Any) -> Any:
    return place if isinstance(place, str) else db.session.get_one(*place)


def build(world: World) -> Scene:
    """Firms of 陆丰 in the books of 市工信局: a draft, a case under review, one sent back, one in the directory."""
    draft = world.firm(f"陆丰市{MARK}甲软件有限公司", by=OWNER, **_texts(1))
    review = world.under_review(f"陆丰市{MARK}乙软件有限公司", by=OWNER, wan="7654.32", **_texts(2))
    returned = world.under_review(f"陆丰市{MARK}丙软件有限公司", by=OWNER, wan="7654.32", **_texts(3))
    officer, owner = world.actor("industry"), world.actor(OWNER)
    reviews.send_back(
        officer, returned, reason_code="R02", cells={"industry": f"{MARK}请核对"}, note=f"{MARK}退回", at=NOW, on=TODAY
    )
    listed = world.admitted(f"陆丰市{MARK}丁软件有限公司", by=OWNER, wan="7654.32", **_texts(4))
    firms.edit(owner, listed, {"activity": f"{MARK}改后业务"}, at=NOW, on=TODAY, reason=f"{MARK}更正")
    firms.rename(owner, listed, f"陆丰市{MARK}戊软件有限公司", at=NOW, on=TODAY, effective=TODAY, reason=f"{MARK}更名")
    paper = attachments.attach(
        owner,
        listed,
        filename=f"{MARK}合同.pdf",
        content=written("a contract"),
        material="M04",
        at=NOW,
        year=2021,
        month=8,
    )
    figure = db.session.scalars(select(Figure).where(Figure.firm_id == listed.id)).first()
    assert figure is not None
    recording.dispute(officer, figure, at=NOW, reason=f"{MARK}存疑")
    twin = world.firm(f"陸豐市{MARK}甲軟件有限公司", by=OWNER, **(_texts(5) | {"credit_code": None}))
    found = select(Pairing).where(Pairing.first_id == draft.id, Pairing.second_id == twin.id)
    pairing = db.session.scalars(found).one()
    said = RecordedVerdict(Ruling.UNSURE, f"{MARK}看不清")
    judging.judge(world.actor("cityoffice"), pairing, said, rounds=0, at=NOW)
    claim = claiming.claim(world.actor("chengqu"), listed, people.office("441502"), ground=f"{MARK}认领理由", at=NOW)
    claiming.add_evidence(
        owner, claim, people.office("441581"), kind="operating_address", text=f"{MARK}合同所载地址", division="441581",
        filename=f"{MARK}租赁合同.pdf", content=written("a lease"), at=NOW,
    )  # fmt: skip
    nudging.nudge_case(owner, review, at=NOW, on=TODAY, note=f"{MARK}请尽快")
    nudging.nudge_claim(owner, claim, at=NOW, on=TODAY, note=f"{MARK}请裁定")
    kept = world.firm(f"陆丰市{MARK}港口数据有限公司", by=OWNER, **_texts(6))
    again = world.firm(f"陸豐市{MARK}港口數據有限公司", by=OWNER, **(_texts(7) | {"credit_code": None}))
    choice = merging.MergeChoice(reason=f"{MARK}重复登记")
    merge = merging.merge(world.actor("cityoffice"), kept, again, choice, at=NOW, on=TODAY)
    db.session.commit()
    cases = [draft, review.firm, returned.firm, listed]
    return Scene(
        firms=dict(zip(("draft", "review", "returned", "listed"), cases, strict=True)),
        records={**_records(world, review, paper, figure, claim, listed), "pairing_id": pairing, "merge_id": merge},
        codes=[firm.credit_code or "" for firm in cases],
    )


def _texts(number: int) -> dict[str, Any]:
    return {
        "registered_address": f"陆丰市东海街道{MARK}路{number}号",
        "operating_address": f"陆丰市东海街道{MARK}路{number}号",
        "activity": f"{MARK}业务{number}",
        "contact_name": f"{MARK}某",
        "contact_phone": PHONE,
        "qualifications": f"{MARK}资质",
        "issue": f"{MARK}问题",
        "watch_reason": f"{MARK}关注",
    }


def filed_rows(world: World, listed: Firm) -> tuple[IntakeWindow, Filing]:
    """A filing that was sent back, with its window; the firm itself stands where it did."""
    held = db.session.scalars(select(Filing).where(Filing.firm_id == listed.id)).unique().first()
    if held is not None:
        return held.window, held
    who, row = world.actor("statistics"), announced(world)
    filing = Filing(
        firm=listed, window_id=row.id, door=row.door, year=2021, month=9, filed_on=TODAY, note=f"{MARK}说明",
        verdict={"amount": "76543200.00", "period": "2021-09", "line": "20000000.00", "rule_id": "X", "version": 1},
        by_id=who.user_id or 0, by_name=who.name, at=NOW, outcome="returned", closed_on=TODAY,
    )  # fmt: skip
    said = LevelResult(
        filing=filing, level="county", passed=False, on=TODAY, reason_code="R07", note=f"{MARK}缺页",
        by_id=who.user_id or 0, by_name=who.name, at=NOW,
    )  # fmt: skip
    db.session.add_all([filing, said])
    db.session.commit()
    return row, filing


def announced(world: World) -> IntakeWindow:
    """An intake window, announced once: public, and the same for everybody."""
    held = db.session.scalars(select(IntakeWindow)).first()
    given = {
        "year": 2021, "door": "annual_first", "batch": "第一批", "opens_on": TODAY, "closes_on": TODAY,
        "statement_year": 2021, "statement_month": 9, "source": "示例通知", "verified": True,
    }  # fmt: skip
    return held or announcing.announce(world.actor("statistics"), given, at=NOW)


def public() -> RegisterLoad:
    """The register of registered firms, loaded once: public facts, which whoever has business here may read."""
    held = db.session.scalars(select(RegisterLoad)).first()
    rows = [registered.row(credit_code(901)), registered.row(credit_code(902), "海丰县白鹭软件有限公司")]
    return held or registered.load(rows)


def _records(
    world: World, review: Proposal, paper: Document, figure: Figure, claim: Claim, listed: Firm
) -> dict[str, Any]:
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "rename")).one()
    batch = _batch(world.user(OWNER))
    institution = _institution(world, listed)
    return {
        "firm_id": listed,
        "proposal_id": review,
        "document_id": paper,
        "figure_id": figure,
        "year": "2021",
        "month": "9",
        "kind": "revenue",
        "claim_id": claim,
        "evidence_id": claim.evidence[0],
        "notice_id": db.session.scalars(select(Notice).where(Notice.kind == "returned")).one(),
        "batch_id": batch,
        "choice_id": _column_choice(world.user(OWNER)),
        **_upper_form(world.user(OWNER)),
        "job_id": _failed_job(),
        **_workbook(world, listed),
        **_bundle(world),
        "number": "1",
        "user_id": world.user("haifeng2"),
        "deputy_id": name_deputy(
            world.actor("industry2"),
            world.user("industry2"),
            world.user("industry"),
            TODAY,
            TODAY,
            reason="休假",
            at=NOW,
            on=TODAY,
        ),
        "approval_id": _approval(world),
        "load_id": public(),
        "draft_id": _draft(world),
        "registered_id": registered.firm(credit_code(901)),
        "window_id": filed_rows(world, listed)[0],
        "filing_id": filed_rows(world, listed)[1],
        "seq": act,
        "dataset": "return_reasons",
        "label": "2021Q3",
        **bulletin(world),
        **_plan(world, listed),
        "scheme_id": _scheme(world),
        **(case := _case(world, listed)),
        **_resource(world, listed, case["case_id"]),
        **_certificate(world, institution),
        **_qualification(world, listed, institution),
        **_portal(world, listed),
        **_tax_figure(world, listed),
        "mark": "0" * 16,
        "key": "1",
        "token_id": asked(world),
        "view_id": _view(world),
        "material": "M04",
        "period": "2021-09",
        **staged.records(world, MARK),
    }


def _view(world: World) -> LedgerView:
    """A view of the ledger that its owner alone keeps."""
    return keeping.save(world.actor(OWNER), f"{MARK}视图", "stage=lead", shared=False, at=NOW)


def _approval(world: World) -> Approval:
    """A request of the security administrator that waits for a second one."""
    user, ask = world.user("commerce"), two_people.ask
    return ask(world.actor("secadmin"), user, ApprovalKind.ROLES, roles=["clerk"], reason="岗位调整", at=NOW)


def _bundle(world: World) -> dict[str, Any]:
    """A scan that the county brought and nobody has settled yet."""
    bundle = bundling.receive(world.actor(OWNER), [BroughtFile(f"{MARK}扫描件.pdf", written("a scan"))], at=NOW)
    return {"bundle_id": bundle, "file_id": bundles.files_of(bundle)[0]}


def bulletin(world: World) -> dict[str, Any]:
    """The bulletin of a closed quarter, sent to the offices whose numbers are in it: every office reads it."""
    quarter, who = Quarter(2021, 2), world.actor("cityoffice")
    held = db.session.scalars(select(Bulletin)).unique().first()
    if held is None:
        header = {
            "city": "汕尾市", "groups": [], "divisions": {}, "rules": [], "scope": "", "compared_with": "2021Q1",
            "sizes": [0, 0, 0], "rules_digest": corrections.rules_digest(quarter), "previous": "", "certificates": [], "beside": digest(kept_text := canonical(kept.beside(quarter))),
        }  # fmt: skip
        snapshot = Snapshot(
            quarter=quarter.label, as_of=quarter.last, closed_at=NOW, closed_by_id=who.user_id,
            closed_by_name=who.name, note="", rows=0, changes=0, digest="0" * 64, chain_seq=0, chain_hash="",
            header=header, checklist=[], beside=kept_text, sealed=True,
        )  # fmt: skip
        db.session.add(snapshot)
        db.session.flush()
        held = bulletining.draft(who, quarter, at=NOW, on=TODAY)
        bulletining.submit(who, held, long_reason="", seen=held.revision, at=NOW, on=TODAY)
        db.session.commit()
    return {"bulletin_id": held, "paragraph_id": held.paragraphs[0]}


def _draft(world: World) -> RuleDraft:
    """A draft of the statutory lines that waits for a check."""
    author = world.actor("statistics")
    draft = drafting.prepare(author, RuleSetKind.STATUTORY, title="2022年四上标准", at=NOW, on=TODAY)
    draft.source = "国统字〔2021〕1号"
    db.session.flush()
    lines = drafts.lines_of(draft)
    line = replace(lines[-1], amount_yuan=Decimal(12_000_000), basis=Basis.REVENUE)
    drafting.write_line(author, draft, line, seen=draft.version, at=NOW)
    drafting.submit(author, draft, seen=draft.version, at=NOW, on=TODAY)
    return draft


def _plan(world: World, listed: Firm) -> dict[str, Any]:
    """The plan of the year, the draft of its next version, and a firm that the bureau in charge has marked."""
    plan = db.session.scalars(select(Plan)).one()
    version = planning.amend(world.actor("cityoffice"), plan, at=NOW, on=TODAY)
    mark = recorded.mark(
        world.actor("industry"), listed, "cultivated", since=TODAY, source=f"{MARK}认定文件", at=NOW, on=TODAY
    )
    given = TaskSet("三（二）2", f"{MARK}提名企业", f"{MARK}某", f"{MARK}名单", TODAY, TODAY + timedelta(days=9))
    task = tasking.assign(world.actor("cityoffice"), plan, people.office("441581"), given, at=NOW)
    by_then = MilestoneSet(TODAY, f"{MARK}初稿")
    milestone = milestones.add(world.actor("cityoffice"), task, by_then, at=NOW)
    db.session.commit()
    return {
        "milestone_id": milestone,
        "plan_id": plan,
        "task_id": task,
        "version_id": version,
        "target": "T1",
        "part": "targets",
        "mark_id": mark,
    }


def _portal(world: World, listed: Firm) -> dict[str, Any]:
    """An open portal with the listed firm's name in it, a typical case that waits, progress that was published."""
    opened(world)
    released(world, listed, keys=[])
    told = StoryFacts(f"{MARK}案例", 2021, f"{MARK}摘要", f"{MARK}正文", f"{MARK}签字人", TODAY)
    story = stories.enter(
        world.actor("industry"), listed, told, filename=f"{MARK}同意书.pdf", content=b"%PDF-1.4 x", at=NOW, on=TODAY
    )
    city = world.actor("cityoffice")
    progress = releasing.publish(city, ["T1"], at=NOW, on=TODAY)
    drawing.redraw(at=NOW, on=TODAY)
    shown = select(PublicRow).where(PublicRow.collection == "progress")
    return {
        "collection": "progress",
        "public_key": db.session.scalars(shown).first().key,  # type: ignore[union-attr]
        "publication_id": progress,
        "story_id": story,
    }


def _qualification(world: World, listed: Firm, institution: Institution) -> dict[str, Any]:
    """A certificate of the listed firm, one of an institution with its scan, a workbook that their county brought."""
    owner, user = world.actor(OWNER), world.user(OWNER)
    facts = CertificateFacts(
        "cma", "202119110001", f"{MARK}市场监管局", date(2021, 3, 1), date(2027, 2, 28), f"{MARK}建工材料检测",
        (ScopeItem(f"{MARK}土工", "含水率", "GB/T 50123-2019"),),
    )  # fmt: skip
    qualifying.add(owner, listed, CertificateEntry(facts), at=NOW, on=TODAY)
    paper = qualifying.attach(owner, institution, filename=f"{MARK}证书.pdf", content=b"%PDF-1.4 x", at=NOW)
    entry = CertificateEntry(replace(facts, number="202119110002"), paper)
    row = qualifying.add(owner, institution, entry, at=NOW, on=TODAY)
    load = QualificationLoad(
        office_id=user.office_id, by_id=user.id, by_name=user.name, at=NOW, filename=f"{MARK}资质.xlsx",
        sha256="0" * 64, rows=[], reading={}, counts={},
    )  # fmt: skip
    db.session.add(load)
    db.session.commit()
    return {"qualification_id": row, "brought_id": load}


def _resource(world: World, listed: Firm, case: Case) -> dict[str, Any]:
    """A resource of the listed firm that is not released, a case that paid for its use, a workbook of them."""
    owner, user = world.actor(OWNER), world.user(OWNER)
    facts = ResourceFacts(
        "instrument", f"{MARK}质谱仪", "441581", f"{MARK}痕量分析", TODAY, None, place=f"{MARK}路3号", maker=f"{MARK}仪器厂",
        model=f"{MARK}型", serial=f"{MARK}SN1", price=f"{MARK}元每样", contact_name=f"{MARK}某", contact_phone=PHONE,
    )  # fmt: skip
    row = offering.enter(owner, ResourceOwner(firm=listed), facts, at=NOW, on=TODAY)
    use = using.link(owner, row, case.number, at=NOW)
    load = ResourceLoad(
        office_id=user.office_id, by_id=user.id, by_name=user.name, at=NOW, filename=f"{MARK}资源.xlsx",
        sha256="0" * 64, rows=[], reading={}, counts={},
    )  # fmt: skip
    db.session.add(load)
    db.session.commit()
    return {"resource_id": row, "use_id": use, "resource_load_id": load}


def _tax_figure(world: World, listed: Firm) -> dict[str, Any]:
    """A figure of the tax office of the listed firm, and the file that brought it."""
    user = world.user("cityoffice")
    load = TaxLoad(
        office_id=user.office_id, by_id=user.id, by_name=user.name, at=NOW, filename=f"{MARK}税务.xlsx",
        sha256="0" * 64, rows=[], reading={}, counts={},
    )  # fmt: skip
    row = TaxFigure(
        firm=listed, load=load, kind="revenue", year=2021, month=9, amount=Decimal("76543200"), consent=f"{MARK}授权书",
        place="2", at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return {"tax_load_id": load, "level_load_id": _level_file(world)}


def _level_file(world: World) -> LevelLoad:
    """What a province said of many filings, as statistics brought it."""
    user = world.user("statistics")
    load = LevelLoad(
        office_id=user.office_id, by_id=user.id, by_name=user.name, at=NOW, filename=f"{MARK}省局.xlsx",
        sha256="0" * 64, rows=[], reading={}, counts={}, level="province",
    )  # fmt: skip
    db.session.add(load)
    db.session.commit()
    return load


def _scheme(world: World) -> AppraisalScheme:
    """A scheme of appraisal that waits for a second person."""
    head = SchemeHead("汕府办〔2021〕18号", "2021年度考核方案", TODAY, TODAY, date(2021, 12, 31))
    weights = {"tasks": 60, "quarters": 40}
    row = appraising.prepare(world.actor("cityoffice"), head, weights, at=NOW, on=TODAY)
    db.session.commit()
    return row


def case_rules(world: World) -> CaseCohort:
    """Kinds, all but one published, and a year of vouchers: public, and the same for everybody."""
    city_office = world.actor("cityoffice")
    if held := published_kinds.cohorts():
        return held[0]
    for row in db.session.scalars(select(CaseKind).where(CaseKind.state == "draft", CaseKind.code != "appeal")):
        case_kinds.publish(city_office, row, at=NOW)
    return case_kinds.open_cohort(
        city_office, group="voucher", year=2021, document="示例通知", opens_on=TODAY, closes_on=None, at=NOW
    )


def _case(world: World, listed: Firm) -> dict[str, Any]:
    """A case of the county that waits for its notice, one that had it, and the draft of a kind."""
    city_office, owner, cohort = world.actor("cityoffice"), world.actor(OWNER), case_rules(world)
    invoice = {"number": "76543210", "day": "2021-08-12", "seller": f"{MARK}检测公司", "amount": "7654.32"}
    edition = published_kinds.published("voucher-service", TODAY)
    assert edition is not None
    found = []
    for number in range(2):
        case = entering.begin(owner, edition, ForWhom(firm=listed), cohort=cohort, at=NOW, on=TODAY)
        values = {"service": "评估", "uses_facilities": "是", "legal_person": f"{MARK}某"}
        rows = {"invoices": [invoice | {"number": f"7654321{number}"}]}
        entering.save(owner, case, values, rows, seen=case.revision, at=NOW)
        for paper in case_queries.missing_papers(case):
            entering.attach(
                owner, case, paper=paper.code, filename=f"{MARK}材料.pdf", content=written(f"a paper {number} {paper.code}"),
                year=None, at=NOW,
            )  # fmt: skip
        case_steps.take(owner, case, "submit", at=NOW, on=TODAY)
        case_steps.take(world.actor("science"), case, "pass", at=NOW, on=TODAY)
        found.append(case)
    notice = case_notices.post(city_office, found[1:], first=TODAY, at=NOW, on=TODAY)
    db.session.commit()
    return {
        "case_id": found[0],
        "paper_id": found[0].papers[0],
        "public_id": notice,
        "kind_id": db.session.scalars(select(CaseKind).where(CaseKind.state == "draft")).one(),
        "verb": "approve",
    }


def _institution(world: World, listed: Firm) -> Institution:
    """An institution of the county that belongs to a firm of it."""
    given = {
        "kind": "new_rd", "name": f"{MARK}研究院", "credit_code": None, "firm": listed, "body_name": "",
        "division": "441581", "address": f"{MARK}路9号", "field": f"{MARK}材料", "founded_on": TODAY, "head": f"{MARK}某",
        "contact_name": f"{MARK}某", "contact_phone": PHONE, "source": f"{MARK}文件",
    }  # fmt: skip
    row = institutions.enter(world.actor(OWNER), world.user(OWNER).office, given, at=NOW, on=TODAY)
    db.session.commit()
    return row


def _certificate(world: World, institution: Institution) -> dict[str, Any]:
    """A case of recognition before its experts, one of whom has spoken, with a certificate that stands."""
    case_rules(world)
    edition = published_kinds.published("recognition-new-rd", TODAY)
    assert edition is not None
    whom = ForWhom(institution=institution)
    case = entering.begin(world.actor(OWNER), edition, whom, cohort=None, at=NOW, on=TODAY)
    case.state, case.values = "experts", {"direction": f"{MARK}方向"}
    db.session.flush()
    scores = {one.code: ("10", f"{MARK}理由") for one in case.kind.criteria}
    said = opinions.GivenOpinion(
        "朱雀专", f"{MARK}大学", interests="无", scores=scores, opinion=f"{MARK}意见", favours=True, filename=f"{MARK}意见.pdf",
        content=written("an opinion"),
    )  # fmt: skip
    opinions.enter(world.actor("science"), case, said, at=NOW)
    row = certificates.issue(case, at=NOW, on=TODAY)
    db.session.commit()
    return {"institution_id": institution, "certificate_id": row}


def _workbook(world: World, listed: Firm) -> dict[str, Any]:
    """A workbook of the county and what came back in it, as the job would leave it."""
    owner = world.user(OWNER)
    book = issuing.issue(world.actor(OWNER), owner.office, Period(2021, 9), contacts=True, at=NOW, on=TODAY)
    cells = [
        ReturnedValue(firm_id=listed.id, number=5, letter="F", field="activity", kind="clean", values={"given": MARK}),
        ReturnedValue(number=9, kind="unknown", values={"name": f"{MARK}庚软件有限公司"}),
    ]
    back = WorkbookReturn(
        workbook=book,
        office=owner.office,
        by_id=owner.id,
        by_name=owner.name,
        filename=f"{MARK}工作簿.xlsx",
        state="compared",
        counts={"clean": 1, "unknown": 1, "rows": 2, "same": 0},
        at=NOW,
    )
    db.session.add(back)
    db.session.flush()
    db.session.add_all(cells)
    for cell in cells:
        cell.return_id = back.id
    db.session.commit()
    return {"workbook_id": book, "return_id": back}


def _column_choice(user: User) -> ColumnChoice:
    """What the county has said of a heading of its own."""
    row = ColumnChoice(
        office_id=user.office_id,
        compared=f"{MARK}备注",
        heading=f"{MARK}备注",
        use="carried",
        by_name=user.name,
        at=NOW,
    )
    db.session.add(row)
    db.session.commit()
    return row


def _upper_form(user: User) -> dict[str, Any]:
    """A form of an upper level that the county brought, and what it has said of a heading of it."""
    form = UpperForm(
        office_id=user.office_id, by_id=user.id, by_name=user.name, at=NOW, filename=f"{MARK}汇总表.xlsx",
        sha256="0" * 64, title=f"{MARK}汇总表", fingerprint="0" * 64, counts={},
    )  # fmt: skip
    choice = ColumnChoice(
        office_id=user.office_id, form=form.fingerprint, form_title=form.title, compared=f"{MARK}条线",
        heading=f"{MARK}条线", use="left_out", by_name=user.name, at=NOW,
    )  # fmt: skip
    db.session.add_all([form, choice])
    db.session.commit()
    return {"upper_form_id": form, "form_choice_id": choice}


def _failed_job() -> Job:
    """What could not be done, and waits for an administrator."""
    job = Job(
        name="scan_pairs", arguments="[]", lane=Lane.LONG, state=JobState.FAILED, attempts=3, queued_at=NOW,
        reason="后台处理这一件时连续 3 次意外中断",
    )  # fmt: skip
    db.session.add(job)
    db.session.commit()
    return job


def _batch(user: User) -> ImportBatch:
    """A checked batch, as the job would leave it."""
    batch = ImportBatch(
        office_id=user.office_id,
        by_id=user.id,
        by_name=user.name,
        filename=f"{MARK}名单.xlsx",
        sheet="填报",
        headings=[{"letter": "A", "heading": "企业名称", "key": "name", "scale": None}],
        heading_row=1,
        year=2021,
        state=BatchState.CHECKED,
        total=1,
        done=1,
        faulty=1,
        created_at=NOW,
        touched_at=NOW,
    )
    db.session.add(batch)
    db.session.flush()
    name = f"{MARK}己软件有限公司"
    fault = {"field": "credit_code", "column": "B", "code": "code_length", "values": {"heading": "代码", "length": 3}}
    row = ImportRow(
        batch_id=batch.id, number=3, kind=RowKind.FAULTY, name=name, raw={"name": name}, faults=[fault]
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return batch
