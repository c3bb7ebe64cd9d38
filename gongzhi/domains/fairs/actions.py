"""What can be done with sessions in the square and with questions answered at once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.door import open_matter, take
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.opening import NewMatter
from gongzhi.kernel.process.verdict import NotNow, NotYours, SayMore
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name

__all__ = ["Announced", "Answered", "announce", "answer", "subject_of", "take"]

RUNNING = "running"


@dataclass(frozen=True)
class Announced:
    """A session as it is announced: ``units`` are ids of the organisations that come."""

    area: Area
    title: str
    spot: str
    day: date | str
    hours: str
    units: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Answered:
    """A question answered at once: by which door it came, at which session (its matter's id) if at one."""

    area: Area
    words: str
    answer: str
    channel: str
    card: str = ""
    fair: int | None = None


def subject_of(fair_id: int) -> str:
    """What a matter asked at a session names as its subject."""
    return f"fair:{fair_id}"


def announce(said: Announced, *, by: Acting, at: datetime, key: str) -> Matter:
    """Open a session: posted to anyone at once. ``key`` is the random key made where it was written."""
    own = by.mandate.area if by.mandate is not None else None
    if own is None or not said.area.path.startswith(own.path):
        raise NotYours("信息赶集由社区、街道、区里定，只定本辖区的。")
    written: dict[str, Any] = {
        name: getattr(said, name) for name in ("title", "spot", "day", "hours", "text")
    }
    new = NewMatter(
        kind="fair",
        pack=pack_name(said.area),
        area=said.area,
        action="announce",
        title=said.title[:40] or "信息赶集",
        source="desk",
        said={**written, "units": list(said.units)},
    )
    return open_matter(new, by=by, at=at, key=key)


def answer(said: Answered, *, by: Acting, at: datetime, key: str) -> Matter:
    """Keep a question that was answered at once, closed by its answer. NotNow where the session does not run."""
    if said.fair is not None:
        running(said.fair, by=by, at=at)
    own = by.mandate.area if by.mandate is not None else None
    if own is None or not said.area.path.startswith(own.path):
        raise NotYours("只记本辖区的咨询。")
    new = NewMatter(
        kind="enquiry",
        pack=pack_name(said.area),
        area=said.area,
        action="answer",
        title=_title(said),
        source=said.channel,
        said={"words": said.words, "answer": said.answer, "card": said.card, "channel": said.channel},
        subject=subject_of(said.fair) if said.fair is not None else "",
    )
    return open_matter(new, by=by, at=at, key=key)


def _title(said: Answered) -> str:
    """The card's name, never the question: lists show no words."""
    pack = packs.load(pack_name(said.area))
    if not said.answer.strip():
        raise SayMore({"answer": "写一句怎么答的。答不出来的，点“记下来办”。"})
    if said.card and said.card not in pack.table("knowledge").get("card", {}):
        raise SayMore({"card": "没有这张知识卡。"})
    label = pack.get(f"knowledge.card.{said.card}.label", "") if said.card else ""
    return f"咨询：{label}" if label else "咨询"


def running(fair_id: int, *, by: Acting, at: datetime) -> Matter:
    """A session this hand may read, while it runs. NotYours, NotNow."""
    found = gate.one(fair_id, by=by, at=at)
    if found is None or found[0].matter.kind != "fair":
        raise NotYours("没有这一场，或者不归您看。", hidden=True)
    if found[0].matter.stage != RUNNING:
        raise NotNow("这一场没有开着，先点“开场”。")
    return found[0].matter


def may_answer(by: Acting) -> bool:
    """Whether the hand's role keeps questions and answers over its area."""
    area = by.mandate.area if by.mandate is not None and by.whole else None
    return area is not None and by.role in current(pack_name(area), "enquiry").actions["answer"].by
