"""The rules in force and those that were: lines by industry, materials, reasons, routing, settings; read only."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from registry.base.extensions import clock
from registry.reference.queries import reference, rules
from registry.reference.rules.settings import SETTINGS
from registry.reference.rules.thresholds import RuleKind, ThresholdRule
from registry.rulesets.forms.rules import KIND_LABELS, RuleFilter
from registry.rulesets.queries import drafts
from registry.rulesets.texts.columns import REQUIREMENT_LABELS
from registry.site.access import requires
from registry.site.pagination import ListPages

pages = Blueprint("rules", __name__)


@pages.get("/rules")
@requires("rule.read")
def listing() -> ResponseReturnValue:
    form = RuleFilter(request.args)
    form.offer()
    page = ListPages(_found(form))
    return render_template(
        "rulesets/rules/list.html",
        form=form,
        page=page,
        day=form.on.data or clock.today(),
        kinds=KIND_LABELS,
        checks=rules.checks("thresholds.csv"),
        industries={code: _industry(code) for rule in page.items for code in rule.industry_prefixes},
    )


@pages.get("/rules/materials")
@requires("rule.read")
def materials() -> ResponseReturnValue:
    page, checks = ListPages(list(reference.materials(clock.today()).values())), rules.checks("materials.csv")
    return render_template("rulesets/rules/materials.html", page=page, checks=checks, when=REQUIREMENT_LABELS)


@pages.get("/rules/reasons")
@requires("rule.read")
def reasons() -> ResponseReturnValue:
    page, checks = ListPages(list(reference.return_reasons(clock.today()).values())), rules.checks("return_reasons.csv")
    return render_template("rulesets/rules/reasons.html", page=page, checks=checks)


@pages.get("/rules/routing")
@requires("rule.read")
def routing() -> ResponseReturnValue:
    rows = rules.routing()
    return render_template(
        "rulesets/rules/routing.html",
        page=ListPages(rows),
        checks=rules.checks("routing.csv"),
        offices={code: office.short_name for code, office in reference.offices().items()},
        industries={row.industry_prefix: _industry(row.industry_prefix) for row in rows if row.industry_prefix},
    )


@pages.get("/rules/settings")
@requires("rule.read")
def settings() -> ResponseReturnValue:
    today = clock.today()
    rows = rules.parameters()
    return render_template(
        "rulesets/rules/settings.html",
        page=ListPages(rows),
        checks=rules.checks("parameters.csv"),
        current={(row.key, row.valid_from) for row in rules.in_force(SETTINGS, today)},
        ends=drafts.last_days(rows),
        today=today,
    )


def _found(form: RuleFilter) -> list[ThresholdRule]:
    """A part of the filter that could not be read restricts nothing, and is shown as wrong."""
    form.validate()
    kind = form.kind.data
    return rules.thresholds(
        text=(form.q.data or "").strip(),
        kind=RuleKind(kind) if kind in KIND_LABELS else None,
        industry="" if form.industry.errors else (form.industry.data or "").strip(),
        on=form.on.data,
        unverified=form.unverified.data,
    )


def _industry(code: str) -> str:
    return f"{code} {reference.classification().name_of(code)}".strip()
