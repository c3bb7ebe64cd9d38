"""What a reader narrows a list to, as a condition on matters or on the waits beside them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from gongzhi.kernel import packs
from gongzhi.kernel.process import search
from gongzhi.kernel.process.models import Matter


@dataclass(frozen=True)
class Filters:
    """What the reader narrows a list to. ``area`` is ``level-id``, ``branch`` a branch of the categories."""

    area: str = ""
    branch: str = ""
    stage: str = ""
    source: str = ""
    days: int = 0
    text: str = ""
    pack: str = "cn"

    @property
    def active(self) -> bool:
        """Whether anything is narrowed."""
        return any((self.area, self.branch, self.stage, self.source, self.days, self.text))


def narrow(filters: Filters, at: datetime, to: str) -> Q:
    found = Q()
    level, _, area_id = filters.area.partition("-")
    if level in ("street", "community", "grid") and area_id.isdigit():
        found &= Q(**{f"{to}{level}": int(area_id)})
    if filters.branch:
        found &= Q(**{f"{to}category__in": leaves_under(filters.branch, filters.pack)})
    if filters.stage:
        found &= Q(**{f"{to}stage": filters.stage})
    if filters.source:
        found &= Q(**{f"{to}source": filters.source})
    if filters.days:
        found &= Q(**{f"{to}opened_at__gte": at - timedelta(days=filters.days)})
    if filters.text:
        asked = search.find(filters.text, at=at)
        found &= Q(matter__in=Matter.objects.filter(asked).values("pk")) if to else asked
    return found


def leaves_under(branch: str, pack: str) -> list[str]:
    """Ids of the leaves hanging under a branch of the categories, at any depth."""
    table = packs.load(pack).table("categories")
    under, grown = {branch}, True
    while grown:
        more = {key for key, row in table.get("branch", {}).items() if row.get("parent") in under} - under
        under, grown = under | more, bool(more)
    return [key for key, row in table.get("leaf", {}).items() if row.get("parent") in under]
