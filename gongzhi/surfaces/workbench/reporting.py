"""The staff's report: which questions each way of reporting asks, and what its answers become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongzhi.domains.incidents.actions import Contact, Report
from gongzhi.domains.incidents.queries import desk_report, sources
from gongzhi.domains.patrols.queries.walking import Source
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.phones import NotAPhone, clean_phone
from gongzhi.kernel.process.possible import Asked
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.posted import Posted
from gongzhi.surfaces.seat import works_in_grid
from gongzhi.surfaces.workbench.spot import Spot

WAYS = {"patrol": "巡查发现", "chat": "居民群", "behalf": "替居民报"}
BEHALF = ("desk", "phone", "hotline", "visit")
PART_TIME = "part_time_worker"
ASKED = {
    "patrol": ("photos", "words", "voice", "video", "area", "place", "category"),
    "chat": ("words", "photos", "area", "place", "category"),
    "behalf": ("channel", "words", "photos", "video", "area", "place", "category", "phone", "consent"),
}
MORE = {
    "patrol": ("done_on_spot", "after_photos"),
    "chat": ("about",),
    "behalf": ("who_may_see", "told_by", "wants_call", "about"),
}
FOLDED = {"patrol": "当场办好了", "chat": "是对谁有意见吗", "behalf": "号码给谁看、怎么告诉他"}
LABELS = {
    "words": {
        "behalf": ("他说的是什么事", "照他的原话写。"),
        "chat": ("群里怎么说的", "把话贴过来就行。说话的人是谁不用写。"),
        "patrol": ("看到什么", ""),
    },
    "channel": {"behalf": ("居民怎么来的", "")},
}


@dataclass
class Way:
    """One way of reporting with its fields; ``stop`` is the point of a patrol it begins at."""

    name: str
    asks: list[Asked]
    more: list[Asked] = field(default_factory=list)
    stop: Source | None = None


def ways(by: Acting) -> dict[str, str]:
    """Which ways a hand has: who walks a grid also patrols; part-timers do not take residents' numbers."""
    if by.role == PART_TIME:
        return {name: WAYS[name] for name in ("patrol", "chat")}
    if works_in_grid(by):
        return WAYS
    return {"behalf": WAYS["behalf"], "chat": WAYS["chat"]}


def way(name: str, by: Acting, at: datetime, pack: Pack, found: Sequence[tuple[str, str]] = ()) -> Way:
    """The fields of a way; ``found`` are areas a typed place may mean, offered instead of all."""
    specs = pack.get("fields.incident", {})
    offered = {
        "area": dict(found or desk_report.labelled(desk_report.areas(by=by, at=at))),
        "category": {
            key: row["label"]
            for key, row in pack.table("categories").get("leaf", {}).items()
            if not row.get("private")
        },
        "about": dict(desk_report.parties(pack)),
        "channel": {key: label for key, label in sources.labels(pack).items() if key in BEHALF},
    }
    asks = [_ask(one, specs, offered, name) for one in ASKED[name]]
    seldom = () if by.role == PART_TIME and name == "patrol" else MORE[name]
    return Way(name, asks, [_ask(one, specs, offered, name) for one in seldom])


def _ask(name: str, specs: dict[str, Any], offered: dict[str, dict[str, str]], way_name: str) -> Asked:
    spec = dict(specs.get(name, {"type": "text", "label": name}))
    label, hint = LABELS.get(name, {}).get(way_name, ("", ""))
    spec["label"], spec["hint"] = label or spec["label"], hint or spec.get("hint", "")
    if name == "category":
        spec["hint"] = "不选就按写的话猜，受理时还能改。"
    if name in ("photos", "after_photos"):
        spec["hint"] = "每张 10 MB 以内。"
    if name == "place":
        spec["type"] = "text"
    if name == "area":
        spec |= {"label": "在哪里", "hint": ""}
    if name == "about":
        spec |= {"type": "choices", "label": "是对谁有意见吗", "hint": "选了就绕开他们，由上一级来办。"}
    choices = offered.get(name) or spec.get("choices", {})
    if name in MORE["behalf"]:
        choices = {key: _of_him(label) for key, label in choices.items()}
        spec["label"] = _of_him(spec["label"])
    spec["hint"] = spec["hint"] if name == "consent" else _of_him(spec["hint"])
    return Asked(name, spec, name in ("channel", "words", "area"), choices)


def _of_him(text: str) -> str:
    """The same question, asked about the resident and not to them."""
    return text.replace("我自己", "他自己").replace("给我", "给他").replace("您", "他")


def report_of(
    said: Posted,
    name: str,
    pack: Pack,
    area: Area,
    here: Spot | None = None,
    told: Mapping[str, Any] | None = None,
) -> Report:
    """The report an answered form means; ``told`` answers the kind's questions. Faults stand in ``said.errors``."""
    answers = said.said
    guess = desk_report.guess(answers.get("words", ""), pack)
    return Report(
        area=area,
        words=answers.get("words", ""),
        category=kind_of(said, pack),
        suggested=guess.leaf,
        place=answers.get("place", "") or area.name,
        point=(here.lat, here.lon) if here is not None and here.inside(area) else None,
        point_source=here.source if here is not None and here.inside(area) else "",
        about=tuple(answers.get("about") or ()),
        contact=_contact(said),
        photos=tuple(answers.get("photos") or ()),
        voice=next(iter(answers.get("voice") or ()), None),
        video=next(iter(answers.get("video") or ()), None),
        answers=told or {},
        channel=answers.get("channel")
        or ("chat" if name == "chat" else "patrol" if name == "patrol" else "desk"),
        consent=answers.get("consent") in ("yes", "on"),
    )


def _contact(said: Posted) -> Contact:
    answers = said.said
    return Contact(
        phone=_phone(said),
        who_may_see=answers.get("who_may_see") or "all",
        wants_call=answers.get("wants_call") in ("yes", "on"),
        told_by=answers.get("told_by") or "sms",
    )


def kind_of(said: Posted, pack: Pack) -> str:
    """The kind chosen, else the one the words point at ("" where none does)."""
    return str(said.said.get("category") or desk_report.guess(said.said.get("words", ""), pack).leaf)


def _phone(said: Posted) -> str:
    typed = str(said.said.get("phone", ""))
    if not typed:
        return ""
    try:
        return clean_phone(typed)
    except NotAPhone as fault:
        said.errors["phone"] = fault.sentence
        return ""
