"""What is kept beside a firm is worked out anew where its figures or papers changed."""

from __future__ import annotations

from datetime import date, datetime

from registry.base.extensions import provided
from registry.firms.models.firms import Firm


def renew(firm: Firm, *, on: date, at: datetime) -> None:
    """Tell the features above, whose standing of the firm rests on its figures and papers."""
    for renewed in provided("renewed"):
        renewed(firm, on=on, at=at)
