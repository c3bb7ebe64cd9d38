"""How a report becomes a matter: where it hangs, whom it is kept from, what it is called. Pure but for area rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from gongzhi.domains.incidents.queries import questions
from gongzhi.domains.incidents.suggest import danger
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.opening import way_up
from gongzhi.kernel.process.verdict import SayMore
from gongzhi.kernel.territory.models import Area

FALLBACK = "other"
HIDDEN = "一件不公开的事"
STREET_KINDS = ("street_office", "street")
COMPLAINED = {
    "grid": ("committee",),
    "grid_worker": ("committee",),
    "community": ("committee",),
    "committee": ("committee",),
    "property_company": ("property_company",),
    "property": ("property_company",),
    "owners_committee": ("owners_committee",),
    "street": ("street_office",),
    "street_office": ("street_office",),
}


@dataclass(frozen=True)
class Contact:
    """How the reporter may be reached and who may see it. ``told_by``: sms, call or none."""

    phone: str = ""
    who_may_see: str = "all"
    wants_call: bool = False
    told_by: str = "none"


@dataclass(frozen=True)
class Report:
    """What somebody reports. ``point`` is (lat, lon), WGS-84; ``about`` lists kinds of organisations complained of;
    ``answers`` what was said to the kind's further questions, by code, as it was given;
    ``subject`` at which session it was said (``fair:<id>``)."""

    area: Area
    words: str = ""
    category: str = ""
    suggested: str = ""
    place: str = ""
    point: tuple[float, float] | None = None
    point_source: str = ""
    about: tuple[str, ...] = ()
    keep_out: bool = False
    contact: Contact = field(default_factory=Contact)
    photos: tuple[Any, ...] = ()
    voice: Any = None
    video: Any = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "portal"
    urgency: str = "normal"
    consent: bool = False
    over_limit: bool = False
    subject: str = ""


@dataclass(frozen=True)
class Hung:
    """Where a report hangs and what follows from what it is about."""

    area: Area
    category: str
    leaf: dict[str, Any]
    about: tuple[int, ...]
    private: bool
    restricted: bool
    title: str


def hung(report: Report, pack: Pack) -> Hung:
    """Decide the area, the category, the organisations it is about, whether it is private, and the title."""
    leaves = pack.table("categories").get("leaf", {})
    category = report.category if report.category in leaves else FALLBACK
    leaf = leaves[category]
    warned = danger(report.words, pack)
    if warned is not None and warned.leaf in leaves:
        category, leaf = warned.leaf, leaves[warned.leaf]
    private = bool(leaf.get("private"))
    about = complained_of(report.area, report.about)
    kept_out = report.keep_out or report.contact.who_may_see == "sealed_from_grid" or private
    area = report.area
    if about or kept_out:
        way = way_up(report.area)
        street_itself = any(kind in STREET_KINDS for kind in report.about)
        area = (way["district"] if street_itself else way["street"]) or way["district"] or report.area
    title = HIDDEN if private else title_of(report, leaf)
    return Hung(area, category, leaf, about, private, bool(about) or kept_out, title)


def complained_of(area: Area, kinds: tuple[str, ...]) -> tuple[int, ...]:
    """Ids of the organisations of these kinds that stand in the area's community or serve it."""
    wanted = {kind for given in kinds for kind in COMPLAINED.get(given, ())}
    if not wanted:
        return ()
    way = [one for one in way_up(area).values() if one is not None]
    rows = Organisation.objects.filter(Q(area__in=way) | Q(serves__in=way), kind__in=wanted, valid_to=None)
    near = [one for one in way if one.level in ("community", "grid", "building", "street")]
    return tuple(rows.filter(Q(area__in=near) | Q(serves__in=near)).values_list("pk", flat=True).distinct())


def title_of(report: Report, leaf: dict[str, Any]) -> str:
    """What staff read in a list: the place in the reporter's words and the kind; never who reported."""
    place = report.place.strip().replace("\n", " ")[:24]
    return f"{place}，{leaf['label']}" if place else str(leaf["label"])


def besides(said: Report, category: str, pack: Pack) -> dict[str, Any]:
    """A video and the answers to the kind's questions, where there are any. What was left unanswered stops nothing."""
    cleaned = questions.clean(category, pack, said.answers)
    wrong = {f"q_{code}": sentence for code, sentence in cleaned.errors.items() if said.answers.get(code)}
    if wrong:
        raise SayMore(wrong)
    more: dict[str, Any] = {questions.NAME: cleaned.values} if cleaned.values else {}
    return more | ({"video": [said.video]} if said.video is not None else {})
