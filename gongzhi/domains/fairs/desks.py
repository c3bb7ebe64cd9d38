"""Who owes the results of a session."""

from gongzhi.kernel.process.deed import Deed, Desk
from gongzhi.kernel.process.registry import desk

DESK_OF_LEVEL = {"community": "community_desk", "street": "street_desk", "district": "district_dispatcher"}


@desk("fair_desk")
def fair_desk(deed: Deed) -> Desk | None:
    """The desk of the community, street or district the session hangs in."""
    for level, role in DESK_OF_LEVEL.items():
        area = getattr(deed.matter, f"{level}_id")
        if area is not None:
            return Desk(role, area)
    return None
