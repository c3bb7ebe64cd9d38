"""Finding matters by text: by what was written only where the hand may read it, else by what its list shows anyway.

A search that looked into words nobody shows would tell them, two signs at a time.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from gongzhi.domains.incidents.queries.desk_secrets import FROM_UNITS, HANDLING
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate, search
from gongzhi.kernel.process.models import Receipt, Tie
from gongzhi.kernel.process.standing import ABOUT

FULL, TASK = ("full",), ("task",)


def found_by(text: str, pack: str, *, by: Acting, at: datetime, older: bool = False) -> Q:
    """What a question narrows the hand's matters to; combine with the gate's query. Nothing under two characters."""
    asked, said = search.wanted(text), text.strip()
    if not asked:
        return Q(pk__in=[])
    words = search.find(text, at=at, older=older) & (_any(by, FULL, HANDLING) | _any(by, FULL) & ~_secret())
    seen = Q(number__contains=said) | Q(category__in=_kinds(said, pack))
    seen |= Q(title__contains=said) & _any(by, FULL)
    seen |= Q(place__contains=said) & places_read(by)
    return words | seen & search.lately(at, older=older)


def places_read(by: Acting) -> Q:
    """Matters whose place the hand may read to the house, not to the street alone."""
    return _any(by, FULL) | _any(by, TASK)


def _any(by: Acting, levels: tuple[str, ...], but: tuple[str, ...] = ()) -> Q:
    found = Q(pk__in=[])
    for arm in gate.arms(by, levels=levels, but=but):
        found |= arm
    return found


def _secret() -> Q:
    """As ``desk_secrets.asked_secrecy`` says of one matter."""
    about = Tie.objects.filter(matter=OuterRef("pk"), role=ABOUT, until=None)
    kept = Receipt.objects.filter(matter=OuterRef("pk"), who_may_see__in=FROM_UNITS)
    return Q(restricted=True) | Q(private=True) | Exists(about) | Exists(kept)


def _kinds(said: str, pack: str) -> list[str]:
    """Leaves of the categories whose name holds the text."""
    leaves = packs.load(pack).get("categories.leaf", {})
    return [name for name, leaf in leaves.items() if said in str(leaf.get("label", ""))]
