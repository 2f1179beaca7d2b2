"""What somebody may see and called so: firms, cases, certificates, institutions, resources, accounts.

Each begins where the list of its own page begins (`visible_to`), so that nothing is found here that is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from sqlalchemy import Select, func

from registry.base.credit_code import LENGTH
from registry.base.extensions import clock, db
from registry.base.permissions import Actor, can
from registry.base.vocabulary import Stage
from registry.cases.models import Case, CaseCertificate, CaseKind
from registry.cases.queries import cases, certificates
from registry.cases.queries.cases import CaseQuery
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.search import containing
from registry.institutions import queries as institutions
from registry.institutions.models import Institution
from registry.institutions.queries import InstitutionFilter
from registry.matching.normalise import fold
from registry.people.models import Office, User
from registry.people.queries import roster
from registry.people.queries.roster import AccountQuery
from registry.resources.models import Resource
from registry.resources.queries import resources
from registry.resources.queries.resources import ResourceQuery

LEAST = 2
"""Characters from which anything is looked for."""
SHOWN = 10
COUNTED = 1_000
"""Firms that are counted and put in order; of a text that more of them have, the first so many are enough."""


@dataclass(frozen=True)
class Hits:
    """Rows of one kind: the first `SHOWN`, and how many there are; `is_more`: at least that many."""

    rows: tuple[Any, ...] = ()
    total: int = 0
    is_more: bool = False


def found(actor: Actor, text: str) -> dict[str, Hits]:
    """By kind, in the order of the page, what has `text` in its name or number; kinds without any are left out."""
    return {kind: asked for kind, asked in _kinds(actor, text) if asked.rows}


def _kinds(actor: Actor, text: str) -> Iterator[tuple[str, Hits]]:
    if can(actor, "firm.list"):
        yield "firms", _firms(actor, text)
    if can(actor, "case.read"):
        columns = (Case.id, Case.number, Case.applicant, CaseKind.name)
        rows = cases.matching(actor, CaseQuery(text=text)).join(CaseKind, CaseKind.id == Case.kind_id)
        yield "cases", _counted(rows, *columns)
    if can(actor, "certificate.list"):
        columns_ = (CaseCertificate.id, CaseCertificate.number, CaseCertificate.holder)
        yield "certificates", _counted(certificates.matching(actor, text), *columns_)
    if can(actor, "institution.list"):
        wanted = institutions.matching(actor, InstitutionFilter(text), clock.today())
        shown = (Institution.id, Institution.name, Institution.kind, Institution.credit_code)
        yield "institutions", _counted(wanted.order_by(Institution.name, Institution.id), *shown)
    if can(actor, "resource.list"):
        offered = resources.matching(actor, ResourceQuery(text=text), clock.today())
        yield "resources", _counted(offered, Resource.id, Resource.name, Resource.kind)
    if can(actor, "user.list"):
        accounts = roster.search(actor, AccountQuery(text)).join(Office, Office.id == User.office_id)
        yield "users", _counted(accounts, User.id, User.username, User.name, Office.short_name)


def _counted(statement: Select[Any], *columns: Any) -> Hits:
    """The first rows and the number of all, in one statement."""
    told = statement.with_only_columns(*columns, func.count().over().label("total")).limit(SHOWN)
    rows = db.session.execute(told).all()
    return Hits(tuple(rows), rows[0].total if rows else 0)


# -- firms ----------------------------------------------------------------------------------------
def _firms(actor: Actor, text: str) -> Hits:
    """Those of exactly this name or code first, then those that begin with it, then the rest, each by name."""
    columns = (Firm.id, Firm.name, Firm.name_key, Firm.credit_code, Firm.stage, Firm.division)
    statement = firms.visible_to(actor).where(containing(text)).with_only_columns(*columns)
    rows = db.session.execute(statement.order_by(Firm.id.desc()).limit(COUNTED + 1)).all()
    key, code = fold(text), code_of(text)

    def nearness(row: Any) -> tuple[bool, bool, bool, bool, str, int]:
        return (
            row.credit_code != code or row.credit_code is None, row.name_key != key or not key,
            not key or not row.name_key.startswith(key), row.stage == Stage.MERGED, row.name, row.id,
        )  # fmt: skip

    return Hits(tuple(sorted(rows, key=nearness)[:SHOWN]), min(len(rows), COUNTED), len(rows) > COUNTED)


def exact(kinds: dict[str, Hits], text: str) -> tuple[str, int] | None:
    """The one thing whose whole code or number was typed: its kind and id."""
    code = code_of(text)
    numbers = (
        ("firms", "credit_code"),
        ("cases", "number"),
        ("certificates", "number"),
        ("institutions", "credit_code"),
    )
    for kind, column in numbers:
        for row in kinds[kind].rows if kind in kinds else ():
            if code and code_of(getattr(row, column) or "") == code:
                return kind, row.id
    entries = kinds["firms"].rows if "firms" in kinds else ()
    if len(code) == LENGTH and len(entries) == 1:  # the code of an entry that was merged leads to what it became
        return "firms", entries[0].id
    return None


def code_of(text: str) -> str:
    return "".join(normalize("NFKC", text).upper().split())


# -- opened last ----------------------------------------------------------------------------------
def opened(actor: Actor, firm_ids: Collection[int]) -> list[Any]:
    """The firms of these ids that the person may see today, in the order given."""
    columns = (Firm.id, Firm.name, Firm.credit_code, Firm.stage)
    rows = db.session.execute(
        firms.visible_to(actor).where(Firm.id.in_(firm_ids), Firm.stage != Stage.MERGED).with_only_columns(*columns)
    )
    by_id = {row.id: row for row in rows}
    return [by_id[number] for number in firm_ids if number in by_id]
