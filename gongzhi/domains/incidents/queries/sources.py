"""Where matters came from: the pack's one list of sources, and how many came by each, as the list counts them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from gongzhi.kernel import packs
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process import gate
from gongzhi.kernel.territory.packing import pack_name

PERIODS = (7, 30)


@dataclass(frozen=True)
class Came:
    """How many matters came by one source, of how many in all."""

    source: str
    label: str
    n: int
    of: int


def labels(pack: Pack) -> dict[str, str]:
    """Every source with its name, in the pack's order."""
    rows = pack.table("channels").get("channel", {})
    return {key: str(row["label"]) for key, row in sorted(rows.items(), key=lambda one: one[1]["order"])}


def label(source: str, pack: Pack) -> str:
    """The name of a source; of one the pack no longer has, that it is another."""
    return labels(pack).get(source, "别的渠道")


def counted(*, by: Acting, at: datetime, days: int) -> list[Came]:
    """How many matters this hand may read came by each source in the last so many days (one statement)."""
    rows = gate.visible(by=by, at=at).filter(opened_at__gte=at - timedelta(days=days))
    found = dict(rows.values_list("source").annotate(n=Count("pk")).order_by())
    area = by.mandate.area if by.mandate is not None else None
    named = labels(packs.load(pack_name(area)))
    order = [*named, *sorted(set(found) - set(named))]
    whole = sum(found.values())
    return [Came(one, named.get(one, "别的渠道"), found.get(one, 0), whole) for one in order]
