"""Desks of what follows a closing: who rings, and who decides on a unit's appeal."""

from gongzhi.domains.incidents.desks import above, deciding_level, level_above
from gongzhi.domains.incidents.guards import own_work_of
from gongzhi.kernel import packs
from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.models import Receipt
from gongzhi.kernel.process.deed import Deed, Desk
from gongzhi.kernel.process.desks import sitting
from gongzhi.kernel.process.registry import desk
from gongzhi.kernel.process.standing import role_table

WAIT = "call_back_result"
DECLINED = "declined"


@desk("call_back_desk")
def call_back_desk(deed: Deed) -> Desk | None:
    """One level above who sent it, or the hotline, by the pack; never the unit, never the grid.

    Where the number is kept from the neighbourhood, and where nobody sits at the pack's desk: one level above.
    """
    level, pack = deciding_level(deed), deed.matter.pack
    role = str(packs.load(pack).get(f"call_back.desk.{level}.role", ""))
    at = str(role_table(pack).get(role, {}).get("level", ""))
    area_id = getattr(deed.matter, f"{at}_id", None) if at else None
    sealed = Receipt.objects.filter(matter=deed.matter.pk, who_may_see="sealed_from_grid").exists()
    if area_id is None or sealed:
        return above(deed.matter, level)
    found = Desk(role=role, area_id=area_id)
    return found if sitting(deed.at, [area_id]).has(found, pack) else above(deed.matter, level)


@desk("call_back_again")
def call_back_again(deed: Deed) -> Desk | None:
    """The same desk once more; nobody where it was tried often enough or the reporter would rather not."""
    last = next(wait for wait in reversed(deed.work.waits) if wait.what == WAIT)
    return None if gave_up(deed) else Desk(last.desk_role, last.desk_area_id, last.desk_org_id)


def gave_up(deed: Deed) -> bool:
    """Whether this miss is the last: the pack's number of tries, or the reporter's wish."""
    if deed.said.get("why_missed") == DECLINED:
        return True
    kept: bool | None = deed.facts.get("last_try")
    if kept is None:
        kept = missed(deed) >= int(packs.load(deed.matter.pack).get("call_back.tries", 1))
        deed.facts["last_try"] = kept
    return kept


def missed(deed: Deed) -> int:
    """How often it was missed since the matter was drawn, this time counted."""
    rows = Entry.objects.filter(matter=deed.matter.pk, verb__in=("ask_back", "call_missed"))
    verbs = list(rows.order_by("-seq").values_list("verb", flat=True))
    return verbs.index("ask_back") + 1 if "ask_back" in verbs else len(verbs) + 1


@desk("appeal_judge")
def appeal_judge(deed: Deed) -> Desk | None:
    """The level above whoever judged: above the sender, or two above where the unit gave itself the work."""
    level = deciding_level(deed)
    if own_work_of(deed):
        level = level_above(level) or level
    return above(deed.matter, level)
