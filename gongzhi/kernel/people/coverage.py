"""Whether a place is covered: communities of the right size with a committee, grids with a worker and a branch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils.timezone import localtime

from gongzhi.kernel.people.duty import WALKING
from gongzhi.kernel.people.models import Mandate, Organisation
from gongzhi.kernel.people.roster import holding
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.plan import URBAN


@dataclass(frozen=True)
class Coverage:
    """Sentences. ``sizes`` only warn (A7); communities without committee, grids without worker, without branch."""

    sizes: tuple[str, ...]
    committees: tuple[str, ...]
    workers: tuple[str, ...]
    branches: tuple[str, ...]
    communities: int
    grids: int

    @property
    def gaps(self) -> tuple[str, ...]:
        """All that is missing."""
        return self.committees + self.workers + self.branches


def look(district: Area, at: datetime, table: Mapping[str, Any]) -> Coverage:
    """Check a district at a moment (four statements). ``table`` is the pack's ``territory``."""
    day = localtime(at).date()
    rows = tree.areas(day, within=district).filter(level__in=("community", "grid"))
    places = list(rows.select_related("parent"))
    communities = [one for one in places if one.level == "community"]
    grids = [one for one in places if one.level == "grid"]
    sizes = [said for one in communities if (said := _size(one, table["community_size"]))]
    return Coverage(
        tuple(sizes),
        tuple(_without_committee(communities, at)),
        tuple(_without_worker(grids, at)),
        tuple(_without_branch(grids, at)),
        len(communities),
        len(grids),
    )


def _size(community: Area, rule: Mapping[str, Any]) -> str:
    """The sentence for a community outside the rule's households; villages have no such figure."""
    count, least, most = community.households, rule["least"], rule["most"]
    if community.kind not in URBAN:
        return ""
    if count is None:
        return f"{community.name}还没有写户数。"
    if least <= count <= most:
        return ""
    drawn = "按示意数" if community.schematic else ""
    limit = f"少于 {least}" if count < least else f"多于 {most}"
    return f"{community.name}{drawn}有 {count} 户，{limit} 户。"


def _without_committee(communities: Sequence[Area], at: datetime) -> Iterator[str]:
    covered = _served("committee", at)
    return (f"{one.name}还没有居民委员会或村民委员会。" for one in communities if one.pk not in covered)


def _without_branch(grids: Sequence[Area], at: datetime) -> Iterator[str]:
    """Grids that no branch or group of the party stands in or serves (一网格一支部或党小组), community by community."""
    return _by_community(grids, _served("party_branch", at), "没有党支部或党小组")


def _served(kind: str, at: datetime) -> set[int]:
    """Ids of areas that a living organisation of a kind stands in or serves."""
    living = Q(valid_to=None) | Q(valid_to__gt=localtime(at).date())
    rows = Organisation.objects.filter(living, kind=kind).values_list("area_id", "serves")
    return {area for pair in rows for area in pair if area is not None}


def _without_worker(grids: Sequence[Area], at: datetime) -> Iterator[str]:
    """Grids where nobody walks, told community by community."""
    held = Mandate.objects.filter(holding(at), role__in=WALKING, person__is_active=True)
    covered = set(held.values_list("area_id", flat=True))
    return _by_community(grids, covered, "没有网格员")


def _by_community(grids: Sequence[Area], covered: set[int], lacks: str) -> Iterator[str]:
    vacant = [one for one in grids if one.pk not in covered]
    for _, group in groupby(vacant, key=lambda one: one.parent_id):
        found = list(group)
        community = found[0].parent.name if found[0].parent else ""
        yield f"{community}有 {len(found)} 个网格{lacks}：{'、'.join(one.name for one in found)}。"
