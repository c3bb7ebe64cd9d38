"""What a reader narrows a list to, as a condition on matters or on the waits beside them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from gongzhi.domains.incidents.queries.desk_search import found_by, places_read
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Wait
from gongzhi.kernel.process.page import OPEN

DECIDE = "decide"
AGAIN, SHORTLY = "look_again", timedelta(days=3)
LISTED = "long_term_listed"
RAISED = {
    "community": ("raise_to_street",),
    "street": ("raise_to_district", "ask_supervision"),
    "district": ("ask_supervision",),
}
NARROWING = ("area", "branch", "stage", "source", "days", "what", "stands", "kept", "text")


@dataclass(frozen=True)
class Filters:
    """What the reader narrows a list to.

    ``area`` is ``level-id``, ``branch`` a branch of the categories, ``what`` a wait or :data:`DECIDE`, ``stands`` a
    desk as :func:`desk_key` names it, ``kept`` is ``raised`` (handed up by the hand's own level) or ``listed``.
    """

    area: str = ""
    branch: str = ""
    stage: str = ""
    source: str = ""
    days: int = 0
    what: str = ""
    stands: str = ""
    kept: str = ""
    text: str = ""
    pack: str = "cn"

    @property
    def active(self) -> bool:
        """Whether anything is narrowed."""
        return any(getattr(self, name) for name in NARROWING)


def narrow(filters: Filters, at: datetime, to: str, by: Acting) -> Q:
    """The condition on matters, or with ``to="matter__"`` on waits, where what is awaited and by whom counts too.

    The text of matters is not in it: it says itself which are walked (``desk_search.ways``).
    """
    found = _on_waits(filters, at) if to else Q()
    if filters.area:
        found &= _inside(filters.area, to, by)
    if filters.branch:
        found &= Q(**{f"{to}category__in": leaves_under(filters.branch, filters.pack)})
    if filters.stage:
        found &= Q(**{f"{to}stage": filters.stage})
    if filters.source:
        found &= Q(**{f"{to}source": filters.source})
    if filters.days:
        found &= Q(**{f"{to}opened_at__gte": at - timedelta(days=filters.days)})
    if filters.kept:
        found &= (
            Q(matter__in=Matter.objects.filter(kept(filters.kept, by)).values("pk"))
            if to
            else kept(filters.kept, by)
        )
    if filters.text and to:
        asked = found_by(filters.text, filters.pack, by=by, at=at)
        found &= Q(Exists(Matter.objects.filter(asked, pk=OuterRef("matter"))))
    return found


def _inside(area: str, to: str, by: Acting) -> Q:
    """Matters of an area; of those whose place the hand reads to the street only, no more than that."""
    level, _, number = area.partition("-")
    if level not in ("street", "community", "grid") or not number.isdecimal():
        return Q()
    if level == "street":
        return Q(**{f"{to}street": int(number)})
    here = Q(**{level: int(number)}) & places_read(by)
    return Q(matter__in=Matter.objects.filter(here).values("pk")) if to else here


def _on_waits(filters: Filters, at: datetime) -> Q:
    found = Q()
    if filters.what:
        found &= for_a_word(filters.pack, at)
        found &= Q() if filters.what == DECIDE else Q(what=filters.what)
    kind, _, rest = filters.stands.partition("-")
    if kind == "org" and rest.isdecimal():
        found &= Q(desk_org=int(rest))
    elif kind == "area":
        area, _, role = rest.partition("-")
        found &= Q(desk_area=int(area), desk_role=role) if area.isdecimal() else Q(pk__in=[])
    return found


def desk_key(wait: Wait) -> str:
    """A desk as an address names it: ``org-12``, ``area-7-community_desk``."""
    return f"org-{wait.desk_org_id}" if wait.desk_org_id else f"area-{wait.desk_area_id}-{wait.desk_role}"


def decisions(pack: str) -> dict[str, dict[str, Any]]:
    """What waits for somebody's word, by wait, in the order of the pack."""
    found: dict[str, dict[str, Any]] = packs.load(pack).table("decisions").get("decision", {})
    return found


def for_a_word(pack: str, at: datetime) -> Q:
    """Waits that want a yes or a no now; what is to be looked at again on a day, from shortly before it."""
    return Q(what__in=decisions(pack)) & ~Q(what=AGAIN, due_at__gt=at + SHORTLY)


def kept(which: str, by: Acting) -> Q:
    """``listed``: put on the long list. ``raised``: open, handed up from the hand's level, and not back at its desk."""
    if which == "listed":
        return Q(stage=LISTED)
    area = by.mandate.area if by.mandate else None
    verbs = RAISED.get(area.level if area else "", ())
    up = Entry.objects.filter(matter=OuterRef("pk"), verb__in=verbs)
    back = Wait.objects.filter(gate.my_desk(by), matter=OuterRef("pk"), ended_at=None)
    return Q(Exists(up), ~Exists(back), counts=OPEN)


def leaves_under(branch: str, pack: str) -> list[str]:
    """Ids of the leaves hanging under a branch of the categories, at any depth."""
    table = packs.load(pack).table("categories")
    under, grown = {branch}, True
    while grown:
        more = {key for key, row in table.get("branch", {}).items() if row.get("parent") in under} - under
        under, grown = under | more, bool(more)
    return [key for key, row in table.get("leaf", {}).items() if row.get("parent") in under]
