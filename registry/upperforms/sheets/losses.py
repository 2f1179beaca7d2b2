"""What of a workbook does not survive being opened and saved by the library that fills it: said before it is filled."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from registry.base.labels import N_

WORDS = {
    "shapes": N_("文本框、形状和线条"),
    "controls": N_("窗体控件（复选框、按钮等）"),
    "embedded": N_("嵌入的文档或对象"),
    "pictures": N_("EMF、WMF 格式的图片，页眉页脚里的图片"),
    "charts": N_("图表的部分格式"),
    "lists": N_("取自其他工作表的新式下拉列表（数据验证）"),
    "looks": N_("新式条件格式和迷你图"),
    "slicers": N_("切片器和查询连接"),
    "threads": N_("批注的回复"),
    "signature": N_("数字签名"),
    "results": N_("公式已算出的结果（打开时重新计算）"),
}
_PARTS = {
    "controls": ("xl/ctrlProps/", "xl/activeX/"),
    "embedded": ("xl/embeddings/",),
    "charts": ("xl/charts/",),
    "slicers": ("xl/slicers/", "xl/queryTables/", "xl/connections"),
    "threads": ("xl/threadedComments/",),
    "signature": ("_xmlsignatures/",),
}
_INSIDE: dict[str, dict[str, tuple[bytes, ...]]] = {
    "xl/drawings/": {"shapes": (b":sp>", b":sp ", b":cxnSp", b":grpSp")},
    "xl/worksheets/": {
        "lists": (b"x14:dataValidation ",),
        "looks": (b"x14:conditionalFormatting ", b"x14:sparklineGroup "),
        "pictures": (b"<legacyDrawingHF", b"<picture "),
        "results": (b"<f>", b"<f "),
    },
}


def of(container: zipfile.ZipFile) -> list[str]:
    """The codes of `WORDS`, in their order. The container was looked at by `sheets.guard.inspect` before."""
    found = set(_found(container))
    return [code for code in WORDS if code in found]


def _found(container: zipfile.ZipFile) -> Iterator[str]:
    names = container.namelist()
    for code, starts in _PARTS.items():
        if any(name.startswith(starts) for name in names):
            yield code
    if any(name.lower().endswith((".emf", ".wmf")) for name in names):
        yield "pictures"
    for folder, marks in _INSIDE.items():
        for name in names:
            if name.startswith(folder) and name.endswith(".xml"):
                content = container.read(name)
                yield from (code for code, words in marks.items() if any(word in content for word in words))
