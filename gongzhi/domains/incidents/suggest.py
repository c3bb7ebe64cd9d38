"""What kind of matter is this? Suggestions from the words people use, each with its reason. Pure, no database.

The rule a person can follow: the longest word that stands in the text wins; then the kind that explains more of the
text; then the order of the pack. Plain words (``hints``: 小区, 灯) fill the places left. ``灯+不亮`` in the pack means
both parts stand near each other. 繁體 is read as 简体.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from opencc import OpenCC

from gongzhi.kernel.packs import Pack

__all__ = [
    "Danger",
    "Exit",
    "Party",
    "Suggestion",
    "danger",
    "exit_for",
    "exit_of",
    "fold",
    "points_at_people",
    "suggest",
]

NEAR = 12  # characters the parts of "灯+不亮" may stand apart
TOGETHER = 16  # characters between a party's name and the word for its conduct
LONGEST = 4000  # characters looked at
Rank = tuple[int, int, int]  # longest word, text explained, place in the pack; the least first


@dataclass(frozen=True)
class Suggestion:
    """A kind that fits: leaf id, its label, and why, as a sentence for the person who wrote.

    ``learned``: from what the district's desks decided before; offered beside the others, never chosen for anybody.
    """

    leaf: str
    label: str
    because: str
    learned: bool = False


@dataclass(frozen=True)
class Danger:
    """Words of danger: what to say first, whom to ring, which leaf, and whether only the named officer sees it."""

    id: str
    label: str
    leaf: str
    phone: str
    helpline: str
    helpline_label: str
    say: str
    after: str
    private: bool
    because: str


@dataclass(frozen=True)
class Exit:
    """A door elsewhere: what it is called, its number and place, what to tell the resident."""

    id: str
    label: str
    phone: str
    place: str
    say: str
    urgent: bool
    because: str


@dataclass(frozen=True)
class Party:
    """Somebody whose conduct the words or the kind point at; ``kinds`` as in the leaf's ``about``."""

    id: str
    label: str
    kinds: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Hit:
    """Where a word stands in the text: its parts as (from, to), and its length without the plus."""

    word: str
    spans: tuple[tuple[int, int], ...]

    @property
    def length(self) -> int:
        return sum(end - start for start, end in self.spans)


def suggest(text: str, pack: Pack, limit: int = 3) -> list[Suggestion]:
    """The kinds that fit, best first, at most ``limit``; empty where no word is known. Private kinds never appear."""
    said, leaves = fold(text), pack.table("categories").get("leaf", {})
    ranked = _ranked(said, leaves, "words")
    if len(ranked) < limit:
        named = {leaf for _, leaf, _ in ranked}
        ranked += [one for one in _ranked(said, leaves, "hints") if one[1] not in named]
    return [Suggestion(leaf, leaves[leaf]["label"], _because(said, hits)) for _, leaf, hits in ranked[:limit]]


def _ranked(
    said: str, leaves: Mapping[str, Mapping[str, Any]], column: str
) -> list[tuple[Rank, str, list[Hit]]]:
    ranked = []
    for place, (leaf, row) in enumerate(leaves.items()):
        if row.get("private") or not row.get(column):
            continue
        hits = _hits(_without(said, row.get("not", ())), row[column])
        if hits:
            longest, covered = max(hit.length for hit in hits), _covered(hits)
            ranked.append(((-longest, -covered, place), leaf, hits))
    return sorted(ranked, key=lambda one: one[0])


def danger(text: str, pack: Pack) -> Danger | None:
    """The first danger whose words stand in the text; a phrase under ``not`` (跳楼价) does not count."""
    leaves = pack.table("categories").get("leaf", {})
    for key, row in pack.table("danger").get("danger", {}).items():
        said = _without(fold(text), row.get("not", ()))
        hits = _hits(said, row["words"])
        if hits:
            private = bool(leaves.get(row["leaf"], {}).get("private"))
            return Danger(
                id=key,
                label=row["label"],
                leaf=row["leaf"],
                phone=row["phone"],
                helpline=row.get("helpline", ""),
                helpline_label=row.get("helpline_label", ""),
                say=row["say"],
                after=row.get("after", ""),
                private=private,
                because=_because(said, hits),
            )
    return None


def danger_words(pack: Pack) -> list[str]:
    """Every word of danger, for a phone without a signal: what has one of them is not kept on it."""
    rows = pack.table("danger").get("danger", {})
    return list(dict.fromkeys(str(word) for row in rows.values() for word in row["words"]))


