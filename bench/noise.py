"""Names as people write them: twelve kinds of noise on registered names, to make lists of any size with known doubles.

    python -m bench.noise NAMES OUT --rows N [--share 0.06] [--seed 1]

NAMES has one name a line (further columns are ignored; gzipped or not); OUT is a plain TSV `rid name kind`, in random
order, in which rows with one rid are one firm.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from opencc import OpenCC
from pypinyin import lazy_pinyin

from bench.labelled import opened
from registry.matching.evidence import Named, named
from registry.matching.lexicons import rows as lexicon
from registry.matching.normalise import name_key
from registry.matching.shape import Alike, alike
from registry.matching.sound import readings

Noise = Callable[[Named, str, Random], str]


def traditional(_parts: Named, name: str, _random: Random) -> str:
    return OPENCC.convert(name)


OPENCC = OpenCC("s2t")


def format_(_parts: Named, name: str, random: Random) -> str:
    at = random.randrange(1, len(name))
    return random.choice(
        [f"{name[:at]} {name[at:]}", f"{name[:at]}\u200b{name[at:]}", f"“{name}”", f"{name}。", f" {name}\u3000"]
    )


def annotation(_parts: Named, name: str, random: Random) -> str:
    return random.choice([f"{random.randrange(1, 300)}、{name}", f"{name}（在建）", f"{name}(新增)", f"★{name}"])


def place(parts: Named, name: str, random: Random) -> str:
    text = parts.parts.division
    if not text or not name.startswith(text) or len(text) < 2:
        return name
    short = text[:-1] if len(text) > 2 else text
    rest = name[len(text) :]
    trade = parts.parts.trade_name
    moved = rest.replace(trade, f"{trade}（{short}）", 1) if trade else rest
    return random.choice([rest, short + rest if short != text else rest, moved])


def form(parts: Named, name: str, random: Random) -> str:
    for old, new in (("有限责任公司", "有限公司"), ("有限公司", random.choice(["有限责任公司", "公司", ""]))):
        if name.endswith(old):
            return name.removesuffix(old) + new
    return name


def homophone(parts: Named, name: str, random: Random) -> str:
    return _replaced(parts, name, random, lambda one: [other for other in _common() if readings(one) & readings(other)])


def look_alike(parts: Named, name: str, random: Random) -> str:
    return _replaced(parts, name, random, lambda one: [other for other in _common() if alike(one, other) is Alike.MUCH])


def _replaced(parts: Named, name: str, random: Random, others: Callable[[str], list[str]]) -> str:
    places = [at for at, one in enumerate(name) if one in parts.own]
    random.shuffle(places)
    for at in places[:3]:
        if choice := [other for other in others(name[at]) if other != name[at]]:
            return name[:at] + random.choice(choice) + name[at + 1 :]
    return name


@cache
def _common() -> tuple[str, ...]:
    """Characters that names are often made of."""
    found: defaultdict[str, int] = defaultdict(int)
    for row in lexicon("pairs.csv"):
        for character in row["pair"]:
            found[character] += int(row["names"])
    return tuple(sorted(one for one in found if "\u4e00" <= one <= "\u9fff"))


def industry(parts: Named, name: str, random: Random) -> str:
    if parts.parts.is_branch:
        return name
    words = [word for word in parts.parts.industry_words if word in name]
    return name.replace(random.choice(words), "", 1) if len(words) > 1 else name


def typing(_parts: Named, name: str, random: Random) -> str:
    at = random.randrange(1, len(name) - 1)
    return random.choice(
        [
            name[:at] + name[at] + name[at:],
            name[:at] + name[at + 1 :],
            name[:at] + random.choice("公新一的市") + name[at:],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        ]
    )


def pinyin(parts: Named, name: str, random: Random) -> str:
    trade = parts.parts.trade_name
    if trade and trade in name and random.random() < 0.6:
        return name.replace(trade, "".join(lazy_pinyin(trade)).capitalize(), 1)
    if parts.parts.is_branch:
        return name
    words = [word for word in (parts.parts.division.rstrip("市县区省"), trade, *parts.parts.industry_words) if word]
    spelt = " ".join("".join(lazy_pinyin(word)).capitalize() for word in words)
    return f"{spelt} {random.choice(['Co., Ltd.', 'Youxian Gongsi'])}"


def short(parts: Named, name: str, random: Random) -> str:
    place_, own = parts.parts.division, parts.own
    if len(own) < 2 or parts.parts.is_branch:
        return name
    return random.choice([own, place_ + own, place_.rstrip("市县区省") + own, place_ + (parts.parts.trade_name or own)])


def two(parts: Named, name: str, random: Random) -> str:
    first, second = random.sample([traditional, annotation, form, homophone, typing, format_], 2)
    once = first(parts, name, random)
    return second(parts, once, random) if len(once) > 3 else once


KINDS: dict[str, tuple[Noise, int]] = {
    "trad": (traditional, 68),
    "format": (format_, 53),
    "annot": (annotation, 67),
    "drop_div": (place, 27),
    "orgform": (form, 62),
    "homophone": (homophone, 56),
    "lookalike": (look_alike, 63),
    "drop_ind": (industry, 14),
    "typo": (typing, 55),
    "pinyin": (pinyin, 41),
    "abbr": (short, 31),
    "combo": (two, 63),
}
"""Each kind of noise, and how often it occurs beside the others."""


def noisy(names: list[str], size: int, share: float, seed: int) -> list[tuple[int, str, str]]:
    """`size` rows (rid, name, kind of noise or '') of which `share` are noisy copies of others, in random order."""
    random = Random(seed)
    copies = round(size * share)
    chosen = random.sample(names, size - copies)
    rows = [(rid, name, "") for rid, name in enumerate(chosen, 1)]
    kinds, shares = list(KINDS), [often for _, often in KINDS.values()]
    while len(rows) < size:
        rid, name, _ = rows[random.randrange(size - copies)]
        kind = random.choices(kinds, shares)[0]
        if len(name) > 4 and (copy := KINDS[kind][0](named(name), name, random)) != name and len(name_key(copy)) > 1:
            rows.append((rid, copy, kind))
    random.shuffle(rows)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--share", type=float, default=0.06)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with opened(asked.names) as lines:
        names = list(dict.fromkeys(line.rstrip("\n").split("\t")[0].split(",")[0] for line in lines))
    with asked.out.open("w", encoding="utf-8", newline="\n") as file:
        file.write("rid\tname\tkind\n")
        file.writelines(
            f"{rid}\t{name}\t{kind}\n" for rid, name, kind in noisy(names, asked.rows, asked.share, asked.seed)
        )


if __name__ == "__main__":
    main()
