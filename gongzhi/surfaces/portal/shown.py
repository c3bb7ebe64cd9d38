"""The follow page's own words around what the domain tells: states for the drawing, side ends, dates of keeping."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from gongzhi.domains.incidents.queries import receipts
from gongzhi.domains.incidents.queries.follow import STATES, Follow, follow
from gongzhi.domains.incidents.queries.record import kept_until
from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.models import Receipt
from gongzhi.kernel.people.acting import Acting
from gongzhi.surfaces.portal import cookies

DONE = STATES[3]
SIDE_WORDS = {
    "not_ours": "不归这里管",
    "joined": "并到另一件",
    "paused": "先停一停",
    "later": "一时办不了",
    "explained": "解释过了",
    "withdrawn": "已撤回",
}


@dataclass(frozen=True)
class Step:
    """One of the five states going down the page: when it was reached, what happens in the present one."""

    when: str
    detail: str = ""


@dataclass(frozen=True)
class Shown:
    """What a template needs of one followed matter. ``f`` is the domain's page, ``mode`` own, read or shared."""

    f: Follow
    mode: str
    receipt: Receipt
    side_word: str
    state_word: str
    steps: tuple[Step, ...]
    later: str
    early: str
    keeps_until: date | None
    satisfied: tuple[tuple[str, str], ...]
    rated_words: str
    kept_here: bool = True  # on this device; False where only the code to one's number opened it

    @property
    def hand(self) -> Acting:
        """The hand this device has on the matter."""
        return receipts.own_hand(self.receipt) if self.mode == "own" else receipts.reading_hand(self.receipt)


def held(known: cookies.Held, *, staff: bool, at: datetime) -> list[Shown]:
    """Everything this device may still see, in the order it was kept."""
    rows = sorted(receipts.by_ids(list(known.all)), key=lambda one: known.all.index(one.pk))
    found = [shown(one, mode_of(known, one, staff=staff), at) for one in rows]
    return [one for one in found if one is not None]


def mode_of(known: cookies.Held, receipt: Receipt, *, staff: bool) -> str:
    """How this device holds a receipt; in a staff session never more than reading."""
    mode = known.mode(receipt.pk)
    return "read" if staff and mode == "own" else mode


def shown(receipt: Receipt, mode: str, at: datetime) -> Shown | None:
    """One matter as this device may see it; None answers as if it did not exist."""
    hand = receipts.own_hand(receipt) if mode == "own" else receipts.reading_hand(receipt)
    page = follow(receipt, by=hand, at=at, mode=mode)
    if page is None:
        return None
    fields = packs.load(receipt.matter.pack).table("fields").get("incident", {})
    return Shown(
        f=page,
        mode=mode,
        receipt=receipt,
        side_word=SIDE_WORDS.get(page.side, ""),
        state_word=DONE if page.over else STATES[page.state - 1],
        steps=_steps(page),
        later=_later(page, receipt.matter.pack),
        early=_early(page, receipt.matter.pack),
        keeps_until=kept_until(receipt.matter)["words"].until,
        satisfied=tuple(fields.get("satisfied", {}).get("choices", {}).items()),
        rated_words=_rated(page, fields),
    )


def _steps(page: Follow) -> tuple[Step, ...]:
    """When each state was reached; what is being done now stands at the present one."""
    return tuple(
        Step(_when(when) if place <= page.state else "", page.statement if place == page.state else "")
        for place, (_, when) in enumerate(page.steps, start=1)
    )


def _when(at: datetime | None) -> str:
    if at is None:
        return ""
    wall = timezone.localtime(at)
    return f"{wall.month} 月 {wall.day} 日 {wall:%H:%M}"


def _later(page: Follow, pack: str) -> str:
    """How much later a moved promise is: ``2 个工作日``, or ``5 小时`` inside one day."""
    return _between(page.changed.was, page.changed.now, pack) if page.changed else ""


def _early(page: Follow, pack: str) -> str:
    """By how many working days the answer came before what was promised; "" where it did not, or on the day itself."""
    if page.reply is None or page.promised_at is None or page.reply.at >= page.promised_at:
        return ""
    words = _between(page.reply.at, page.promised_at, pack)
    return words if words.endswith("工作日") else ""


def _between(first: datetime, second: datetime, pack: str) -> str:
    calendar = calendar_for(pack)
    was, now = calendar.local(first), calendar.local(second)
    ahead = range(1, (now.date() - was.date()).days + 1)
    days = sum(calendar.is_working(was.date() + timedelta(days=n)) for n in ahead)
    return f"{days} 个工作日" if days else f"{max(int((now - was).total_seconds() // 3600), 1)} 小时"


def _rated(page: Follow, fields: dict[str, Any]) -> str:
    """The rating given, in the words of its choices."""
    if page.rated is None:
        return ""
    given = [
        fields.get(name, {}).get("choices", {}).get(getattr(page.rated, name), "")
        for name in ("was_solved", "satisfied")
    ]
    return "，".join(one for one in given if one)
