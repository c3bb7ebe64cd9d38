"""What a desk may answer at once: the pack's cards, found by the words being said; one past its day is not read out."""

from dataclasses import dataclass
from datetime import date

from gongzhi.kernel.packs import Pack

MOST = 4


@dataclass(frozen=True)
class Card:
    """A card: what to answer, who keeps it, where it is from, until when it holds. ``expired``: shown, not read out."""

    id: str
    label: str
    answer: str
    owner: str
    source: str
    until: date
    expired: bool
    door: str = ""
    phone: str = ""


def find(words: str, leaf: str, pack: Pack, today: date) -> list[Card]:
    """The cards a text or a kind brings up, those with most of their words in it first."""
    text = "".join(words.split())
    rows = pack.table("knowledge").get("card", {})
    hits = {
        key: sum(len(one) for one in row.get("words", ()) if one in text) + (leaf in row.get("leaves", ()))
        for key, row in rows.items()
    }
    best = sorted((key for key, n in hits.items() if n), key=lambda key: (-hits[key], key))
    return [card(key, pack, today) for key in best[:MOST]]


def card(key: str, pack: Pack, today: date) -> Card:
    """One card of the pack. KeyError."""
    row = pack.table("knowledge")["card"][key]
    exit_ = pack.table("exits").get("exit", {}).get(row.get("door", ""), {})
    return Card(
        id=key,
        label=str(row["label"]),
        answer=str(row["answer"]),
        owner=str(row["owner"]),
        source=str(row.get("source", "")),
        until=row["until"],
        expired=row["until"] < today,
        door=str(exit_.get("label", "")),
        phone=str(exit_.get("phone", "")),
    )


def everything(pack: Pack, today: date) -> list[Card]:
    """Every card, those past their day first, then the soonest."""
    rows = pack.table("knowledge").get("card", {})
    return sorted((card(key, pack, today) for key in rows), key=lambda one: (one.until, one.id))
