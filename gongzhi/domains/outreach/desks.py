"""Who reads a notice before it goes out."""

from gongzhi.kernel import packs
from gongzhi.kernel.process.deed import Deed, Desk
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.registry import desk

DESK_OF_LEVEL = {"community": "community_desk", "street": "street_desk"}
IN_GRID = ("grid_worker", "grid_lead")


def needs_second(kind: str, role: str, pack: str) -> bool:
    """Whether another hand must publish: the kind says so, or it was written in a grid, which publishes nothing."""
    return role in IN_GRID or bool(packs.load(pack).get(f"notices.notice.{kind}.second", False))


def own_desk(matter: Matter) -> Desk:
    """The desk of the community the notice hangs in; of the street, where it hangs above communities."""
    level = "community" if matter.community_id is not None else "street"
    return Desk(DESK_OF_LEVEL[level], getattr(matter, f"{level}_id"))


@desk("second_hand")
def second_hand(deed: Deed) -> Desk | None:
    """The desk that publishes, where a second hand is needed; nobody where the writer may publish."""
    return (
        own_desk(deed.matter) if needs_second(deed.said["notice_kind"], deed.role, deed.matter.pack) else None
    )
