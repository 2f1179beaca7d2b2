"""Firms whose lives run over several quarters: every step on its own day, through the services the product uses."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from registry.base.extensions import SHANGHAI
from registry.base.periods import Period
from registry.base.vocabulary import Action, FigureSource, Stage
from registry.documents.services import attachments
from registry.entries.services import entries
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.pathway.services import pathway
from registry.proposals.services import proposals, reviews
from tests.world import World, credit_code

REVIEWERS = {"6513": "industry", "7452": "market", "7212": "science"}


def moment(day: date) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI)


class Life:
    """One firm, named first on `on`; by default a software house of 海丰 below the line of its trade."""

    def __init__(self, world: World, name: str, number: int, *, on: date, by: str = "haifeng", **values: Any) -> None:
        self.world, self.by = world, by
        given = {
            "name": name,
            "credit_code": credit_code(number),
            "registered_address": "海丰县海城镇人民路1号",
            "operating_address": "海丰县海城镇人民路1号",
            "industry": "6513",
            "activity": "应用软件开发",
            "unit_kind": "legal_person",
            "accounting": "enterprise",
            "founded_on": date(2018, 5, 20),
            "employees": 30,
            "contact_name": "陈小明",
            "contact_phone": "13800135678",
            **values,
        }
        office = world.user(by).office
        self.firm: Firm = entries.create(world.actor(by), office, given, at=moment(on), on=on)

    def figure(self, wan: str, period: str, *, on: date, reason: str = "") -> Life:
        covered, clerk = Period.parse(period), self.world.actor(self.by)
        paper = attachments.attach(
            clerk, self.firm, filename="利润表.pdf", content=f"%PDF-1.4 {covered}".encode(), material="M04",
            at=moment(on), year=covered.year, month=covered.month,
        )  # fmt: skip
        recording.record(
            clerk, self.firm, covered, Decimal(wan) * 10000, source=FigureSource.INCOME_STATEMENT, document=paper,
            at=moment(on), on=on, reason=reason,
        )  # fmt: skip
        return self

    def admit(self, *, on: date) -> Life:
        """Submitted, taken up and admitted on one day."""
        reviewer = self.world.actor(REVIEWERS[str(self.firm.industry)])
        proposal = proposals.submit(self.world.actor(self.by), self.firm, at=moment(on), on=on)
        reviews.take_up(reviewer, proposal, at=moment(on), on=on)
        reviews.admit(reviewer, proposal, industry_checked=True, opinion="", at=moment(on), on=on)
        return self

    def edit(self, *, on: date, reason: str = "企业报告变更", **values: Any) -> Life:
        entries.edit(self.world.actor(self.by), self.firm, values, at=moment(on), on=on, reason=reason)
        return self

    def rename(self, name: str, *, on: date, effective: date) -> Life:
        clerk = self.world.actor(self.by)
        entries.rename(clerk, self.firm, name, at=moment(on), on=on, effective=effective, reason="登记机关核准变更")
        return self

    def remove(self, *, on: date, reason: str = "企业迁往外市") -> Life:
        city = self.world.actor("cityoffice")
        entries.remove(city, self.firm, at=moment(on), on=on, exit_reason="X02", reason=reason)
        return self

    def reopen(self, *, on: date) -> Life:
        entries.reopen(self.world.actor("cityoffice"), self.firm, at=moment(on), on=on, reason="企业迁回")
        return self

    def take_over(self, action: Action, stage: Stage, *, on: date) -> Life:
        statistics = self.world.actor("statistics")
        pathway.take_over(statistics, self.firm, stage, action=action, at=moment(on), on=on, note="依据纸质台账补记")
        return self


def listed(
    world: World, name: str, number: int, *, on: date = date(2021, 5, 10), wan: str = "1200", **values: Any
) -> Life:
    """A firm admitted on `on` by its full year of 2020, in 万元."""
    return Life(world, name, number, on=on, **values).figure(wan, "2020", on=on).admit(on=on)
