"""The unified social credit code (GB 32100-2015): how it is read, what is wrong with it, and who stands behind it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product
from types import MappingProxyType

from stdnum.cn import uscc

from registry.base.errors import CreditCodeRefused
from registry.base.sentences import CODE_SENTENCES

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
AUTHORITIES = frozenset("123456789ANY")
# What is easily typed for what; only letters the alphabet lacks, so a suggestion never competes with a real character.
CONFUSABLES: Mapping[str, str] = MappingProxyType({"O": "0", "I": "1", "Z": "2", "S": "5", "V": "UY"})
_REGION = slice(2, 8)


class CodeFaultKind(StrEnum):
    """The first thing that is wrong with a text given as a credit code, in the order they are looked for."""

    REGISTRATION_NUMBER = "registration_number"
    LENGTH = "length"
    CHARACTER = "character"
    LEADING = "leading"
    CHECKSUM = "checksum"


class RegistrantKind(StrEnum):
    """Who stands behind a code, by its first two characters (docs/domain.md 5); guards look at it."""

    GOVERNMENT = "government"
    INSTITUTION = "institution"
    MASS_BODY = "mass_body"
    LAW_FIRM = "law_firm"
    JUDICIAL_SERVICE = "judicial_service"
    SOCIETY = "society"
    NON_PROFIT = "non_profit"
    FOUNDATION = "foundation"
    RELIGIOUS = "religious"
    TRADE_UNION = "trade_union"
    ENTERPRISE = "enterprise"
    SOLE_TRADER = "sole_trader"
    COOPERATIVE = "cooperative"
    RURAL_COLLECTIVE = "rural_collective"
    OTHER = "other"


_KINDS: Mapping[str, RegistrantKind] = MappingProxyType(
    {
        "11": RegistrantKind.GOVERNMENT,
        "12": RegistrantKind.INSTITUTION,
        "13": RegistrantKind.MASS_BODY,
        "31": RegistrantKind.LAW_FIRM,
        "32": RegistrantKind.JUDICIAL_SERVICE,
        "33": RegistrantKind.JUDICIAL_SERVICE,
        "34": RegistrantKind.JUDICIAL_SERVICE,
        "35": RegistrantKind.JUDICIAL_SERVICE,
        "51": RegistrantKind.SOCIETY,
        "52": RegistrantKind.NON_PROFIT,
        "53": RegistrantKind.FOUNDATION,
        "7": RegistrantKind.RELIGIOUS,
        "8": RegistrantKind.TRADE_UNION,
        "91": RegistrantKind.ENTERPRISE,
        "92": RegistrantKind.SOLE_TRADER,
        "93": RegistrantKind.COOPERATIVE,
        "N": RegistrantKind.RURAL_COLLECTIVE,
    }
)


@dataclass(frozen=True, slots=True)
class CodeFault:
    """What is wrong, at which character (1-based), and what was meant, where that can be said.

    `expected` is the right check character (checksum faults). `suggestion` is a whole valid code in which only
    confusable letters were exchanged: it is shown, never applied.
    """

    kind: CodeFaultKind
    position: int | None = None
    found: str = ""
    expected: str = ""
    suggestion: str = ""

    @property
    def template(self) -> str:
        """The Chinese sentence with named placeholders; fill it with `values`."""
        return CODE_SENTENCES["suggestion" if self.suggestion else self.kind.value]

    @property
    def values(self) -> dict[str, object]:
        return {
            "position": self.position,
            "found": self.found,
            "expected": self.expected,
            "suggestion": self.suggestion,
            "length": len(self.found),
        }

    def __str__(self) -> str:
        return self.template % self.values


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """A normalised code and its fault, None where the code is valid."""

    code: str
    fault: CodeFault | None

    @property
    def valid(self) -> bool:
        return self.fault is None

    @property
    def is_wrongly_checked(self) -> bool:
        """Nothing is wrong but the check character; some issued codes are so."""
        return self.fault is not None and self.fault.kind is CodeFaultKind.CHECKSUM


@dataclass(frozen=True, slots=True, order=True)
class CreditCode:
    """A code known to be valid; made by `CreditCode.parse` only."""

    value: str

    @classmethod
    def parse(cls, text: str) -> CreditCode:
        """Read `text` as a credit code. Raises CreditCodeRefused with the sentence of the fault."""
        checked = check(text)
        if checked.fault is not None:
            raise CreditCodeRefused(checked.fault.template, **checked.fault.values)
        return cls(checked.code)

    @property
    def organisation(self) -> str:
        return organisation_code(self.value)

    @property
    def kind(self) -> RegistrantKind:
        return kind(self.value)

    def __str__(self) -> str:
        return self.value


def normalise(text: str) -> str:
    """Half width, upper case, without spaces, hyphens or invisible characters; nothing else is mended."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in {"Cf", "Pd", "Zs"})


@lru_cache(maxsize=1_024)  # one code is looked at by several rules in a row
def check(text: str) -> CodeCheck:
    """Normalise `text` and name the first fault: length, character, authority, check character."""
    code = normalise(text)
    return CodeCheck(code, _fault(code))


