"""The columns of the directory of institutions as a file."""

from __future__ import annotations

from dataclasses import replace

from registry.base.labels import N_
from registry.sheets.columns import Column, ColumnKind, by_key

COLUMNS = (
    replace(by_key("name"), heading=N_("机构名称")),
    Column("kind", N_("类别"), ColumnKind.TEXT, "", width=20),
    by_key("credit_code"),
    Column("owner", N_("依托单位"), ColumnKind.TEXT, "", width=28),
    replace(by_key("division"), heading=N_("所在地"), kind=ColumnKind.TEXT),
    Column("field", N_("研究方向"), ColumnKind.TEXT, "", width=24),
    replace(by_key("founded_on"), heading=N_("设立日期")),
    Column("head", N_("负责人"), ColumnKind.TEXT, "", width=10),
    Column("office", N_("登记单位"), ColumnKind.TEXT, "", width=14),
    Column("recognised", N_("认定"), ColumnKind.TEXT, "", width=10),
    Column("source", N_("依据"), ColumnKind.TEXT, "", width=30),
)
"""No contact: whoever needs one looks at it for a purpose."""
