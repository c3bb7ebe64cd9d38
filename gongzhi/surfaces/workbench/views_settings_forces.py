"""力量: what a street's communities have (1+1+X+Y), the joint committees' part-time members, and the gaps."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime

from gongzhi.kernel.people import forces
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory import tree
from gongzhi.surfaces.workbench.administering import keeping, own_area, pack_of
from gongzhi.surfaces.workbench.hands import page


@keeping("forces")
def street(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """One street at a time."""
    streets = list(tree.areas(localtime(at).date(), "street", own_area(by)))
    asked = request.GET.get("street", "")
    chosen = next((one for one in streets if str(one.pk) == asked), streets[0] if streets else None)
    table = pack_of(by).table("staffing")
    found = forces.look(chosen, table, by=by, at=at) if chosen else None
    said = {"streets": streets, "chosen": chosen, "found": found, "here": "forces", "title": "力量"}
    return page(request, "settings/forces", by, said)
