"""Who keeps the district's own books: three administrators, what each may do and how far. The one table of it.

System, security and audit administrator are three mandates that no one person holds together (``apart`` of the roles
table). None of them sees a matter. An operator on the command line may do all of it, in a logged session.
"""

from django.db.models import Q

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.tree import subtree

SYSTEM, SECURITY, AUDIT = "sys_admin", "sec_admin", "audit_admin"

POWERS = {
    "see_people": (SYSTEM, SECURITY),  # names, posts, organisations; never a number
    "people": (SYSTEM,),  # enrol, appoint, import, first passwords; what needs a second hand is only proposed
    "withdraw": (SYSTEM, SECURITY),  # end a mandate, stop an account: taking away is open to both
    "confirm": (SECURITY,),  # the second hand; never whoever proposed it, never the one it is for
    "units": (SYSTEM,),
    "areas": (SYSTEM,),
    "calendar": (SYSTEM,),
    "forces": (SYSTEM,),
    "suggestions": (SYSTEM,),  # how kinds are suggested: figures, learning anew; never a text
    "stand_in": (SYSTEM,),  # name a stand-in for somebody else
    "sign_ins": (SECURITY, AUDIT),  # the register of access
    "registers": (AUDIT,),  # all registers, read only
}


class NotKeeper(ValueError):
    """The hand keeps something else, or keeps it elsewhere; ``str()`` is a sentence."""


def may(by: Acting, power: str) -> bool:
    """Whether a hand holds a power of the table."""
    if by.kind == "operator":
        return True
    return by.mandate is not None and by.mandate.role in POWERS[power]


def need(by: Acting, power: str) -> None:
    """Raises :class:`NotKeeper` where the hand does not hold the power."""
    if not may(by, power):
        raise NotKeeper("这一页归区里的管理员，您现在的身份不能做这件事。")


def powers_of(by: Acting) -> frozenset[str]:
    """All powers of a hand."""
    return frozenset(power for power in POWERS if may(by, power))


def reach(by: Acting, column: str = "path") -> Q:
    """Areas the hand keeps: those below its mandate's area; an operator keeps all. ``column`` names the path."""
    if by.kind == "operator":
        return Q()
    area = by.mandate.area if by.mandate is not None else None
    return subtree(area, column) if area is not None else Q(pk__in=[])


def reaches(by: Acting, area: Area | None) -> bool:
    """Whether the hand keeps an area; what stands in no area is kept by operators alone."""
    if by.kind == "operator":
        return True
    own = by.mandate.area if by.mandate is not None else None
    return own is not None and area is not None and area.path.startswith(own.path)
