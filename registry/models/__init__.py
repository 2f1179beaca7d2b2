"""Tables. Importing this package registers every one of them on `Base.metadata`."""

from __future__ import annotations

from registry.models.base import Base
from registry.models.documents import Document
from registry.models.figures import Dispute, Figure
from registry.models.firms import Firm, FormerName
from registry.models.imports import ImportBatch, ImportRow
from registry.models.merges import Merge, MergeMove
from registry.models.pairings import Pairing, PairingScan, PairVerdict
from registry.models.people import LoginCounter, Office, OfficeAlias, User, WebSession
from registry.models.proposals import Claim, PathwayEvent, Proposal, ReturnedCell, Submission
from registry.models.reference import (
    Division,
    Industry,
    IndustryMapping,
    Material,
    Parameter,
    ReturnReason,
    Routing,
    Threshold,
    ZoneTown,
)
from registry.models.register import RegisterChange, RegisteredFirm, RegisterLoad, RegisterRow, SectorWord
from registry.models.trail import TrailEntry, TrailHead

__all__ = [
    "Base",
    "Claim",
    "Dispute",
    "Division",
    "Document",
    "Figure",
    "Firm",
    "FormerName",
    "ImportBatch",
    "ImportRow",
    "Industry",
    "IndustryMapping",
    "LoginCounter",
    "Material",
    "Merge",
    "MergeMove",
    "Office",
    "OfficeAlias",
    "PairVerdict",
    "Pairing",
    "PairingScan",
    "Parameter",
    "PathwayEvent",
    "Proposal",
    "RegisterChange",
    "RegisterLoad",
    "RegisterRow",
    "RegisteredFirm",
    "ReturnReason",
    "ReturnedCell",
    "Routing",
    "SectorWord",
    "Submission",
    "Threshold",
    "TrailEntry",
    "TrailHead",
    "User",
    "WebSession",
    "ZoneTown",
]
