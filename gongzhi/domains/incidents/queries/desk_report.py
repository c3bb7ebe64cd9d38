"""Where staff may report, and whose conduct a report may be about, as choices of a form."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from gongzhi.domains.incidents import suggest
from gongzhi.domains.incidents.intake import COMPLAINED
from gongzhi.domains.incidents.queries.desk import own_area
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory import gazetteer, tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

SHOWN = {"grid": ("grid", "building"), "community": ("community", "grid"), "street": ("community", "grid")}
SURE = 0.8


@dataclass(frozen=True)
class Guess:
    """The kind a text points at ("" where no word is known), why, and words of danger to say first."""

    leaf: str
    because: str
    danger: str


def own_pack(by: Acting) -> packs.Pack:
    """The pack in force where the hand stands."""
    return packs.load(pack_name(own_area(by)))


def areas(*, by: Acting, at: datetime) -> list[Area]:
    """Areas a hand may report for: its grid and buildings, its community's grids, its communities (one statement)."""
    own = own_area(by)
    if own is None:
        return []
    levels = SHOWN.get(own.level, ("community",))
    rows = tree.areas(localtime(at).date(), within=own).filter(level__in=levels)
    return list(rows.select_related("parent"))


def labelled(rows: list[Area]) -> list[tuple[str, str]]:
    """Choices with the name of the area above where names repeat."""
    return [(str(one.pk), _label(one)) for one in rows]


def _label(area: Area) -> str:
    above = area.parent.name if area.parent is not None and area.level in ("grid", "community") else ""
    return f"{above} {area.name}".strip()


def found_by_words(place: str, *, by: Acting, at: datetime) -> list[tuple[str, str]]:
    """Areas a typed place may mean inside the hand's own, best first; one alone where it is clear which."""
    found = gazetteer.find_place(place, own_area(by), at=at)
    if found and found[0].score >= SURE and (len(found) == 1 or found[0].score > found[1].score):
        found = found[:1]
    told = {str(one.area_id): f"{one.within} {one.label}".strip() for one in found}
    return list(told.items())


def guess(words: str, pack: packs.Pack) -> Guess:
    """What a text points at."""
    best = next(iter(suggest.suggest(words, pack, 1)), None)
    warned = suggest.danger(words, pack)
    return Guess(best.leaf if best else "", best.because if best else "", warned.say if warned else "")


def parties(pack: packs.Pack) -> list[tuple[str, str]]:
    """Whom a report may complain of: kinds of organisations, by the pack's words."""
    rows = pack.table("about").get("party", {}).items()
    return [(key, row["label"]) for key, row in rows if key in COMPLAINED]


def area(area_id: int, at: datetime) -> Area | None:
    """A living area by its id."""
    return tree.areas(localtime(at).date()).filter(pk=area_id).first()
