"""The lists: what waits for me, what I did, what I began, what is late, and everything I may see."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from gongzhi.domains.incidents.queries import desk, desk_filters, desk_inbox, sources
from gongzhi.domains.incidents.queries.desk import Counts, Filters
from gongzhi.domains.incidents.queries.desk_strip import in_order
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.pairs import wanted
from gongzhi.kernel.process.search import TOO_SHORT
from gongzhi.kernel.process.versions import current
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces.workbench import shown
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.keeping import may_keep

NARROWED = ("area", "branch", "stage", "source", "days", "what", "stands", "kept")
DAYS = {"7": "近 7 天", "30": "近 30 天", "90": "近 90 天"}
ALL = "all"
SHORT = {"已超期": "超期", "两个工作日内": "往后"}
KEPT = {"raised": "往上报了还没办完", "listed": "列入长期办理"}
NOTHING = {
    "todo": ("没有等您办的事", "新的事来了会排在这里，按剩余时限先后。"),
    "late": ("没有超期的事", "到期没有办的会列在这里，最早的在前。"),
    "done": ("还没有办过的事", "您办过一步的事项会留在这里。"),
    "mine": ("您还没有报过事", "巡查看到的、替居民报的，都会留在这里。"),
    "watch": ("还没有关注的事", "在事项页上点“关注”，就留在这里；不归您看了，会自己拿掉。"),
    ALL: ("这里还没有事项", "归您看的事项会列在这里。"),
}


@dataclass(frozen=True)
class Tab:
    """A tab with its count ("" where it is not counted)."""

    name: str
    label: str
    href: str
    here: bool
    count: str = ""
    late: bool = False


@dataclass(frozen=True)
class Select:
    """One filter: its name in the address, its word, its choices and the chosen one."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    chosen: str
    without: str

    @property
    def chosen_label(self) -> str:
        """What is chosen, in words."""
        return dict(self.choices).get(self.chosen, "")


@dataclass
class Group:
    """Rows under one heading, with how many there are in all."""

    label: str
    count: str
    rows: list[shown.Shown]


