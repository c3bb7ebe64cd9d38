"""How rows of a list look: which tag, which light, how much of the term is used. Pure over loaded rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gongzhi.domains.incidents.queries.desk_quick import Quick, quick
from gongzhi.domains.incidents.queries.desk_rows import Row, rows_of
from gongzhi.kernel import packs
from gongzhi.kernel.clock.calendar import calendar_for
from gongzhi.kernel.clock.speak import group
from gongzhi.kernel.clock.terms import Term, TermError, pauses_from
from gongzhi.kernel.clock.workdays import WorkCalendar
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import waits
from gongzhi.kernel.process.deed import Work
from gongzhi.kernel.process.models import Matter, Wait
from gongzhi.surfaces import lights
from gongzhi.surfaces.lights import Light

IN_HAND = ("handle", "resume")
JUDGED = ("judge_", "arbitrate", "check", "close", "look", "reconsider")
UNITS = {"wd": "工作日", "wh": "工作时", "h": "小时", "d": "天"}
OWN_PAGES = {"patrol": "/desk/patrol/{}/"}  # kinds whose rows lead elsewhere
NO_CLOCK = Light("none", "不计时")


@dataclass(frozen=True)
class Shown:
    """One row as templates draw it. ``thumb`` is an attachment id or 0; ``used`` like ``0.9 / 2 工作时``."""

    id: str
    number: str
    title: str
    what: str
    meta: str
    category: str
    place: str
    place_short: str
    tag: str
    tag_kind: str
    light: Light
    used: str
    share: int
    thumb: int
    group: str
    seq: int
    private: bool
    kind: str = "incident"
    quick: tuple[Quick, ...] = ()

    @property
    def href(self) -> str:
        """Where it is read: what has a page of its own there, else the matter's page."""
        return OWN_PAGES.get(self.kind, "/desk/m/{}/").format(self.id)


def rows(found: Iterable[Row], at: datetime, by: Acting | None = None) -> list[Shown]:
    """All rows of a page; with ``by`` the acts this hand may take on the row itself."""
    return [
        row(one, at, tuple(quick(one, by, at)) if by and one.matter.kind not in OWN_PAGES else ())
        for one in found
    ]


def matters(found: Sequence[Matter], by: Acting, at: datetime) -> list[Shown]:
    """Rows of matters that were counted somewhere, each as far as this hand may read it (two statements)."""
    return rows(rows_of(found, by, at, pictured=False), at)


def row(one: Row, at: datetime, acts: tuple[Quick, ...] = ()) -> Shown:
    """One row, saying no more than its level allows."""
    matter, calendar = one.matter, calendar_for(one.matter.pack)
    label, kind = tag_of(one.work, one.wait)
    leaf, kind_label = category(matter.category, matter.pack)
    full, light = one.level == "full", light_of(one.work, one.wait, at)
    used, share = used_of(one.wait, at, calendar)
    where = [area.name for area in (matter.community, matter.grid) if area] or [matter.area.name]
    if one.level == "summary":
        where = [matter.street.name] if matter.street else where[:1]
    return Shown(
        id=str(matter.pk),
        number=matter.number,
        title=leaf if one.level == "summary" else matter.title,
        what=_what(one, leaf),
        meta=_meta(one, label) if full else "",
        category=kind_label if matter.kind == "incident" else one.work.process.label,
        place=" ".join(where),
        place_short=matter.place if matter.place and one.level != "summary" else " ".join(where),
        tag="督办中" if one.supervised and full else label,
        tag_kind="supervised" if one.supervised and full else kind,
        light=light,
        used=used,
        share=share,
        thumb=one.photos[0] if one.photos else 0,
        group=group(one.wait.due_at, at, calendar) if one.wait else "往后",
        seq=matter.seq,
        private=matter.private,
        kind=matter.kind,
        quick=acts,
    )


def _what(one: Row, leaf: str) -> str:
    """On the phone the place stands on a line of its own: the title without it."""
    place = one.matter.place[:24]
    told = one.matter.title.removeprefix(f"{place}，") if place else one.matter.title
    return leaf if one.level == "summary" else told


def _meta(one: Row, label: str) -> str:
    said = [label] if one.supervised else []
    if one.photos:
        said.append(f"{len(one.photos)} 图")
    if one.matter.kind == "mend":
        said.append("请改正或说明")
    return "，".join(said)


def category(leaf_id: str, pack: str) -> tuple[str, str]:
    """A leaf's label, and with its branch before it: ``公用设施，路灯``."""
    table = packs.load(pack).table("categories")
    leaf = table.get("leaf", {}).get(leaf_id)
    if leaf is None:
        return "其他", "其他"
    branch = table.get("branch", {}).get(leaf.get("parent", ""), {}).get("label", "")
    return leaf["label"], f"{branch}，{leaf['label']}" if branch else leaf["label"]


def tag_of(work: Work, wait: Wait | None) -> tuple[str, str]:
    """The tag's word and kind: what this desk is waited for, else the stage."""
    stage = work.process.stages[work.matter.stage]
    if wait is None or wait.what in IN_HAND or (stage.counts != "open" and wait.what == "look_again"):
        return stage.label, stage.tag
    named = work.process.waits.get(wait.what, "")
    kind = "review" if wait.what.startswith(JUDGED) else "wait"
    return (f"待{named}", kind) if named else (stage.label, stage.tag)


def light_of(work: Work, wait: Wait | None, at: datetime) -> Light:
    """The light of a wait; of a matter that waits for nobody, whether it was closed by its promise."""
    matter, calendar = work.matter, calendar_for(work.matter.pack)
    if wait is not None:
        resume = next(iter(work.open_waits("resume")), None)
        until = resume.due_at if resume and waits.is_paused(wait) else None
        return lights.of(wait, at, calendar, paused_until=until)
    if matter.closed_at is None or matter.counts != "closed" or matter.promised_at is None:
        return NO_CLOCK
    late = matter.closed_at > matter.promised_at
    return Light("overdue", "超过答应的时间") if late else Light("done", "按期办结")


def used_of(wait: Wait | None, at: datetime, calendar: WorkCalendar) -> tuple[str, int]:
    """``0.9 / 2 工作时`` and the share used, 0–100; paused time is left out."""
    if wait is None or not wait.term or wait.due_at is None:
        return "不计时", 0
    try:
        terms = [Term.parse(part) for part in wait.term.split("+")]
    except TermError:
        return "", 0
    unit, whole = terms[0].unit, sum(term.count for term in terms)
    spent = _spent(wait, at, calendar, unit)
    shown = int(spent * 10) / 10
    return f"{shown:.1f} / {whole} {UNITS[unit]}", max(0, min(100, round(spent / whole * 100)))


def _spent(wait: Wait, at: datetime, calendar: WorkCalendar, unit: str) -> float:
    pauses = pauses_from(wait.pauses)
    spans = [(wait.since, at)] + [(one.since, one.until or at) for one in pauses]
    if unit in ("h", "d"):
        lengths = [(end - start).total_seconds() for start, end in spans]
        return max(0.0, lengths[0] - sum(lengths[1:])) / (3600 if unit == "h" else 86400)
    lengths = [
        calendar.office_time(calendar.local(start), calendar.local(end)).total_seconds()
        for start, end in spans
    ]
    return max(0.0, lengths[0] - sum(lengths[1:])) / (
        3600 if unit == "wh" else calendar.day_length.total_seconds()
    )
