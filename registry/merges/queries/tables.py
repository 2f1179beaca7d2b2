"""The tables a merge writes to, and those whose later rows are asked about when it is taken back.

Features above add theirs at the start (`Parts.adds`: moved): their rows go along whole, by `firm_id`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from registry.claims.models import Claim
from registry.documents.models import Document
from registry.figures.models import Figure
from registry.firms.models.firms import Firm, FormerName
from registry.proposals.models import Proposal
from registry.qualifications.models import Qualification
from registry.taxfigures.models import TaxFigure

_MOVABLE: dict[str, Any] = {
    model.__tablename__: model for model in (Figure, Document, Qualification, TaxFigure, FormerName, Firm)
}
_WHOLE: list[Any] = [Document, Qualification, TaxFigure]
_ADDED: list[Any] = []
_ASKED: list[Any] = [Figure, Document, Qualification, TaxFigure, Proposal, Claim, FormerName]
MOVABLE: Mapping[str, Any] = MappingProxyType(_MOVABLE)
"""Tables a merge writes to, beside its own."""
WHOLE: Sequence[Any] = _WHOLE
"""Tables of which every row of the folded entry goes along as it is."""
ADDED: Sequence[Any] = _ADDED
"""Those among them that features above have added."""
ASKED: Sequence[Any] = _ASKED
"""Tables whose later rows are asked about, each by its `firm_id`; branches are asked about too."""


def add(models: Iterable[Any]) -> None:
    """Take tables of a feature above in: what they are called, and why, is in its coverage."""
    for model in models:
        if model not in _ADDED:
            _MOVABLE[model.__tablename__] = model
            for table in (_WHOLE, _ADDED, _ASKED):
                table.append(model)
