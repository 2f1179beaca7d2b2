"""Tables. Importing this package registers every one of them on `Base.metadata`."""

from __future__ import annotations

from registry.models.approvals import Approval, Founding
from registry.models.base import Base
from registry.models.documents import Document
from registry.models.figures import Dispute, Figure
from registry.models.filings import Filing, IntakeWindow, LevelResult, PaperState, Recheck
from registry.models.firms import Firm, FormerName
from registry.models.formkeys import FormKey
from registry.models.imports import ImportBatch, ImportRow
from registry.models.jobs import Job, Worker
from registry.models.merges import Merge, MergeMove
from registry.models.notices import Letter, Notice, NoticeRead, Nudge
from registry.models.pairings import Pairing, PairingScan, PairVerdict
from registry.models.people import LoginCounter, Office, OfficeAlias, User, WebSession
from registry.models.proposals import Claim, ClaimEvidence, PathwayEvent, Proposal, ReturnedCell, Submission
from registry.models.reference import (
    Division,
    ExitReason,
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
from registry.models.rulesets import RuleDraft
from registry.models.snapshots import Snapshot, SnapshotChange, SnapshotRow
from registry.models.trail import TrailEntry, TrailHead
from registry.models.workbooks import IssuedRow, IssuedWorkbook, ReturnedValue, WorkbookReturn

__all__ = [
    "Approval",
    "Base",
    "Claim",
    "ClaimEvidence",
    "Dispute",
    "Division",
    "Document",
    "ExitReason",
    "Figure",
    "Filing",
    "Firm",
    "FormKey",
    "FormerName",
    "Founding",
    "ImportBatch",
    "ImportRow",
    "Industry",
    "IndustryMapping",
    "IntakeWindow",
    "IssuedRow",
    "IssuedWorkbook",
    "Job",
    "Letter",
    "LevelResult",
    "LoginCounter",
    "Material",
    "Merge",
    "MergeMove",
    "Notice",
    "NoticeRead",
    "Nudge",
    "Office",
    "OfficeAlias",
    "PairVerdict",
    "Pairing",
    "PairingScan",
    "PaperState",
    "Parameter",
    "PathwayEvent",
    "Proposal",
    "Recheck",
    "RegisterChange",
    "RegisterLoad",
    "RegisterRow",
    "RegisteredFirm",
    "ReturnReason",
    "ReturnedCell",
    "ReturnedValue",
    "Routing",
    "RuleDraft",
    "SectorWord",
    "Snapshot",
    "SnapshotChange",
    "SnapshotRow",
    "Submission",
    "Threshold",
    "TrailEntry",
    "TrailHead",
    "User",
    "WebSession",
    "WorkbookReturn",
    "Worker",
    "ZoneTown",
]
