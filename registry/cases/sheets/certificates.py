"""A certificate as a paper for Word and WPS; what it says is given, and nothing is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.cases import texts
from registry.cases.rules.checkcodes import grouped
from registry.papers.rules import day_of
from registry.papers.sheets.paper import Body, OfficialPaper


@dataclass(frozen=True)
class CertificatePaper:
    """`text`: as it was issued; its first line is the addressee where it ends in a colon."""

    title: str
    number: str
    check_code: str
    text: str
    signature: str
    issued_on: date
    valid_to: date | None
    withdrawn_on: date | None

    @property
    def addressee(self) -> str:
        first = self.text.partition("\n")[0].strip()
        return first if first.endswith(texts.ADDRESSEE_END) else ""

    @property
    def paragraphs(self) -> list[str]:
        lines = [line.strip() for line in self.text.split("\n") if line.strip()]
        return lines[1:] if self.addressee else lines

    @property
    def notes(self) -> list[str]:
        """Number, validity, check code, and that it was withdrawn: small print under the text."""
        first = day_of(self.issued_on)
        valid = (
            texts.CERTIFICATE_VALID.format(first=first, last=day_of(self.valid_to))
            if self.valid_to
            else texts.CERTIFICATE_OPEN.format(first=first)
        )
        found = [
            texts.CERTIFICATE_NUMBER.format(number=self.number),
            valid,
            texts.CERTIFICATE_CHECK.format(code=grouped(self.check_code)),
        ]
        if self.withdrawn_on:
            found.append(texts.CERTIFICATE_WITHDRAWN.format(day=day_of(self.withdrawn_on)))
        return found


def official(paper: CertificatePaper) -> OfficialPaper:
    """The same as a paper: its small print stands at the end of the page, its check code at the foot too."""
    return OfficialPaper(
        title=paper.title,
        recipients=paper.addressee,
        blocks=tuple(Body(line) for line in paper.paragraphs),
        signature=paper.signature,
        day=paper.issued_on,
        footer=texts.CERTIFICATE_CHECK.format(code=grouped(paper.check_code)),
        sources=tuple(paper.notes),
    )
