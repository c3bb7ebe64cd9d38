"""Whether a route can be laid down or a walk said to be over. Each answers yes, or no with a sentence."""

from django.utils.timezone import localtime

from gongzhi.domains.patrols.points import LONGEST, MOST, numbers, read
from gongzhi.domains.patrols.row import stops_of
from gongzhi.kernel import packs
from gongzhi.kernel.ids import whole
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.deed import Deed
from gongzhi.kernel.process.registry import guard
from gongzhi.kernel.process.verdict import YES, Denied, Verdict
from gongzhi.kernel.territory import tree

BURDEN = "基层减负：不设里程、次数指标"


@guard("points_told")
def points_told(deed: Deed) -> Verdict:
    """One to forty points, each with a name, a known kind of look and a place inside the route's grid."""
    try:
        told = read(str(deed.said.get("points", "")))
    except ValueError:
        return Denied("有一处没写全，请看看每一行。")
    if not told:
        return Denied("至少写一处要看的地方。")
    if len(told) > MOST:
        return Denied(f"一条路线最多 {MOST} 处，多的另起一条。")
    looks = packs.load(deed.matter.pack).table("looks").get("look", {})
    if any(not one.label.strip() or len(one.label) > LONGEST or one.look not in looks for one in told):
        return Denied("有一处没写全，请看看每一行。")
    day = localtime(deed.at).date()
    known = set(tree.areas(day, within=deed.matter.area).values_list("pk", flat=True))
    if any(one.area_id not in known for one in told):
        return Denied("有一处不在这个网格里。")
    return YES


@guard("day_to_come")
def day_to_come(deed: Deed) -> Verdict:
    """It begins today or later."""
    first = deed.said.get("first_day")
    past = first is not None and first < localtime(deed.at).date()
    return Denied("“从哪天起”选今天或以后。") if past else YES


@guard("stops_of_here")
def stops_of_here(deed: Deed) -> Verdict:
    """The points named are points of this walk."""
    named = numbers(str(deed.said.get("stops", "")))
    known = {stop.n for stop in stops_of(deed)}
    return YES if set(named) <= known and (named or not deed.said) else Denied("这次巡查里没有这一处。")


@guard("found_readable")
def found_readable(deed: Deed) -> Verdict:
    """What is tied to a point is a matter this hand may read."""
    named = deed.said.get("found_matter")
    if named is None:
        return YES
    pk = whole(named)
    found = gate.one(pk, by=deed.by, at=deed.at) if pk is not None else None
    return (
        Denied("没有这件事，或者不归您看。") if found is None or found[0].matter.kind != "incident" else YES
    )


@guard("seen_or_said_why")
def seen_or_said_why(deed: Deed) -> Verdict:
    """Every point was seen, or it is said why some were not; a walk on which nothing was seen did not happen."""
    stops = stops_of(deed)
    left = [stop for stop in stops if not stop.result]
    if len(left) == len(stops):
        return Denied("一处都还没看。没去成，请选“这次没巡”，写一句为什么。", BURDEN)
    if left and not deed.said.get("left_reason"):
        return Denied(f"还有 {len(left)} 处没看，选一个原因就能结束。", BURDEN)
    return YES
