"""Opening a matter: where it hangs in the tree, its first entry, its first waits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongzhi.kernel.ids import new_id
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import fields, registry
from gongzhi.kernel.process.deed import Deed, Work
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.standing import stands_as
from gongzhi.kernel.process.steps import finish
from gongzhi.kernel.process.verdict import Denied, NotYet, NotYours, SayMore
from gongzhi.kernel.process.versions import current, store
from gongzhi.kernel.territory.models import LEVELS, Area
from gongzhi.kernel.territory.tree import columns

_ways: dict[int, dict[str, Area | None]] = {}


@dataclass
class NewMatter:
    """What a matter is opened with. ``prepare`` lets a domain set ties and fields before the first waits open.

    ``meant`` is what else tells one sending from another under the same key; only a digest of it is kept.
    """

    kind: str
    pack: str
    area: Area
    action: str
    title: str
    source: str
    said: dict[str, Any] = field(default_factory=dict)
    category: str = ""
    place: str = ""
    point: tuple[float, float] | None = None
    point_source: str = ""
    parent_id: int | None = None
    subject: str = ""
    private: bool = False
    about_person: bool = False
    restricted: bool = False
    prepare: Callable[[Deed], None] | None = None
    happened: datetime | None = None
    meant: dict[str, Any] = field(default_factory=dict)


def begin(new: NewMatter, number: str, *, by: Acting, at: datetime) -> Work:
    """Build the matter and perform its opening action (not yet written: the door flushes)."""
    process = current(new.pack, new.kind)
    matter = _matter(new, number, store(process, at), at)
    work = Work(matter, process, [], [], new=True)
    action = process.actions[new.action]
    role = next((name for name in action.by if stands_as(name, work, by, action)), None)
    if role is None:
        raise NotYours(f"{action.label}：不归您。")
    cleaned = fields.clean(action, process, new.said)
    deed = Deed(work, action, by, at, role, Entry(id=new_id()), cleaned.values, cleaned.words, cleaned.facts)
    for guard in action.needs:
        verdict = registry.GUARDS[guard.lstrip("~")](deed)
        if isinstance(verdict, Denied):
            raise NotYet(f"{action.label}：{verdict.reason}", rule=verdict.rule)
    if cleaned.errors:
        raise SayMore(cleaned.errors)
    if new.prepare is not None:
        new.prepare(deed)
    finish(deed, happened=new.happened, cause=None, files=new.said)
    return work


def _matter(new: NewMatter, number: str, digest: str, at: datetime) -> Matter:
    process = current(new.pack, new.kind)
    matter = Matter(
        id=new_id(),
        number=number,
        kind=new.kind,
        process_id=digest,
        pack=new.pack,
        stage=process.start,
        area=new.area,
        parent_id=new.parent_id,
        subject=new.subject,
        category=new.category,
        place=new.place,
        source=new.source,
        title=new.title,
        point_source=new.point_source,
        opened_at=at,
        private=new.private or process.private,
        about_person=new.about_person,
        restricted=new.restricted,
    )
    if new.point is not None:
        matter.lat, matter.lon = new.point
    hang(matter, new.area)
    return matter


def hang(matter: Matter, area: Area) -> None:
    """Hang a matter in the tree: its area and every ancestor as a column; levels below the area stay empty."""
    matter.area = area
    for level, area_id in ancestor_ids(area).items():
        setattr(matter, f"{level}_id", area_id)


def ancestor_ids(area: Area) -> dict[str, int | None]:
    """An area's own and its ancestors' ids by level."""
    return {level: one.pk if one else None for level, one in way_up(area).items()}


def way_up(area: Area) -> dict[str, Area | None]:
    """An area and its ancestors by level, to hang a matter on (one statement the first time).

    Kept: a path never changes, a redrawn area is a new row. Read ids, levels and paths here, never names or dates.
    """
    if area.pk not in _ways:
        way = columns(area)
        for place, level in enumerate(LEVELS):
            if (one := way[level]) is not None:
                _ways[one.pk] = {up: way[up] if up in LEVELS[: place + 1] else None for up in LEVELS}
    return _ways[area.pk]


def forget_ancestors() -> None:
    """Forget kept paths (a test has emptied the database)."""
    _ways.clear()
