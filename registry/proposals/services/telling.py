"""Offices are told what happens to a nomination of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.base.vocabulary import Role
from registry.notices.services.notices import tell
from registry.proposals.models import Proposal
from registry.reference.queries import reference


def submitted(proposal: Proposal, *, at: datetime) -> None:
    kind = "resubmitted" if proposal.rounds > 1 else "submitted"
    _tell_bureau(proposal, kind, at=at)


def withdrawn(proposal: Proposal, *, at: datetime) -> None:
    _tell_bureau(proposal, "withdrawn", at=at)


def returned(proposal: Proposal, cells: int, *, at: datetime) -> None:
    _tell_proposer(proposal, "returned", {"cells": cells}, at=at)


def admitted(proposal: Proposal, *, at: datetime) -> None:
    _tell_proposer(proposal, "admitted", {}, at=at)


def rejected(proposal: Proposal, *, at: datetime) -> None:
    _tell_proposer(proposal, "rejected", {}, at=at)


def _tell_bureau(proposal: Proposal, kind: str, *, at: datetime) -> None:
    if proposal.reviewing_office_id is None:
        return
    values = {"office": _short(proposal.office_id), "firm": proposal.firm.name}
    tell(
        proposal.reviewing_office_id, kind, values, at=at, firm=proposal.firm, subject_kind="review",
        subject_id=proposal.id, role=Role.OFFICER,
    )  # fmt: skip


def _tell_proposer(proposal: Proposal, kind: str, more: Mapping[str, Any], *, at: datetime) -> None:
    values = {"office": _short(proposal.reviewing_office_id), "firm": proposal.firm.name, **more}
    tell(
        proposal.office_id, kind, values, at=at, firm=proposal.firm, subject_kind="proposal", subject_id=proposal.id
    )  # fmt: skip


def _short(office_id: int | None) -> str:
    return next((office.short_name for office in reference.offices().values() if office.id == office_id), "")
