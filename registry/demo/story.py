"""The invented firms' stories, played through the same services that people use, day by day."""

from __future__ import annotations

import csv
import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random

from sqlalchemy import select

from registry.base import demo_database
from registry.base.extensions import SHANGHAI, db
from registry.base.periods import Period
from registry.base.permissions import SYSTEM_ACTOR, Actor, can
from registry.base.vocabulary import Action, FigureSource, Stage
from registry.claims.services import claiming
from registry.demo import (
    absences,
    bulletins,
    cases,
    city,
    disputes,
    filings,
    institutions,
    months,
    payments,
    planning,
    portal,
    qualifications,
    quarters,
    registrations,
    resources,
    rulesets,
)
from registry.demo.city import LISTED, TODAY, Story
from registry.demo.papers import paper
from registry.documents.services import attachments
from registry.entries.services import entries
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.merges.queries import plans
from registry.merges.rules import Pick
from registry.merges.services import merging
from registry.merges.services.merging import MergeChoice
from registry.pathway.services import pathway, standing
from registry.people.models import Office, User
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.people.services import accounts
from registry.proposals.models import Proposal
from registry.proposals.services import proposals, reviews
from registry.reference.models import Parameter
from registry.reference.queries import reference
from registry.trail.services import trail

PASSWORD = "Shanwei-Demo-2021"  # noqa: S105 - printed at the start: the demo is open to everybody
TODAY_KEY = "demo.today"
Step = Callable[["Teller"], None]


def build(
    folder: Path, *, total: int | None = None, progress: Callable[[int, int], None] = lambda done, of: None
) -> int:
    """Create accounts and play every story in the order of days; returns the number of firms. Commits nothing."""
    demo_database.refuse_to_build()
    db.session.add(
        Parameter(key=TODAY_KEY, valid_from=TODAY, value=TODAY.isoformat(), label="演示世界的今天", source="演示数据")
    )
    _accounts(folder)
    teller = Teller()
    stories = city.firms(folder, _lines(), count=total)
    days = [*steps(stories), *_register(folder, stories)]
    queue = [(day, number, step) for number, (day, step) in enumerate(days)]
    heapq.heapify(queue)
    for done in count(1):
        if not queue:
            break
        day, _, step = heapq.heappop(queue)
        teller.day = day
        step(teller)
        progress(done, done + len(queue))
    trail.record(
        SYSTEM_ACTOR, "demo", "city", at=teller.at, after={"firms": len(stories)}, reason="演示数据，企业均为虚构"
    )
    return len(stories)


class Teller:
    """Who acts and when, while the stories are told."""

    def __init__(self) -> None:
        """Of two colleagues the first tells the story."""
        self.day = TODAY
        self._clerks = {
            user.office.code: user
            for user in db.session.scalars(select(User).order_by(User.id.desc())).unique()
            if "clerk" in user.roles
        }
        self._officers = {
            user.office_id: user
            for user in db.session.scalars(select(User).order_by(User.id.desc())).unique()
            if "officer" in user.roles
        }
        self._minutes = Random(city.SEED)  # noqa: S311 - a story, not a secret

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, time(9 + self._minutes.randrange(8), self._minutes.randrange(60)), SHANGHAI)

    def clerk(self, office: str) -> Actor:
        return actor_of(self._clerks[office])

    def reviewer(self, proposal: Proposal) -> Actor:
        return actor_of(self._officers[proposal.reviewing_office_id or 0])

    def speaker(self, office: Office) -> Actor:
        """Who speaks for an office: the clerk who fills in, or the officer of a bureau."""
        return actor_of(self._clerks.get(office.code) or self._officers[office.id])

    def person(self, username: str) -> Actor:
        return actor_of(people.user(username))


