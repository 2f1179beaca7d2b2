"""The permission table says what docs/domain.md 2 says, and its row scope is the same in Python and in SQL."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.extensions import db
from registry.base.permissions import (
    ADMINISTRATORS,
    PERMISSIONS,
    ROLE_OFFICES,
    SYSTEM_ACTOR,
    Actor,
    can,
    roles_conflict,
    sees_firm,
)
from registry.base.vocabulary import ROLE_LABELS, OfficeKind, Role
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from tests.house.addresses import addresses
from tests.house.scene import Scene
from tests.world import PEOPLE, World

BUSINESS = {
    "inbox",
    "firm.list",
    "firm.export",
    "proposal.list",
    "claim.list",
    "merge.list",
    "import.list",
    "quarter.read",
    "window.read",
    "exit.list",
    "rule.read",
    "ruleset.read",
    "reference.read",
    "reference.export",
    "forecast.list",
    "register.read",
    "register.export",
    "register.loads",
    "plan.read",
    "bulletin.read",
    "appraisal.read",
    "institution.list",
    "certificate.list",
    "certificate.check",
    "institution.export",
    "case.read",
    "case.export",
    "kind.read",
    "qualification.list",
    "qualification.export",
    "resource.list",
    "resource.export",
    "taxfigure.list",
    "taxfigure.export",
    "deputy.own",
}
# Suspected pairs span offices: a county gets its hints while it types, and no queue.
PAIRS = {"pairing.list", "pairing.export"}
# Drafts of rules, and what they would do to the whole city, are for those who see all of it.
DRAFTS = {"ruleset.read_draft", "ruleset.export", "plan.read_draft"}
# The way into four-above is read by those who see all, and walked by statistics alone.
CHAIN = {"filing.list", "filing.export", "recheck.list"}
WALKS = {"window.manage", "filing.file", "recheck.record", "firm.delist"}
ALWAYS = {"public", "account"}
# Money is read by who pays, who answers for it and who looks on; nothing of the directory is seen by who only pays.
MONEY = {"payment.read", "payment.cases", "payment.export"}
# What anybody may read without signing in, from inside.
PORTAL = {"portal.read", "story.list"}
# An office takes its own workbook and brings it back.
BOOKS = {"workbook.list", "workbook.issue", "workbook.return"}
# What each role may do without a record in hand; written here a second time, so that a slip in the table shows.
BY_ROLE = {
    Role.CLERK: BUSINESS | {"nudge.list", "payment.cases", "upperform.fill", "firm.create", "firm.export_contacts", "duplicates.hint", "claim.raise", "bundle.bring", "import.create", "quarter.certify", "qualification.load", "resource.enter", "resource.load"} | BOOKS,
    Role.OFFICER: BUSINESS | PAIRS | PORTAL | {"nudge.list", "portal.release", "story.enter", "upperform.fill", "firm.export_contacts", "duplicates.hint", "pairing.judge", "review.list", "review.next", "review.together", "quarter.certify", "qualification.load", "resource.enter", "resource.load"},
    Role.CITY_OFFICE: BUSINESS
    | CHAIN
    | BOOKS
    | PAIRS
    | DRAFTS
    | MONEY
    | {
        *PORTAL, "nudge.list", "overdue.nudge", "portal.release", "portal.switch", "portal.progress", "story.enter", "budget.move", "upperform.fill", "taxfigure.load", "sample.draw", "ruleset.draft", "reference.draft", "plan.draft", "plan.split", "plan.assign", "bulletin.draft", "bulletin.wording", "appraisal.draft", "appraisal.read_all", "plan.watch", "kind.edit", "case.notice", "cohort.open", "firm.create", "firm.export_contacts", "duplicates.hint", "pairing.certify", "pairing.judge", "review.list", "claim.raise",
        "claim.decide", "bundle.bring", "import.create", "quarter.close", "quarter.extend", "quarter.export", "qualification.load", "resource.enter", "resource.load", "firm.remove", "firm.merge", "merge.undo", "institution.enter",
    },
    Role.STATISTICIAN: BUSINESS | PORTAL | CHAIN | WALKS | PAIRS | DRAFTS | {"levelfile.load", "ruleset.draft", "reference.draft", "plan.draft", "firm.export_contacts", "review.list", "quarter.export"},
    Role.LEADER: BUSINESS | PORTAL | CHAIN | PAIRS | DRAFTS | MONEY | {"review.list", "quarter.export", "plan.lead", "plan.watch", "appraisal.read_all"},
    Role.AUDITOR: BUSINESS
    | PORTAL
    | CHAIN
    | PAIRS
    | DRAFTS
    | MONEY
    | {"appraisal.read_all", "workbook.list", "review.list", "quarter.export", "trail.read", "trail.read_business", "trail.export", "trail.verify", "exception.read"},
    Role.FINANCE: MONEY | {"payment.make", "payment.act", "case.read", "case.export", "kind.read", "certificate.list", "certificate.check"},
    # The register is reference data, not business: who loads it sees the loads, and none of what anybody proposed.
    Role.SYSTEM_ADMIN: {"work.hand_over", "token.list", "token.ask", "user.list", "user.manage", "password.ask", "approval.list", "job.list", "job.retry", "register.load", "register.loads"} | {"reference.read", "reference.export", "reference.draft"},
    Role.SECURITY_ADMIN: {"token.list", "user.list", "role.grant", "password.ask", "approval.list"},
    Role.AUDIT_ADMIN: {"approval.list", "trail.read", "trail.export", "trail.verify"},
}  # fmt: skip


def holder(role: Role) -> Actor:
    kind = next(iter(sorted(ROLE_OFFICES[role])), OfficeKind.LEADERSHIP)
    return Actor(1, "某人", 1, "code", kind, frozenset({role}))


def without_record(permission: str) -> bool:
    """Whether the permission can be asked about no record at all."""
    try:
        can(holder(Role.CLERK), permission)
        can(holder(Role.OFFICER), permission)
        can(holder(Role.CITY_OFFICE), permission)
    except AttributeError:
        return False
    return True


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_it_is_for_and_nothing_else(role: Role) -> None:
    plain = {permission for permission in PERMISSIONS if without_record(permission)}
    held = {permission for permission in plain if can(holder(role), permission)}
    assert held - ALWAYS == BY_ROLE[role]


def test_whoever_has_no_role_has_only_an_account() -> None:
    nobody = Actor(1, "某人", 1, "441521", OfficeKind.COUNTY, frozenset())
    assert {p for p in PERMISSIONS if without_record(p) and can(nobody, p)} == ALWAYS


def test_the_system_is_no_person() -> None:
    assert {p for p in PERMISSIONS if without_record(p) and can(SYSTEM_ACTOR, p)} == {"public"}


def test_a_misspelt_permission_is_an_error_and_not_a_refusal() -> None:
    with pytest.raises(KeyError):
        can(holder(Role.CLERK), "firm.lst")


def test_administrators_share_their_account_with_no_other_role() -> None:
    allowed = {
        frozenset({one, other})
        for one in Role
        for other in Role
        if one != other and not roles_conflict(frozenset({one, other}))
    }
    assert {pair for pair in allowed if pair & ADMINISTRATORS} == set()
    assert len(allowed) == 21


def test_every_role_has_a_label_and_offices_that_may_hold_it() -> None:
    assert set(ROLE_LABELS) == set(ROLE_OFFICES) == set(Role) == set(BY_ROLE)


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_the_row_scope_is_the_same_in_python_and_in_sql(world: World, scene: Scene, username: str) -> None:
    world.admitted()
    world.firm("汕尾市城区海陆检测有限公司", by="chengqu", industry="7452")
    world.firm("汕尾高新区红树林软件有限公司", by="gaoxin")
    world.firm("汕尾市信利咨询有限公司", by="cityoffice", industry="7244")
    db.session.flush()
    actor = world.actor(username)
    everything = db.session.scalars(select(Firm).order_by(Firm.id)).unique().all()
    seen = db.session.scalars(firms.visible_to(actor).order_by(Firm.id)).unique().all()
    assert [firm.name for firm in seen] == [firm.name for firm in everything if sees_firm(actor, firm)]


def test_a_zones_firm_is_read_by_its_statistical_county_and_edited_by_the_zone(world: World) -> None:
    firm = world.firm("汕尾高新区红树林软件有限公司", by="gaoxin")
    assert {name: (sees_firm(world.actor(name), firm), can(world.actor(name), "firm.edit", firm)) for name in ("gaoxin", "chengqu", "haifeng")} == {
        "gaoxin": (True, True), "chengqu": (True, False), "haifeng": (False, False),
    }  # fmt: skip


# What a reader may post to: the own account, files to take away, a check of the trail.
HARMLESS = {
    "public", "account", "firm.export", "institution.export", "certificate.export", "pairing.export", "register.export", "quarter.export", "import.read",
    "payment.export", "trail.export", "trail.verify", "ruleset.export", "bulletin.export", "case.export", "reference.export", "filing.export", "inbox",
    "qualification.export", "resource.export", "taxfigure.export", "deputy.own",
    "firm.list", "view.use", "view.keep",  # the own views of the ledger, and the columns one looks at
}  # fmt: skip


@pytest.mark.parametrize("username", ["leader", "auditor"])
def test_who_only_reads_may_post_to_nothing_that_changes_business(
    app: Flask, world: World, scene: Scene, username: str
) -> None:
    actor = world.actor(username)
    allowed = {address.permission for address in addresses(app, scene, "POST") if address.allowed(actor)}
    assert allowed <= HARMLESS
