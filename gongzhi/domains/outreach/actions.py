"""What can be done with notices. Every surface calls these; a change is written once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongzhi.domains.outreach.row import notice_of
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.door import open_matter, take
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.opening import NewMatter
from gongzhi.kernel.process.verdict import NotNow, NotYours
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

__all__ = ["Written", "take", "write"]


@dataclass(frozen=True)
class Written:
    """A notice as it is written. ``area`` is where it holds; ``place`` names an estate or lift in it, else empty."""

    area: Area
    notice_kind: str
    title: str
    text: str
    until_day: date | str
    from_day: date | str = ""
    place: str = ""
    office_line: bool = False
    replaces: int | None = None

    @property
    def said(self) -> dict[str, Any]:
        """What the action asks."""
        names = ("notice_kind", "title", "text", "from_day", "until_day", "office_line")
        return {name: getattr(self, name) for name in names}


def write(written: Written, *, by: Acting, at: datetime, key: str) -> Matter:
    """Open a notice as a draft in its area. ``key`` is the random key made where it was written.

    Raises NotYours where the area is none of the hand's, or the notice to be corrected cannot be read.
    """
    old = _old(written, by, at)
    new = NewMatter(
        kind="notice",
        pack=pack_name(written.area),
        area=written.area,
        action="draft",
        title=written.title[:40],
        source="desk",
        said=written.said,
        place=written.place,
        prepare=lambda deed: _names_the_old(deed, old),
        meant={"place": written.place, "replaces": str(written.replaces or "")},
    )
    return open_matter(new, by=by, at=at, key=key)


def _old(written: Written, by: Acting, at: datetime) -> Matter | None:
    """The posted notice a correction names. NotYours, NotNow."""
    if written.replaces is None:
        return None
    found = gate.one(written.replaces, by=by, at=at)
    if found is None or found[0].matter.kind != "notice":
        raise NotYours("没有这条通知，或者不归您看。", hidden=True)
    old = found[0].matter
    if old.stage != "published":
        raise NotNow("只有还贴着的通知能更正。")
    return old


def _names_the_old(deed: Deed, old: Matter | None) -> None:
    if old is not None:
        notice_of(deed).replaces = old
        deed.facts["replaces"] = str(old.pk)
