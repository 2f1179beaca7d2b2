"""What the guards of the pathway look at, read from the tables once, before a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from registry.base import contacts, credit_code, requirements
from registry.base.firm_fields import FIGURE_FIELDS
from registry.base.permissions import Actor
from registry.base.vocabulary import Action, FigureKind, UnitKind, Verdict
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from registry.pathway.queries import exits, positions
from registry.pathway.rules.facts import ConditionCode
from registry.pathway.rules.position import Position
from registry.reference.queries import reference

if TYPE_CHECKING:
    from registry.proposals.models import Proposal

# Of these the position says more: a deemed legal person counts once it is approved.
_COUNTED = frozenset({UnitKind.LEGAL_PERSON, UnitKind.DEEMED_LEGAL_PERSON})


@dataclass(frozen=True)
class Grounds:
    """What a step of a filing rests on, as its service found it; of any other step nothing of it is true.

    `reaches_line`: the statutory line by the figure of the statement, None where the step asks about today.
    """

    reaches_line: bool | None = None
    statement_known: bool = False
    statement_agrees: bool = False
    materials_complete: bool = False
    window_open: bool = False
    door_fits: bool = False
    levels_passed: bool = False
    effective_month_known: bool = False


_NOTHING = Grounds()


@dataclass(frozen=True)
class FirmGuardFacts:
    """See `pathway.rules.transitions.Facts`."""

    name: str
    credit_code_valid: bool
    no_code_reason: str
    lacking: frozenset[str]
    in_territory: bool
    industry_is_class: bool
    has_contact: bool
    has_documented_revenue: bool
    clashes: bool
    excluded_town: bool
    is_counted_unit: bool
    operates_in_city: bool
    reaches_admission_line: bool
    reaches_statutory_line: bool
    industry_confirmed: bool
    reviewer_is_proposer: bool
    counted_here: bool
    barred: bool
    statement_known: bool
    statement_agrees: bool
    materials_complete: bool
    window_open: bool
    door_fits: bool
    levels_passed: bool
    effective_month_known: bool


def of(
    firm: Firm, *, on: date, actor: Actor, proposal: Proposal | None = None, grounds: Grounds = _NOTHING
) -> FirmGuardFacts:
    return _put_together(
        firm, positions.of(firm, on=on), grounds, documented=_documented(firm),
        same_side=_same_side(actor, firm, proposal), barred=exits.is_barred(firm, on),
    )  # fmt: skip


def of_filing(firm: Firm, position: Position, grounds: Grounds) -> FirmGuardFacts:
    """What the guards of a filing look at, from a `position` of the day at hand: nothing more is read, of any firm.

    What no guard of a filing asks about (a review's two sides, a bar to nomination) is not looked up.
    """
    return _put_together(firm, position, grounds, documented=False, same_side=False, barred=False)


def _put_together(
    firm: Firm, position: Position, grounds: Grounds, *, documented: bool, same_side: bool, barred: bool
) -> FirmGuardFacts:
    territory = reference.territory()
    place = territory.place(firm.operating_address or firm.registered_address)
    return FirmGuardFacts(
        name=firm.name,
        credit_code_valid=bool(firm.credit_code) and credit_code.check(firm.credit_code or "").valid,
        no_code_reason=firm.no_code_reason,
        lacking=requirements.lacking(lambda field: getattr(firm, field)),
        in_territory=_in_territory(firm),
        industry_is_class=bool(firm.industry) and len(firm.industry or "") == 4,
        has_contact=contacts.are_known(firm),
        has_documented_revenue=documented,
        clashes=False,  # one row a code is the database's own rule; a second office raises a claim instead
        excluded_town=bool(territory.excluded_reason(firm.town) or territory.excluded_reason(place.code)),
        is_counted_unit=firm.unit_kind in _COUNTED and position.is_counted_unit,
        operates_in_city=not place.elsewhere,
        reaches_admission_line=_met(position, "admission"),
        reaches_statutory_line=position.reached if grounds.reaches_line is None else grounds.reaches_line,
        industry_confirmed=firm.industry_confirmed,
        reviewer_is_proposer=same_side,
        counted_here=position.condition(ConditionCode.LOCATION).verdict is not Verdict.UNMET,
        barred=barred,
        statement_known=grounds.statement_known,
        statement_agrees=grounds.statement_agrees,
        materials_complete=grounds.materials_complete,
        window_open=grounds.window_open,
        door_fits=grounds.door_fits,
        levels_passed=grounds.levels_passed,
        effective_month_known=grounds.effective_month_known,
    )


def blank(firm: Firm) -> frozenset[str]:
    """What a nomination of the firm still requires to be filled in on its form; figures have a page of their own."""
    figures = dict.fromkeys(FIGURE_FIELDS, True)

    def read(field: str) -> object:
        if field in contacts.RESTRICTED:
            return contacts.read(firm, field)
        return figures.get(field) or getattr(firm, field)

    return requirements.blank(read, Action.CREATE, Action.SUBMIT)


def _in_territory(firm: Firm) -> bool:
    """False only where the division or town surely lies outside the proposing office's territory."""
    territory = reference.territory()
    home = firm.office.division
    if home is None:
        return True
    return all(territory.covers(home, code) is not False for code in (firm.division, firm.town) if code)


def _documented(firm: Firm) -> bool:
    """Whether a figure of revenue is proven by a paper of its own period."""
    return any(one.proven for one in figures.counted_figures(firm) if one.line.kind == FigureKind.REVENUE)


def _met(position: Position, which: str) -> bool:
    return position.admission is Verdict.MET if which == "admission" else position.statutory is Verdict.MET


def _same_side(actor: Actor, firm: Firm, proposal: Proposal | None) -> bool:
    """Of the proposing office, or the person who put forward any round of it."""
    if actor.office_id in (firm.office_id, proposal.office_id if proposal else firm.office_id):
        return True
    if proposal is None or actor.user_id is None:
        return False
    return actor.user_id in {proposal.proposer_id, *(submission.by_id for submission in proposal.submissions)}
