"""常用电话: whom to ring in my area, one tap to dial, printed as a sheet."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from gongzhi.domains.incidents.queries import desk, desk_contacts
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.workbench.hands import page, staffed


@staffed
def contacts(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """The numbers of my area, or of a part of it."""
    asked = request.GET.get("area", "")
    own, area = desk.own_area(by), desk_contacts.place_of(asked, by=by, at=at)
    said = {
        "title": "常用电话",
        "here": "contacts",
        "own": own.name if own else "",
        "place": area.name if area else "",
        "chosen": f"{area.level}-{area.pk}" if area else "",
        "choices": [(f"{one.level}-{one.pk}", one.name) for one in desk.areas_below(by=by, at=at)],
        "groups": desk_contacts.groups(area, at=at) if area else [],
    }
    return page(request, "contacts", by, said)
