"""The web server as it is served, with little patience, and clients that are sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.journeys.serving import Service
from tests.serving.clients import Server

IMPATIENT = {
    "REGISTRY_PROCESSES": "1",
    "REGISTRY_REQUEST_HEAD_SECONDS": "3",
    "REGISTRY_REQUEST_SECONDS": "5",
    "REGISTRY_REQUESTS_OF_AN_ADDRESS": "20",
}

Serve = Callable[..., Server]


@pytest.fixture
def serve(database: str, tmp_path: Path) -> Iterator[Serve]:
    """Serve the test's database with these settings besides; what it logged is looked at in the end."""
    services: list[Service] = []

    def start(**settings: str) -> Server:
        service = Service(database, tmp_path, **{**IMPATIENT, **settings})
        services.append(service)
        address = service.open(date(2021, 10, 15), working=False)
        return Server(int(address.rpartition(":")[2]), service)

    yield start
    for service in services:
        service.close()
        assert "Traceback" not in service.log(), service.log()
