"""What a matter's page shows of another system: the order, what went back, the one it is linked with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gongzhi.domains.incidents.outer.models import OuterOrder, OuterOutgoing, UpperRow
from gongzhi.domains.incidents.outer.row import KINDS, SOURCE, is_outer, systems
from gongzhi.domains.incidents.outer.upper import platforms
from gongzhi.kernel import packs
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.process.models import Matter

NEAR = timedelta(days=30)
MOST = 3
STATES = {"due": "要回", "given": "已交，等对方审", "taken": "对方已收", "refused": "对方不同意"}
ABOVE = {"due": "还欠", "given": "已交，等编号", "taken": "平台已收", "refused": "平台退回，要补"}
WAYS = {"phone": "打通电话", "visit": "上门见面", "not_reached": "没联系上"}


@dataclass
class Beside:
    """The panel. ``other`` is the linked matter, or the matter whose order is linked with this one, if readable."""

    order: OuterOrder | None = None
    system: str = ""
    back: list[tuple[str, str, OuterOutgoing]] = field(default_factory=list)
    way: str = ""
    other: Matter | None = None
    likely: list[Matter] = field(default_factory=list)
    above: list[tuple[str, str, UpperRow]] = field(default_factory=list)


def beside(matter: Matter, *, by: Acting, at: datetime) -> Beside | None:
    """What there is to show of a matter read in full; None where nothing is (two to six statements)."""
    found = Beside(above=_above(matter))
    if is_outer(matter):
        found.order = order = OuterOrder.objects.get(pk=matter.pk)
        found.system = systems(matter.pack).get(order.system, order.system)
        found.way = WAYS.get(order.contact_way, "")
        rows = OuterOutgoing.objects.filter(order=order).order_by("-pk")
        found.back = [(KINDS[one.kind], STATES[one.state], one) for one in rows]
        found.other = _readable(order.linked_id, by, at)
        found.likely = [] if order.linked_id else list(likely(matter, by=by, at=at))
    else:
        order_of = OuterOrder.objects.filter(linked=matter.pk).values_list("pk", flat=True).first()
        found.other = _readable(order_of, by, at)
    return found if found.order or found.other or found.above else None


def likely(matter: Matter, *, by: Acting, at: datetime) -> Sequence[Matter]:
    """Matters of ours that may be the same thing: same kind, same community, lately, and this hand may read them."""
    if matter.community_id is None:
        return []
    rows = gate.visible(by=by, at=at, kinds=("incident",), levels=("full",)).exclude(source=SOURCE)
    rows = rows.filter(community=matter.community_id, category=matter.category, opened_at__gte=at - NEAR)
    return list(rows.exclude(pk=matter.pk).order_by("-pk")[:MOST])


def _readable(pk: int | None, by: Acting, at: datetime) -> Matter | None:
    found = gate.one(pk, by=by, at=at) if pk else None
    return found[0].matter if found and found[1] == "full" else None


def _above(matter: Matter) -> list[tuple[str, str, UpperRow]]:
    table = platforms(packs.load(matter.pack))
    rows = UpperRow.objects.filter(matter=matter).order_by("pk")
    return [
        (str(table[one.platform]["label"]), ABOVE[one.state], one) for one in rows if one.platform in table
    ]
