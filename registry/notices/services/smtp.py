"""One message to the configured mail server."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, make_msgid

from registry.base.extensions import setting
from registry.notices.texts import SENDER

PATIENCE = 20
"""Seconds a server may take to answer."""


class NotTaken(Exception):
    """The server did not take the message; `for_good` where trying again would not help."""

    def __init__(self, text: str, *, for_good: bool = False) -> None:
        super().__init__(" ".join(text.split())[:500])
        self.for_good = for_good


def send(to: str, subject: str, text: str, *, at: datetime) -> None:
    """Hand one message over, or raise NotTaken."""
    message = _message(to, subject, text, at)
    try:
        with _connected() as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code, reason = next(iter(refused.recipients.values()))
        raise NotTaken(f"{code} {reason.decode('utf-8', 'replace')}", for_good=code >= 500) from refused
    except (smtplib.SMTPException, OSError) as broken:
        raise NotTaken(f"{type(broken).__name__}: {broken}") from broken


def _connected() -> smtplib.SMTP:
    """A greeted server: encrypted and signed in to as the settings say."""
    where = {"host": setting("SMTP_HOST"), "port": setting("SMTP_PORT"), "timeout": PATIENCE}
    if setting("SMTP_TLS") == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(**where, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(**where)
    try:
        if setting("SMTP_TLS") == "starttls":
            server.starttls(context=ssl.create_default_context())
        if setting("SMTP_USER"):
            server.login(setting("SMTP_USER"), setting("SMTP_PASSWORD"))
    except BaseException:
        server.close()
        raise
    return server


def _message(to: str, subject: str, text: str, at: datetime) -> EmailMessage:
    sender = setting("SMTP_FROM")
    message = EmailMessage(policy=WIRE)
    message["From"] = Address(SENDER, addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, charset="utf-8", cte="base64")
    return message
