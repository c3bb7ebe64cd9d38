"""One child for each organisation called, born in the transaction of the call: all of them or none."""

from collections.abc import Sequence
from typing import Any

from gongzhi.domains.whistles.row import EMERGENCY, PART, keep, own_house, part_of, whistle_of
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import waits
from gongzhi.kernel.process.deed import Deed, Work
from gongzhi.kernel.process.flush import flush
from gongzhi.kernel.process.opening import NewMatter, begin
from gongzhi.kernel.process.versions import current

URGENT = "answer_urgent"


def open_parts(deed: Deed, units: Sequence[Organisation]) -> None:
    """Open the parts of the units just called; they are written with the whistle's own rows."""
    before = len(deed.work.living_ties("called"))
    said = _said(deed)
    works = [_part(deed, unit, before + n, said) for n, unit in enumerate(units, 1)]
    for unit in units:
        deed.add_tie("called", organisation_id=unit.pk)
    deed.after_rows(lambda: flush(works))


def _said(deed: Deed) -> dict[str, Any]:
    """By when to answer and to be there: as said now, as asked, or the short term of an emergency."""
    row = whistle_of(deed)
    said = {name: deed.said[name] for name in ("answer_by", "meet_at") if deed.said.get(name)}
    if row.meet_at is not None and row.meet_at > deed.at:
        said.setdefault("meet_at", row.meet_at)
    if row.kind == EMERGENCY and "answer_by" not in said:
        term = current(deed.matter.pack, PART).term(URGENT)
        said["answer_by"] = waits.term_end(term, deed.at, deed.matter.pack).at
    return said


def _part(deed: Deed, unit: Organisation, nth: int, said: dict[str, Any]) -> Work:
    matter = deed.matter
    new = NewMatter(
        kind=PART,
        pack=matter.pack,
        area=matter.area,
        action="call",
        title=matter.title,
        source="whistle",
        said=said,
        category=matter.category,
        place=matter.place,
        point=(matter.lat, matter.lon) if matter.lat is not None and matter.lon is not None else None,
        point_source=matter.point_source,
        parent_id=matter.pk,
        about_person=matter.about_person,
        restricted=matter.restricted,
        prepare=lambda part: _prepare(part, deed, unit),
    )
    return begin(new, f"{matter.number}-{nth}", by=deed.by, at=deed.at)


def _prepare(part: Deed, deed: Deed, unit: Organisation) -> None:
    """Who comes, who sent it, who asked; whoever the matter is about is refused here too."""
    asker = whistle_of(deed).asker_id
    for role, organisation_id in (("holder", unit.pk), ("sender", own_house(deed)), ("asker", asker)):
        part.add_tie(role, organisation_id=organisation_id)
    for tie in deed.work.living_ties("about"):
        part.add_tie("about", organisation_id=tie.organisation_id)
    row = part_of(part)
    row.asker_id, row.unit_id, row.meet_at = asker, unit.pk, part.said.get("meet_at")
    keep(part, row)
