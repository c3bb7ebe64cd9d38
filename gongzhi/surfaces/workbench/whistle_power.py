"""Whose power a whistle touches, in sentences: the routing, what a community or a street may not do, the lines of those
who are wanted."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from gongzhi.domains.incidents import routes
from gongzhi.domains.whistles import lines
from gongzhi.domains.whistles.queries import begin
from gongzhi.kernel import packs
from gongzhi.kernel.people.models import Organisation
from gongzhi.kernel.process.models import Matter
from gongzhi.kernel.process.verdict import Denied
from gongzhi.kernel.process.versions import current


@dataclass(frozen=True)
class Said:
    """One sentence and the rule it stands on."""

    sentence: str
    rule: str = ""


def of(matter: Matter, wanted: list[Organisation], at: datetime) -> list[Said]:
    """What the one who approves should know (one statement)."""
    pack, leaf = packs.load(matter.pack), matter.category
    found: list[Said] = []
    if leaf:
        route = routes.route(leaf, begin.codes(matter.area), at, pack)
        found.append(Said(f"{route.reason}。"))
        day = localtime(at).date()
        for verdict in (
            routes.community_may_answer(leaf, pack),
            routes.within_power("street_office", leaf, day, pack),
        ):
            if isinstance(verdict, Denied):
                found.append(Said(verdict.reason, verdict.rule))
    level = begin.caller_level(current(matter.pack, "whistle"))
    for unit in wanted:
        line = lines.line_to(level, unit.kind, pack)
        found.append(Said(f"{unit}：{line['label']}。" if line else f"{unit}：没有能叫它的派遣关系。"))
    return found
