"""The pages of single mechanisms in the workbench's rail: each link with who may open it. One line per page."""

from collections.abc import Callable
from dataclasses import dataclass

from gongzhi.domains.fairs.queries import sessions
from gongzhi.domains.incidents.outer.batches import may_take
from gongzhi.domains.incidents.queries import calls, mails, records
from gongzhi.domains.incidents.queries.after_calls import may_call
from gongzhi.domains.incidents.queries.after_rates import may_open as may_read_rates
from gongzhi.domains.outreach.queries.desk import may_write
from gongzhi.domains.patrols.queries.walking import may_read
from gongzhi.domains.responsibilities.queries.desk import may_read as may_read_list
from gongzhi.domains.whistles.queries import lists as whistles
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.place_signs import own_area
from gongzhi.surfaces.workbench.seeing import reads_lists


@dataclass(frozen=True)
class Link:
    """One page: the name pages call themselves by (``here``), its address, its words, its icon, who may open it."""

    name: str
    href: str
    label: str
    icon: str
    may: Callable[[Acting], bool]


def keeps_codes(by: Acting) -> bool:
    """Whether the hand has an area whose place codes it keeps."""
    return own_area(by) is not None


def minds_places(by: Acting) -> bool:
    """Whether the hand minds an area, so that what comes back at a place is its concern."""
    return by.mandate is not None and by.mandate.area is not None and by.whole


def reads_sources(by: Acting) -> bool:
    """Whether the hand keeps an area whose figures it reads."""
    return own_area(by) is not None


# Which group a page stands in, and the group's words; each group folds.
GROUPS: dict[str, tuple[Link, ...]] = {
    "进来的": (
        Link("hotline", "/desk/hotline/", "接电话", "phone", calls.sits),
        Link("fairs", "/desk/fairs/", "信息赶集", "walk", sessions.may_read),
        Link("mails", "/desk/mails/", "来信", "letters", mails.minds),
        Link("outer", "/desk/outer/", "外单位工单", "send", may_take),
    ),
    "一起办": (
        Link("patrol", "/desk/patrol/", "巡查", "walk", may_read),
        Link("whistles", "/desk/whistles/", "吹哨报到", "sound", whistles.may_open),
        Link("long-term", "/desk/long-term/", "长期清单", "clock", reads_lists),
        Link("listed", "/desk/listed/", "挂牌督办", "flag", reads_lists),
        Link("responsibilities", "/desk/responsibilities/", "责任清单", "check", may_read_list),
        Link("hard", "/desk/hard/", "面广难办", "letters", reads_lists),
        Link("callbacks", "/desk/callbacks/", "回访", "phone", may_call),
    ),
    "告诉居民": (
        Link("notices", "/desk/notices/", "邻里通知", "tell", may_write),
        Link("posters", "/desk/posters/", "楼门码", "building", keeps_codes),
    ),
    "看数": (
        Link("records", "/desk/records/", "记录和报表", "doc", records.may_read),
        Link("rates", "/desk/rates/", "办理率", "chart", may_read_rates),
        Link("repeats", "/desk/repeats/", "重复出现", "again", minds_places),
        Link("sources", "/desk/sources/", "从哪里来", "chart", reads_sources),
    ),
}


@dataclass(frozen=True)
class Group:
    """The pages of one group that a hand may open, and the names by which they know themselves."""

    label: str
    links: list[Link]

    @property
    def names(self) -> set[str]:
        """What ``here`` may be in this group."""
        return {one.name for one in self.links}


def groups(by: Acting) -> list[Group]:
    """The pages this hand may open, in the rail's order; a group without any is left out."""
    found = [Group(label, [one for one in links if one.may(by)]) for label, links in GROUPS.items()]
    return [group for group in found if group.links]
