"""Whether the number of trusted proxies fits what comes in is said once, because sign-in limits go by the address."""

from __future__ import annotations

import pytest
from flask import Flask

from registry.site.proxies import TOO_FEW, TOO_MANY

NAMED = {"X-Forwarded-For": "10.1.2.3"}


def warned(app: Flask, caplog: pytest.LogCaptureFixture, *headers: dict[str, str]) -> list[str]:
    """What the log says after requests with these headers, each made twice."""
    client = app.test_client()
    for given in headers * 2:
        client.get("/sign-in", headers=given)
    return [record.getMessage() for record in caplog.records if "REGISTRY_PROXIES" in record.getMessage()]


def test_a_forwarded_address_that_nobody_trusts_is_said_once(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    assert warned(app, caplog, NAMED) == [TOO_FEW % 0]


def test_requests_without_a_proxy_are_as_they_should_be(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    assert warned(app, caplog, {}) == []


@pytest.mark.parametrize(
    "trusted, headers, said",
    [
        (1, NAMED, []),
        (1, {}, [TOO_MANY % (1, 0)]),
        (2, NAMED, [TOO_MANY % (2, 1)]),
        (2, {"X-Forwarded-For": "10.1.2.3, 10.9.9.9"}, []),
    ],
    ids=["one proxy", "past the proxy", "one of two", "two proxies"],
)
def test_a_request_past_the_trusted_proxies_is_said_once(
    app: Flask, caplog: pytest.LogCaptureFixture, trusted: int, headers: dict[str, str], said: list[str]
) -> None:
    app.config["PROXIES"] = trusted
    assert warned(app, caplog, headers) == said