@dataclass
class Narrative:
    """One story while it is told: the firm once it exists, its nomination once there is one."""

    story: Story
    firm: Firm | None = None
    proposal: Proposal | None = None

    @property
    def known(self) -> Firm:
        assert self.firm is not None  # noqa: S101 - a story begins with its firm
        return self.firm

    @property
    def case(self) -> Proposal:
        assert self.proposal is not None  # noqa: S101
        return self.proposal

    def begin(self, teller: Teller) -> None:
        values = dict(self.story.values)
        if self.story.former_name:
            values["name"] = self.story.former_name
        if self.story.ending == "lead":
            values |= {"contact_name": "", "contact_phone": "", "accounting": None}
        if self.story.ending == "watched":
            values["watch_reason"] = "营业收入接近入库线，继续关注"
        office = people.office(self.story.office)
        self.firm = entries.create(teller.clerk(office.code), office, values, at=teller.at, on=teller.day)

    def revenue(self, first: Period, last: Period) -> Step:
        """Cumulative figures of the months from `first` to `last`, each from its own income statement.

        Of a year that is over only December has one; the months before it came by workbook and are unproven.
        """

        def record(teller: Teller) -> None:
            clerk, firm = teller.clerk(self.story.office), self.known
            if not can(clerk, "figure.record", firm):  # a bureau is looking at the case
                return
            amounts = [(period, amount) for period, amount in self._cumulative() if first <= period <= last]
            if last.is_full_year:
                recording.append_all(
                    clerk, firm, amounts[:-1], source=FigureSource.WORKBOOK, document=None, at=teller.at, on=teller.day
                )
                amounts = amounts[-1:]
            for period, amount in amounts:
                kept = attachments.attach(
                    clerk, firm, filename=f"利润表{period}.pdf", content=paper(firm, period), material="M04",
                    at=teller.at, year=period.year, month=period.month,
                )  # fmt: skip
                recording.append(
                    clerk, firm, period, amount, source=FigureSource.INCOME_STATEMENT, document=kept,
                    at=teller.at, on=teller.day,
                )  # fmt: skip
            standing.refresh(firm, on=teller.day, at=teller.at)

        return record

    def _cumulative(self) -> Iterable[tuple[Period, Decimal]]:
        total = Decimal(0)
        for year, month, amount in self.story.months:
            total = amount if month == 1 else total + amount
            yield Period(year, month), total

    def rename(self, teller: Teller) -> None:
        entries.rename(
            teller.clerk(self.story.office), self.known, self.story.values["name"], at=teller.at, on=teller.day,
            effective=teller.day, reason="登记机关核准变更名称",
        )  # fmt: skip

    def submit(self, teller: Teller) -> None:
        self.proposal = proposals.submit(teller.clerk(self.story.office), self.known, at=teller.at, on=teller.day)

    def take_up(self, teller: Teller) -> None:
        reviews.take_up(teller.reviewer(self.case), self.case, at=teller.at, on=teller.day)

    def send_back(self, teller: Teller) -> None:
        reviews.send_back(
            teller.reviewer(self.case), self.case, reason_code="R02",
            cells={"activity": "请按收入构成填写主营业务", "employees": "与报表不一致，请核对"},
            note="行业代码与主营业务需对应", at=teller.at, on=teller.day,
        )  # fmt: skip

    def mend(self, teller: Teller) -> None:
        clerk = teller.clerk(self.story.office)
        better = {
            "activity": f"{self.known.activity}（收入占比八成以上）",
            "employees": (self.known.employees or 8) + 3,
        }
        entries.edit(clerk, self.known, better, at=teller.at, on=teller.day)
        self.submit(teller)

    def withdraw(self, teller: Teller) -> None:
        proposals.withdraw(teller.clerk(self.story.office), self.case, at=teller.at, on=teller.day, note="企业拟迁出")

    def reject(self, teller: Teller) -> None:
        reviews.reject(
            teller.reviewer(self.case), self.case, reason_code="R05", note="实际经营地不在本市",
            at=teller.at, on=teller.day,
        )  # fmt: skip

    def admit(self, teller: Teller) -> None:
        reviews.admit(
            teller.reviewer(self.case), self.case, industry_checked=True, opinion="材料齐全，同意入库培育",
            at=teller.at, on=teller.day,
        )  # fmt: skip

    def on_paper(self, *steps: tuple[Action, Stage]) -> Step:
        def copy(teller: Teller) -> None:
            who = teller.person("statistics")
            for action, stage in steps:
                pathway.take_over(
                    who, self.known, stage, action=action, at=teller.at, on=teller.day, note="依据统计部门纸质台账补记",
                    exit_reason="X01" if action is Action.DELIST else None,
                )  # fmt: skip

        return copy

    def collect(self, teller: Teller) -> None:
        filings.collect(
            teller.clerk(self.story.office), teller.person("statistics"), self.known, at=teller.at, on=teller.day,
            all_of_them=self.known.id % 3 == 0,
        )  # fmt: skip

    def file(self, levels: tuple[str, ...]) -> Step:
        """Papers, filing and what the levels said, all in the busy week of the first annual batch."""

        def file(teller: Teller) -> None:
            who = teller.person("statistics")
            filings.collect(teller.clerk(self.story.office), who, self.known, at=teller.at, on=teller.day)
            filing = filings.file(who, self.known, at=teller.at, on=teller.day)
            filings.judge(who, filing, levels, at=teller.at, on=teller.day)

        return file

    def remove(self, teller: Teller) -> None:
        entries.remove(
            teller.person("cityoffice"), self.known, at=teller.at, on=teller.day,
            exit_reason="X02", reason="企业迁往外市",
        )  # fmt: skip


