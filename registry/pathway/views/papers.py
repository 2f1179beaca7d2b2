"""Papers by material, and what a filing asks for and is not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.periods import Period
from registry.base.vocabulary import TaxpayerKind, Verdict
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.pathway.rules.facts import ConditionCode
from registry.pathway.rules.position import Position
from registry.reference.queries import reference
from registry.site.display import day


@dataclass(frozen=True)
class Paper:
    """One line of components/file_list.html: a paper at hand, or a material that is not."""

    label: str
    href: str | None
    note: str | None
    required: bool = False


def papers(firm: Firm, documents: Iterable[Document], position: Position) -> list[Paper]:
    """Papers by material, and what a filing asks for and is not there; what is asked on request shows once it is."""
    held: dict[str, list[Document]] = {}
    for document in documents:
        if document.voided_at is None:
            held.setdefault(document.material, []).append(document)
    lines = []
    asked = reference.materials(clock.today())
    for code, material in reference.materials().items():
        lines += [_held(_(material.name), document) for document in held.get(code, [])]
        if code not in held and code in asked and (wanted := _wanted(material.requirement, firm, position)) is not None:
            lines.append(Paper(_(material.name), None, None, wanted))
    return lines


def progress(firm: Firm, documents: Iterable[Document], position: Position) -> tuple[int, int]:
    """How many of the required materials are at hand, and how many there are."""
    held = {document.material for document in documents if document.voided_at is None}
    required = {m.code for m in reference.materials(clock.today()).values() if _wanted(m.requirement, firm, position)}
    return len(held & required), len(required)


def _held(name: str, document: Document) -> Paper:
    period = Period(document.year, document.month or 0).label if document.year else ""
    label = name + _("（%(note)s）", note=period) if period else name
    return Paper(label, url_for("documents.look", document_id=document.id), day(document.at))


def _wanted(requirement: str, firm: Firm, position: Position) -> bool | None:
    """Whether a material is required here (True), may be added (False), or is not asked for (None)."""
    if requirement == "if_general_taxpayer":
        return firm.taxpayer_kind == TaxpayerKind.GENERAL if firm.taxpayer_kind else False
    if requirement == "if_mismatch":
        return True if position.condition(ConditionCode.CROSS_CHECK).verdict is Verdict.UNMET else None
    if requirement == "if_unclear":
        return True if position.condition(ConditionCode.ACCOUNTING).verdict is Verdict.UNMET else None
    return True if requirement == "always" else None
