"""The words of papers, and what stops their printing."""

from __future__ import annotations

from registry.base.errors import RegistryError
from registry.base.labels import N_

DAY_FORM = "{year}年{month}月{day}日"


class NoConverter(RegistryError):
    template = N_("服务器上没有安装 LibreOffice，不能生成 PDF；Word 文件不受影响，可照常下载。")


class NotConverted(RegistryError):
    template = N_(
        "LibreOffice 没有在 %(seconds)s 秒内转换成 PDF，或者转换失败。Word 文件不受影响，可照常下载；请稍后再试。"
    )
