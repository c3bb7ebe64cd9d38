"""Who reads what a predecessor could not send: the ended mandate's desk, or the nearest living one above."""

from gongzhi.kernel.people.models import Mandate
from gongzhi.kernel.process.deed import Deed, Desk
from gongzhi.kernel.process.desks import nearest, sitting
from gongzhi.kernel.process.opening import way_up
from gongzhi.kernel.process.registry import desk


@desk("successor")
def successor(deed: Deed) -> Desk | None:
    """The organisation the mandate was in, or the same role over the same area, climbing to a living desk."""
    mandate: Mandate = deed.work.mandate  # type: ignore[attr-defined]
    if mandate.area is None:
        return Desk(org_id=mandate.organisation_id) if mandate.organisation_id else None
    way = way_up(mandate.area)
    who = sitting(deed.at, [one.pk for one in way.values() if one])
    return nearest(mandate.role, way, deed.matter.pack, who)
