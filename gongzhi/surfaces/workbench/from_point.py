"""A report that begins at a point of a patrol: its place is known, and what is found is tied to the point."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gongzhi.domains.patrols import actions
from gongzhi.domains.patrols.queries import walking
from gongzhi.domains.patrols.queries.walking import Source
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import NotYours, Refusal
from gongzhi.kernel.territory import lookup
from gongzhi.surfaces.workbench.spot import Spot


def named(request: HttpRequest, by: Acting, at: datetime) -> Source | None:
    """The point the form or the address names; None where there is none for this hand."""
    asked = request.POST.get("stop") or request.GET.get("stop", "")
    return walking.source(asked, by=by, at=at) if asked else None


def first(stop: Source | None) -> dict[str, Any]:
    """What stands in the form at first."""
    return {"area": str(stop.area.pk), "place": stop.place} if stop is not None else {}


def spot(stop: Source | None, at: datetime) -> Spot | None:
    """The point's own place, where neither the phone nor a photo gave one."""
    if stop is None or stop.point is None:
        return None
    return Spot(*stop.point, "patrol", lookup.grid_at(*stop.point, at))


def tie(
    stop: Source | None, matter_id: int, *, by: Acting, at: datetime, key: str, happened: datetime | None
) -> str:
    """Tie what was reported to its point; a sentence where that could not be done, the report stands either way."""
    if stop is None:
        return ""
    try:
        actions.found(stop.patrol_id, stop.n, matter_id, by=by, at=at, key=f"{key}-found", happened=happened)
    except NotYours:
        return "这件事由专人办，巡查点请另外记一下。"
    except Refusal as refusal:
        return f"没有记到巡查点上：{refusal.sentence}"
    return ""


def address(stop: Source | None) -> str:
    """The patrol's page."""
    return reverse("workbench:patrol", args=[stop.patrol_id]) if stop is not None else ""
