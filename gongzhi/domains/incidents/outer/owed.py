"""上级平台还欠的: what a platform above has not got yet, as a list and as rows in its own columns."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.timezone import localtime

from gongzhi.domains.incidents.outer import batches
from gongzhi.domains.incidents.outer.answers import told
from gongzhi.domains.incidents.outer.models import UpperRow
from gongzhi.domains.incidents.outer.upper import platforms
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Tie
from gongzhi.kernel.process.opening import way_up
from gongzhi.kernel.process.standing import ABOUT

AT_ONCE = 200
PAGE = 30
OWED = ("due", "refused")


def visible(platform: str, *, by: Acting, at: datetime) -> QuerySet[UpperRow]:
    """What must stand in a platform, of the matters this hand reads in full; never what complains of somebody, also
    where that was found after it was queued."""
    batches.area_of(by)
    matters = gate.visible(by=by, at=at, kinds=("incident",), levels=("full",))
    about = Tie.objects.filter(matter=OuterRef("matter"), role=ABOUT)
    return UpperRow.objects.filter(~Exists(about), platform=platform, matter__in=matters)


def counts(platform: str, *, by: Acting, at: datetime) -> dict[str, int]:
    """How many stand in each state (one statement)."""
    rows = visible(platform, by=by, at=at).values("state").annotate(n=Count("pk")).order_by()
    return {row["state"]: row["n"] for row in rows}


def page(
    platform: str, states: Sequence[str], *, by: Acting, at: datetime, after: int = 0
) -> tuple[list[UpperRow], int]:
    """One page, what is owed longest first, and the key of the next (0: none)."""
    rows = visible(platform, by=by, at=at).filter(state__in=states, pk__gt=after).select_related("matter")
    found = list(rows.order_by("pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


def due(platform: str, *, by: Acting, at: datetime) -> Iterator[list[UpperRow]]:
    """Everything owed, a few hundred at a time."""
    after, rows = 0, visible(platform, by=by, at=at).filter(state__in=OWED)
    while True:
        part = list(rows.filter(pk__gt=after).select_related("matter__area").order_by("pk")[:AT_ONCE])
        if not part:
            return
        yield part
        after = part[-1].pk


class Written:
    """Rows of a platform's sheet, by the pack's map of columns. No reporter, no words of theirs."""

    def __init__(self, pack: Pack, platform: str) -> None:
        self.said: Mapping[str, Any] = platforms(pack)[platform]
        self.leaves = pack.table("categories").get("leaf", {})
        self.head = list(self.said["columns"])

    def rows(self, part: Sequence[UpperRow]) -> Iterator[Sequence[str]]:
        """One row each, in the order given (three statements a part)."""
        ids = [one.matter_id for one in part]
        replies = told(ids)
        ties = (
            Tie.objects.filter(matter__in=ids, role="holder")
            .order_by("pk")
            .values_list("matter", "organisation")
        )
        holders = dict(ties)
        names = {one.pk: str(one.name) for one in Organisation.objects.filter(pk__in=set(holders.values()))}
        for one in part:
            cells = self._cells(one, one.matter)
            cells["holder"] = names.get(holders.get(one.matter_id) or 0, "")
            cells["reply"] = replies[one.matter_id].reply if one.matter.counts != "open" else ""
            yield [cells.get(field, "") for field in self.said["columns"].values()]

    def _cells(self, row: UpperRow, matter: Matter) -> dict[str, str]:
        """A matter kept from the neighbourhood goes without its place and point."""
        way = way_up(matter.area)
        near = not matter.restricted
        names = {level: str(one.name) for level in ("street", "community", "grid") if (one := way[level])}
        return {
            "number": matter.number,
            "title": matter.title if near else str(self.leaves.get(matter.category, {}).get("label", "")),
            "category": str(self.leaves.get(matter.category, {}).get("label", "")),
            "place": matter.place if near else "",
            **names,
            "lat": f"{matter.lat:.6f}" if near and matter.lat is not None else "",
            "lon": f"{matter.lon:.6f}" if near and matter.lon is not None else "",
            "opened": _moment(matter.opened_at),
            "promised": _moment(matter.promised_at),
            "stage": str(self.said["stages"].get(matter.counts, "")),
            "closed": _moment(matter.closed_at),
            "upper_number": row.number,
        }


def _moment(at: datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""
