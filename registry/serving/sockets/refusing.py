"""What a client is told whose request never came whole: a short answer without the application."""

from __future__ import annotations

from http import HTTPStatus

from registry.base.labels import N_

TOLD = {
    400: N_("请求的格式不正确，没有处理。"),
    408: N_("请求传送得太慢，已断开，没有保存任何内容。请检查网络后重新提交；文件较大时请先压缩或拆分。"),
    411: N_("请求没有说明内容的长度，没有处理。"),
    429: N_("同一地址同时上传的文件太多，没有保存任何内容。请稍候再试。"),
    503: N_("服务器的磁盘已满，请求没有处理，没有保存任何内容。请联系系统管理员。"),
    431: N_("请求的头部太大，没有处理。请清除浏览器中本网站的 Cookie 后再试。"),
}


def answer(status: int) -> bytes:
    """The whole answer, after which the connection ends."""
    body = f"{TOLD[status]}\n".encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
