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


LINKS: tuple[Link, ...] = (
    Link("hotline", "/desk/hotline/", "接电话", "phone", calls.sits),
    Link("fairs", "/desk/fairs/", "信息赶集", "walk", sessions.may_read),
    Link("mails", "/desk/mails/", "来信", "letters", mails.minds),
    Link("sources", "/desk/sources/", "从哪里来", "chart", reads_sources),
    Link("whistles", "/desk/whistles/", "吹哨报到", "sound", whistles.may_open),
    Link("notices", "/desk/notices/", "邻里通知", "tell", may_write),
    Link("patrol", "/desk/patrol/", "巡查", "walk", may_read),
    Link("outer", "/desk/outer/", "外单位工单", "send", may_take),
    Link("posters", "/desk/posters/", "楼门码", "building", keeps_codes),
    Link("long-term", "/desk/long-term/", "长期清单", "clock", reads_lists),
    Link("listed", "/desk/listed/", "挂牌督办", "flag", reads_lists),
    Link("responsibilities", "/desk/responsibilities/", "责任清单", "check", may_read_list),
    Link("hard", "/desk/hard/", "面广难办", "letters", reads_lists),
    Link("repeats", "/desk/repeats/", "重复出现", "again", minds_places),
    Link("callbacks", "/desk/callbacks/", "回访", "phone", may_call),
    Link("records", "/desk/records/", "记录和报表", "doc", records.may_read),
    Link("rates", "/desk/rates/", "办理率", "chart", may_read_rates),
)


def links(by: Acting) -> list[Link]:
    """The pages this hand may open, in the rail's order."""
    return [one for one in LINKS if one.may(by)]
