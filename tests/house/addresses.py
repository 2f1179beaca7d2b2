"""Every route of the application with its addresses filled in from a scene, and what the permission table expects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from registry.base.permissions import Actor, can
from tests.house.scene import Scene

# The record a permission is asked about, by the parameter that names it; where two fit, the first in the address counts.
SUBJECTS = {
    "bundle": "bundle_id",
    "firm": "firm_id",
    "figure": "firm_id",
    "document": "firm_id",
    "proposal.submit": "firm_id",
    "proposal.withdraw": "firm",
    "proposal": "proposal_id",
    "review": "proposal_id",
    "claim": "claim_id",
    "merge": "merge_id",
    "pairing": "pairing_id",
    "import": "batch_id",
    "column": "choice_id",
    "view": "view_id",
    "job": "job_id",
    "ruleset": "draft_id",
    "document.void": "document_id",
    "paper": "firm_id",
    "filing": "filing_id",
    "filing.file": "firm_id",
    "recheck": "firm_id",
    "workbook": "return_id",
    "workbook.fetch": "workbook_id",
    "approval": "approval_id",
    "session": "user_id",
    "plan": "version_id",
    "mark": "firm_id",
    "task": "task_id",
    "appraisal": "scheme_id",
    "plan.assign": "task_id",
    "mark.void": "mark_id",
    "bulletin": "bulletin_id",
    "institution": "institution_id",
    "opinion": "case_id",
    "certificate": "certificate_id",
    "case": "case_id",
    "kind": "kind_id",
    "case.enter": "kind_id",
    "posting": "public_id",
    "payment": "payment_batch_id",
    "payment.settle": "payment_id",
    "payment.claw_back": "payment_id",
    "payment.reconcile": "bank_file_id",
    "budget": "move_id",
    "payee": "payable_id",
    "payee.confirm": "payee_id",
    "sample": "sample_item_id",
    "portal": "publication_id",
    "story": "story_id",
    "qualification": "qualification_id",
    "qualification.record": "firm_id",
    "qualification.settle": "brought_id",
    "resource": "resource_id",
    "resource.settle": "resource_load_id",
    "resource.unlink": "use_id",
    "token": "token_id",
    "upperform": "upper_form_id",
    "taxfigure": "tax_load_id",
    "levelfile": "level_load_id",
    "deputy": "deputy_id",
    "deputy.name": "user_id",
}
# Where the address names no record of that name, the first of these that it does name.
INSTEAD = {"task_id": "milestone_id", "upper_form_id": "form_choice_id"}
STATIC = frozenset({"static", "bootstrap.static"})


@dataclass(frozen=True)
class Address:
    """One address of one route; `subject` is what its permission is asked about, if it concerns a record."""

    endpoint: str
    method: str
    path: str
    permission: str
    subject: Any
    concerns: bool
    by_token: bool = False

    def allowed(self, actor: Actor | None) -> bool:
        if self.by_token:
            return False  # whoever is signed in is nobody there
        if actor is None:
            return self.permission == "public"
        return can(actor, self.permission, self.subject)


def addresses(app: Flask, scene: Scene, method: str) -> Iterator[Address]:
    """Every address for `method`; where a firm is named and nothing of that firm, once for each firm of the scene."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if method not in (rule.methods or ()) or rule.endpoint in STATIC:
            continue
        unknown = sorted(rule.arguments - scene.records.keys())
        assert not unknown, f"{rule.rule}: say in tests/house/scene.py which record {unknown} names"
        if rule.arguments == {"firm_id"}:
            for firm in scene.firms.values():
                yield _address(app, rule, method, {**scene.records, "firm_id": firm})
        else:
            yield _address(app, rule, method, scene.records)


def _address(app: Flask, rule: Rule, method: str, records: dict[str, Any]) -> Address:
    view = app.view_functions[rule.endpoint]
    permission: str = getattr(view, "permission", "")
    concerns: bool = getattr(view, "checks_record", False)
    values = {name: _key(records[name]) for name in rule.arguments}
    path = app.url_map.bind("localhost").build(rule.endpoint, values)
    subject = _subject(rule, permission, records) if concerns else None
    by_token: bool = getattr(view, "by_token", False)
    return Address(rule.endpoint, method, path, permission, subject, concerns, by_token)


def _key(record: Any) -> Any:
    if isinstance(record, str):
        return record
    return record.seq if hasattr(record, "seq") else record.id


def _subject(rule: Rule, permission: str, records: dict[str, Any]) -> Any:
    name = SUBJECTS.get(permission) or SUBJECTS.get(permission.split(".", maxsplit=1)[0])
    assert name, f"{rule.rule}: say in tests/house/addresses.py what {permission!r} is asked about"
    if name == "firm":
        return records["proposal_id"].firm if "proposal_id" in rule.arguments else records["firm_id"]
    if name == "firm_id" and "firm_id" not in rule.arguments:
        return records["firm_id"]  # a paper or a figure of the listed firm
    name = INSTEAD.get(name, name) if name not in rule.arguments else name
    assert name in rule.arguments, f"{rule.rule}: {permission!r} is asked about {name}, which is not in the address"
    return records[name]
