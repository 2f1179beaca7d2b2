"""Files of the register for tests, loaded as the command does, with a commit after each step."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR, Actor
from registry.register.models import RegisteredFirm, RegisterLoad
from registry.register.rules import LoadState
from registry.register.services import applying, loads, staging
from registry.register.sheets import open_register
from tests.world import NOW, TODAY

HEADINGS = ("企业名称", "统一社会信用代码", "注册日期", "企业类型", "注册资金", "经营范围", "地区", "注册地址")
FIRM = (
    "海丰县青云检测有限公司",
    None,
    "2015-06-01",
    "有限责任公司",
    "100(万人民币元)",
    "环境检测；水质检测",
    "汕尾",
    "海丰县海城镇红城大道9号",
)


def row(code: str, name: str = FIRM[0], **given: str) -> tuple[str, ...]:
    """One line of a regulator's list; `given` by heading."""
    return tuple(
        given.get(heading, text or "") for heading, text in zip(HEADINGS, (name, code, *FIRM[2:]), strict=True)
    )


def written(rows: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS, *, name: str = "名单.csv") -> Path:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([headings, *rows] if headings else rows)
    path = Path(tempfile.mkdtemp(prefix="registry-test-")) / name
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def load(
    rows: Iterable[Sequence[str]], *, as_of: date = TODAY, whole: bool = False, by: Actor = SYSTEM_ACTOR,
    confirmed: bool = False, headings: Sequence[str] = HEADINGS,
) -> RegisterLoad:  # fmt: skip
    return load_file(written(rows, headings), as_of=as_of, whole=whole, by=by, confirmed=confirmed)


def load_file(
    path: Path, *, as_of: date = TODAY, whole: bool = False, by: Actor = SYSTEM_ACTOR, confirmed: bool = False,
    columns: Sequence[str] = (),
) -> RegisterLoad:  # fmt: skip
    digest = sha256(path.read_bytes()).hexdigest()
    begun = loads.begin(by, path, digest, as_of=as_of, whole=whole, at=NOW)
    db.session.commit()
    if begun.state == LoadState.STAGING:
        with open_register(path, columns=columns) as table:
            for _ in staging.stage(begun, table):
                db.session.commit()
    for _ in applying.apply(by, begun, at=NOW, confirmed=confirmed):
        db.session.commit()
    return begun


def firm(code: str) -> Any:
    """The registered firm of this code, as it stands now."""
    db.session.expire_all()
    return db.session.query(RegisteredFirm).filter_by(credit_code=code).one_or_none()
