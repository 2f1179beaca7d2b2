"""What the tasks need and the invented city has too few of: firms that can file, and clean cases before a bureau.

Made through the services that the product uses, in the database that is served: `python -m bench tasks --prepare ..`,
in the folder whose `make run` serves it, and only in a demo.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from sqlalchemy import func, select

from registry import create_app
from registry.base.extensions import clock, db
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import FigureSource
from registry.config import ROOT
from registry.demo import filings
from registry.demo.city import credit_code
from registry.demo.papers import paper
from registry.documents.services import attachments
from registry.duplicates.queries import duplicates
from registry.entries.services import entries
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.pathway.services import standing
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.proposals.models import Proposal
from registry.proposals.services import proposals, reviews

CODES = "91441521MAK"
"""How the codes of these firms begin: a list is narrowed to them by it."""
READY, CLEAN = 51, 5
SEPTEMBER = Period(2021, 9)
WAN = Decimal(2500) * 10_000


class NoDemo(Exception):
    """The database is not one of invented firms."""


def city() -> Iterator[str]:
    """So many firms that can file and so many clean cases, beside what is there; a line for each kind."""
    with create_app().app_context():
        if not clock.is_demo():
            raise NoDemo
        names = _names()
        for _number in range(READY):
            _ready(next(names))
            db.session.commit()
        yield f"prepared: {READY} firms that can file"
        for _number in range(CLEAN):
            _submitted(next(names))
            db.session.commit()
        yield f"prepared: {CLEAN} clean cases"


def _ready(name: str) -> None:
    """Admitted, over the line, every paper of the next window recorded and its seals seen."""
    case, on = _submitted(name), clock.today()
    officer, statistics = _person("industry"), _person("statistics")
    reviews.take_up(officer, case, at=clock.now(), on=on)
    reviews.admit(officer, case, industry_checked=True, opinion="", at=clock.now(), on=on)
    standing.refresh(case.firm, on=on, at=clock.now())
    filings.collect(_person("haifeng"), statistics, case.firm, at=clock.now(), on=on)


def _submitted(name: str) -> Proposal:
    """A firm with its revenue and the paper of it, put forward by its county."""
    clerk, on = _person("haifeng"), clock.today()
    given = {
        "name": name, "credit_code": credit_code(_held() + 1, "441521", CODES[8:]), "division": "441521", "town": None, "industry": "6513",
        "registered_address": "海丰县海城镇人民路2号", "operating_address": "海丰县海城镇人民路2号",
        "activity": "软件开发", "unit_kind": "legal_person", "accounting": "enterprise", "founded_on": date(2018, 5, 20),
        "operating_state": "active", "operating_state_source": "国家企业信用信息公示系统", "employees": 20,
        "contact_name": "陈小明", "contact_phone": "13800135678",
    }  # fmt: skip
    firm = entries.create(clerk, people.office("441521"), given, at=clock.now(), on=on)
    kept = attachments.attach(
        clerk, firm, filename="利润表.pdf", content=paper(firm, SEPTEMBER), material="M04", at=clock.now(),
        year=SEPTEMBER.year, month=SEPTEMBER.month,
    )  # fmt: skip
    recording.record(
        clerk, firm, SEPTEMBER, WAN, source=FigureSource.INCOME_STATEMENT, document=kept, at=clock.now(), on=on
    )
    return proposals.submit(clerk, firm, at=clock.now(), on=on)


def _names() -> Iterator[str]:
    """Names like those of the demo, none of which the directory finds alike to one that it holds."""
    with (ROOT / "seeds" / "demo" / "trade_names.csv").open(encoding="utf-8", newline="") as file:
        heads = [row["trade_name"] for row in csv.DictReader(file)]
    random = Random(_held())
    while True:
        name = f"海丰县{''.join(random.sample(heads, 3))}软件有限公司"
        seen = duplicates.check(_person("haifeng"), name, None)
        if not seen:
            yield name


def _held() -> int:
    """How many of these firms there are already: the command may be given again."""
    return int(db.session.scalar(select(func.count(Firm.id)).where(Firm.credit_code.startswith(CODES))) or 0)


def _person(username: str) -> Actor:
    return actor_of(people.user(username))
