"""Finding matters by text: by what was written only where the hand may read it, else by what its list shows anyway.

A search that looked into words nobody shows would tell them, two signs at a time. What stands in few matters is looked
up and then sifted; what stands in many is met soon by walking the hand's own list from its newest (decision 24).
"""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Subquery

from gongzhi.domains.incidents.queries.desk_secrets import FROM_UNITS, HANDLING
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate, search
from gongzhi.kernel.process.models import Matter, Receipt, Tie
from gongzhi.kernel.process.standing import ABOUT

FULL, TASK = ("full",), ("task",)
INDEXED = ("incident", "whistle")  # kinds whose number, title, place and words stand in the search index
NUMBER = re.compile(r"(\d{4,6})-?(\d{0,6})")
_NEVER = Q(
    counts=""
)  # true of nothing, and has no index: keeps a database from walking the arms instead of the hits


def ways(text: str, pack: str, *, by: Acting, at: datetime, older: bool = False) -> list[Q]:
    """What a question opens to the hand, each way to be walked by itself; any of them suffices (one statement).

    Nothing under two characters. Combine with ``gate.closed_to``.
    """
    if not search.wanted(text):
        return []
    named = _named(text.strip(), pack)
    rows = Matter.objects.filter(named).values("pk")[: search.FEW + 1] if named else None
    return _ways(text, named, search.few(text, rows), by, search.lately(at, older=older))


def found_by(text: str, pack: str, *, by: Acting, at: datetime) -> Q:
    """The same as one condition, for a list that is short anyway: each of its matters is looked at."""
    if not search.wanted(text):
        return Q(pk__in=[])
    return _any(_ways(text, _named(text.strip(), pack), (False, False), by, search.lately(at)))


def _ways(text: str, named: Q, few: tuple[bool, bool], by: Acting, lately: Q) -> list[Q]:
    by_words = gate.arms(by, INDEXED, FULL, but=HANDLING)
    by_words += [arm & ~_secret() for arm in gate.arms(by, INDEXED, FULL, of=HANDLING)]
    if few[0]:
        found = [search.hits(text) & _among(by_words) & lately]
    else:
        found = _each(by_words, search.holding(text) & Q(private=False) & lately)
    if named and few[1]:
        rows = Matter.objects.filter(named).values("pk")
        found.append(search.drawn(Subquery(rows)) & _among(gate.arms(by)) & lately)
    elif named:
        found += _each(gate.arms(by), named & lately)
    return found + _shown(text.strip(), by, lately)


def _named(said: str, pack: str) -> Q:
    """By the number's beginning and by the name of the kind, which every list shows; empty where it is neither."""
    number, kinds = NUMBER.fullmatch(said), _kinds(said, pack)
    if number:
        begun = f"{number[1]}-{number[2]}" if number[2] or "-" in said else number[1]
        return Q(number__startswith=begun, number__range=(begun, f"{begun}9999999999"))
    return Q(category__in=kinds) if kinds else Q()


def _shown(said: str, by: Acting, lately: Q) -> list[Q]:
    """By title and place where the index does not hold them, or holds them among words the hand may not read."""
    title, place = Q(title__contains=said), Q(place__contains=said)
    pack = gate.pack_of(by)
    kinds, ties = tuple(set(packs.load(pack).processes) - set(INDEXED)), gate.by_tie(pack)
    found = [
        _any(gate.arms(by, kinds, FULL, but=ties)) & (title | place) & lately
    ]  # few rows: one query for all
    found += _each(gate.arms(by, kinds, FULL, of=ties), (title | place) & lately)
    found += _each(gate.arms(by, INDEXED, FULL, of=HANDLING), (title | place) & lately)
    return found + _each(gate.arms(by, levels=TASK), place & lately)


def _each(arms: Iterable[Q], which: Q) -> list[Q]:
    return [arm & which for arm in arms]


def _among(arms: Iterable[Q]) -> Q:
    """Any of the arms, looked at and not walked."""
    return _any(arms) | _NEVER


def _any(arms: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for arm in arms:
        found |= arm
    return found


def places_read(by: Acting) -> Q:
    """Matters whose place the hand may read to the house, not to the street alone."""
    return _any(gate.arms(by, levels=FULL + TASK))


def _secret() -> Q:
    """As ``desk_secrets.asked_secrecy`` says of one matter."""
    about = Tie.objects.filter(matter=OuterRef("pk"), role=ABOUT, until=None)
    kept = Receipt.objects.filter(matter=OuterRef("pk"), who_may_see__in=FROM_UNITS)
    return Q(restricted=True) | Q(private=True) | Exists(about) | Exists(kept)


def _kinds(said: str, pack: str) -> list[str]:
    """Leaves of the categories whose name holds the text."""
    leaves = packs.load(pack).get("categories.leaf", {})
    return [name for name, leaf in leaves.items() if said in str(leaf.get("label", ""))]