def exit_for(text: str, pack: Pack) -> Exit | None:
    """The door elsewhere the words point at, the longest word first; None where none does. It never stops a report."""
    found: list[tuple[int, str, list[Hit]]] = []
    said = fold(text)
    for key, row in pack.table("exits").get("exit", {}).items():
        hits = _hits(said, row.get("words", ()))
        if hits:
            found.append((max(hit.length for hit in hits), key, hits))
    if not found:
        return None
    _, key, hits = max(found, key=lambda one: one[0])
    return _exit(key, pack, _because(said, hits))


def exit_of(leaf: str, pack: Pack) -> Exit | None:
    """The door of a kind that is settled elsewhere (wages, consumer …); None where it is settled here."""
    row = pack.table("categories").get("leaf", {}).get(leaf, {})
    return _exit(row["exit"], pack, f"“{row['label']}”有专门的渠道") if row.get("exit") else None


def points_at_people(text: str, leaf: str, pack: Pack) -> tuple[Party, ...]:
    """Whose conduct the kind or the words point at. Where not empty, intake asks “您是对他们有意见吗？”."""
    table = pack.table("about")
    parties: Mapping[str, Mapping[str, Any]] = table.get("party", {})
    row = pack.table("categories").get("leaf", {}).get(leaf, {})
    found: dict[str, Party] = {}
    for key, party in parties.items():
        by_kind = set(party["kinds"]) & set(row.get("about", ()))
        words = _pointing(fold(text), party, table.get("conduct", ()))
        if words or by_kind:
            because = f"您写了{words}" if words else f"“{row['label']}”说的是{party['label']}"
            found[key] = Party(key, party["label"], tuple(party["kinds"]), because)
    return tuple(found.values())


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def fold(text: str) -> str:
    """The text as words are compared: width and case evened, 繁體 as 简体, blanks out, cut at 2,000 characters."""
    even = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    joined = "".join(even.split())
    return str(_converter().convert(joined))


def _exit(key: str, pack: Pack, because: str) -> Exit:
    row = pack.table("exits")["exit"][key]
    return Exit(
        key,
        row["label"],
        row.get("phone", ""),
        row.get("place", ""),
        row["say"],
        bool(row.get("urgent")),
        because,
    )


def _hits(said: str, words: Iterable[str]) -> list[Hit]:
    return [hit for hit in (_hit(said, word) for word in words) if hit]


def _hit(said: str, word: str) -> Hit | None:
    """Where a word of the pack stands; for ``a+b`` the nearest pair of its parts within :data:`NEAR` characters."""
    first, *others = word.lower().split("+")
    for start in _places(said, first):
        spans = [(start, start + len(first))]
        for part in others:
            near = [
                at for at in _places(said, part) if _gap(spans[0], (at, at + len(part))) in range(NEAR + 1)
            ]
            if not near:
                break
            spans.append((near[0], near[0] + len(part)))
        else:
            return Hit(word, tuple(spans))
    return None


def _places(said: str, part: str) -> Iterable[int]:
    at = said.find(part)
    while at >= 0:
        yield at
        at = said.find(part, at + 1)


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Characters between two spans; −1 where they overlap."""
    low, high = sorted((one, other))
    return high[0] - low[1] if high[0] >= low[1] else -1


def _covered(hits: Iterable[Hit]) -> int:
    return len({at for hit in hits for start, end in hit.spans for at in range(start, end)})


def _because(said: str, hits: Iterable[Hit]) -> str:
    """您写了“路灯不亮”: what was found, as it stands in the text and in its order, three pieces at most."""
    covered = sorted({at for hit in hits for start, end in hit.spans for at in range(start, end)})
    pieces: list[str] = []
    for before, at in zip([-2, *covered], covered, strict=False):
        if at == before + 1:
            pieces[-1] += said[at]
        else:
            pieces.append(said[at])
    return "您写了" + "".join(f"“{piece}”" for piece in pieces[:3])


def _without(said: str, phrases: Iterable[str]) -> str:
    for phrase in phrases:
        said = said.replace(phrase, "　" * len(phrase))
    return said


def _pointing(said: str, party: Mapping[str, Any], conduct: Iterable[str]) -> str:
    """“物业”“不管” where a name of the party and a word for conduct stand together; "" where they do not."""
    clear = _without(said, party.get("not", ()))
    acts = [(word, at) for word in conduct for at in _places(clear, word)]
    for name in party["names"]:
        for at in _places(clear, name):
            for word, there in acts:
                if 0 <= _gap((at, at + len(name)), (there, there + len(word))) <= TOGETHER:
                    return f"“{name}”“{word}”"
    return ""