def within(text: str) -> list[str]:
    """The valid codes that stand by themselves in a longer text, each once: `91441502MA50000017(1-1)`."""
    words = re.findall(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])", unicodedata.normalize("NFKC", text).upper())
    return list(dict.fromkeys(word for word in words if _fault(word) is None))


def is_identity_number(text: str) -> bool:
    """Whether `text` is the number of a person's identity card (GB 11643): a date of birth and its check character."""
    match = re.fullmatch(r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", text)
    if match is None:
        return False
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17]


_PLACE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_GAP = r"[\s-]*"
_CARD = re.compile(rf"(?<![0-9]){_PLACE}\d{{4}}{_GAP}(?:19\d\d|20[01]\d){_DAY}{_GAP}\d{{3}}[\dX](?![0-9])")
_FORMER_CARD = re.compile(rf"(?<![0-9]){_PLACE}\d{{4}}{_GAP}[4-9]\d{_DAY}{_GAP}\d{{3}}(?![0-9])")
_SPACED_CARD = re.compile(rf"(?<![0-9])(?=((?:\d{_GAP}){{17}}[\dX])(?![0-9]))")


def holds_identity_number(text: str) -> bool:
    """Whether the number of a person's identity card, of 18 or the former 15 digits, stands anywhere in `text`.

    Place and date of birth have to be plausible; the check character only where the number is spaced in odd places, so
    that one with a slip of the pen is found too, and credit codes and telephone numbers are not. Nobody with a former
    card is born before 1940 here: registration numbers of domestic firms have 0 to 3 in that place.
    """
    kinds = ((c, unicodedata.category(c)) for c in unicodedata.normalize("NFKC", text).upper())
    plain = "".join("-" if kind == "Pd" else c for c, kind in kinds if kind != "Cf")
    if _CARD.search(plain) or _FORMER_CARD.search(plain):
        return True
    return any(is_identity_number(re.sub(_GAP, "", found[1])) for found in _SPACED_CARD.finditer(plain))


def _fault(code: str) -> CodeFault | None:
    if len(code) != LENGTH:
        old = is_registration_number(code)
        return CodeFault(CodeFaultKind.REGISTRATION_NUMBER if old else CodeFaultKind.LENGTH, found=code)
    for position, character in enumerate(code, start=1):
        if character not in (ALPHABET[:10] if 3 <= position <= 8 else ALPHABET):
            return CodeFault(CodeFaultKind.CHARACTER, position, character, suggestion=_suggestion(code))
    if code[0] not in AUTHORITIES:
        return CodeFault(CodeFaultKind.LEADING, 1, code[0])
    expected = check_character(code[:17])
    if code[-1] != expected:
        return CodeFault(CodeFaultKind.CHECKSUM, LENGTH, code[-1], expected)
    return None


def _suggestion(code: str) -> str:
    """The one valid code that exchanging confusable letters leads to; empty where none or several do."""
    if sum(c not in ALPHABET for c in code) > 6:
        return ""
    readings = ("".join(pick) for pick in product(*(CONFUSABLES.get(c, c) for c in code)))
    valid = [reading for reading in readings if _is_plain(reading) and _fault(reading) is None]
    return valid[0] if len(valid) == 1 else ""


def _is_plain(code: str) -> bool:
    return all(c in ALPHABET for c in code) and code[_REGION].isdigit()


def check_character(first_17: str) -> str:
    """The 18th character that belongs to 17 given ones (GB 32100-2015). Raises ValueError outside the alphabet."""
    return str(uscc.calc_check_digit(first_17))


def organisation_code(code: str) -> str:
    """Characters 9-17 of a credit code: the organisation code, which a firm keeps when the rest is issued anew."""
    return code[8:17]


def organisation_check(code: str) -> bool:
    """Whether the organisation code in `code` (18 characters, or 9) fits its own check character (GB 11714-1997).

    Only a warning: self-defined organisation codes exist and need not fit.
    """
    own = organisation_code(code) if len(code) == LENGTH else code
    return len(own) == 9 and own[:8].isalnum() and own[:8].isascii() and own[8] == organisation_character(own[:8])


def organisation_character(first_8: str) -> str:
    """The 9th character of an organisation code; letters count A=10 ... Z=35, unlike in GB 32100."""
    total = sum(int(c, 36) * weight for c, weight in zip(first_8, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    remainder = (11 - total % 11) % 11
    return "X" if remainder == 10 else str(remainder)


def is_registration_number(text: str) -> bool:
    """Whether `text` is a 15-digit business registration number of before 2015 (ISO 7064 MOD 11,10)."""
    if len(text) != 15 or not (text.isascii() and text.isdigit()):
        return False
    rest = 10
    for digit in text[:14]:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return (11 - rest) % 10 == int(text[14])


def kind(code: str) -> RegistrantKind:
    """Who stands behind `code`, by its first two characters."""
    return _KINDS.get(code[:2]) or _KINDS.get(code[:1]) or RegistrantKind.OTHER
