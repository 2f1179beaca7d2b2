"""What may be done with a firm now: the few acts of its stage as buttons, the rest in a menu."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from registry.base.permissions import can
from registry.base.vocabulary import Stage
from registry.filings.models import Filing
from registry.firms.models.firms import Firm
from registry.site.access import actor


@dataclass(frozen=True)
class DossierAct:
    """`now`: it belongs to the stage of the firm and stands as a button; the first that `leads` is the primary one."""

    label: str
    href: str
    now: bool = False
    kind: str = ""
    leads: bool = False


_BEFORE = frozenset({Stage.LEAD, Stage.RETURNED})
_LISTED = frozenset({Stage.ADMITTED, Stage.QUALIFIED})
_ENDED = frozenset({Stage.WITHDRAWN, Stage.REJECTED, Stage.REMOVED, Stage.DELISTED})


def of(firm: Firm, filing: Filing | None) -> list[DossierAct]:
    """In the order in which they stand; `filing`: the one under way."""
    who = actor()
    return [act for permission, subject, act in _all(firm, filing) if can(who, permission, subject)]


def _all(firm: Firm, filing: Filing | None) -> Iterator[tuple[str, object, DossierAct]]:
    yield from _steps(firm, filing)
    yield from _upkeep(firm)


def _steps(firm: Firm, filing: Filing | None) -> Iterator[tuple[str, object, DossierAct]]:
    """What moves the firm on."""
    stage, to = firm.stage, _to(firm)
    if stage in _BEFORE:
        yield "proposal.submit", firm, DossierAct(_("核对并提交"), to("proposals.check"), now=True, leads=True)
    if stage == Stage.RETURNED:
        yield "firm.edit", firm, DossierAct(_("补正"), to("firms.edit"), now=True, leads=True)
    if stage in (Stage.PROPOSED, Stage.UNDER_REVIEW) and (proposal := firm.open_proposal) is not None:
        href = url_for("reviews.show", proposal_id=proposal.id)
        yield "review.decide", proposal, DossierAct(_("去核查"), href, now=True, leads=True)
    if stage == Stage.QUALIFIED:
        yield "filing.file", firm, DossierAct(_("申报纳统"), to("filings.new"), now=True, leads=True)
    if filing is not None:
        href = url_for("filings.show", filing_id=filing.id)
        yield "filing.decide", filing, DossierAct(_("登记审核结果"), href, now=True, leads=True)
    if stage in _ENDED:
        yield "firm.reopen", firm, DossierAct(_("重新列为线索"), to("upkeep.reopen"), now=True)
    yield "figure.record", firm, DossierAct(_("登记营业收入"), to("figures.new"), now=stage not in _ENDED, leads=True)


def _upkeep(firm: Firm) -> Iterator[tuple[str, object, DossierAct]]:
    to, stage = _to(firm), firm.stage
    if stage != Stage.RETURNED:
        yield "firm.edit", firm, DossierAct(_("更正"), to("firms.edit"), now=stage in _LISTED | {Stage.LEAD})
    yield "document.add", firm, DossierAct(_("上传其他材料"), to("documents.new"))
    yield "firm.maintain", firm, DossierAct(_("更名"), to("upkeep.rename"))
    yield "firm.read", firm, DossierAct(_("企业一页纸"), to("checklists.sheet"))
    yield "firm.edit_draft", firm, DossierAct(_("修改关注") if firm.watch_reason else _("标为关注"), to("upkeep.watch"))
    yield "mark.record", firm, DossierAct(_("登记高技术服务业企业"), to("marks.new"))
    yield "firm.merge", firm, DossierAct(_("合并"), to("merges.new"))
    if stage in _LISTED:
        yield "firm.remove", firm, DossierAct(pgettext("action", "出库"), to("upkeep.remove"), kind="danger")
    if stage == Stage.ENROLLED:
        yield "firm.delist", firm, DossierAct(pgettext("action", "退库"), to("rechecks.delist"), kind="danger")


def _to(firm: Firm) -> Callable[[str], str]:
    return lambda endpoint: url_for(endpoint, firm_id=firm.id)
