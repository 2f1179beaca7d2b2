"""What tests of cases begin with: published kinds, cohorts, institutions, cases filled as a clerk fills them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from registry.base.extensions import db
from registry.cases.models import Case, CaseCohort, CaseKind
from registry.cases.queries import cases, kinds
from registry.cases.services import entering, notices, steps
from registry.cases.services import kinds as publishing
from registry.cases.services.entering import ForWhom
from registry.firms.models.firms import Firm
from registry.institutions.models import Institution
from registry.people.queries import people
from tests.payments import vouchers
from tests.world import NOW, TODAY, World

PDF = b"%PDF-1.4 "
SERVICE = {"service": "检验检测", "uses_facilities": "是", "legal_person": "陈云谷"}
SUPPORT = {
    "workstation": "海上风电院士工作站", "station_kind": "院士工作站", "recognised_on": "2020-11-20",
    "recognition_no": "粤科函〔2020〕88号",
}  # fmt: skip


def invoice(number: str = "12345678", amount: str = "1000000", **more: str) -> dict[str, str]:
    given = {"number": number, "code": "044001900111", "day": "2021-08-12", "seller": "广东质检技术有限公司"}
    return given | {"amount": amount} | more


def equipment(serial: str = "SN-001", amount: str = "12000000", **more: str) -> dict[str, str]:
    given = {"name": "质谱仪", "serial": serial, "maker": "岛津公司", "invoice": "22334455", "day": "2021-06-01"}
    return given | {"amount": amount} | more


class CaseWorld:
    """A city with every kind published by its second person, and the cohorts 2020 and 2021 of vouchers."""

    def __init__(self, world: World) -> None:
        self.world = world
        for row in db.session.scalars(select(CaseKind).where(CaseKind.state == "draft")):
            publishing.publish(world.actor("cityoffice"), row, at=NOW)
        self.cohorts = {
            year: publishing.open_cohort(
                world.actor("cityoffice"), group="voucher", year=year, document=f"汕科函〔{year}〕12号",
                opens_on=date(year, 1, 1), closes_on=date(2021, 12, 31), at=NOW,
            )
            for year in (2020, 2021)
        }  # fmt: skip
        for cohort in self.cohorts.values():
            vouchers.funded(world, cohort, "900000000")

    def institution(
        self, name: str = "汕尾海上风电研究院", *, by: str = "haifeng", kind: str = "new_rd"
    ) -> Institution:
        row = Institution(
            kind=kind, name=name, name_key=name, office=people.user(by).office, by_name="陈晓", at=NOW,
            body_name="汕尾市科技局",
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row

    def begun(
        self, code: str, whom: ForWhom, *, by: str = "haifeng", cohort: CaseCohort | None = None, on: date = TODAY
    ) -> Case:
        edition = kinds.published(code, on)
        assert edition is not None
        return entering.begin(self.world.actor(by), edition, whom, cohort=cohort or self.cohorts[2021], at=NOW, on=on)

    def filled(
        self, case: Case, values: dict[str, str], rows: dict[str, list[dict[str, str]]] | None = None, *,
        by: str = "haifeng",
    ) -> Case:  # fmt: skip
        """With what is typed and every required paper."""
        entering.save(self.world.actor(by), case, values, rows or {}, seen=case.revision, at=NOW)
        self.papers(case, by=by)
        return case

    def papers(self, case: Case, *, by: str = "haifeng") -> None:
        for paper in cases.missing_papers(case):
            content = PDF + f"{case.number} {paper.code}".encode()
            entering.attach(
                self.world.actor(by), case, paper=paper.code, filename=f"{paper.name[:20]}.pdf", content=content,
                year=cases.paper_year(case, paper), at=NOW,
            )  # fmt: skip

    def service(
        self, *amounts: str, by: str = "haifeng", cohort: CaseCohort | None = None, firm: str = "海丰县云谷软件有限公司",
        rows: list[dict[str, str]] | None = None,
    ) -> Case:  # fmt: skip
        """A voucher for services with an invoice for each amount, of a firm of its own."""
        count = len(self.world_numbers())
        rows = rows or [invoice(f"{count + 1}{number:03d}5678", amount) for number, amount in enumerate(amounts)]
        case = self.begun("voucher-service", ForWhom(firm=self.world.firm(firm, by=by)), by=by, cohort=cohort)
        return self.filled(case, SERVICE, {"invoices": rows}, by=by)

    def workstation(self, support: str, *, cohort: CaseCohort | None = None, name: str = "海上风电院士工作站") -> Case:
        whom = ForWhom(institution=self.institution(name, kind="academician"))
        case = self.begun("voucher-workstation", whom, cohort=cohort)
        return self.filled(case, SUPPORT | {"workstation": name, "support": support})

    def world_numbers(self) -> list[str]:
        return list(db.session.scalars(select(Case.number)))

    def take(
        self, case: Case, verb: str, by: str, *, on: date = TODAY, reason: str = "", cells: dict[str, str] | None = None,
        money: bool = False,
    ) -> Case:  # fmt: skip
        steps.take(
            self.world.actor(by), case, verb, at=datetime.combine(on, NOW.timetz()), on=on, reason=reason, cells=cells,
            money=money,
        )  # fmt: skip
        return case

    def passed(self, case: Case, *, by: str = "haifeng") -> Case:
        """Submitted, and found in order by the bureau."""
        self.take(case, "submit", by)
        return self.take(case, "pass", "science")

    def noticed(self, case: Case) -> date:
        """Posted today; the first day after its notice."""
        notice = notices.post(self.world.actor("cityoffice"), [case], first=TODAY, at=NOW, on=TODAY)
        return notice.last_day + timedelta(days=1)

    def approved(self, case: Case, *, by: str = "haifeng") -> Case:
        """By as many persons as its amount asks for."""
        day = self.noticed(self.passed(case, by=by))
        self.take(case, "approve", "cityoffice", on=day)
        if case.state == "second":
            self.take(case, "confirm", "cityoffice2", on=day)
        return case


RESEARCH = {
    "legal": "是", "started_on": "2018-03-01", "equipment": "3000000", "space": "900", "researchers": "30", "staff": "50",
    "research_cost": "2600000", "income": "9000000", "direction": "海上风电运维",
}  # fmt: skip


def recognition(
    city: CaseWorld, *, name: str = "汕尾海上风电研究院", firm: Firm | None = None, to: str = "experts"
) -> Case:
    """A case of recognition before the bureau (`check`) or its experts."""
    institution = city.institution(name)
    if firm is not None:
        institution.firm, institution.body_name = firm, ""
        db.session.flush()
    case = city.filled(city.begun("recognition-new-rd", ForWhom(institution=institution)), RESEARCH)
    city.take(case, "submit", "haifeng")
    return case if to == "check" else city.take(case, "review", "science")


def fill(client: FlaskClient, path: str, typed: dict[str, Any]) -> TestResponse:
    """Open the page, type into its form and send it, with all that the form carries already."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    (form,) = html.fromstring(answer.get_data(as_text=True)).xpath(
        "//main//form[@method='post' and not(@class='post')]"
    )
    carried = {name: value for name, value in form.form_values() if name and name != "form_key"}
    return client.post(path, data=carried | typed)
