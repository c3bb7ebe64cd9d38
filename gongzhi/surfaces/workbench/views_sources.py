"""从哪里来: how many matters came by each door, each figure with the list behind it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from gongzhi.domains.incidents.queries import sources
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.workbench.hands import page, staffed


@staffed
def sources_page(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The figures of the last week or month."""
    days = 30 if request.GET.get("days") == "30" else 7
    rows = sources.counted(by=by, at=at, days=days)
    said = {
        "title": "从哪里来",
        "here": "sources",
        "rows": rows,
        "whole": rows[0].of if rows else 0,
        "days": days,
        "periods": sources.PERIODS,
    }
    return page(request, "sources", by, said)
