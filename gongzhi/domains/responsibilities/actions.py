"""What can be done with responsibilities. Every surface calls these; a change is written once."""

from dataclasses import dataclass
from datetime import datetime

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import open_matter, take
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.opening import NewMatter
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

__all__ = ["Need", "raise_need", "take"]


@dataclass(frozen=True)
class Need:
    """A need as it is written down; ``drawn_leaf`` and ``drawn_count`` where it was drawn from matters of a kind."""

    area: Area
    need_kind: str
    title: str
    text: str
    drawn_leaf: str = ""
    drawn_count: int = 0


def raise_need(need: Need, *, by: Acting, at: datetime, key: str) -> Matter:
    """Write a need down in its area. ``key`` is the random key made where it was written."""
    new = NewMatter(
        kind="responsibility",
        pack=pack_name(need.area),
        area=need.area,
        action="raise_need",
        title=need.title[:40],
        source="desk",
        said={
            "need_kind": need.need_kind,
            "title": need.title,
            "text": need.text,
            "drawn_leaf": need.drawn_leaf,
            "drawn_count": str(need.drawn_count) if need.drawn_count else "",
        },
    )
    return open_matter(new, by=by, at=at, key=key)