@staffed
def mine(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """我的清单."""
    asked = request.GET.get("tab", "todo")
    tab = asked if asked in desk.TABS else "todo"
    filters = read_filters(request, by)
    counted = desk.counts(tab, filters, by=by, at=at)
    said = _list(request, tab, filters, counted, by, at)
    said |= {"title": "我的清单", "tabs": _tabs(tab, counted), "here": "home"}
    said["unread"] = desk_inbox.in_words(counted.unread)
    response = page(request, "list", by, said)
    return may_keep(response, by) if said["today"] else response


@staffed
def everything(request: HttpRequest, *, by: Acting, at: datetime) -> HttpResponse:
    """全部事项: whatever the gate opens to this hand, newest first."""
    said = _list(request, ALL, read_filters(request, by), Counts(), by, at)
    return page(request, "list", by, {**said, "title": "全部事项", "here": ALL})


def _list(
    request: HttpRequest, tab: str, filters: Filters, counted: Counts, by: Acting, at: datetime
) -> dict[str, Any]:
    after = request.GET.get("after", "")
    found = desk.page(tab, filters, by=by, at=at, after=after)
    drawn = shown.rows(found.rows, at, by if tab == "todo" else None)
    on_waits = tab in desk.ON_WAITS
    return {
        "tab": tab,
        "filters": filters,
        "selects": selects(request, filters, by, at),
        "groups": (
            groups := _groups(drawn, counted) if on_waits else [Group("", "", drawn)] if drawn else []
        ),
        "hand_groups": _for_one_hand(groups),
        "today": tab == "todo" and not request.GET and not any(one.private for one in drawn),
        "sum": f"按剩余时限排列，{capped(counted.shown)} 件" if on_waits else "新报的在前",
        "next": _with(request, after=found.after) if found.after else "",
        "clear": _with(request, **dict.fromkeys((*NARROWED, "q", "after"), "")),
        "too_short": TOO_SHORT if filters.text and not wanted(filters.text) else "",
        "export": _with(request, tab="" if tab == ALL else tab),
        "empty": _empty(request, tab, filters, by, at) if not drawn else None,
        "counted": counted,
        "todo": capped(counted.todo) if tab != ALL else "",
    }


def capped(count: int) -> str:
    """``17``, ``999+``."""
    return f"{desk.MOST}+" if count > desk.MOST else str(count)


def read_filters(request: HttpRequest, by: Acting) -> Filters:
    """What the address narrows a list to."""
    said = request.GET
    days = said.get("days", "")
    return Filters(
        area=said.get("area", ""),
        branch=said.get("branch", ""),
        stage=said.get("stage", ""),
        source=said.get("source", ""),
        days=int(days) if days in DAYS else 0,
        what=said.get("what", ""),
        stands=said.get("stands", ""),
        kept=said.get("kept", "") if said.get("kept") in KEPT else "",
        text=said.get("q", "").strip()[:60],
        pack=pack_name(desk.own_area(by)),
    )


def _with(request: HttpRequest, **changed: str) -> str:
    said = {**request.GET.dict(), "after": "", **changed}
    return f"?{urlencode({name: value for name, value in said.items() if value})}"


def _tabs(here: str, counted: Counts) -> list[Tab]:
    numbers = {name: capped(getattr(counted, name)) for name in desk.TABS}
    return [
        Tab(
            name,
            label,
            f"?tab={name}",
            name == here,
            numbers.get(name, ""),
            name == "late" and counted.late > 0,
        )
        for name, label in desk.TABS.items()
    ]


def selects(request: HttpRequest, filters: Filters, by: Acting, at: datetime) -> list[Select]:
    """The filters over a list, with what is chosen."""
    pack = packs.load(filters.pack)
    process, table = current(filters.pack, "incident"), pack.table("categories")
    parents = {row.get("parent") for row in table.get("leaf", {}).values()}
    branches = [(key, row["label"]) for key, row in table.get("branch", {}).items() if key in parents]
    stages = [(one, process.stages[one].label) for one in in_order(process, "stage", process.stages)]
    came = list(sources.labels(pack).items())
    areas = [(f"{area.level}-{area.pk}", area.name) for area in desk.areas_below(by=by, at=at)]
    told = [
        *_standing_filters(filters),
        ("area", "辖区", areas, filters.area),
        ("branch", "类别", branches, filters.branch),
        ("stage", "环节", stages, filters.stage),
        ("source", "来源", came, filters.source),
        ("days", "上报", list(DAYS.items()), str(filters.days or "")),
    ]
    return [
        Select(n, label, choices, chosen, _with(request, **{n: ""}))
        for n, label, choices, chosen in told
        if choices
    ]


def _standing_filters(filters: Filters) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """What other pages narrow a list to; they stand among the selects only while they hold."""
    waits = {key: f"审{row['label']}" for key, row in desk_filters.decisions(filters.pack).items()}
    waits[desk_filters.DECIDE] = "要拿主意的"
    told = [
        ("what", "等什么", list(waits.items()), filters.what),
        (
            "stands",
            "在谁桌上",
            [(filters.stands, desk.desk_label(filters.stands, filters.pack))],
            filters.stands,
        ),
        ("kept", "谁管", list(KEPT.items()), filters.kept),
    ]
    return [one for one in told if one[3]]


def _groups(drawn: list[shown.Shown], counted: Counts) -> list[Group]:
    groups = []
    for label in desk.GROUPS:
        inside = [one for one in drawn if one.group == label]
        if inside:
            groups.append(Group(label, capped(max(counted.groups.get(label, 0), len(inside))), inside))
    return groups


def _for_one_hand(groups: list[Group]) -> list[Group]:
    """The same rows as the phone shows them: 超期, 今天到期, 往后."""
    found: dict[str, Group] = {}
    for group in groups:
        label = SHORT.get(group.label, group.label)
        one = found.setdefault(label, Group(label, "", []))
        one.rows += group.rows
        one.count = _sum(one.count, group.count)
    return list(found.values())


def _sum(*counts: str) -> str:
    capped_ones = [one for one in counts if one.endswith("+")]
    return capped_ones[0] if capped_ones else str(sum(int(one or 0) for one in counts))


def _empty(request: HttpRequest, tab: str, filters: Filters, by: Acting, at: datetime) -> dict[str, str]:
    """What is not here, why, the nearest thing that is, at most two ways on."""
    what, why = NOTHING[tab]
    if not filters.active:
        onward = ("看全部事项", "/desk/all/") if tab != ALL else ("上报一件", "/desk/report/")
        return {"what": what, "why": why, "one": onward[0], "one_to": onward[1]}
    name = desk.TABS.get(tab, "全部事项")
    said = {"what": f"{name}里没有“{filters.text}”" if filters.text else f"{name}里没有这样的事项"}
    wide = _with(request, **dict.fromkeys(NARROWED, ""))
    said |= (
        {"why": "是按上面选的条件找的。", "two": "不限条件再找", "two_to": wide}
        if replace(filters, text="").active
        else {"why": "换个说法，或者写编号前四位。"}
    )
    if tab not in ("done", ALL) and filters.text:
        done = desk.how_many("done", filters, by=by, at=at)
        if done:
            said |= {"why": f"{said['why']}已办里有 {done} 件。", "one": f"看已办 {done} 件"}
            said["one_to"] = _with(request, tab="done")
    elif "two" not in said:
        said |= {"one": "清除", "one_to": "?"}
    return said
