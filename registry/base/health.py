"""What a feature knows of this installation's health (`provides: health`), line by line, for the sysadmin's desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class HealthLine:
    """`tone`: ok, warn or bad; `said` with `values`: a sentence to be translated; `hint`: what is to be done."""

    label: str
    tone: str
    said: str
    values: Mapping[str, object] = field(default_factory=dict)
    hint: str = ""
