"""Where the certificates of a holder are."""

from __future__ import annotations

from flask import url_for

from registry.firms.models.firms import Firm
from registry.qualifications.models import Holder


def all_of(holder: Holder) -> str:
    """The page of every certificate of one holder."""
    if isinstance(holder, Firm):
        return url_for("qualifications.of_firm", firm_id=holder.id)
    return url_for("qualifications.of_institution", institution_id=holder.id)
