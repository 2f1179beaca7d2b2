"""The signed, sealed opinions of experts: entered by the bureau in charge, read by nobody before all are in.

An expert has no account. What was given stays out of the trail until it is opened: the trail holds who gave an opinion
and the digest of what it says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from registry.base.characters import clean
from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import Case, CaseOpinion, CasePaper
from registry.cases.queries import opinions
from registry.cases.rules import opinions as rules
from registry.cases.rules.opinions import RecusalGround
from registry.cases.services.entering import hold
from registry.cases.texts import GROUND_LABELS, OPINION_ERRORS, ROLE_LABELS
from registry.documents.services import attachments
from registry.trail.services import trail

PAPER = "opinion"
"""The paper of the kind under which the scan of an opinion is kept."""
_LONG, _SHORT = 2000, 500


@dataclass(frozen=True)
class GivenOpinion:
    """As the paper has it. `scores`: criterion -> (points, reason) as typed; of a recusal nothing but its reason."""

    expert: str
    employer: str
    former_employers: str = ""
    interests: str = ""
    recusal: str = ""
    scores: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    opinion: str = ""
    favours: bool | None = None
    filename: str = ""
    content: bytes = b""


def enter(actor: Actor, case: Case, given: GivenOpinion, *, at: datetime, again: str = "") -> CaseOpinion:
    """Keep one opinion or recusal. `again`: why the one of this expert is entered anew; the earlier one is void.

    Raises FieldError, RegistryError, NotAllowed.
    """
    hold(case)
    _refuse_late(actor, case)
    said = _said(given)
    scores = _scores(case, said)
    before = _taken_back(case, said, again)
    paper = _kept(actor, case, said, at)
    row = CaseOpinion(
        case_id=case.id, expert=said.expert, employer=said.employer, former_employers=said.former_employers,
        interests=said.interests, recusal=said.recusal, scores=scores, opinion=said.opinion, favours=said.favours,
        paper_id=paper.id if paper else None, by_id=actor.user_id, by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.expire(case, ["opinions", "papers"])
    after = {"expert": row.expert, "opinion_digest": digest_of(row, paper)}
    after |= {"recusal": row.recusal} if row.recusal else {}
    verb = "replace_opinion" if before else "enter_opinion"
    trail.record(actor, verb, case, at=at, before=before, after=after, reason=again.strip())
    return row


def open_all(actor: Actor, case: Case, *, at: datetime) -> None:
    """Open every opinion at once; from then on nothing is added or changed. Raises RegistryError, NotAllowed."""
    hold(case)
    _refuse_late(actor, case)
    if not rules.enough(case.kind, case.opinions):
        number, wanted = rules.given(case.opinions), rules.asked(case.kind)
        raise RegistryError(OPINION_ERRORS["missing"], asked=wanted, given=number)
    for row in case.opinions:
        row.opened_at = at
    db.session.flush()
    found = opinions.result(case)
    after: dict[str, Any] = {"experts": [row.expert for row in case.opinions if not row.recusal]}
    after |= {"score": str(found.total)} if found else {}
    trail.record(actor, "open_opinions", case, at=at, after=after)


def digest_of(row: CaseOpinion, paper: CasePaper | None) -> str:
    """What was entered, told by 64 characters that nobody reads it back from; whoever has all of it can check it."""
    content = {
        "expert": row.expert, "scores": row.scores, "opinion": row.opinion, "favours": row.favours,
        "recusal": row.recusal, "paper": paper.sha256 if paper else "",
    }  # fmt: skip
    return hashlib.sha256(trail.canonical(content)).hexdigest()


def told(ground: RecusalGround) -> str:
    """The ground in a sentence."""
    party = ground.party
    values = {"role": ROLE_LABELS[party.role], "name": party.name} if party else {}
    return GROUND_LABELS[ground.kind] % {"said": ground.said, **values}


def _refuse_late(actor: Actor, case: Case) -> None:
    if not can(actor, "opinion.enter", case):
        raise NotAllowed
    if opinions.asks(case) is None:
        raise RegistryError(OPINION_ERRORS["not_now"])
    if any(row.opened_at is not None for row in case.opinions):
        raise RegistryError(OPINION_ERRORS["opened"])


def _said(given: GivenOpinion) -> GivenOpinion:
    """The texts cleaned, and what must be there."""
    texts = {
        "expert": clean(given.expert, 40).text, "employer": clean(given.employer, 200).text,
        "former_employers": clean(given.former_employers, _SHORT, lines=True).text,
        "interests": clean(given.interests, _SHORT, lines=True).text,
        "recusal": clean(given.recusal, _SHORT, lines=True).text,
        "opinion": clean(given.opinion, _LONG, lines=True).text,
    }  # fmt: skip
    for name in ("expert", "employer", "interests"):
        if not texts[name]:
            raise FieldError(name, OPINION_ERRORS[name])
    return GivenOpinion(
        **texts, scores=given.scores, favours=given.favours, filename=given.filename, content=given.content
    )


def _scores(case: Case, said: GivenOpinion) -> dict[str, list[str]]:
    """As they are stored; none of a recusal, and none of whoever has a ground for one."""
    given = {code: pair for code, pair in said.scores.items() if pair[0].strip() or pair[1].strip()}
    if said.recusal:
        if given or said.opinion or said.favours is not None:
            raise FieldError("recusal", OPINION_ERRORS["recused"])
        return {}
    found = rules.grounds(said.employer, said.former_employers, said.interests, opinions.concerned(case))
    if found:
        raise FieldError("recusal", OPINION_ERRORS["ground"], ground="；".join(told(one) for one in found))
    scores = {}
    for criterion in case.kind.criteria:
        number, reason = given.get(criterion.code, ("", ""))
        read = rules.points(criterion, number)
        if read is None:
            values = {"criterion": criterion.name, "most": criterion.most}
            raise FieldError(f"score_{criterion.code}", OPINION_ERRORS["score"], **values)
        if not (why := clean(reason, _SHORT).text):
            raise FieldError(f"why_{criterion.code}", OPINION_ERRORS["why"], criterion=criterion.name)
        scores[criterion.code] = [f"{read.normalize():f}", why]
    if not said.opinion:
        raise FieldError("opinion", OPINION_ERRORS["opinion"])
    if said.favours is None:
        raise FieldError("favours", OPINION_ERRORS["favours"])
    if not said.content:
        raise FieldError("paper", OPINION_ERRORS["paper"])
    return scores


def _taken_back(case: Case, said: GivenOpinion, again: str) -> dict[str, Any] | None:
    """The earlier opinion of this expert is taken away where it is said why; its digest and its paper stay."""
    earlier = opinions.of_expert(case, said.expert)
    if earlier is None:
        count = rules.given(case.opinions)
        if not said.recusal and count >= rules.asked(case.kind):
            raise FieldError("expert", OPINION_ERRORS["full"], count=count)
        return None
    if not again.strip():
        raise FieldError("again", OPINION_ERRORS["there"], expert=said.expert)
    paper = db.session.get(CasePaper, earlier.paper_id) if earlier.paper_id else None
    before = {"expert": earlier.expert, "opinion_digest": digest_of(earlier, paper)}
    db.session.delete(earlier)
    db.session.flush()
    db.session.expire(case, ["opinions"])
    if not said.recusal and rules.given(case.opinions) >= rules.asked(case.kind):
        raise FieldError("expert", OPINION_ERRORS["full"], count=rules.asked(case.kind))
    return before


def _kept(actor: Actor, case: Case, said: GivenOpinion, at: datetime) -> CasePaper | None:
    if not said.content:
        return None
    try:
        kept = attachments.keep(said.filename, said.content)
    except FieldError as error:
        raise FieldError("paper", error.template, **error.values) from error
    paper = CasePaper(
        case_id=case.id, paper=PAPER, year=None, **asdict(kept), by_id=actor.user_id, by_name=actor.name, at=at
    )
    db.session.add(paper)
    db.session.flush()
    return paper
