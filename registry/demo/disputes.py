"""Two offices and one firm in the invented city: evidence on both sides, what was nudged, what has been read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.permissions import can
from registry.claims.models import Claim
from registry.claims.queries.claims import open_claims
from registry.claims.services import claiming
from registry.demo.papers import written
from registry.firms.models.firms import Firm
from registry.notices.services import notices
from registry.nudges.services import nudging
from registry.people.models import User
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.proposals.queries import waiting

if TYPE_CHECKING:
    from registry.demo.story import Narrative, Teller

LONG_AGO = date(2021, 9, 24)
"""Claimed then, and still undecided: the term is over."""

_CONTRACT = written("INVENTED FOR THE DEMO", "A lease", "Not a real paper.")
_EVIDENCE = (
    ("441581", "operating_address", "441581", "东海街道厂房租赁合同，租期三年，人员和设备均在此", "租赁合同.pdf"),
    ("441521", "registered_address", "441521", "营业执照所载住所在海城镇", ""),
    ("441521", "tax_county", "441521", "增值税、企业所得税在海丰县申报缴纳", "完税证明.pdf"),
    ("441581", "other", None, "近三个月用电、社保缴费地均在陆丰", ""),
)


def steps(tales: Sequence[Narrative]) -> Iterable[tuple[date, Callable[[Teller], None]]]:
    """With their days, after everything else that happened on them."""
    yield LONG_AGO, lambda teller: _claim(teller, tales)
    yield date(2021, 9, 27), _speak
    yield date(2021, 10, 11), _read
    yield date(2021, 10, 13), _ask
    yield date(2021, 10, 14), _overdue


def _claim(teller: Teller, tales: Sequence[Narrative]) -> None:
    firm = next(
        (t.known for t in tales if t.story.office == "441521" and t.story.ending == "admitted" and t.firm), None
    )
    if firm is None:
        return
    lufeng = people.office("441581")
    claiming.claim(teller.clerk(lufeng.code), firm, lufeng, ground="企业实际经营地在陆丰市东海街道", at=teller.at)


def _speak(teller: Teller) -> None:
    claim = db.session.scalars(select(Claim).join(Firm).where(Claim.decided_at.is_(None)).order_by(Claim.id)).first()
    if claim is None:
        return
    for office, kind, division, text, filename in _EVIDENCE:
        claiming.add_evidence(
            teller.clerk(office), claim, people.office(office), kind=kind, text=text, division=division,
            filename=filename, content=_CONTRACT if filename else b"", at=teller.at,
        )  # fmt: skip


def _read(teller: Teller) -> None:
    """What was told until then has been read by everybody, so that what is new stands out."""
    for user in db.session.scalars(select(User).order_by(User.id)).unique():
        if can(actor_of(user), "inbox"):
            notices.mark_all_read(actor_of(user), at=teller.at)


def _ask(teller: Teller) -> None:
    """An office asks its bureau, a bureau an office, and one side of a claim the city office."""
    for case in waiting.waiting_cases()[:2]:
        wait = waiting.wait_of(case, teller.day)
        matter = waiting.matter_of(case)
        if wait is not None and wait.overdue and matter == "review":
            clerk = teller.clerk(case.office.code)
            nudging.nudge_case(clerk, case, at=teller.at, on=teller.day, note="企业急需，请尽快核查")
        elif matter == "mend":
            nudging.nudge_case(teller.reviewer(case), case, at=teller.at, on=teller.day, note="请按退回意见补正")
    for claim in open_claims()[:1]:
        lufeng = teller.clerk("441581")
        nudging.nudge_claim(lufeng, claim, at=teller.at, on=teller.day, note="材料已补齐，请裁定")


def _overdue(teller: Teller) -> None:
    nudging.overdue(at=teller.at, on=teller.day)