_LONG_AGO = tuple(date(2021, 9, day) for day in (6, 8, 10, 14, 16))
# Working days around the National Day holidays, the last ones the busiest.
_LATELY = tuple(date(2021, 9, day) for day in (26, 28, 30)) + tuple(
    date(2021, 10, day) for day in (8, 9, 11, 12, 12, 13, 13, 14, 14)
)
# Days between submission and the last step of a case, and one more for today.
_FOLLOWING = {"withdrawn": 2, "under_review": 2, "returned": 4, "mended": 6, "rejected": 5}
_FILED = (Action.FILE, Stage.FILED)
_CHAIN = (Action.PASS_LEVEL, Stage.IN_CHAIN)
# How far the chain has come with a filing of the demo; `-city` is a level that sent it back.
_LEVELS: dict[str, tuple[tuple[str, ...], ...]] = {
    "filed": ((), (), ("-county",)),
    "in_chain": (
        ("county",), ("county", "city"), ("county", "-city"), ("county", "city", "province"),
        ("county", "city", "province", "national"),
    ),
}  # fmt: skip
_ENROLLED = (Action.CONFIRM, Stage.ENROLLED)


def steps(stories: Iterable[Story]) -> Iterable[tuple[date, Step]]:
    """Every step of every story with its day."""
    random = Random(city.SEED + 1)  # noqa: S311 - a story, not a secret
    tales = [Narrative(story) for story in stories]
    for tale in tales:
        yield from _days(tale, random)
    yield from quarters.closings()
    yield from _windows()
    yield date(2021, 10, 12), lambda teller: _copies(teller, tales)
    for tale in tales:
        if tale.story.ending in months.TOLD:
            yield months.DAY, months.beside(tale)
    yield date(2021, 10, 13), lambda teller: _claim(teller, tales)
    yield rulesets.DAY, _rules
    yield from disputes.steps(tales)
    yield from absences.steps()
    yield from institutions.steps()
    yield from planning.steps()
    yield from bulletins.steps()
    yield from cases.steps_told()
    yield from payments.steps_told()
    yield from qualifications.steps()
    yield from resources.steps()
    yield from portal.steps()


def _rules(teller: Teller) -> None:
    rulesets.draft(teller.person("statistics"), teller.person("cityoffice"), at=teller.at)


def _windows() -> Iterable[tuple[date, Step]]:
    """Statistics announces the windows of two years, and drafts the next."""

    def announced(year: int) -> Step:
        return lambda teller: filings.announce(teller.person("statistics"), year, at=teller.at)

    for year, day in filings.NOTICES.items():
        yield day, announced(year)
    yield filings.DRAFTS, lambda teller: filings.draft(teller.person("statistics"), at=teller.at)


def _register(folder: Path, stories: list[Story]) -> Iterable[tuple[date, Step]]:
    """The regulator's lists come the day after they were drawn."""
    yield (
        registrations.FIRST + timedelta(days=1),
        lambda teller: registrations.load_first(teller.person("sysadmin"), folder, stories, at=teller.at),
    )
    yield (
        registrations.SECOND + timedelta(days=1),
        lambda teller: registrations.load_second(teller.person("sysadmin"), folder, stories, at=teller.at),
    )


def _days(tale: Narrative, random: Random) -> Iterable[tuple[date, Step]]:
    story, since = tale.story, tale.story.known_since
    yield since, tale.begin
    if story.former_name and story.former_until:
        yield story.former_until, tale.rename
    if story.ending not in ("lead",) or random.random() < 0.5:
        yield date(2021, 1, 18) + timedelta(days=random.randrange(8)), tale.revenue(Period(2020, 1), Period(2020, 12))
        if story.ending in LISTED and story.values["founded_on"].year < 2019:
            yield date(2021, 1, 28), tale.revenue(Period(2019, 1), Period(2019, 12))
        for month, day in ((3, date(2021, 4, 12)), (6, date(2021, 7, 12)), (9, date(2021, 10, 11))):
            reported = day + timedelta(days=random.randrange(3))
            yield reported, tale.revenue(Period(2021, month - 2), Period(2021, month))
    yield from _review_days(tale, random)


def _review_days(tale: Narrative, random: Random) -> Iterable[tuple[date, Step]]:
    ending = tale.story.ending
    if ending in ("lead", "watched"):
        return
    if ending in LISTED:
        # Some enter in the quarter that the demo has just closed, so that its bulletin has something to say.
        spring = ending != "admitted" or random.random() < 0.8
        first = (date(2021, 2, 20) if spring else date(2021, 7, 19)) + timedelta(days=random.randrange(40))
        yield first, tale.submit
        yield first + timedelta(days=2), tale.take_up
        yield first + timedelta(days=5), tale.admit
        yield from _ending_days(tale, random)
        return
    first = _submission_day(ending, random)
    yield first, tale.submit
    if ending in ("proposed",):
        return
    if ending == "withdrawn":
        yield first + timedelta(days=1), tale.withdraw
        return
    yield first + timedelta(days=1), tale.take_up
    if ending in ("returned", "mended"):
        yield first + timedelta(days=3), tale.send_back
    if ending == "mended":
        yield first + timedelta(days=5), tale.mend
    if ending == "rejected":
        yield first + timedelta(days=4), tale.reject


