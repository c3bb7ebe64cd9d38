"""What residents wrote in a review goes when its time has come, by the pack's table; the totals stay."""

from datetime import datetime

from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Words
from gongzhi.kernel.models import Matter
from gongzhi.kernel.packs.keeping import keeping
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import BATCH, take_all
from gongzhi.kernel.process.orders import Order, Step

KIND = "responsibility"


def delete_due(at: datetime) -> int:
    """Remove what was written in reviews that ended as long ago as the pack says; how many lists were touched."""
    touched = 0
    written = Words.objects.filter(entry__verb="say").values("entry__matter")
    for pack in Matter.objects.filter(kind=KIND).values_list("pack", flat=True).distinct():
        before = keeping(packs.load(pack))["voices"].before(at)
        rows = Matter.objects.filter(kind=KIND, pack=pack, closed_at__lt=before, pk__in=written)
        orders = [
            Order(pk, (Step("forget_voices"),), Acting.clock(), at)
            for pk in rows.values_list("pk", flat=True)[:BATCH]
        ]
        touched += sum(1 for one in take_all(orders) if one.entries)
    return touched
