"""Builders of a small invented city: its people, firms, figures and nominations."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from registry.base.credit_code import check_character, organisation_character
from registry.base.extensions import SHANGHAI, db
from registry.base.periods import Period
from registry.base.permissions import SYSTEM_ACTOR, Actor
from registry.base.vocabulary import FigureSource, Role
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.entries.services import entries
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.people.models import User
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.people.services import accounts
from registry.proposals.models import Proposal
from registry.proposals.services import proposals, reviews

PASSWORD = "Shanwei-2021-plan"
PEOPLE: dict[str, tuple[str, str, tuple[Role, ...]]] = {
    "haifeng": ("陈晓", "441521", (Role.CLERK,)),
    "haifeng2": ("陈岚", "441521", (Role.CLERK,)),
    "lufeng": ("林海", "441581", (Role.CLERK,)),
    "chengqu": ("黄敏", "441502", (Role.CLERK,)),
    "luhe": ("彭山", "441523", (Role.CLERK,)),
    "gaoxin": ("郑新", "441502-Z2", (Role.CLERK,)),
    "industry": ("吴工", "industry", (Role.OFFICER,)),
    "industry2": ("何工", "industry", (Role.OFFICER,)),
    "science": ("李科", "science", (Role.OFFICER,)),
    "market": ("周监", "market", (Role.OFFICER,)),
    "commerce": ("钱商", "commerce", (Role.OFFICER,)),
    "cityoffice": ("王培", "science", (Role.CITY_OFFICE,)),
    "statistics": ("赵统", "statistics", (Role.STATISTICIAN,)),
    "leader": ("孙领", "441500", (Role.LEADER,)),
    "auditor": ("冯审", "441500", (Role.AUDITOR,)),
    "finance": ("罗财", "finance", (Role.FINANCE,)),
    "finance2": ("财二", "finance", (Role.FINANCE,)),
    "sysadmin": ("系统员", "system", (Role.SYSTEM_ADMIN,)),
    "secadmin": ("安全员", "system", (Role.SECURITY_ADMIN,)),
    "auditadmin": ("审管员", "system", (Role.AUDIT_ADMIN,)),
}
NOW = datetime(2021, 10, 15, 9, 30, tzinfo=SHANGHAI)
TODAY = NOW.date()


def credit_code(number: int, region: str = "441521") -> str:
    """A valid invented code, distinct for each number."""
    eight = f"MA{number:06d}"
    first = f"91{region}{eight}{organisation_character(eight)}"
    return first + check_character(first)


class World:
    """Things that tests need, made through the services that the product uses."""

    def people(self) -> None:
        for username, (name, office, roles) in PEOPLE.items():
            accounts.create(
                SYSTEM_ACTOR, username=username, name=name, office=people.office(office), roles=roles,
                password=PASSWORD, at=NOW, must_change=False,
            )  # fmt: skip

    def user(self, username: str) -> User:
        return people.user(username)

    def actor(self, username: str) -> Actor:
        return actor_of(people.user(username))

    def firm(self, name: str = "海丰县云谷软件有限公司", *, by: str = "haifeng", **values: Any) -> Firm:
        """A lead with everything a submission asks for but its figure; one of its name is another firm."""
        number = db.session.scalar(select(func.count(Firm.id))) or 0
        given = {
            "name": name,
            "credit_code": credit_code(number + 1),
            "town": None,
            "registered_address": "海丰县海城镇人民路1号" if by.startswith("haifeng") else "工业大道8号",
            "operating_address": "海丰县海城镇人民路1号" if by.startswith("haifeng") else "",
            "industry": "6513",
            "activity": "软件开发和信息技术服务",
            "unit_kind": "legal_person",
            "accounting": "enterprise",
            "founded_on": date(2018, 5, 20),
            "contact_name": "陈小明",
            "contact_phone": "13800135678",
            **values,
        }
        office = people.user(by).office
        return entries.create(self.actor(by), office, given, at=NOW, on=TODAY, apart=True)

    def document(
        self, firm: Firm, *, by: str = "haifeng", material: str = "M04", year: int = 2021, month: int = 9
    ) -> Document:
        return attachments.attach(
            self.actor(by), firm, filename="利润表.pdf", content=f"%PDF-1.4 invented {material} {year}-{month}".encode(),
            material=material, at=NOW, year=year, month=month,
        )  # fmt: skip

    def figure(self, firm: Firm, wan: str, *, by: str = "haifeng", period: str = "2021-09", **more: Any) -> None:
        """Revenue in 万元 from an attached income statement of its period."""
        covered = Period.parse(period)
        paper = self.document(firm, by=by, year=covered.year, month=covered.month)
        recording.record(
            self.actor(by), firm, covered, Decimal(wan) * 10000,
            source=FigureSource.INCOME_STATEMENT, document=paper, at=NOW, on=TODAY, **more,
        )  # fmt: skip

    def submitted(
        self, name: str = "海丰县云谷软件有限公司", *, by: str = "haifeng", wan: str = "1500", **values: Any
    ) -> Proposal:
        firm = self.firm(name, by=by, **values)
        self.figure(firm, wan, by=by)
        return proposals.submit(self.actor(by), firm, at=NOW, on=TODAY)

    def under_review(self, *args: Any, reviewer: str = "industry", **values: Any) -> Proposal:
        proposal = self.submitted(*args, **values)
        reviews.take_up(self.actor(reviewer), proposal, at=NOW, on=TODAY)
        return proposal

    def admitted(self, *args: Any, reviewer: str = "industry", **values: Any) -> Firm:
        proposal = self.under_review(*args, reviewer=reviewer, **values)
        reviews.admit(self.actor(reviewer), proposal, industry_checked=True, opinion="", at=NOW, on=TODAY)
        return proposal.firm


Build = Callable[[Callable[[World], Any]], Any]
"""The fixture `build`: runs what makes something in the city, and gives back what it returns."""


def sign_in(client: FlaskClient, username: str) -> None:
    """Sign in as a person would: fetch the form, post it with its token."""
    page = client.get("/sign-in").get_data(as_text=True)
    answer = client.post("/sign-in", data={"username": username, "password": PASSWORD, "csrf_token": token_in(page)})
    assert answer.status_code == 302, answer.get_data(as_text=True)


def signed_in(app: Flask, username: str) -> FlaskClient:
    """A browser of one's own, signed in."""
    client = app.test_client()
    sign_in(client, username)
    return client


def token_in(page: str) -> str:
    """The CSRF token of a page's first form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no form"
    return found.group(1)


def post(client: FlaskClient, path: str, data: dict[str, Any] | None = None, *, page: str | None = None) -> Any:
    """Post as a browser does, with the token of `page` (by default any page of the signed-in person)."""
    token = token_in(client.get(page or "/password").get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, **(data or {})})
