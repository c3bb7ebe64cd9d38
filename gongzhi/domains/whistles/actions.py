"""What can be done with whistles. Every surface calls these; a change is written once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongzhi.domains.whistles.row import KIND
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate, search
from gongzhi.kernel.process.deed import Deed, Work
from gongzhi.kernel.process.door import open_matter, take, take_all
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.opening import NewMatter
from gongzhi.kernel.process.orders import Order, Outcome, Step
from gongzhi.kernel.process.verdict import NotNow, NotYet, NotYours, SayMore
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

__all__ = ["Asked", "ask", "record_arrivals", "take"]

OPENING = ("propose", "ask")
RUNS = "这件事已经吹过哨，还没了结。"


@dataclass(frozen=True)
class Asked:
    """A whistle as it is asked for. ``incident`` is the matter it comes from, by id, where there is one; then place,
    kind of matter and area are that matter's. ``said``: answers to the opening action's fields."""

    said: Mapping[str, Any] = field(default_factory=dict)
    incident: int | None = None
    area: Area | None = None
    place: str = ""


def ask(asked: Asked, *, by: Acting, at: datetime, key: str) -> Matter:
    """Ask for a whistle; a grid worker's goes to the community, a community's to the street's leader (or as the pack
    says). ``key`` is the random key made where it was written.

    Raises NotYours, NotNow (the matter has ended, or a whistle runs), NotYet (what is private is never whistled for).
    """
    source = _source(asked.incident, by, at) if asked.incident is not None else None
    area = source.matter.area if source else asked.area or (by.mandate.area if by.mandate else None)
    if area is None:
        raise NotYours("吹哨由网格、社区提，只为本辖区的事。")
    if source is None and not asked.place.strip():
        raise SayMore({"place": "请写“地点”。"})
    new = _new(asked, source, area, opening(by, pack_name(area)))
    return open_matter(new, by=by, at=at, key=key)


def opening(by: Acting, pack: str) -> str:
    """The action by which this hand asks for a whistle; NotYours where it may not."""
    process = current(pack, KIND)
    found = next((name for name in OPENING if by.role in process.actions[name].by), None)
    if found is None or by.mandate is None or not by.whole:
        raise NotYours("吹哨由网格、社区提，只为本辖区的事。")
    return found


def _source(incident: int, by: Acting, at: datetime) -> Work:
    """The matter a whistle comes from, as this hand may read it."""
    found = gate.one(incident, by=by, at=at)
    if found is None or found[1] != "full" or found[0].matter.kind != "incident":
        raise NotYours("没有这件事，或者不归您看。", hidden=True)
    work = found[0]
    if work.matter.private:
        raise NotYet("不公开的事不吹哨，由街道专人办。", rule="《权责与防护》第8节")
    if work.matter.counts != "open":
        raise NotNow("这件事已经办结，不用吹哨了。")
    if running(work.matter.pk):
        raise NotNow(RUNS)
    return work


def running(incident: int) -> bool:
    """Whether a whistle of the matter has not ended (one statement)."""
    return Matter.objects.filter(parent=incident, kind=KIND, counts="open").exists()


def _new(asked: Asked, source: Work | None, area: Area, action: str) -> NewMatter:
    pack, matter = pack_name(area), source.matter if source else None
    place = matter.place if matter else asked.place.strip()[:200]
    kind = packs.load(pack).get(
        f"fields.whistle.whistle_kind.choices.{asked.said.get('whistle_kind')}", "吹哨"
    )
    point = (matter.lat, matter.lon) if matter and matter.lat is not None and matter.lon is not None else None
    return NewMatter(
        kind=KIND,
        pack=pack,
        area=area,
        action=action,
        title=f"吹哨：{matter.title if matter else f'{kind}，{place}'}"[:120],
        source="desk",
        said=dict(asked.said),
        category=matter.category if matter else "",
        place=place,
        point=point,
        point_source=matter.point_source if matter else "",
        parent_id=matter.pk if matter else None,
        about_person=bool(matter and matter.about_person),
        restricted=bool(matter and matter.restricted),
        prepare=lambda deed: _prepare(deed, source),
        meant={"incident": str(asked.incident or ""), "place": place},
    )


def _prepare(deed: Deed, source: Work | None) -> None:
    """Whoever the matter is about is refused here too; the whistle is found by number, title and place.

    The matter it comes from is under lock: who asked in the same moment was faster.
    """
    if source is not None and running(source.matter.pk):
        raise NotNow(RUNS)
    for tie in source.living_ties("about") if source else ():
        deed.add_tie("about", organisation_id=tie.organisation_id)
    text = f"{deed.matter.number} {deed.matter.title} {deed.matter.place}"
    deed.after_rows(lambda: search.index(deed.matter.pk, text))


def record_arrivals(
    parts: Sequence[int], *, by: Acting, at: datetime, key: str, happened: datetime | None = None
) -> list[Outcome]:
    """“到了” for several organisations with one tap; each goes through the door alone, the refused are listed."""
    orders = [
        Order(pk, (Step("arrived"),), by, at, key=f"{key}-{pk}", happened=happened)
        for pk in sorted(set(parts))
    ]
    return take_all(orders)
