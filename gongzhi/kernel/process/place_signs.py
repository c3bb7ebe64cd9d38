"""Who may print and end the codes of places: desks of a community, a street or the district, over their own area."""

from collections.abc import Sequence
from datetime import datetime

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.process.verdict import NotYours
from gongzhi.kernel.territory import place_register
from gongzhi.kernel.territory.models import Area, Place
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.kernel.territory.place_register import Spot

LEVELS = ("community", "street", "district")
NOT_HERE = "楼门码由社区、街道的受理台印，只印本辖区的。"


def own_area(by: Acting) -> Area | None:
    """The area whose codes the hand keeps; None where its role speaks for no desk of a level, and for deputies."""
    area = by.mandate.area if by.mandate is not None and by.whole else None
    if area is None or area.level not in LEVELS:
        return None
    role = role_table(pack_name(area)).get(by.role, {})
    return area if role.get("speaks") and role.get("full_time") else None


def within(area: Area, by: Acting) -> Area:
    """The area, where it is the hand's own or lies below it. NotYours."""
    own = own_area(by)
    if own is None:
        raise NotYours(NOT_HERE)
    if not area.path.startswith(own.path):
        raise NotYours(NOT_HERE, hidden=True)
    return area


def make(spots: Sequence[Spot], *, by: Acting, at: datetime) -> list[Place]:
    """Codes for places of the hand's own area. NotYours; ``place_register.NotAPlace``."""
    for spot in spots:
        within(spot.area, by)
    return place_register.make(spots, by=by, at=at)


def end(place: Place, why: str, *, by: Acting, at: datetime) -> Place | None:
    """End a code of the hand's own area; the new one where its sheet was lost. NotYours; ``NotAPlace``."""
    within(place.area, by)
    return place_register.end(place, why, by=by, at=at)
