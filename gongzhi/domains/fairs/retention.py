"""When what was asked and answered goes, by the pack's table, through the same door."""

from datetime import datetime

from gongzhi.kernel import packs
from gongzhi.kernel.models import Matter, Words
from gongzhi.kernel.packs.keeping import keeping
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.door import BATCH, take_all
from gongzhi.kernel.process.orders import Order, Step

KEPT = "enquiries"


def delete_due(at: datetime) -> int:
    """Remove questions and answers whose time has come, a few hundred at a time. Returns how many."""
    gone = 0
    for name in sorted(set(Matter.objects.filter(kind="enquiry").values_list("pack", flat=True).distinct())):
        before = keeping(packs.load(name))[KEPT].before(at)
        rows = Matter.objects.filter(kind="enquiry", pack=name, closed_at__lte=before)
        rows = rows.filter(pk__in=Words.objects.values("entry__matter")).order_by("pk")
        while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
            done = take_all(Order(pk, (Step("remove_words"),), Acting.clock(), at) for pk in ids)
            gone += sum(1 for one in done if one.entries)
            if any(one.refusal for one in done):
                break  # what the door refuses is tried again tomorrow
    return gone
