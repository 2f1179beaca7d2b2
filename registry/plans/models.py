"""Plans of the city with their dated versions, how a document splits targets over offices, and dated marks of firms."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, money, ratio, word
from registry.firms.models.firms import Firm
from registry.people.models import Office


class Plan(Base):
    """One plan under the code by which files and addresses know it; what it says stands in its versions."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(word(), unique=True)

    versions: Mapped[list[PlanVersion]] = relationship(back_populates="plan", order_by="PlanVersion.number")


class PlanVersion(Base):
    """What a plan says from `valid_from` on; an issued version is never changed, the next one follows it.

    `outcome` is empty while it is a draft, then issued or withdrawn; `submitted_at` once it waits for a second person.
    Nobody prepared one that files brought into an empty place. `edition`: what the text says of itself.
    """

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("outcome is null or outcome in ('issued', 'withdrawn')", name="outcome"),
        CheckConstraint("first_year <= last_year", name="years"),
        Index(
            "uq_plan_version_open_plan",
            "plan_id",
            unique=True,
            sqlite_where=sql("outcome is null"),
            postgresql_where=sql("outcome is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(120))
    document_no: Mapped[str] = mapped_column(String(80), default="")
    edition: Mapped[str] = mapped_column(String(40), default="")
    first_year: Mapped[int] = mapped_column(SmallInteger)
    last_year: Mapped[int] = mapped_column(SmallInteger)
    valid_from: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(Text, default="")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    prepared_by_name: Mapped[str] = mapped_column(String(40), default="")
    prepared_at: Mapped[datetime] = mapped_column(Moment())
    former_hands: Mapped[str] = mapped_column(Text, default="", server_default="")  # ",7,": who handed it over
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    outcome: Mapped[str | None] = mapped_column(word())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    opinion: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(Integer, default=1)

    plan: Mapped[Plan] = relationship(back_populates="versions", lazy="joined")
    paragraphs: Mapped[list[PlanParagraph]] = relationship(order_by="PlanParagraph.rank")
    targets: Mapped[list[PlanTarget]] = relationship(order_by="PlanTarget.rank")
    measures: Mapped[list[PlanMeasure]] = relationship(order_by="PlanMeasure.rank")
    subsidies: Mapped[list[SubsidyItem]] = relationship(order_by="SubsidyItem.rank")
    working_rules: Mapped[list[WorkingRule]] = relationship(order_by="WorkingRule.rank")

    __mapper_args__ = {"version_id_col": revision}


class PlanParagraph(Base):
    """A paragraph of the text, by its place in it."""

    __tablename__ = "plan_paragraph"
    __table_args__ = (UniqueConstraint("version_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    rank: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)


class PlanTarget(Base):
    """A target: how many of what. `counts`: what counts, in words; `kind` and `industries`: the same as a query."""

    __tablename__ = "plan_target"
    __table_args__ = (UniqueConstraint("version_id", "code"), CheckConstraint("amount > 0", name="amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    rank: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str] = mapped_column(word())
    name: Mapped[str] = mapped_column(String(80))
    amount: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(word())
    industries: Mapped[str] = mapped_column(String(200), default="")
    counts: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(200))


class PlanMeasure(Base):
    """A measure; its words are the paragraph of its code. No office leads unless somebody says so."""

    __tablename__ = "plan_measure"
    __table_args__ = (UniqueConstraint("version_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    rank: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str] = mapped_column(String(20))
    heading: Mapped[str] = mapped_column(String(120), default="")
    title: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(200))

    offices: Mapped[list[MeasureOffice]] = relationship(order_by="MeasureOffice.rank", cascade="all, delete-orphan")


class MeasureOffice(Base):
    """An office that answers for a measure, under the name that the text prints."""

    __tablename__ = "measure_office"
    __table_args__ = (UniqueConstraint("measure_id", "office_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("plan_measure.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    rank: Mapped[int] = mapped_column(SmallInteger)
    printed: Mapped[str] = mapped_column(String(80))

    office: Mapped[Office] = relationship(lazy="joined")


class SubsidyItem(Base):
    """What the plan supports: a share of a cost up to a cap, or a lump; `cap_public` if public bodies have another."""

    __tablename__ = "subsidy_item"
    __table_args__ = (UniqueConstraint("version_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    rank: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    share: Mapped[Decimal | None] = mapped_column(ratio())
    lump: Mapped[Decimal | None] = mapped_column(money())
    cap: Mapped[Decimal | None] = mapped_column(money())
    cap_public: Mapped[Decimal | None] = mapped_column(money())
    basis: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(200))


class WorkingRule(Base):
    """How the plan wants the work done; its words are the paragraph of its code."""

    __tablename__ = "working_rule"
    __table_args__ = (UniqueConstraint("version_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    rank: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(200))


class TargetSplit(Base):
    """A target split over counties and zones by a document, from its day on; a later document follows it."""

    __tablename__ = "target_split"
    __table_args__ = (Index("ix_target_split_plan_id_target", "plan_id", "target"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    target: Mapped[str] = mapped_column(word())
    document_no: Mapped[str] = mapped_column(String(80))
    document_name: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date] = mapped_column(Date)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    shares: Mapped[list[SplitShare]] = relationship(order_by="SplitShare.division")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return f"{self.target} {self.document_no}"


class SplitShare(Base):
    """How many of a target a county or zone has to bring, as the document says."""

    __tablename__ = "split_share"
    __table_args__ = (UniqueConstraint("split_id", "division"), CheckConstraint("amount >= 0", name="amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    split_id: Mapped[int] = mapped_column(ForeignKey("target_split.id"))
    division: Mapped[str] = mapped_column(ForeignKey("division.code"))
    amount: Mapped[int] = mapped_column(Integer)


class FirmMark(Base):
    """A firm is a high-technology service firm since a day, cultivated here or brought in, as a document says."""

    __tablename__ = "firm_mark"
    __table_args__ = (
        CheckConstraint("way in ('cultivated', 'introduced')", name="way"),
        Index(
            "uq_firm_mark_standing",
            "firm_id",
            "way",
            unique=True,
            sqlite_where=sql("voided_at is null"),
            postgresql_where=sql("voided_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    way: Mapped[str] = mapped_column(word())
    since: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(200))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    voided_at: Mapped[datetime | None] = mapped_column(Moment())
    voided_by_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    void_reason: Mapped[str] = mapped_column(Text, default="", server_default="")

    firm: Mapped[Firm] = relationship(lazy="joined")
    office: Mapped[Office] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.firm.name


class MeasureLead(Base):
    """Who leads a measure from now on, by whose word; appended, the last one counts. The plan may name nobody."""

    __tablename__ = "measure_lead"
    __table_args__ = (Index("ix_measure_lead_plan_id_measure", "plan_id", "measure"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    measure: Mapped[str] = mapped_column(String(20))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    source: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    office: Mapped[Office] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.measure


class PlanTask(Base):
    """A line of the annual list: what an office brings for a measure, who answers there, until when.

    `kind` and `aim`: which acts of the registry count as progress, and how many; else the office says how far it is.
    """

    __tablename__ = "plan_task"
    __table_args__ = (CheckConstraint("(kind = '') = (aim is null)", name="aim"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    measure: Mapped[str] = mapped_column(String(20))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    person: Mapped[str] = mapped_column(String(40))
    deliverable: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    kind: Mapped[str] = mapped_column(word(), default="")
    aim: Mapped[int | None] = mapped_column(Integer)
    done_on: Mapped[date | None] = mapped_column(Date)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    voided_at: Mapped[datetime | None] = mapped_column(Moment())
    void_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(Integer, default=1)

    plan: Mapped[Plan] = relationship()
    office: Mapped[Office] = relationship(lazy="joined")
    moves: Mapped[list[TaskMove]] = relationship(order_by="TaskMove.id")
    words: Mapped[list[TaskWord]] = relationship(order_by="TaskWord.id")
    milestones: Mapped[list[TaskMilestone]] = relationship(
        order_by="TaskMilestone.due_on, TaskMilestone.id", back_populates="task"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.title


class TaskMove(Base):
    """The day of a task was changed, and why; appended."""

    __tablename__ = "task_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("plan_task.id"), index=True)
    before: Mapped[date] = mapped_column(Date)
    after: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())


class TaskWord(Base):
    """What an office typed of a task that cannot be counted, for a quarter, with its evidence; appended."""

    __tablename__ = "task_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("plan_task.id"), index=True)
    quarter: Mapped[str] = mapped_column(String(6))
    said: Mapped[str] = mapped_column(String(200))
    evidence: Mapped[str] = mapped_column(String(200))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())


class TaskMilestone(Base):
    """A day on the way (阶段节点): what is to be shown by then, of a counted task perhaps how many."""

    __tablename__ = "task_milestone"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("plan_task.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    shown: Mapped[str] = mapped_column(String(120))
    number: Mapped[int | None] = mapped_column(Integer)
    done_on: Mapped[date | None] = mapped_column(Date)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    task: Mapped[PlanTask] = relationship(back_populates="milestones")
    moves: Mapped[list[MilestoneMove]] = relationship(order_by="MilestoneMove.id")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.shown


class MilestoneMove(Base):
    """The day of a milestone was changed, and why; appended."""

    __tablename__ = "milestone_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("task_milestone.id"), index=True)
    before: Mapped[date] = mapped_column(Date)
    after: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
