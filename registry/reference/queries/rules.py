"""The rules as dated rows: which lines govern an industry or a day, and the settings with their versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from registry.base.extensions import clock, db
from registry.reference.models import Parameter, Routing, SourceCheck
from registry.reference.queries import dated, reference
from registry.reference.rules.settings import SETTINGS
from registry.reference.rules.thresholds import RuleKind, ThresholdRule


def thresholds(
    *,
    kind: RuleKind | None = None,
    industry: str = "",
    on: date | None = None,
    unverified: bool = False,
    text: str = "",
) -> list[ThresholdRule]:
    """Every version that fits, the statutory lines first, of one rule the newest version first.

    `industry` is a section letter or the first digits of a class; `on` keeps what cumulative figures of that day are
    judged by; `text` is looked for in label, number and source.
    """
    found = [
        rule
        for rule in reference.rules().all()
        if (kind is None or rule.kind is kind)
        and (not industry or _speaks_of(rule, industry))
        and (on is None or rule.in_force(on))
        and not (unverified and rule.verified)
        and text.casefold() in f"{rule.label} {rule.rule_id} {rule.source}".casefold()
    ]
    lasting = {rule.rule_id for rule in found if rule.periodic_to is None}
    return sorted(
        found,
        key=lambda rule: (
            rule.kind is RuleKind.ADMISSION, rule.rule_id not in lasting, rule.rule_id, -rule.version,
        ),
    )  # fmt: skip


def parameters() -> list[Parameter]:
    """Every version of every known setting, of one setting the newest first; a row nobody reads is no rule."""
    rows = select(Parameter).where(Parameter.key.in_(SETTINGS))
    return list(db.session.scalars(rows.order_by(Parameter.key, Parameter.valid_from.desc())))


def in_force(keys: Iterable[str], on: date) -> list[Parameter]:
    """These settings, by name, as they stand on `on`; the earliest where the day lies before all."""
    rows = select(Parameter).where(Parameter.key.in_(tuple(keys))).order_by(Parameter.key, Parameter.valid_from)
    chosen: dict[str, Parameter] = {}
    for row in db.session.scalars(rows):
        if row.key not in chosen or (row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)):
            chosen[row.key] = row
    return list(chosen.values())


def routing() -> list[Routing]:
    """What is in force today, by industry prefix; the empty one, for everything else, last."""
    rows = dated.rows_on(Routing, clock.today()).values()
    return sorted(rows, key=lambda row: (row.industry_prefix == "", row.industry_prefix))


def checks(file: str) -> dict[str, SourceCheck]:
    """By key the newest check of each row that came from `file`; what a draft published has none."""
    rows = select(SourceCheck).where(SourceCheck.file == file).order_by(SourceCheck.key, SourceCheck.checked_on)
    return {row.key: row for row in db.session.scalars(rows)}


def _speaks_of(rule: ThresholdRule, industry: str) -> bool:
    """A rule of everything, of this code, of what it belongs to, or of a part of it."""
    code = industry.upper()
    section = code if code.isalpha() else reference.classification().section_of(code) or ""
    if rule.reach(code, section) is not None:
        return True
    parts = (prefix for prefix in rule.industry_prefixes if prefix.isdigit())
    if code.isalpha():
        return any(reference.classification().section_of(prefix) == section for prefix in parts)
    return any(prefix.startswith(code) for prefix in parts)
