"""``servicerequestupdates`` both ways: what anyone may hear of a matter's way, and what its unit writes back."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.queries import shared
from gongzhi.kernel import packs
from gongzhi.kernel.models import Entry, Matter
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import ChannelKey
from gongzhi.kernel.process import gate, keys
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.possible import possible
from gongzhi.kernel.process.verdict import NotNow, OtherContent
from gongzhi.surfaces.api.open311 import refusals
from gongzhi.surfaces.api.open311.asked import Asked, span
from gongzhi.surfaces.api.open311.callers import reader, writer
from gongzhi.surfaces.api.open311.refusals import Absent, Fault, Missing
from gongzhi.surfaces.api.open311.rules import rule

EARLY = timedelta(minutes=5)  # another system's clock may be so much ahead
LONGEST_ID = 100
NO_WAY = "现在不能写“{label}”：{why}"
NOT_HELD = "这一件不在你们单位手里，或者已经办完。"
TOO_FAR = "updated_datetime 在将来，请看一下那边的时钟。"
_SLOT = re.compile(r"\{([^}]*)\}")


def many(said: Asked) -> tuple[str, Any]:
    """``GET``: changes of stage in a period, in the words anyone may read, oldest first."""
    at = timezone.now()
    caller = reader(said, at)
    first, last = span(said.moment("start_date"), said.moment("end_date"), rule("limits", "days"), at)
    most = int(rule("limits", "most"))
    found = shared.changes(first, last, by=caller.by, within=caller.within, most=most, at=at)
    return "service_request_updates", [_update(one) for one in found]


def _update(one: shared.Change) -> dict[str, Any]:
    return {
        "update_id": str(one.entry),
        "service_request_id": one.number,
        "status": "open" if one.open else "closed",
        "external_status_code": one.stage,
        "description": one.says,
        "updated_datetime": one.at,
        "media_url": None,
    }


def post(said: Asked) -> tuple[str, Any]:
    """``POST``: an action of the key's organisation. 404 for what it may not know of, 409 for another's content."""
    at = timezone.now()
    hand = writer(said, ChannelKey.UPDATE, at)
    if hand.over("update", at):
        raise Fault(429, refusals.TOO_OFTEN)
    by = hand.unit(at)
    if by is None:
        raise Fault(403, refusals.WRONG_KEY)
    number, status, name = (said.need(one) for one in ("service_request_id", "status", "update_id"))
    said.need("description")
    happened = said.moment("updated_datetime")
    if happened is None:
        raise Missing("缺 updated_datetime。")
    if happened > at + EARLY:
        raise Missing(TOO_FAR)
    matter = _held(number, by, hand.key.area, at)
    _taken(
        said, matter, status, f"open311 update {name[:LONGEST_ID]}", by=by, at=at, happened=min(happened, at)
    )
    return "service_request_updates", [{"update_id": name}]


def _held(number: str, by: Acting, area: Any, at: datetime) -> Matter:
    """A matter in the key's area that the organisation reads in full and that may stand here at all."""
    rows = shared.listed(by=by, within=area, at=at).filter(number=number, **{f"{area.level}_id": area.pk})
    matter = rows.select_related("area").first()
    found = gate.one(matter.pk, by=by, at=at) if matter is not None else None
    if found is None or found[1] != "full":
        raise Absent
    return found[0].matter


def _taken(
    said: Asked, matter: Matter, status: str, key: str, *, by: Acting, at: datetime, happened: datetime
) -> Entry:
    pack = packs.load(matter.pack)
    row = _row(status, pack)
    work = gate.load(matter)
    if keys.stands(by, key):
        return _again(said, work, row, pack, key, by=by, at=at)
    way, why = _way(work, row, by, at)
    if not way:
        raise NotNow(NO_WAY.format(label=row["label"], why=why))
    (first, words), *then = _steps(said, work, row, way, pack)
    return actions.take(matter, first, by=by, at=at, key=key, happened=happened, then=then, **words)


def _again(
    said: Asked, work: Work, row: Mapping[str, Any], pack: Pack, key: str, *, by: Acting, at: datetime
) -> Entry:
    """The first answer once more, whatever way it took then; OtherContent for something else under the same id."""
    for way in row["ways"]:
        (first, words), *then = _steps(said, work, row, way, pack)
        try:
            return actions.take(work.matter, first, by=by, at=at, key=key, then=then, **words)
        except OtherContent as refusal:
            other = refusal
    raise other


def _row(status: str, pack: Pack) -> Mapping[str, Any]:
    rows: Mapping[str, Mapping[str, Any]] = pack.table("open311")["status"]
    found = next((row for row in rows.values() if status.lower() in row["names"]), None)
    if found is None:
        known = "、".join(name for row in rows.values() for name in row["names"])
        raise Missing(f"status 没有“{status}”，可以写：{known}。")
    return found


def _way(work: Work, row: Mapping[str, Any], by: Acting, at: datetime) -> tuple[Sequence[str], str]:
    """The first way whose first action this unit may take now; else why not."""
    states = {one.action: one for one in possible(work, by=by, at=at)}
    for way in row["ways"]:
        one = states.get(way[0])
        if one is not None and one.allowed:
            return way, ""
    reasons = [states[way[0]].why for way in row["ways"] if way[0] in states]
    return (), next((why for why in reasons if why and why != "不归您。"), NOT_HELD)


def _steps(
    said: Asked, work: Work, row: Mapping[str, Any], way: Sequence[str], pack: Pack
) -> list[tuple[str, dict[str, Any]]]:
    """What each action of a way is asked, out of the update."""
    given = {"description": said.words()}
    for code in rule("ask", "codes", pack):
        given[code] = next(iter(said.attributes().get(code, [])), "")
    if url := said.get("media_url"):
        given["description"] = f"{given['description']}\n{url}"
    page = work.process.actions
    return [
        (
            name,
            {
                ask.name: _filled(row["says"][ask.name], given)
                for ask in page[name].asks
                if ask.name in row["says"]
            },
        )
        for name in way
    ]


def _filled(pattern: str, given: Mapping[str, str]) -> str:
    """``{a|b|=c}``: what was said under a, else under b, else c itself."""

    def first(slot: re.Match[str]) -> str:
        ways = (
            one.removeprefix("=") if one.startswith("=") else given.get(one, "") for one in slot[1].split("|")
        )
        return next((one for one in ways if one), "")

    return _SLOT.sub(first, pattern)
