"""What an archive is: its entries, the manifest that proves them, how a value is written, and which ones to keep."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from registry.base.labels import N_
from registry.trail.texts import Words

FORMAT = 1
MANIFEST = "manifest.json"
ANCHORS = "anchors.txt"
_NAMED = re.compile(r"registry-(\d{8}T\d{6}Z)\.zip")
_STAMP = "%Y%m%dT%H%M%SZ"

WORDS = Words(
    verbs={"backup": N_("备份全部数据"), "restore_backup": N_("从备份恢复")},
    subjects={"backup": N_("备份")},
)


@dataclass(frozen=True)
class Content:
    """One entry of an archive: its digest, its bytes and, of a table, its rows."""

    sha256: str
    size: int
    rows: int = 0


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. `trail`: the end of the chain as SEQ:HASH; `schema`: the migration its tables are of.

    `anchors`: the file of anchors, where there was one.
    """

    made_at: str
    engine: str
    schema: str
    trail: str
    tables: Mapping[str, Content] = field(default_factory=dict)
    files: Mapping[str, Content] = field(default_factory=dict)
    anchors: Content | None = None
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def entries(self) -> dict[str, Content]:
        """Entry of the archive -> what it must be."""
        return {
            **{table_entry(name): content for name, content in self.tables.items()},
            **{file_entry(name): content for name, content in self.files.items()},
            **({ANCHORS: self.anchors} if self.anchors else {}),
        }

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)


def manifest_of(text: str | bytes) -> Manifest:
    """Raises ValueError where the text is no manifest of this format."""
    try:
        raw = json.loads(text)
        parts = {part: {k: Content(**v) for k, v in raw[part].items()} for part in ("tables", "files")}
        anchors = Content(**raw["anchors"]) if raw.get("anchors") else None
        found = Manifest(**raw | parts | {"anchors": anchors})
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(str(error)) from error
    if found.format != FORMAT:
        raise ValueError(f"format {found.format}")
    return found


def table_entry(name: str) -> str:
    return f"tables/{name}.jsonl"


def file_entry(name: str) -> str:
    return f"files/{name}"


def line_of(row: Iterable[Any]) -> bytes:
    """A row as one line: the same bytes from either database."""
    return json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def row_of(line: bytes, kinds: Sequence[type]) -> list[Any]:
    """A line as a row again; `kinds` are the Python types of its columns."""
    values = json.loads(line)
    if len(values) != len(kinds):
        raise ValueError(f"{len(values)} values for {len(kinds)} columns")
    return [_typed(value, kind) for value, kind in zip(values, kinds, strict=True)]


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
    return value


def _typed(value: Any, kind: type) -> Any:
    if value is None:
        return None
    if kind is Decimal:
        return Decimal(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is bytes:
        return base64.b64decode(value)
    return value


def file_name(at: datetime) -> str:
    """An archive's name says when it was made; only a whole one bears it."""
    return f"registry-{at.astimezone(UTC).strftime(_STAMP)}.zip"


def made_at(name: str) -> datetime | None:
    """When the archive of this name was made; None for any other file."""
    found = _NAMED.fullmatch(name)
    return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC) if found else None


def superseded(names: Iterable[str], *, kept: int) -> list[str]:
    """The archives beyond the `kept` newest ones; other files are nobody's to take away."""
    ours = sorted((name for name in names if made_at(name)), reverse=True)
    return ours[max(kept, 1) :]