def _submission_day(ending: str, random: Random) -> date:
    """Most open cases came in lately, a few have been lying for weeks; all that follows is over by the demo's day."""
    days = _LONG_AGO if random.random() < 0.15 else _LATELY
    return min(random.choice(days), TODAY - timedelta(days=_FOLLOWING.get(ending, 1)))


def _ending_days(tale: Narrative, random: Random) -> Iterable[tuple[date, Step]]:
    later = date(2021, 7, 20) + timedelta(days=random.randrange(60))
    steps: dict[str, Step] = {
        "enrolled": tale.on_paper(_FILED, _CHAIN, _ENROLLED),
        "delisted": tale.on_paper(_FILED, _CHAIN, _ENROLLED, (Action.DELIST, Stage.DELISTED)),
        "removed": tale.remove,
        "merged": lambda teller: _merge(teller, tale),
    }
    if tale.story.ending in steps:
        yield later, steps[tale.story.ending]
    if tale.story.ending in _LEVELS:
        yield filings.FILING_DAY, tale.file(random.choice(_LEVELS[tale.story.ending]))
    elif tale.story.ending == "qualified" and random.random() < 0.5:
        yield filings.FILING_DAY, tale.collect


def _merge(teller: Teller, tale: Narrative) -> None:
    """The city office finds that the county registered one firm twice, and folds the second entry into the first."""
    others = (Firm.office_id == tale.known.office_id, Firm.id != tale.known.id, Firm.stage == Stage.ADMITTED)
    for into in db.session.scalars(
        select(Firm).where(*others).order_by(Firm.industry != tale.known.industry, Firm.id)
    ).unique():
        plan = plans.plan(into, tale.known)
        if plan.obstacles:
            continue
        picks = {clash.key: Pick.WINNER for clash in plan.clashes}
        choice = MergeChoice("与同一企业重复登记", picks, code_ground="mistyped", code_checked=True)
        merging.merge(teller.person("cityoffice"), into, tale.known, choice, at=teller.at, on=teller.day)
        return


def _copies(teller: Teller, tales: list[Narrative]) -> None:
    """Leads that another hand typed again: without a code, in traditional characters, with moved brackets."""
    from opencc import OpenCC

    traditional = OpenCC("s2hk")
    originals = [tale.known for tale in tales if tale.story.ending == "admitted"][:18]
    offices = ["441502", "441521", "441523", "441581"]
    for number, firm in enumerate(originals):
        office = people.office(offices[number % 4])
        name = (traditional.convert(firm.name), f"{firm.name} ", _bracketed(firm.name))[number % 3].strip()
        values = {"name": name, "no_code_reason": "尚未取得营业执照复印件"}
        entries.create(teller.clerk(office.code), office, values, at=teller.at, on=teller.day, apart=True)


def _bracketed(name: str) -> str:
    """陆河县青梅软件有限公司 -> 青梅软件（陆河县）有限公司."""
    for place in ("汕尾市城区", "汕尾红海湾", "汕尾华侨区", "汕尾市", "海丰县", "陆河县", "陆丰市"):
        if name.startswith(place) and name.endswith("有限公司"):
            return f"{name[len(place) : -4]}（{place}）有限公司"
    return name


def _claim(teller: Teller, tales: list[Narrative]) -> None:
    """Two offices nominate the same firm; the city office has yet to decide."""
    for tale in [tale for tale in tales if tale.story.office == "441502" and tale.story.ending == "admitted"][:2]:
        office: Office = people.office("441502-Z2")
        claiming.claim(
            teller.clerk(office.code), tale.known, office, ground="企业实际经营地在高新区红草园区", at=teller.at
        )


def _accounts(folder: Path) -> None:
    start = datetime(2020, 1, 2, 9, 0, tzinfo=SHANGHAI)
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            accounts.create(
                SYSTEM_ACTOR, username=row["username"], name=row["name"], office=people.office(row["office"]),
                roles=row["roles"].split(), password=PASSWORD, at=start, must_change=False,
            )  # fmt: skip


def _lines() -> dict[str, Decimal]:
    """The statutory line of every industry class on the demo's day."""
    table = reference.classification()
    result = {}
    for industry in table.all():
        rule = reference.rules().statutory(industry.code, Period.of(TODAY), section=industry.section)
        if rule and rule.amount_yuan:
            result[industry.code] = rule.amount_yuan
    return result
