"""A firm is held while somebody acts on it: of two at once, the second sees what the first did."""

from __future__ import annotations

from registry.base import errors
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.firms.models.firms import Firm


def hold(firm: Firm) -> None:
    """Lock the firm until the commit and look at it anew: of two people who act at once, the second sees the first."""
    db.session.flush()
    db.session.refresh(firm, with_for_update={"of": Firm})


def refuse_merged(firm: Firm) -> None:
    """Raise where the firm, once held, turns out to have been folded into another."""
    if firm.stage == Stage.MERGED:
        raise RegistryError(errors.FIRM_MERGED)
