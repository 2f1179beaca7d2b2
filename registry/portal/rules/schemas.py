"""How a collection describes itself to programs: Frictionless Data Package and Table Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.base.vocabulary import NOTICE
from registry.portal.rules.catalog import Collection
from registry.portal.texts import PORTAL_TITLE

KEY = "id"
"""The column before the fields: the row's public name, the same as long as the row is public."""


@dataclass(frozen=True)
class Licence:
    name: str
    url: str = ""

    def described(self) -> dict[str, str]:
        return {"name": "other", "title": self.name} | ({"path": self.url} if self.url else {})


def table_schema(collection: Collection, keys: Iterable[str], words: Callable[[str], str]) -> dict[str, Any]:
    """Table Schema of the public fields, in their order; `words` puts a label into the reader's language."""
    fields: list[dict[str, Any]] = [
        {"name": KEY, "type": "string", "constraints": {"required": True, "unique": True}},
    ]
    for key in keys:
        field = collection.field(key)
        one: dict[str, Any] = {
            "name": key, "type": field.type, "title": words(field.label), "description": words(field.about),
        }  # fmt: skip
        if field.fixed:
            one["constraints"] = {"required": True}
        fields.append(one)
    return {"fields": fields, "primaryKey": [KEY], "missingValues": [""]}


def package(
    public: Mapping[str, tuple[Collection, tuple[str, ...]]],
    licence: Licence,
    path: Callable[[str], str],
    words: Callable[[str], str],
) -> dict[str, Any]:
    """Data Package of every open collection; `path`: code -> address of its CSV."""
    return {
        "profile": "tabular-data-package",
        "name": "cultivation-directory",
        "title": words(PORTAL_TITLE),
        "description": NOTICE,
        "licenses": [licence.described()],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": code,
                "title": words(collection.label),
                "path": path(code),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": table_schema(collection, keys, words),
            }
            for code, (collection, keys) in public.items()
        ],
    }
