"""The page of a claim: both offices side by side in one order, the same for both, with what a decision would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.permissions import SEES_ALL, sees_firm
from registry.claims import rules
from registry.claims.models import Claim, ClaimEvidence
from registry.claims.queries import claims
from registry.claims.rules import EVIDENCE_LABELS
from registry.documents.views import Beside, KeptFile, beside_of
from registry.firms.views import values
from registry.notices import views
from registry.notices.models import Nudge
from registry.notices.queries import nudged
from registry.notices.rules import Matter
from registry.pathway.views import evidence
from registry.people.models import Office
from registry.proposals.views import cases
from registry.reference.queries import reference
from registry.site.access import actor
from registry.site.display import called_then
from registry.site.timeline import Happening
from registry.site.walks import Walk, rows_of, walk_of
from registry.trail.texts import VERB_LABELS

_CLAIMED, _DECIDED, _SHOWN = (VERB_LABELS[verb] for verb in ("claim", "decide_claim", "add_evidence"))


@dataclass(frozen=True)
class ClaimSide:
    """One of the two offices: `part` says which it is, `ground` why it claims, `pieces` its evidence by kind."""

    office: Office
    part: str
    ground: str
    pieces: dict[str, list[ClaimEvidence]]


def of(claim: Claim) -> dict[str, Any]:
    """What both offices read alike: nothing here depends on which of them asks."""
    about = nudged.of([(Matter.CLAIM, claim.id)])
    return {
        "claim": claim,
        "sides": sides(claim),
        "kinds": EVIDENCE_LABELS,
        "county": _named(claim.firm.statistical_county),
        "due_on": claims.due_on(claim),
        "wait": claims.wait_of_claim(claim, clock.today()) if claim.decided_at is None else None,
        "effects": _effects(claim) if claim.decided_at is None else [],
        "basis": _(rules.BASIS),
        "beside": claims.beside(claim),
        "events": timeline(claim, about),
        "divisions": reference.division_names(),
    }


def going(claim: Claim) -> dict[str, Any]:
    """The open claims that concern the reader, beside the one that is looked at."""
    on, beside = walk(claim.id), []
    for row in rows_of(claims.visible_to(actor()), Claim.id, on):
        title = row.firm.name if sees_firm(actor(), row.firm) else row.firm.credit_code or _("无代码")
        both = f"{row.office.short_name} → {row.holder.short_name}"
        wait = claims.wait_of_claim(row, clock.today()) if row.decided_at is None else None
        beside.append(ClaimLine(row.id, title, both, "", "", wait))
    return {"walk": on, "lines": beside, "leads": lambda number: url_for("claims.show", claim_id=number)}


def walk(current: int | None) -> Walk:
    """Through the claims that wait to be decided."""
    return walk_of(claims.filtered(claims.visible_to(actor()), state="open"), Claim.id, current)


@dataclass(frozen=True)
class ClaimLine:
    id: int
    title: str
    office: str
    days: str
    note: str
    wait: Any


def papers(claim: Claim) -> Beside | None:
    """The files that both offices put on the table, one of them shown."""
    return beside_of([kept(piece) for piece in claim.evidence if piece.stored_name])


def kept(piece: ClaimEvidence) -> KeptFile:
    label = f"{piece.office.short_name} {_(EVIDENCE_LABELS[piece.kind])}"
    where: dict[str, Any] = {"claim_id": piece.claim_id, "evidence_id": piece.id}
    return KeptFile(
        piece.id, label, piece.filename, piece.stored_name, piece.media_type, url_for("claims.download", **where),
        lambda number: url_for("claims.page", number=number, **where),
    )  # fmt: skip


def record(claim: Claim) -> dict[str, Any] | None:
    """What the directory holds of the firm, for those who see every firm; neither side is shown it here."""
    if not actor().holds(*SEES_ALL):
        return None
    firm = claim.firm
    return {
        "facts": values.rows(values.of_firm(firm), _COMPARED),
        "figures": evidence.given_figures(firm),
        "events": cases.timeline(firm),
    }


def sides(claim: Claim) -> list[ClaimSide]:
    """In the order of the offices' codes: neither stands first for having asked."""
    held = _("现登记单位") if not claim.granted else _("原登记单位")
    both = [(claim.office, _("认领单位"), claim.ground), (claim.holder, held, "")]
    found = []
    for office, part, ground in sorted(both, key=lambda one: one[0].code):
        pieces: dict[str, list[ClaimEvidence]] = {kind: [] for kind in EVIDENCE_LABELS}
        for piece in claim.evidence:
            if piece.office_id == office.id:
                pieces[piece.kind].append(piece)
        found.append(ClaimSide(office, part, ground, pieces))
    return found


def timeline(claim: Claim, about: Iterable[Nudge]) -> list[Happening]:
    """The case's own course, the newest first: not the firm's, which one side may not see."""
    found = [Happening(_(_CLAIMED), called_then(claim.office, claim.at), claim.at, claim.ground)]
    found += [_put(piece) for piece in claim.evidence]
    found += [views.nudged(nudge) for nudge in about]
    if claim.decided_at is not None:
        result = _("支持认领") if claim.granted else _("不支持认领")
        found.append(Happening(_(_DECIDED), _("市培育办"), claim.decided_at, claim.decision, result))
    return sorted(found, key=lambda line: line.moment, reverse=True)


def _put(piece: ClaimEvidence) -> Happening:
    label = _(EVIDENCE_LABELS[piece.kind])
    title = _(_SHOWN) + _("：") + label
    return Happening(title, f"{called_then(piece.office, piece.at)} {piece.by_name}", piece.at, "", piece.filename)


def _effects(claim: Claim) -> list[tuple[str, str, str, str]]:
    """(what, now, if granted, if refused): whose the firm is, where it lies, who counts it."""
    firm, outcomes = claim.firm, [claims.effect(claim, granted) for granted in (True, False)]
    return [
        (_("填报单位"), firm.office.short_name, *(one.office.short_name for one in outcomes)),
        (_("所属县区"), _named(firm.division), *(_named(one.division) for one in outcomes)),
        (_("统计县区"), _named(firm.statistical_county), *(_named(one.county) for one in outcomes)),
        (_("名录中的户数"), *[_("1 家")] * 3),
    ]  # fmt: skip


def _named(code: str | None) -> str:
    return reference.division_names().get(code or "", "--")


# What speaks for where a firm belongs.
_COMPARED = ("division", "town", "registered_address", "operating_address", "industry", "activity", "founded_on")
