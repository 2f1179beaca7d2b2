"""Whether `REGISTRY_PROXIES` fits what comes in: sign-in limits and the trail go by the client's address."""

from __future__ import annotations

from flask import Flask, current_app, request

TOO_FEW = (
    "requests carry X-Forwarded-For, but REGISTRY_PROXIES is %d: everybody behind the proxy counts as one address, and "
    "one person's failed sign-ins can lock out all; set it to the number of reverse proxies before this server"
)
TOO_MANY = (
    "REGISTRY_PROXIES is %d, but a request came with %d addresses in X-Forwarded-For: whoever reaches this port past "
    "the proxies can pretend to be anybody; let only the proxy reach it, or set the number to what there is"
)


def install(app: Flask) -> None:
    app.extensions["proxies_doubted"] = set()
    app.before_request(_compare)


def _compare() -> None:
    """Say once for each process what does not fit."""
    trusted: int = current_app.config["PROXIES"]
    named = len([part for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()])
    if named and not trusted:
        _doubt(TOO_FEW, trusted)
    elif named < trusted:
        _doubt(TOO_MANY, trusted, named)


def _doubt(template: str, *numbers: int) -> None:
    said: set[str] = current_app.extensions["proxies_doubted"]
    if template not in said:
        said.add(template)
        current_app.logger.warning(template, *numbers)
