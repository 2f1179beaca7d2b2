"""Certificates for tests, entered through the service that the product uses."""

from __future__ import annotations

from datetime import date
from typing import Any

from registry.qualifications.models import Holder, Qualification
from registry.qualifications.rules.items import ScopeItem
from registry.qualifications.services import recording
from registry.qualifications.services.recording import CertificateEntry, CertificateFacts
from tests.world import NOW, TODAY, World

ITEMS = (
    ScopeItem("土工", "含水率", "GB/T 50123-2019"),
    ScopeItem("水泥", "安定性", "GB/T 1346-2011"),
)


def facts(number: str = "202119110001", **values: Any) -> CertificateFacts:
    given: dict[str, Any] = {
        "kind": "cma",
        "issuer": "广东省市场监督管理局",
        "valid_from": date(2021, 3, 1),
        "valid_to": date(2027, 2, 28),
        "scope": "建设工程材料检测",
        **values,
    }
    return CertificateFacts(number=number, **given)


def certificate(
    world: World, holder: Holder, number: str = "202119110001", *, by: str = "haifeng", doubt: str = "", **values: Any
) -> Qualification:
    entry = CertificateEntry(facts(number, **values), doubt_reason=doubt)
    return recording.add(world.actor(by), holder, entry, at=NOW, on=TODAY)
