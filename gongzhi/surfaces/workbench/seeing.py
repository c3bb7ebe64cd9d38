"""Which of the desks' common lists a hand may open."""

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.packing import pack_name

CLASSING = "class_hard"


def may_class(by: Acting) -> bool:
    """Whether the hand's role classes hard problems."""
    area = by.mandate.area if by.mandate is not None and by.whole else None
    action = current(pack_name(area), "incident").actions.get(CLASSING) if area is not None else None
    return action is not None and by.role in action.by


def reads_lists(by: Acting) -> bool:
    """Whether the hand reads incidents over an area or for an organisation at all."""
    area = by.mandate.area if by.mandate is not None and by.whole else None
    return (
        area is not None
        and area.level != "grid"
        and by.role in current(pack_name(area), "incident").sees["full"]
    )
