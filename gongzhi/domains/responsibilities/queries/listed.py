"""The list as anyone may read it: the need, what residents said in totals, whose promise, by when, the result."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from gongzhi.domains.responsibilities.models import Responsibility
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Words
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter, Tie
from gongzhi.kernel.process.page import Stage
from gongzhi.kernel.process.versions import pinned
from gongzhi.kernel.territory.models import LEVELS, Area
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.kernel.territory.tree import ids_above

KIND = "responsibility"
PAGE = 50
FEW = 3  # kinds that came less often are no need of the neighbourhood's yet, and would point at somebody


@dataclass(frozen=True)
class Told:
    """One line of the list. ``voices``: yes, no, either; ``party`` the responsible party's name, else ""."""

    id: int
    number: str
    stage: str
    state: Stage
    kind_id: str
    kind: str
    title: str
    text: str
    where: str
    drawn: str
    until_on: date | None
    voices: tuple[int, int, int]
    party: str
    promise: str
    done_by: date | None
    result: str
    reason: str
    opened_at: datetime

    @property
    def total(self) -> int:
        """How many have said something."""
        return sum(self.voices)


def here(area: Area | None, *, by: Acting, at: datetime, before: int | None = None) -> list[Told]:
    """What stands on the list for an area, newest first: its own, those above it, those inside it."""
    if area is None or area.level not in LEVELS:
        return []
    around = Q(area__in=ids_above(area)) | Q(**{f"{area.level}": area.pk})
    rows = Matter.objects.filter(gate.posted(KIND, pack_name(area)) & around)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return told(list(rows.order_by("-pk").values_list("pk", flat=True)[:PAGE]), at)


def one(number: str, *, by: Acting, at: datetime) -> Told | None:
    """One by its number; None where anyone may not read it."""
    matter = Matter.objects.filter(kind=KIND, number=number).first()
    if matter is None or gate.one(matter.pk, by=by, at=at) is None:
        return None
    return next(iter(told([matter.pk], at)), None)


def told(ids: Sequence[int], at: datetime) -> list[Told]:
    """Responsibilities by id, newest first, with their words (four statements for any number)."""
    joined = Responsibility.objects.filter(pk__in=ids).select_related(
        "matter__area", "matter__community", "matter__street"
    )
    rows = list(joined.defer("matter__area__polygon").order_by("-pk"))
    entries = [pk for row in rows for pk in (row.said, row.promise, row.result, row.ended) if pk]
    texts = dict(Words.objects.filter(entry__in=entries).values_list("entry", "text"))
    words: dict[int, dict[str, str]] = {pk: json.loads(text) for pk, text in texts.items()}
    held = Tie.objects.filter(matter__in=ids, role="holder", until=None).values_list("matter", "organisation")
    holders = dict(held)
    names = {pk: unit.name for pk, unit in Organisation.objects.in_bulk(set(holders.values())).items()}
    return [_told(row, words, names.get(holders.get(row.pk) or 0, "")) for row in rows]


def _told(row: Responsibility, words: Mapping[int, dict[str, str]], party: str) -> Told:
    matter, pack = row.matter, packs.load(row.matter.pack)
    said = words.get(row.said, {})
    kind = pack.get(f"categories.leaf.{row.drawn_leaf}", {}) if row.drawn_leaf else {}
    plain = row.drawn_count >= FEW and not (kind.get("about_person") or kind.get("private"))
    leaf = str(kind.get("label", "")) if plain else ""
    house = matter.community
    name = matter.area.name
    shown = matter.stage in ("promised", "done", "published")
    published = matter.stage == "published"
    return Told(
        id=matter.pk,
        number=matter.number,
        stage=matter.stage,
        state=pinned(matter.process_id).stages[matter.stage],
        kind_id=row.kind,
        kind=str(pack.get(f"responsibilities.{row.kind}.label", "")),
        title=said.get("title", matter.title),
        text=said.get("text", ""),
        where=f"{house.name} {name}" if house is not None and house.pk != matter.area_id else name,
        drawn=f"近 90 天“{leaf}”反映过 {row.drawn_count} 件" if leaf and row.drawn_count else "",
        until_on=row.until_on,
        voices=(row.yes, row.no, row.either),
        party=party if matter.stage != "asked" else "",
        promise=words.get(row.promise or 0, {}).get("promise_words", "") if shown else "",
        done_by=row.done_by if shown else None,
        result=words.get(row.result or 0, {}).get("result_text", "") if published else "",
        reason=words.get(row.ended or 0, {}).get("aside_reason", ""),
        opened_at=matter.opened_at,
    )


def kinds(pack: str) -> dict[str, dict[str, Any]]:
    """The kinds of need of a pack, by id."""
    table = packs.load(pack).table("responsibilities")
    return {key: dict(row) for key, row in table.items() if isinstance(row, Mapping)}
