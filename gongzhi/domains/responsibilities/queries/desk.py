"""What those who keep the list read: their area's list, one with its acts, and what could be drawn into it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from gongzhi.domains.responsibilities.queries.listed import FEW, KIND, PAGE, Told, kinds, told
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Words
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.possible import Possible, possible
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

DRAWN_DAYS = timedelta(days=90)
NOT_HERE = "责任清单由网格、社区记，街道看。"


@dataclass(frozen=True)
class Sheet:
    """One on the desk: as residents read it, what residents wrote, what may be done, the units that may be asked."""

    told: Told
    voices: tuple[str, ...]
    acts: tuple[Possible, ...]
    units: tuple[tuple[str, str], ...]
    seen: int


@dataclass(frozen=True)
class Drawn:
    """A kind of matter that keeps coming: how many in 90 days, and the kind of need it belongs to."""

    leaf: str
    label: str
    count: int
    kind: str


def own_area(by: Acting) -> Area | None:
    """The area of the hand's mandate, where it is the whole of a desk."""
    return by.mandate.area if by.mandate is not None and by.whole else None


def may_write(by: Acting) -> bool:
    """Whether the hand's role writes needs down."""
    area = own_area(by)
    return area is not None and by.role in current(pack_name(area), KIND).actions["raise_need"].by


def may_read(by: Acting) -> bool:
    """Whether the hand reads the list of an area, or holds a promise on one."""
    area = own_area(by)
    roles = current(pack_name(area), KIND).sees["full"]
    return (
        by.mandate is not None and by.whole and (by.role in roles or by.mandate.organisation_id is not None)
    )


def rows(*, by: Acting, at: datetime, before: int | None = None) -> list[Told]:
    """What the hand may read, newest first (six statements). NotYours for others."""
    if not may_read(by):
        raise NotYours(NOT_HERE)
    seen = gate.visible(by=by, at=at, kinds=(KIND,), levels=("full",))
    if before is not None:
        seen = seen.filter(pk__lt=before)
    return told(list(seen.order_by("-pk").values_list("pk", flat=True)[:PAGE]), at)


def sheet(matter_id: int, *, by: Acting, at: datetime) -> Sheet | None:
    """One with what this hand may do; None where it does not exist for them."""
    found = gate.one(matter_id, by=by, at=at)
    if found is None or found[0].matter.kind != KIND:
        return None
    work, _ = found
    acts = tuple(one for one in possible(work, by=by, at=at) if one.state == "now")
    units = _units(work.matter) if any(one.action == "assign" for one in acts) else ()
    voices = _voices(matter_id) if by.role in work.process.actions["set_aside"].by else ()
    return Sheet(told([matter_id], at)[0], voices, acts, units, work.matter.seq)


def _voices(matter_id: int) -> tuple[str, ...]:
    """What residents wrote in the review, for who decides; in no order of who."""
    rows = Words.objects.filter(entry__matter=matter_id, entry__verb="say").values_list("text", flat=True)
    said = (json.loads(text).get("voice_words", "") for text in rows)
    return tuple(sorted(one for one in said if one))


def _units(matter: Matter) -> tuple[tuple[str, str], ...]:
    """Organisations that stand in or serve the community or its street."""
    ids = [one for one in (matter.community_id, matter.street_id) if one]
    near = Organisation.objects.filter(Q(area__in=ids) | Q(serves__in=ids), valid_to=None).distinct()
    return tuple((str(one.pk), one.name) for one in near.order_by("kind", "pk"))


def drawn(*, by: Acting, at: datetime) -> list[Drawn]:
    """Kinds of matters that keep coming in the hand's area, the most frequent first (one statement).

    Counted by kind and place, never by who reported; what is private or about a person is not in it.
    """
    area = own_area(by)
    if area is None or not may_write(by):
        return []
    pack = packs.load(pack_name(area))
    of_leaf = {leaf: kind for kind, row in kinds(pack.name).items() for leaf in row.get("leaves", ())}
    here = gate.visible(by=by, at=at, kinds=("incident",), levels=("full",)).filter(gate.public())
    counted = here.filter(opened_at__gte=at - DRAWN_DAYS, category__in=of_leaf).order_by()
    numbers = counted.values_list("category").annotate(n=Count("pk")).order_by("-n", "category")
    return [
        Drawn(leaf, str(pack.get(f"categories.leaf.{leaf}.label", "")), count, of_leaf[leaf])
        for leaf, count in numbers
        if count >= FEW
    ][:8]
