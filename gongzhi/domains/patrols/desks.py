"""Whether a route waits for another day."""

from gongzhi.domains.patrols.row import route_of
from gongzhi.kernel.process.deed import Deed, Desk
from gongzhi.kernel.process.desks import CLOCK
from gongzhi.kernel.process.registry import desk


@desk("patrol_again")
def patrol_again(deed: Deed) -> Desk | None:
    """The clock, where the route names days of the week; nobody where it was meant once."""
    return Desk(CLOCK) if route_of(deed).weekdays else None
