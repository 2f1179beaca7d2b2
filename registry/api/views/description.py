"""The OpenAPI description, drawn from the resources themselves: shapes, parameters, scopes, problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from apispec import APISpec
from flask import current_app
from flask_babel import gettext as _
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from registry.api.rules.described import Described
from registry.api.rules.parameters import Parameter
from registry.api.rules.scopes import SCOPE_LABELS
from registry.api.rules.shapes import ProblemShape
from registry.api.texts import API_ABOUT, API_TITLE, PROBLEMS
from registry.base.extensions import setting

ROOT = "/api/v1"
VERSION = "1.0.0"
_TOKEN = "token"  # noqa: S105 - the name of the scheme
_REFERENCE = "#/components/schemas/{model}"
_TAG = {"type": "string", "description": "ETag"}


def described() -> Iterator[tuple[str, Described]]:
    """(path below the root, resource), in the order of their paths."""
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        found = getattr(current_app.view_functions[rule.endpoint], "described", None)
        if found is not None:
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(ROOT)), found


def description() -> dict[str, Any]:
    """The whole of it, in the language of the moment."""
    spec = APISpec(
        title=_(API_TITLE),
        version=VERSION,
        openapi_version="3.1.0",
        info={"description": _(API_ABOUT)},
        servers=[{"url": ROOT}],
    )
    spec.components.security_scheme(_TOKEN, {"type": "http", "scheme": "bearer"})
    resources = list(described())
    shapes: list[type[BaseModel]] = [ProblemShape, *(one.shape for _path, one in resources)]
    _refs, schemas = models_json_schema(
        [(one, "serialization") for one in dict.fromkeys(shapes)], ref_template=_REFERENCE
    )
    for name, schema in schemas["$defs"].items():
        spec.components.schema(name, _worded(schema))
    for path, resource in resources:
        spec.path(path, operations={"get": _operation(resource)})
    return spec.to_dict()


def _operation(resource: Described) -> dict[str, Any]:
    needs_token = resource.scope is not None or resource.any_scope
    scope = _(SCOPE_LABELS[resource.scope]) if resource.scope else ""
    return {
        "operationId": resource.name,
        "summary": _(resource.summary),
        "description": _(resource.text) + (f" scope: {resource.scope} ({scope})" if scope else ""),
        "parameters": [
            *(_parameter(one, "path") for one in resource.path),
            *(_parameter(one, "query") for one in resource.parameters()),
        ],
        "security": [{_TOKEN: []}] if needs_token else [],
        "responses": _responses(resource, needs_token=needs_token),
    }


def _parameter(one: Parameter, place: str) -> dict[str, Any]:
    return {
        "name": one.name, "in": place, "required": place == "path", "description": _(one.text), "schema": one.schema,
    }  # fmt: skip


def _responses(resource: Described, *, needs_token: bool) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": _REFERENCE.format(model=resource.shape.__name__)}}}
    found: dict[str, Any] = {
        "200": {"description": _(resource.summary), "headers": {"ETag": {"schema": _TAG}}, "content": content},
        "304": {"description": _("与 If-None-Match 所带的 ETag 相同，没有变化")},
    }
    statuses = {400, 404, 429, 503} | ({401, 403} if needs_token else set())
    statuses |= {409} if any(one.name == "cursor" for one in resource.parameters()) else set()
    for status in sorted(statuses):
        found[str(status)] = _problem(status)
    return found


def _problem(status: int) -> dict[str, Any]:
    kinds = [f"{name}: {_(kind.title)}" for name, kind in PROBLEMS.items() if kind.status == status]
    answer: dict[str, Any] = {
        "description": "; ".join(kinds) or _("暂时不能回答"),
        "content": {"application/problem+json": {"schema": {"$ref": _REFERENCE.format(model="ProblemShape")}}},
    }
    if status in (429, 503):
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return answer


def _worded(schema: Any) -> Any:
    """Descriptions in the language of the moment."""
    if isinstance(schema, list):
        return [_worded(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _(value) if key == "description" and isinstance(value, str) else _worded(value)
        for key, value in schema.items()
    }


def limits() -> dict[str, int]:
    return {"token": setting("API_REQUESTS"), "address": setting("API_OPEN_REQUESTS")}
